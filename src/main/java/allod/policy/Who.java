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
