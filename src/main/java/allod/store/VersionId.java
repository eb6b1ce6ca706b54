package allod.store;

import java.util.Optional;

/**
 * The name of one version of a key, as clients see it: {@code null} for what was written without versioning, else 32
 * hexadecimal digits that tell nothing but which version it is.
 */
public record VersionId(String text) {
    /** What was written while versioning was not enabled; a key has at most one such version. */
    public static final VersionId NULL = new VersionId("null");

    private static final int DIGITS = 32;

    /** @throws IllegalArgumentException if no version could have this name */
    public VersionId {
        if (!isValid(text)) {
            throw new IllegalArgumentException("no version is called so");
        }
    }

    private static boolean isValid(String text) {
        return text.equals("null")
                || (text.length() == DIGITS
                        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')));
    }

    /** The id of this text; empty if no version could have it. */
    public static Optional<VersionId> parse(String text) {
        return isValid(text) ? Optional.of(new VersionId(text)) : Optional.empty();
    }

    public boolean isNull() {
        return equals(NULL);
    }

    @Override
    public String toString() {
        return text;
    }
}
