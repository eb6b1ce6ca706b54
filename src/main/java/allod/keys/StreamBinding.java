package allod.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What one FLOE stream is bound to, by its key and by its associated data. Bucket and name are left out, so that a rename
 * needs no new encryption.
 *
 * @param domain the erasure domain's 16 bytes
 * @param objectId the version's 16 random bytes; a multipart object's is its upload id
 * @param part 1 to 10,000; 1 where there is one stream
 */
public record StreamBinding(byte[] domain, byte[] objectId, int part) {
    /** The highest part number of a multipart upload. */
    public static final int MAX_PART = 10_000;

    private static final byte[] LABEL = "allod/v1/part".getBytes(StandardCharsets.US_ASCII);

    /** @throws IllegalArgumentException if a length or the part number is wrong */
    public StreamBinding {
        domain = Lengths.exactly(domain, 16, "a domain").clone();
        objectId = Lengths.exactly(objectId, 16, "an object id").clone();
        checkPart(part);
    }

    static void checkPart(int part) {
        if (part < 1 || part > MAX_PART) {
            throw new IllegalArgumentException("a part number is 1 to " + MAX_PART + ", not " + part);
        }
    }

    @Override
    public byte[] domain() {
        return domain.clone();
    }

    @Override
    public byte[] objectId() {
        return objectId.clone();
    }

    /** FLOE's associated data: {@code domain16 || objectId16 || u16 part}. */
    public byte[] aad() {
        return ByteBuffer.allocate(34)
                .put(domain)
                .put(objectId)
                .putShort((short) part)
                .array();
    }

    /** What the stream key is derived with: {@code "allod/v1/part" || objectId16 || u16 part}. */
    byte[] info() {
        return ByteBuffer.allocate(LABEL.length + 18)
                .put(LABEL)
                .put(objectId)
                .putShort((short) part)
                .array();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamBinding that
                && part == that.part
                && Arrays.equals(domain, that.domain)
                && Arrays.equals(objectId, that.objectId);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(objectId) + part;
    }
}
