package allod.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One key of a Condition block with its operator and values.
 *
 * @param key canonical
 */
record Condition(Operator operator, Set set, boolean ifExists, String key, List<Glob> values) {
    /** How several values of one key in the request are taken. */
    enum Set {
        ONE,
        FOR_ALL,
        FOR_ANY
    }

    /** @param spelled such as {@code ForAllValues:StringLikeIfExists} */
    static Condition parse(String spelled, String key, List<String> values, boolean variables) {
        String name = spelled;
        Set set = Set.ONE;
        if (name.regionMatches(true, 0, "ForAllValues:", 0, 13)) {
            set = Set.FOR_ALL;
            name = name.substring(13);
        } else if (name.regionMatches(true, 0, "ForAnyValue:", 0, 12)) {
            set = Set.FOR_ANY;
            name = name.substring(12);
        }
        boolean ifExists = name.length() > 8 && name.regionMatches(true, name.length() - 8, "IfExists", 0, 8);
        String bare = ifExists ? name.substring(0, name.length() - 8) : name;
        boolean plain = set == Set.ONE && !ifExists;
        Operator operator = Operator.named(bare)
                .filter(found -> found != Operator.NULL || plain)
                .orElseThrow(() ->
                        new MalformedPolicyException("Policy has an invalid condition operator: " + spelled + "."));
        ConditionKey.require(key);
        if (values.isEmpty()) {
            throw new MalformedPolicyException("The condition on " + key + " has no value.");
        }
        var globs = new ArrayList<Glob>();
        for (String value : values) {
            operator.requireValue(value);
            globs.add(Glob.parse(value, variables, operator.hasWildcards()));
        }
        return new Condition(operator, set, ifExists, ConditionKey.canonical(key), List.copyOf(globs));
    }

    /**
     * Whether it holds for a request.
     *
     * @param denying whether it stands in a statement that denies: what cannot be decided then counts as held
     */
    boolean holds(Context context, boolean denying, Effort effort) {
        List<String> given = context.of(key);
        if (operator == Operator.NULL) {
            boolean absent = given.isEmpty();
            return values.stream().anyMatch(value -> value.text().equalsIgnoreCase(Boolean.toString(absent)));
        }
        if (given.isEmpty()) {
            return switch (set) {
                case FOR_ALL -> true;
                case FOR_ANY -> ifExists;
                case ONE -> ifExists || operator.negated();
            };
        }
        var resolved = new ArrayList<Glob.Resolved>(values.size());
        for (Glob value : values) {
            Optional<Glob.Resolved> one = value.resolve(context, effort);
            if (one.isEmpty() && operator.negated() && !denying) {
                return false;
            }
            one.ifPresent(resolved::add);
        }
        return switch (set) {
            case FOR_ALL -> given.stream().allMatch(value -> one(resolved, value, effort));
            case FOR_ANY -> given.stream().anyMatch(value -> one(resolved, value, effort));
            case ONE ->
                operator.negated()
                        ? given.stream().allMatch(value -> one(resolved, value, effort))
                        : given.stream().anyMatch(value -> one(resolved, value, effort));
        };
    }

    private boolean one(List<Glob.Resolved> resolved, String value, Effort effort) {
        return operator.any(resolved, value, effort) != operator.negated();
    }

    /**
     * Whether it keeps a statement from being open to everybody: one of S3's keys, with values that are fixed. A user's
     * name is none of them: each account may have a user of that name.
     */
    boolean narrows() {
        boolean positive = !operator.negated() && !ifExists && set != Set.FOR_ALL && operator != Operator.NULL;
        if (!positive) {
            return false;
        }
        return switch (key) {
            case "aws:sourceip" ->
                operator.kind() == Operator.Kind.IP
                        && values.stream()
                                .allMatch(value -> Cidr.parse(value.text())
                                        .filter(range -> !range.isPublic())
                                        .isPresent());
            case "aws:principalarn", "aws:principalaccount" -> values.stream().allMatch(Glob::isFixed);
            // Everybody who does not sign has this one in common.
            case "aws:userid" ->
                values.stream()
                        .allMatch(value -> value.isFixed() && !value.text().equalsIgnoreCase(Who.ANONYMOUS.userId()));
            default -> false;
        };
    }
}
