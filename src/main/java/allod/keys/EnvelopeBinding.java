package allod.keys;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What an envelope is bound to: it opens only for this object of this bucket in this domain.
 *
 * @param domain the erasure domain's 16 bytes
 * @param bucketId the bucket's number, never used again
 * @param objectId 16 random bytes; an upload's is its upload id
 */
public record EnvelopeBinding(byte[] domain, long bucketId, byte[] objectId) {
    /** @throws IllegalArgumentException if a length is wrong */
    public EnvelopeBinding {
        domain = Lengths.exactly(domain, 16, "a domain").clone();
        objectId = Lengths.exactly(objectId, 16, "an object id").clone();
    }

    @Override
    public byte[] domain() {
        return domain.clone();
    }

    @Override
    public byte[] objectId() {
        return objectId.clone();
    }

    /** {@code domain16 || u64 bucketId || objectId16}. */
    byte[] info() {
        return ByteBuffer.allocate(40)
                .put(domain)
                .putLong(bucketId)
                .put(objectId)
                .array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EnvelopeBinding that
                && bucketId == that.bucketId
                && Arrays.equals(domain, that.domain)
                && Arrays.equals(objectId, that.objectId);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(objectId);
    }
}
