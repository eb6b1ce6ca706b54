package allod.keys;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;

/**
 * What an upload's parts are sealed under: the wrapping key of the upload's own slot. Each part has a random key, which
 * stands with its checksums in a record sealed here; erasing the slot leaves no way to any part that the finished object
 * does not list. Closing wipes it. Used by one thread at a time.
 */
public final class UploadKey implements AutoCloseable {
    /** What {@link #sealPart} adds: nonce 12, tag 16. */
    public static final int SEAL_OVERHEAD = AesGcm.NONCE_BYTES + AesGcm.TAG_BYTES;

    private final WrappingKey wrapping;
    private final byte[] uploadId;
    private boolean closed;

    private UploadKey(WrappingKey wrapping, byte[] uploadId) {
        this.wrapping = wrapping;
        this.uploadId = uploadId;
    }

    /**
     * @param envelope the upload's own, whose commitment is checked
     * @param binding its object id is the upload id
     * @throws allod.base.Problem DAMAGED if the envelope is not this slot's and upload's
     */
    public static UploadKey of(Envelope envelope, byte[] slotSecret, byte[] accessSecret, EnvelopeBinding binding) {
        WrappingKey wrapping = WrappingKey.derive(slotSecret, accessSecret, binding);
        if (!wrapping.commitsTo(envelope.commitment())) {
            wrapping.close();
            throw Envelope.damaged("It was made under another key or for another upload.");
        }
        return new UploadKey(wrapping, binding.objectId());
    }

    /**
     * Seals a part's record: {@code nonce 12 || ciphertext || tag 16}.
     *
     * @param part 1 to 10,000
     * @param blobId the 16 bytes that name the part's ciphertext
     * @param record the part's key and checksums, in the caller's own form
     */
    public byte[] sealPart(int part, byte[] blobId, byte[] record, SecureRandom random) {
        byte[] nonce = new byte[AesGcm.NONCE_BYTES];
        random.nextBytes(nonce);
        return AesGcm.sealWithNonce(key(), nonce, aad(part, blobId), record);
    }

    /**
     * Opens a part's record.
     *
     * @throws allod.base.Problem DAMAGED if it is not what was sealed for this upload, part and blob
     */
    public byte[] openPart(int part, byte[] blobId, byte[] sealed) {
        try {
            return AesGcm.openWithNonce(key(), aad(part, blobId), sealed);
        } catch (AEADBadTagException forged) {
            throw Envelope.damaged("The record of part " + part + " fails its authentication.");
        }
    }

    private byte[] aad(int part, byte[] blobId) {
        StreamBinding.checkPart(part);
        return ByteBuffer.allocate(34)
                .put(uploadId)
                .putShort((short) part)
                .put(Lengths.exactly(blobId, 16, "a blob id"))
                .array();
    }

    private byte[] key() {
        if (closed) {
            throw new IllegalStateException("the upload key was wiped");
        }
        return wrapping.key();
    }

    /** Wipes the key. */
    @Override
    public void close() {
        closed = true;
        wrapping.close();
    }

    @Override
    public String toString() {
        return "UploadKey[]";
    }
}
