package allod.store.engine;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** The name of a blob: 16 random bytes, given once and never again. Equal by content; its text is 32 hex digits. */
public final class BlobName {
    /** Bytes in a name. */
    public static final int LENGTH = 16;

    private final byte[] bytes;

    private BlobName(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The name made of these bytes.
     *
     * @throws IllegalArgumentException unless there are 16
     */
    public static BlobName of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a blob name has 16 bytes, not " + bytes.length);
        }
        return new BlobName(bytes.clone());
    }

    /**
     * The name whose text this is.
     *
     * @throws IllegalArgumentException unless it is 32 lower-case hex digits
     */
    public static BlobName parse(String text) {
        if (text.length() != 2 * LENGTH
                || !text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("a blob name has 32 hex digits, not: " + text);
        }
        return new BlobName(HexFormat.of().parseHex(text));
    }

    public static BlobName random(RandomGenerator random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new BlobName(bytes);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlobName that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
