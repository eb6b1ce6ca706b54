package allod.keys;

/**
 * The one free choice of FLOE, the segment length, and the arithmetic that follows from it. A ciphertext is a header of
 * 74 bytes, then segments: each holds 32 bytes more than its plaintext, all but the last are full, and there is always a
 * last one, which alone may be short or, for an empty plaintext, hold nothing.
 *
 * @param segmentBytes length of a full encrypted segment, 33 bytes to 1 MiB
 * @param rotationBits 2<sup>rotationBits</sup> segments share a key, 0 to 20; the specification fixes 20, smaller
 *     values are for tests
 * @see <a href="https://c2sp.org/FLOE">C2SP FLOE</a>
 */
public record FloeParameters(int segmentBytes, int rotationBits) {
    /** Parameter information 10, IV 32, header tag 32. */
    public static final int HEADER_BYTES = 74;
    /** What a segment adds to its plaintext: length 4, nonce 12, tag 16. */
    public static final int SEGMENT_OVERHEAD = 32;
    /** The most segments a stream may have. */
    public static final long MAX_SEGMENTS = 1L << 40;
    /** Segments of 64 KiB: what all stored content uses. */
    public static final FloeParameters STANDARD = new FloeParameters(64 * 1024, 20);

    /** @throws IllegalArgumentException if a value is out of its range */
    public FloeParameters {
        if (segmentBytes <= SEGMENT_OVERHEAD || segmentBytes > 1 << 20) {
            throw new IllegalArgumentException("a FLOE segment has 33 to 1,048,576 bytes, not " + segmentBytes);
        }
        if (rotationBits < 0 || rotationBits > 20) {
            throw new IllegalArgumentException("a FLOE key serves 2^0 to 2^20 segments, not 2^" + rotationBits);
        }
    }

    /** Plaintext bytes in a full segment. */
    public int plainSegmentBytes() {
        return segmentBytes - SEGMENT_OVERHEAD;
    }

    /** The largest plaintext, in bytes. */
    public long maxPlaintextSize() {
        return MAX_SEGMENTS * plainSegmentBytes();
    }

    /** The segments of a plaintext: at least one. */
    public long segmentCount(long plaintextSize) {
        if (plaintextSize < 0 || plaintextSize > maxPlaintextSize()) {
            throw new IllegalArgumentException(
                    "a FLOE stream holds 0 to " + maxPlaintextSize() + " bytes, not " + plaintextSize);
        }
        return Math.max(1, Math.ceilDiv(plaintextSize, plainSegmentBytes()));
    }

    /** Bytes of header and segments for a plaintext. */
    public long ciphertextSize(long plaintextSize) {
        return HEADER_BYTES + plaintextSize + SEGMENT_OVERHEAD * segmentCount(plaintextSize);
    }

    /** The segment that holds the plaintext byte at an offset. */
    public long segmentOf(long plaintextOffset) {
        return plaintextOffset / plainSegmentBytes();
    }

    /** Where a segment begins in the ciphertext, the header counted. */
    public long segmentOffset(long segment) {
        return HEADER_BYTES + segment * segmentBytes;
    }
}
