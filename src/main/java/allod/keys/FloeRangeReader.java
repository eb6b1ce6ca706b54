package allod.keys;

import java.io.IOException;
import java.util.Arrays;

/**
 * Reads a range of one stream's plaintext, a segment at a time, from ciphertext that lies elsewhere. Holds one segment of
 * ciphertext and one of plaintext, less where the range is smaller. Used by one thread at a time.
 *
 * <pre>{@code
 * try (var reader = new FloeRangeReader(stream, slice, key, aad, blob::read)) {
 *     while (reader.next()) {
 *         sink.write(reader.buffer(), reader.offset(), reader.length());
 *     }
 * }
 * }</pre>
 */
public final class FloeRangeReader implements AutoCloseable {
    /** Ciphertext by position, the stream's header at 0. */
    @FunctionalInterface
    public interface Source {
        /**
         * Fills {@code into[offset..offset+length)} from a position. Positions asked for only grow.
         *
         * @throws IOException if there are not so many bytes; a source never returns fewer
         */
        void read(long position, byte[] into, int offset, int length) throws IOException;
    }

    private final FloeStream stream;
    private final Source source;
    private final FloeStream.Slice slice;
    private final FloeDecryptor decryptor;
    private final byte[] ciphertext;
    private final byte[] plaintext;
    private long segment;
    private long remaining;
    private int offset;
    private int length;
    /** The first segment, when it was read together with the header. */
    private boolean firstIsRead;

    private boolean ended;

    /**
     * Reads and checks the header; where the range begins in the first segment, that is read with it.
     *
     * @param slice what to read, made by this stream
     * @param key the stream's 32-byte key
     * @param aad what the stream is bound to
     * @throws IOException if the source does not yield the bytes
     * @throws allod.base.Problem DAMAGED if the header is not this key's
     */
    public FloeRangeReader(FloeStream stream, FloeStream.Slice slice, byte[] key, byte[] aad, Source source)
            throws IOException {
        this.stream = stream;
        this.slice = slice;
        this.source = source;
        int firstLength = stream.segmentLength(slice.firstSegment());
        firstIsRead = slice.firstSegment() == 0;
        int headed = FloeParameters.HEADER_BYTES + (firstIsRead ? firstLength : 0);
        ciphertext = new byte[Math.max(headed, firstLength)];
        plaintext = new byte[firstLength - FloeParameters.SEGMENT_OVERHEAD];
        source.read(0, ciphertext, 0, headed);
        decryptor = new FloeDecryptor(stream.parameters(), key, aad, ciphertext, 0);
        segment = slice.firstSegment();
        remaining = slice.plaintextBytes();
    }

    /**
     * Decrypts the next piece of the range; an empty stream has one piece of no bytes, so that its one segment is checked
     * too.
     *
     * @return false when the range has been read to its end
     * @throws IOException if the source does not yield the bytes
     * @throws allod.base.Problem DAMAGED if a segment is not whole and unchanged
     */
    public boolean next() throws IOException {
        if (ended) {
            length = 0;
            return false;
        }
        int sealed = stream.segmentLength(segment);
        int at = 0;
        if (firstIsRead) {
            firstIsRead = false;
            at = FloeParameters.HEADER_BYTES;
        } else {
            source.read(stream.parameters().segmentOffset(segment), ciphertext, 0, sealed);
        }
        int opened = decryptor.open(segment, stream.isLast(segment), ciphertext, at, sealed, plaintext, 0);
        offset = segment == slice.firstSegment() ? slice.skipBytes() : 0;
        length = (int) Math.min(remaining, opened - offset);
        remaining -= length;
        ended = segment == slice.lastSegment();
        segment++;
        return true;
    }

    /** Holds the piece that {@link #next} decrypted; overwritten by the next call, wiped by {@link #close}. */
    public byte[] buffer() {
        return plaintext;
    }

    /** Where the piece begins in {@link #buffer}. */
    public int offset() {
        return offset;
    }

    /** Bytes of the piece. */
    public int length() {
        return length;
    }

    /** Wipes the keys. A piece that {@link #next} gave stays whole, for another thread may be sending it. */
    @Override
    public void close() {
        decryptor.close();
    }

    /** Wipes the last piece, once nobody sends it any more. */
    public void wipePiece() {
        Arrays.fill(plaintext, (byte) 0);
    }
}
