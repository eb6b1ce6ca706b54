package allod.keys;

import java.nio.charset.StandardCharsets;

/**
 * Hides the ETag that stands in a listed row: it is XORed with a pad from the version's slot secret, so it lists fast and
 * becomes unreadable when the slot is erased. One slot serves one version, so a pad is used once. Not authenticated:
 * whoever must be sure of an ETag reads the sealed one.
 */
public final class EtagMask {
    public static final int BYTES = 16;
    private static final byte[] LABEL = "allod/v1/etag".getBytes(StandardCharsets.US_ASCII);

    private EtagMask() {}

    /** Masks or unmasks 16 bytes: {@code etag XOR HMAC-SHA256(slotSecret, "allod/v1/etag")[0..16)}. */
    public static byte[] apply(byte[] slotSecret, byte[] etag) {
        Lengths.exactly(slotSecret, WrappingKey.SLOT_SECRET_BYTES, "a slot secret");
        Lengths.exactly(etag, BYTES, "an ETag");
        byte[] pad;
        Hmac hmac = Hmac.takeSha256();
        try {
            pad = hmac.key(slotSecret).add(LABEL).finish();
        } finally {
            hmac.release();
        }
        byte[] masked = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            masked[i] = (byte) (etag[i] ^ pad[i]);
        }
        return masked;
    }
}
