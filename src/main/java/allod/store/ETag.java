package allod.store;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What S3 calls an object's entity tag: the MD5 of its content, or for an object joined from parts the MD5 of the
 * parts' MD5s and their number. Printed without quotes, in hex, with {@code -N} for N parts.
 *
 * @param md5 16 bytes; not to be changed
 * @param parts 0 for an object written at once, else 1 to 10,000
 */
public record ETag(byte[] md5, int parts) {
    private static final Pattern FORM = Pattern.compile("([0-9a-fA-F]{32})(?:-([1-9]\\d{0,4}))?");

    public ETag {
        if (md5.length != 16 || parts < 0 || parts > ObjectStore.MAX_PARTS) {
            throw new IllegalArgumentException("an ETag has 16 bytes and at most 10,000 parts");
        }
    }

    /** Reads the printed form, quoted or not; empty for anything else. */
    public static Optional<ETag> parse(String text) {
        String bare = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
        var matcher = FORM.matcher(bare);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int parts = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        return parts > ObjectStore.MAX_PARTS
                ? Optional.empty()
                : Optional.of(new ETag(HexFormat.of().parseHex(matcher.group(1)), parts));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ETag tag && parts == tag.parts && Arrays.equals(md5, tag.md5);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(md5) * 31 + parts;
    }

    @Override
    public String toString() {
        String hex = HexFormat.of().formatHex(md5);
        return parts == 0 ? hex : hex + "-" + parts;
    }
}
