package allod.policy;

import java.util.Optional;

/** Whom a statement of a resource's policy is about. */
sealed interface PrincipalPattern {
    /** Everybody, those who do not sign included. */
    record Everyone() implements PrincipalPattern {}

    /** An owner with all its principals, as far as its own policies let them. */
    record Owner(String account) implements PrincipalPattern {}

    /** One user, role or session, by its whole ARN. */
    record One(String arn) implements PrincipalPattern {}

    /**
     * Reads a value of {@code "AWS"}.
     *
     * @throws MalformedPolicyException if it is none
     */
    static PrincipalPattern parse(String text) {
        if (text.equals("*")) {
            return new Everyone();
        }
        if (Account.isId(text)) {
            return new Owner(text);
        }
        String[] parts = text.split(":", 6);
        boolean arn = parts.length == 6
                && parts[0].equals("arn")
                && parts[1].equals("aws")
                && parts[3].isEmpty()
                && Account.isId(parts[4]);
        if (arn && parts[2].equals("iam") && parts[5].equals("root")) {
            return new Owner(parts[4]);
        }
        boolean named = arn
                && ((parts[2].equals("iam") && (isNamed(parts[5], "user/", 1) || isNamed(parts[5], "role/", 1)))
                        || (parts[2].equals("sts") && isNamed(parts[5], "assumed-role/", 2)));
        if (!named) {
            throw new MalformedPolicyException("Invalid principal in policy: " + text
                    + ". There are *, an account of 12 digits, and the ARNs of a root, user, role or session.");
        }
        return new One(text);
    }

    private static boolean isNamed(String resource, String prefix, int segments) {
        return resource.startsWith(prefix)
                && resource.indexOf('*') < 0
                && resource.indexOf('?') < 0
                && resource.substring(prefix.length()).split("/", -1).length == segments
                && !resource.endsWith("/");
    }

    /** The account it names; empty text for everyone. */
    default String account() {
        return switch (this) {
            case Everyone everyone -> "";
            case Owner(String account) -> account;
            case One(String arn) -> arn.split(":", 6)[4];
        };
    }

    /** The one it names; empty for an account and for everyone. */
    default Optional<Who> named() {
        if (!(this instanceof One(String arn))) {
            return Optional.empty();
        }
        String[] parts = arn.split(":", 6);
        String[] name = parts[5].split("/", -1);
        return Optional.of(
                switch (name[0]) {
                    case "user" -> Who.user(parts[4], name[1]);
                    case "role" -> Who.role(parts[4], name[1], "");
                    default -> Who.role(parts[4], name[1], name[2]);
                });
    }
}
