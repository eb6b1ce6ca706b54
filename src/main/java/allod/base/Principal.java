package allod.base;

/**
 * Who acts: a person, a program or a background task, by name.
 *
 * @param name 1 to 128 printable ASCII characters without spaces, such as {@code root} or {@code system/erasure}
 */
public record Principal(String name) {
    public Principal {
        if (name.isEmpty() || name.length() > 128 || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("a principal has 1 to 128 printable ASCII characters, not: " + name);
        }
    }

    /** The owner itself. */
    public static final Principal ROOT = new Principal("root");

    /** Whoever did not say who it is. */
    public static final Principal ANONYMOUS = new Principal("anonymous");

    /** Whether it may do all with what its tenant owns: the owner itself, or a task of the server's own. */
    public boolean isSovereign() {
        return name.equals("root") || name.startsWith("system/");
    }

    @Override
    public String toString() {
        return name;
    }
}
