package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/**
 * A content key wrapped under one slot of the key tree: all that a version's row stores of its keys. When the slot is
 * erased, nothing opens it. Objects and the envelope API use the same form.
 *
 * @param wrappedKey 60 bytes: {@code nonce 12 || ciphertext 32 || tag 16} of AES-256-GCM
 * @param commitment 32 bytes that commit to the wrapping key
 */
public record Envelope(byte[] wrappedKey, byte[] commitment) {
    public static final int WRAPPED_KEY_BYTES = 60;
    public static final int COMMITMENT_BYTES = 32;
    /** Where a bucket has no access custodian. */
    public static final byte[] NO_ACCESS_SECRET = {};

    /** @throws IllegalArgumentException if a length is wrong */
    public Envelope {
        wrappedKey =
                Lengths.exactly(wrappedKey, WRAPPED_KEY_BYTES, "a wrapped key").clone();
        commitment = Lengths.exactly(commitment, COMMITMENT_BYTES, "a key commitment")
                .clone();
    }

    /**
     * Draws a fresh content key and wraps it.
     *
     * @param slotSecret the slot's 32 bytes
     * @param accessSecret 0 to 64 bytes; empty where there is none
     */
    public static Sealed seal(byte[] slotSecret, byte[] accessSecret, EnvelopeBinding binding, SecureRandom random) {
        return wrap(ContentKey.random(random), slotSecret, accessSecret, binding, random);
    }

    /** Wraps a content key that exists already under one more slot, as a share does. */
    public static Sealed wrap(
            ContentKey contentKey,
            byte[] slotSecret,
            byte[] accessSecret,
            EnvelopeBinding binding,
            SecureRandom random) {
        byte[] nonce = new byte[AesGcm.NONCE_BYTES];
        random.nextBytes(nonce);
        try (var wrapping = WrappingKey.derive(slotSecret, accessSecret, binding)) {
            byte[] wrapped = AesGcm.sealWithNonce(wrapping.key(), nonce, AesGcm.NO_AAD, contentKey.secret());
            return new Sealed(new Envelope(wrapped, wrapping.commitment()), contentKey);
        }
    }

    /**
     * Unwraps the content key; the commitment is checked first.
     *
     * @throws Problem DAMAGED if the envelope is not this slot's, access secret's and object's, or was changed
     */
    public ContentKey open(byte[] slotSecret, byte[] accessSecret, EnvelopeBinding binding) {
        try (var wrapping = WrappingKey.derive(slotSecret, accessSecret, binding)) {
            if (!wrapping.commitsTo(commitment)) {
                throw damaged("It was made under another key or for another object.");
            }
            byte[] key = AesGcm.openWithNonce(wrapping.key(), AesGcm.NO_AAD, wrappedKey);
            return ContentKey.owning(key);
        } catch (AEADBadTagException forged) {
            throw damaged("The wrapped key fails its authentication.");
        }
    }

    /** The 92 bytes of {@code wrappedKey || commitment}. */
    public byte[] encode() {
        return ByteBuffer.allocate(WRAPPED_KEY_BYTES + COMMITMENT_BYTES)
                .put(wrappedKey)
                .put(commitment)
                .array();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException unless there are 92 bytes
     */
    public static Envelope decode(byte[] bytes) {
        Lengths.exactly(bytes, WRAPPED_KEY_BYTES + COMMITMENT_BYTES, "an envelope");
        return new Envelope(
                Arrays.copyOf(bytes, WRAPPED_KEY_BYTES), Arrays.copyOfRange(bytes, WRAPPED_KEY_BYTES, bytes.length));
    }

    static Problem damaged(String why) {
        return new Problem(
                Reason.DAMAGED,
                "A stored key could not be opened.",
                why,
                "Read another copy of the record; if it was erased, nothing opens it any more.");
    }

    @Override
    public byte[] wrappedKey() {
        return wrappedKey.clone();
    }

    @Override
    public byte[] commitment() {
        return commitment.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Envelope that
                && Arrays.equals(wrappedKey, that.wrappedKey)
                && Arrays.equals(commitment, that.commitment);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(commitment);
    }

    @Override
    public String toString() {
        return "Envelope[]";
    }

    /**
     * A new envelope and the key inside it.
     *
     * @param contentKey the caller closes it
     */
    public record Sealed(Envelope envelope, ContentKey contentKey) {}
}
