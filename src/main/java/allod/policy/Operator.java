package allod.policy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a value of a request is compared with one of a policy.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">
 *     Condition operators</a>
 */
enum Operator {
    STRING_EQUALS("StringEquals", Kind.TEXT, false),
    STRING_NOT_EQUALS("StringNotEquals", Kind.TEXT, true),
    STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", Kind.TEXT_IGNORING_CASE, false),
    STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", Kind.TEXT_IGNORING_CASE, true),
    STRING_LIKE("StringLike", Kind.PATTERN, false),
    STRING_NOT_LIKE("StringNotLike", Kind.PATTERN, true),
    NUMERIC_EQUALS("NumericEquals", Kind.NUMBER, false),
    NUMERIC_NOT_EQUALS("NumericNotEquals", Kind.NUMBER, true),
    NUMERIC_LESS_THAN("NumericLessThan", Kind.NUMBER, false),
    NUMERIC_LESS_THAN_EQUALS("NumericLessThanEquals", Kind.NUMBER, false),
    NUMERIC_GREATER_THAN("NumericGreaterThan", Kind.NUMBER, false),
    NUMERIC_GREATER_THAN_EQUALS("NumericGreaterThanEquals", Kind.NUMBER, false),
    DATE_EQUALS("DateEquals", Kind.DATE, false),
    DATE_NOT_EQUALS("DateNotEquals", Kind.DATE, true),
    DATE_LESS_THAN("DateLessThan", Kind.DATE, false),
    DATE_LESS_THAN_EQUALS("DateLessThanEquals", Kind.DATE, false),
    DATE_GREATER_THAN("DateGreaterThan", Kind.DATE, false),
    DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", Kind.DATE, false),
    BOOL("Bool", Kind.BOOL, false),
    IP_ADDRESS("IpAddress", Kind.IP, false),
    NOT_IP_ADDRESS("NotIpAddress", Kind.IP, true),
    ARN_EQUALS("ArnEquals", Kind.ARN, false),
    ARN_LIKE("ArnLike", Kind.ARN, false),
    ARN_NOT_EQUALS("ArnNotEquals", Kind.ARN, true),
    ARN_NOT_LIKE("ArnNotLike", Kind.ARN, true),
    NULL("Null", Kind.NULL, false);

    /** What both values are read as. */
    enum Kind {
        TEXT,
        TEXT_IGNORING_CASE,
        PATTERN,
        NUMBER,
        DATE,
        BOOL,
        IP,
        ARN,
        NULL
    }

    private final String spelled;
    private final Kind kind;
    private final boolean negated;

    Operator(String spelled, Kind kind, boolean negated) {
        this.spelled = spelled;
        this.kind = kind;
        this.negated = negated;
    }

    /** The operator of this name, in any case. */
    static Optional<Operator> named(String name) {
        for (Operator operator : values()) {
            if (operator.spelled.equalsIgnoreCase(name)) {
                return Optional.of(operator);
            }
        }
        return Optional.empty();
    }

    String spelled() {
        return spelled;
    }

    Kind kind() {
        return kind;
    }

    /** Whether it holds where the values differ: it then holds only where all of the policy's do. */
    boolean negated() {
        return negated;
    }

    /** Whether values of the policy may have wildcards. */
    boolean hasWildcards() {
        return kind == Kind.PATTERN || kind == Kind.ARN;
    }

    /** @throws MalformedPolicyException if a value of the policy can never be compared so */
    void requireValue(String value) {
        boolean variable = value.contains("${");
        boolean readable = switch (kind) {
            case NUMBER -> variable || number(value).isPresent();
            case DATE -> variable || date(value).isPresent();
            case BOOL, NULL -> variable || isBoolean(value);
            case IP -> variable || Cidr.parse(value).isPresent();
            case ARN -> variable || value.equals("*") || value.split(":", 6).length == 6;
            case TEXT, TEXT_IGNORING_CASE, PATTERN -> true;
        };
        if (!readable) {
            throw new MalformedPolicyException("The value " + value + " of " + spelled + " is not one it can compare.");
        }
    }

    private static boolean isBoolean(String value) {
        return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
    }

    /** Whether a value of the request is that of the policy, before negation; a value that cannot be read is not. */
    boolean same(Glob.Resolved policy, String request, Effort effort) {
        effort.spend(policy.pattern().length() + 1L);
        return switch (kind) {
            case TEXT -> policy.pattern().equals(request);
            case TEXT_IGNORING_CASE, BOOL -> policy.pattern().equalsIgnoreCase(request);
            case PATTERN -> policy.matches(request, false, effort);
            case NUMBER -> compare(number(request), number(policy.pattern()));
            case DATE -> compare(date(request), date(policy.pattern()));
            case IP ->
                Cidr.parse(policy.pattern())
                        .filter(range -> range.contains(request))
                        .isPresent();
            case ARN -> arnMatches(policy, request, effort);
            case NULL -> false;
        };
    }

    private <T extends Comparable<T>> boolean compare(Optional<T> request, Optional<T> policy) {
        if (request.isEmpty() || policy.isEmpty()) {
            return false;
        }
        int order = request.get().compareTo(policy.get());
        return switch (this) {
            case NUMERIC_LESS_THAN, DATE_LESS_THAN -> order < 0;
            case NUMERIC_LESS_THAN_EQUALS, DATE_LESS_THAN_EQUALS -> order <= 0;
            case NUMERIC_GREATER_THAN, DATE_GREATER_THAN -> order > 0;
            case NUMERIC_GREATER_THAN_EQUALS, DATE_GREATER_THAN_EQUALS -> order >= 0;
            default -> order == 0;
        };
    }

    /** A wildcard of an ARN stays within its part, of which there are six, the last with any colons it has. */
    private static boolean arnMatches(Glob.Resolved policy, String request, Effort effort) {
        return policy.matches(request, false, effort)
                && (policy.pattern().equals("*")
                        || policy.pattern().split(":", 6).length == request.split(":", 6).length);
    }

    private static Optional<BigDecimal> number(String text) {
        if (text.isEmpty() || text.length() > 40 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** ISO 8601, with the day alone too, or seconds since 1970. */
    static Optional<Instant> date(String text) {
        try {
            if (!text.isEmpty() && text.length() <= 12 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
            }
            String upper = text.toUpperCase(Locale.ROOT);
            return Optional.of(OffsetDateTime.parse(upper.indexOf('T') < 0 ? upper + "T00:00:00Z" : upper)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Whether any of these values is that of the policy. */
    boolean any(List<Glob.Resolved> policy, String request, Effort effort) {
        return policy.stream().anyMatch(value -> same(value, request, effort));
    }
}
