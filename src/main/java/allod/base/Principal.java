package allod.base;

import java.util.Optional;

/**
 * Who acts: a person, a program or a background task, by name.
 *
 * @param name 1 to 160 printable ASCII characters without spaces, such as {@code root},
 *     {@code user/NAME} or {@code system/erasure}
 */
public record Principal(String name) {
    public Principal {
        if (name.isEmpty() || name.length() > 160 || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("a principal has 1 to 160 printable ASCII characters, not: " + name);
        }
    }

    /** The owner itself. */
    public static final Principal ROOT = new Principal("root");

    /** Whoever did not say who it is. */
    public static final Principal ANONYMOUS = new Principal("anonymous");

    private static final String USER = "user/";

    private static final String ROLE = "role/";

    /** A user of its tenant. */
    public static Principal user(String name) {
        return new Principal(USER + name);
    }

    /** A session of one of its tenant's roles. */
    public static Principal role(String role, String session) {
        return new Principal(ROLE + role + "/" + session);
    }

    /** The user it is; empty if it is none. */
    public Optional<String> asUser() {
        return name.startsWith(USER) ? Optional.of(name.substring(USER.length())) : Optional.empty();
    }

    /** The role whose session it is; empty if it is none. */
    public Optional<String> asRole() {
        return name.startsWith(ROLE)
                ? Optional.of(name.substring(ROLE.length(), name.indexOf('/', ROLE.length())))
                : Optional.empty();
    }

    /** Whether it may do all with what its tenant owns: the owner itself, or a task of the server's own. */
    public boolean isSovereign() {
        return name.equals("root") || name.startsWith("system/");
    }

    @Override
    public String toString() {
        return name;
    }
}
