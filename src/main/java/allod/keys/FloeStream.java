package allod.keys;

/**
 * Where everything lies in one FLOE stream, from its plaintext size alone: the size is the length the reader trusts, so
 * it must come from an authenticated record.
 *
 * @param plaintextSize bytes, 0 to {@link FloeParameters#maxPlaintextSize}
 */
public record FloeStream(FloeParameters parameters, long plaintextSize) {
    /** @throws IllegalArgumentException if no stream of these parameters can hold so much */
    public FloeStream {
        parameters.segmentCount(plaintextSize);
    }

    /**
     * The stream that has this many bytes of ciphertext, header included.
     *
     * @throws allod.base.Problem DAMAGED if no stream has that size
     */
    public static FloeStream ofCiphertext(FloeParameters parameters, long ciphertextSize) {
        long body = ciphertextSize - FloeParameters.HEADER_BYTES;
        long segments = Math.ceilDiv(body, parameters.segmentBytes());
        long lastBytes = body - (segments - 1) * parameters.segmentBytes();
        if (body < FloeParameters.SEGMENT_OVERHEAD
                || segments > FloeParameters.MAX_SEGMENTS
                || lastBytes < FloeParameters.SEGMENT_OVERHEAD
                || (lastBytes == FloeParameters.SEGMENT_OVERHEAD && segments > 1)) {
            throw FloeDecryptor.damaged("No stream has " + ciphertextSize + " bytes.");
        }
        return new FloeStream(parameters, body - segments * FloeParameters.SEGMENT_OVERHEAD);
    }

    /** Segments, at least one. */
    public long segmentCount() {
        return parameters.segmentCount(plaintextSize);
    }

    /** Bytes of header and segments. */
    public long ciphertextSize() {
        return parameters.ciphertextSize(plaintextSize);
    }

    /** Whether the stream ends with this segment. */
    public boolean isLast(long segment) {
        return segment == segmentCount() - 1;
    }

    /** Encrypted bytes of a segment. */
    public int segmentLength(long segment) {
        return isLast(segment)
                ? (int) (ciphertextSize() - parameters.segmentOffset(segment))
                : parameters.segmentBytes();
    }

    /** The slice that holds all of the plaintext. */
    public Slice whole() {
        return plaintextSize == 0
                ? new Slice(0, 0, FloeParameters.HEADER_BYTES, FloeParameters.SEGMENT_OVERHEAD, 0, 0)
                : slice(0, plaintextSize - 1);
    }

    /**
     * The ciphertext that holds a range of the plaintext.
     *
     * @param first offset of the first byte wanted
     * @param last offset of the last byte wanted, inclusive as in HTTP
     * @throws IllegalArgumentException unless {@code 0 <= first <= last < plaintextSize}
     */
    public Slice slice(long first, long last) {
        if (first < 0 || first > last || last >= plaintextSize) {
            throw new IllegalArgumentException(
                    "bytes " + first + "-" + last + " are not a range of " + plaintextSize + " bytes");
        }
        long firstSegment = parameters.segmentOf(first);
        long lastSegment = parameters.segmentOf(last);
        long start = parameters.segmentOffset(firstSegment);
        long end = parameters.segmentOffset(lastSegment) + segmentLength(lastSegment);
        int skip = (int) (first - firstSegment * parameters.plainSegmentBytes());
        return new Slice(firstSegment, lastSegment, start, end - start, skip, last - first + 1);
    }

    /**
     * Whole segments that hold a range of the plaintext.
     *
     * @param firstSegment number of the first segment to open
     * @param lastSegment number of the last one, inclusive
     * @param ciphertextOffset where the first one begins, the header counted
     * @param ciphertextBytes length of them all
     * @param skipBytes plaintext bytes of the first segment that come before the range
     * @param plaintextBytes length of the range
     */
    public record Slice(
            long firstSegment,
            long lastSegment,
            long ciphertextOffset,
            long ciphertextBytes,
            int skipBytes,
            long plaintextBytes) {}
}
