package allod.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The key schedule of one FLOE stream: the header tag, the message key, and the AES key of each group of segments. All
 * are HKDF-Expand-SHA-384 over {@code parameters || IV || purpose || AAD}.
 */
final class FloeKeys {
    static final int PARAMETERS_BYTES = 10;
    static final int IV_BYTES = 32;
    static final int TAG_BYTES = 32;

    private static final byte[] HEADER_TAG = "HEADER_TAG:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE_KEY = "MESSAGE_KEY:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEGMENT_KEY = "DEK:".getBytes(StandardCharsets.US_ASCII);
    private static final int MESSAGE_KEY_BYTES = 48;

    private final FloeParameters parameters;
    /** Parameters and IV, which begin both the header and every derivation. */
    private final byte[] prefix;

    private final byte[] aad;
    private final byte[] headerTag;
    private final byte[] messageKey;
    private long group = -1;
    private @Nullable SecretKeySpec groupKey;

    /** @param prefix the first 42 bytes of the header; owned by this object from now on */
    FloeKeys(FloeParameters parameters, byte[] prefix, byte[] key, byte[] aad) {
        Lengths.exactly(key, AesGcm.KEY_BYTES, "a FLOE key");
        this.parameters = parameters;
        this.prefix = prefix;
        this.aad = aad.clone();
        Hmac hmac = Hmac.takeSha384();
        try {
            hmac.key(key);
            headerTag = hmac.expand(info(HEADER_TAG), TAG_BYTES);
            messageKey = hmac.expand(info(MESSAGE_KEY), MESSAGE_KEY_BYTES);
        } finally {
            hmac.release();
        }
    }

    /** The first 10 bytes of every header of these parameters: AES-256-GCM, HKDF-Expand-SHA-384, lengths. */
    static byte[] encode(FloeParameters parameters) {
        return ByteBuffer.allocate(PARAMETERS_BYTES)
                .put((byte) 0)
                .put((byte) 0)
                .putInt(parameters.segmentBytes())
                .putInt(IV_BYTES)
                .array();
    }

    byte[] headerTag() {
        return headerTag;
    }

    byte[] header() {
        byte[] header = Arrays.copyOf(prefix, FloeParameters.HEADER_BYTES);
        System.arraycopy(headerTag, 0, header, prefix.length, TAG_BYTES);
        return header;
    }

    /** The AES key of a segment, derived once for each run of segments that share it. */
    SecretKeySpec segmentKey(long segment) {
        long masked = segment & (-1L << parameters.rotationBits());
        SecretKeySpec known = groupKey;
        if (known != null && masked == group) {
            return known;
        }
        byte[] purpose = ByteBuffer.allocate(SEGMENT_KEY.length + Long.BYTES)
                .put(SEGMENT_KEY)
                .putLong(masked)
                .array();
        Hmac hmac = Hmac.takeSha384();
        try {
            byte[] derived = hmac.key(messageKey).expand(info(purpose), AesGcm.KEY_BYTES);
            SecretKeySpec fresh = AesGcm.key(derived);
            Arrays.fill(derived, (byte) 0);
            group = masked;
            groupKey = fresh;
            return fresh;
        } finally {
            hmac.release();
        }
    }

    /** Sets a segment's associated data: its position and whether it is the last. */
    static void describe(byte[] segmentAad, long segment, boolean last) {
        for (int i = 0; i < Long.BYTES; i++) {
            segmentAad[i] = (byte) (segment >>> (56 - 8 * i));
        }
        segmentAad[Long.BYTES] = (byte) (last ? 1 : 0);
    }

    void wipe() {
        Arrays.fill(messageKey, (byte) 0);
        groupKey = null;
        group = -1;
    }

    private byte[] info(byte[] purpose) {
        return ByteBuffer.allocate(prefix.length + purpose.length + aad.length)
                .put(prefix)
                .put(purpose)
                .put(aad)
                .array();
    }
}
