package allod.base;

/**
 * The public half of an access key, as it stands in a signature's credential.
 *
 * @param value 3 to 128 characters of A-Z, a-z, 0-9, '.', '-' and '_'
 */
public record AccessKeyId(String value) {
    public AccessKeyId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("an access key id has 3 to 128 letters, digits, '.', '-' or '_'");
        }
    }

    public static boolean isValid(String value) {
        return value.length() >= 3
                && value.length() <= 128
                && value.chars()
                        .allMatch(c -> (c >= 'A' && c <= 'Z')
                                || (c >= 'a' && c <= 'z')
                                || (c >= '0' && c <= '9')
                                || c == '.'
                                || c == '-'
                                || c == '_');
    }

    @Override
    public String toString() {
        return value;
    }
}
