package allod.policy;

import java.util.List;

/**
 * Who asks, in the words of policies.
 *
 * @param account 12 digits; empty for who did not sign
 * @param kind what the principal is
 * @param name of a user or role; empty for others
 * @param session of a role; empty for others
 */
public record Who(String account, Kind kind, String name, String session) {
    /** What a principal is. */
    public enum Kind {
        ANONYMOUS,
        ROOT,
        USER,
        ROLE
    }

    public static final Who ANONYMOUS = new Who("", Kind.ANONYMOUS, "", "");

    public static Who root(String account) {
        return new Who(account, Kind.ROOT, "", "");
    }

    public static Who user(String account, String name) {
        return new Who(account, Kind.USER, name, "");
    }

    public static Who role(String account, String name, String session) {
        return new Who(account, Kind.ROLE, name, session);
    }

    /**
     * A principal of a tenant by the name that events give it. One of another form is a user whom no policy knows.
     *
     * @param principal {@code root}, {@code user/NAME} or {@code role/NAME/SESSION}
     */
    public static Who of(int tenant, String principal) {
        String account = account(tenant);
        String[] parts = principal.split("/", 3);
        return switch (parts[0]) {
            case "user" -> user(account, parts.length > 1 ? parts[1] : "");
            case "role" -> role(account, parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
            default -> principal.equals("root") ? root(account) : user(account, principal);
        };
    }

    /** The name that events give it, as {@link #of} reads it. */
    public String principal() {
        return switch (kind) {
            case ANONYMOUS -> "anonymous";
            case ROOT -> "root";
            case USER -> "user/" + name;
            case ROLE -> "role/" + name + "/" + session;
        };
    }

    /** The number of its tenant; 0 for who did not sign. */
    public int tenant() {
        return account.isEmpty() ? 0 : Integer.parseInt(account);
    }

    /** The account's number in the shape of S3. */
    public static String account(int tenant) {
        String digits = Integer.toString(tenant);
        return "0".repeat(12 - digits.length()) + digits;
    }

    /** What {@code aws:PrincipalArn} says: of a session the role. Empty for who did not sign. */
    public String arn() {
        return switch (kind) {
            case ANONYMOUS -> "";
            case ROOT -> "arn:aws:iam::" + account + ":root";
            case USER -> "arn:aws:iam::" + account + ":user/" + name;
            case ROLE -> "arn:aws:iam::" + account + ":role/" + name;
        };
    }

    /** The ARN of a role's session, else that of the principal. */
    public String sessionArn() {
        return kind == Kind.ROLE ? "arn:aws:sts::" + account + ":assumed-role/" + name + "/" + session : arn();
    }

    /** What {@code aws:userid} says. */
    public String userId() {
        return switch (kind) {
            case ANONYMOUS -> "anonymous";
            case ROOT -> account;
            case USER -> account + ":" + name;
            case ROLE -> account + ":" + name + ":" + session;
        };
    }

    boolean is(PrincipalPattern pattern) {
        return switch (pattern) {
            case PrincipalPattern.Everyone everyone -> true;
            case PrincipalPattern.Owner(String owner) -> owner.equals(account);
            case PrincipalPattern.One(String one) -> one.equals(arn()) || one.equals(sessionArn());
        };
    }

    /** Whether one of these names it and not only its account: that grants by itself, within an account. */
    boolean isNamedBy(List<PrincipalPattern> patterns) {
        return patterns.stream().anyMatch(pattern -> is(pattern) && !(pattern instanceof PrincipalPattern.Owner));
    }
}
