package allod.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Which installation a custody folder belongs to and which of its mirrors it is. Written once, as the file
 * {@code mirror}; which other mirrors there are stands in the journal.
 *
 * @param installation 16 random bytes
 * @param mirror 16 random bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record MirrorIdentity(byte[] installation, byte[] mirror) {
    static final String FILE = "mirror";
    static final int ID_BYTES = 16;
    private static final byte[] MAGIC = "allodCM1".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES = MAGIC.length + 2 * ID_BYTES + 32;

    /** The mirror's id as operators see it: 32 hexadecimal digits. */
    String id() {
        return HexFormat.of().formatHex(mirror);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.put(MAGIC).put(installation).put(mirror);
        return out.put(Sha256.of(Arrays.copyOf(out.array(), out.position()))).array();
    }

    /** @throws IllegalArgumentException if the bytes are not the one encoding of an identity */
    static MirrorIdentity parse(byte[] bytes) {
        if (bytes.length != BYTES || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IllegalArgumentException("the file 'mirror' is not one of this program's");
        }
        int at = MAGIC.length;
        MirrorIdentity identity = new MirrorIdentity(
                Arrays.copyOfRange(bytes, at, at + ID_BYTES),
                Arrays.copyOfRange(bytes, at + ID_BYTES, at + 2 * ID_BYTES));
        if (!Arrays.equals(identity.encode(), bytes)) {
            throw new IllegalArgumentException("the file 'mirror' is damaged");
        }
        return identity;
    }
}
