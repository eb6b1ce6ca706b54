package allod.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The key-encryption key of one slot for one object, with the commitment that is stored beside what it wraps: 64 bytes of
 * HKDF-SHA256 over slot secret and access secret. Without the commitment a forged envelope could open under two keys.
 */
final class WrappingKey implements AutoCloseable {
    /** No access secret is longer; the shortest is empty. */
    static final int ACCESS_SECRET_MAX = 64;

    static final int SLOT_SECRET_BYTES = 32;
    static final int COMMITMENT_BYTES = 32;
    private static final byte[] SALT = "allod/v1/env".getBytes(StandardCharsets.US_ASCII);

    private final byte[] key;
    private final byte[] commitment;

    private WrappingKey(byte[] key, byte[] commitment) {
        this.key = key;
        this.commitment = commitment;
    }

    static WrappingKey derive(byte[] slotSecret, byte[] accessSecret, EnvelopeBinding binding) {
        Lengths.exactly(slotSecret, SLOT_SECRET_BYTES, "a slot secret");
        if (accessSecret.length > ACCESS_SECRET_MAX) {
            throw new IllegalArgumentException(
                    "an access secret has at most " + ACCESS_SECRET_MAX + " bytes, not " + accessSecret.length);
        }
        byte[] both = Arrays.copyOf(slotSecret, slotSecret.length + accessSecret.length);
        System.arraycopy(accessSecret, 0, both, slotSecret.length, accessSecret.length);
        byte[] derived = Hkdf.derive(SALT, both, binding.info(), AesGcm.KEY_BYTES + COMMITMENT_BYTES);
        Arrays.fill(both, (byte) 0);
        var result = new WrappingKey(
                Arrays.copyOf(derived, AesGcm.KEY_BYTES),
                Arrays.copyOfRange(derived, AesGcm.KEY_BYTES, derived.length));
        Arrays.fill(derived, (byte) 0);
        return result;
    }

    byte[] key() {
        return key;
    }

    byte[] commitment() {
        return commitment.clone();
    }

    /** Compares in constant time. */
    boolean commitsTo(byte[] stored) {
        return MessageDigest.isEqual(commitment, stored);
    }

    @Override
    public void close() {
        Arrays.fill(key, (byte) 0);
    }
}
