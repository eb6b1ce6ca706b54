package allod.http;

import allod.base.AccessKeyId;
import java.util.Optional;

/**
 * What a signature is good for.
 *
 * @param date of the signing key, as {@code 20260131}, in UTC
 * @param region 1 to 64 letters, digits, hyphens and underscores; any is served
 * @param service such as {@code s3}
 */
record Scope(String date, String region, String service) {
    private static final String END = "aws4_request";

    /** A credential: whose key, and its scope. */
    record Credential(AccessKeyId accessKey, Scope scope) {
        /** Reads {@code KEY/DATE/REGION/SERVICE/aws4_request}; empty if it is anything else. */
        static Optional<Credential> parse(String text) {
            String[] parts = text.split("/", -1);
            boolean shaped = parts.length == 5
                    && AccessKeyId.isValid(parts[0])
                    && Timestamp.isDate(parts[1])
                    && isWord(parts[2])
                    && isWord(parts[3])
                    && parts[4].equals(END);
            return shaped
                    ? Optional.of(new Credential(new AccessKeyId(parts[0]), new Scope(parts[1], parts[2], parts[3])))
                    : Optional.empty();
        }
    }

    private static boolean isWord(String text) {
        return !text.isEmpty()
                && text.length() <= 64
                && text.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || c == '-'
                                || c == '_');
    }

    @Override
    public String toString() {
        return date + '/' + region + '/' + service + '/' + END;
    }
}
