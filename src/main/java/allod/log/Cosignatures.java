package allod.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a cosigner signs.
 *
 * @see <a href="https://c2sp.org/tlog-cosignature">C2SP tlog-cosignature</a>
 */
final class Cosignatures {
    private static final byte[] SUBTREE_LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

    private Cosignatures() {}

    static byte[] ed25519Message(long timeSeconds, String noteText) {
        return ("cosignature/v1\ntime " + timeSeconds + "\n" + noteText).getBytes(StandardCharsets.UTF_8);
    }

    /** The whole tree as a subtree from entry 0. */
    static byte[] mlDsaMessage(String cosigner, long timeSeconds, Checkpoint checkpoint) {
        byte[] name = shortString(cosigner);
        byte[] origin = shortString(checkpoint.origin());
        return ByteBuffer.allocate(SUBTREE_LABEL.length + name.length + origin.length + 3 * Long.BYTES + Hash.LENGTH)
                .put(SUBTREE_LABEL)
                .put(name)
                .putLong(timeSeconds)
                .put(origin)
                .putLong(0)
                .putLong(checkpoint.size())
                .put(checkpoint.root().bytes())
                .array();
    }

    private static byte[] shortString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 255) {
            throw new IllegalArgumentException("a name of " + bytes.length + " bytes does not fit a cosignature");
        }
        return ByteBuffer.allocate(1 + bytes.length)
                .put((byte) bytes.length)
                .put(bytes)
                .array();
    }
}
