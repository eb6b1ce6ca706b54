package allod.s3;

import allod.http.Headers;
import allod.http.Payload;
import allod.http.RequestBody;
import allod.s3.ChunkProblem.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content within an aws-chunked body: chunks of the form {@code size-in-hex[;chunk-signature=64 hex digits] CRLF data
 * CRLF}, a chunk of size 0, trailer lines where the payload mode has them, an empty line, and nothing after it.
 *
 * <p>Data is handed on while its chunk is still coming; the end is told only when every signature, the announced length
 * and the trailers have proved right. After a fault every further read fails the same way. Memory held: one small
 * buffer, whatever the size of the chunks.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html">Signature calculations: transferring
 *     the payload in multiple chunks</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html">The same with trailing
 *     headers</a>
 */
public final class ChunkedBody implements RequestBody {
    /** The most data in one chunk: the largest part, 5 GiB. */
    static final long MAX_CHUNK = 5L * 1024 * 1024 * 1024;

    /** The least data in a signed chunk that is not the last. */
    static final int MIN_SIGNED_CHUNK = 8192;

    private static final String SIGNATURE_FIELD = "chunk-signature=";

    private final ChunkInput input;
    private final ChunkChecks checks;
    private final boolean hasTrailers;
    private final List<String> announcedTrailers;
    private final long decodedLength;
    private long decodedLeft;
    private long chunkLeft;
    private boolean inChunk;
    private boolean lastWasSmall;
    private boolean ended;
    private Headers trailers = Headers.empty();
    private @Nullable RuntimeException fault;

    /** Reads chunks that are signed, one after the other. */
    public ChunkedBody(RequestBody body, Payload.SignedChunks payload, Headers headers) {
        this(body, new ChunkChecks(Optional.of(payload.signatures())), payload.trailer(), headers);
    }

    /** Reads chunks without signatures, ended by trailers. */
    public ChunkedBody(RequestBody body, Payload.UnsignedChunks payload, Headers headers) {
        this(body, new ChunkChecks(Optional.empty()), true, headers);
    }

    private ChunkedBody(RequestBody body, ChunkChecks checks, boolean hasTrailers, Headers headers) {
        this.input = new ChunkInput(body);
        this.checks = checks;
        this.hasTrailers = hasTrailers;
        this.decodedLength = decodedLength(headers);
        this.decodedLeft = decodedLength;
        this.announcedTrailers = announcedTrailers(headers);
        if (!hasTrailers && !announcedTrailers.isEmpty()) {
            throw new ChunkProblem(
                    Kind.MALFORMED_TRAILER, "x-amz-trailer announces trailers that this payload mode does not have");
        }
    }

    /**
     * The length announced by {@code x-amz-decoded-content-length}, in bytes.
     *
     * @throws ChunkProblem if it is absent, doubled or no number
     */
    private static long decodedLength(Headers headers) {
        List<String> values = headers.all("x-amz-decoded-content-length");
        if (values.size() != 1 || !values.get(0).matches("[0-9]{1,18}")) {
            throw new ChunkProblem(
                    Kind.MALFORMED, "an aws-chunked body needs one x-amz-decoded-content-length, in bytes");
        }
        return Long.parseLong(values.get(0));
    }

    private static List<String> announcedTrailers(Headers headers) {
        var names = new ArrayList<String>();
        for (String value : headers.all("x-amz-trailer")) {
            for (String name : value.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /**
     * The content encoding that is left when the chunks are read: {@code aws-chunked,gzip} becomes {@code gzip}, and
     * {@code aws-chunked} alone becomes nothing.
     */
    public static Optional<String> encodingWithoutChunks(String contentEncoding) {
        var left = new ArrayList<String>();
        for (String coding : contentEncoding.split(",", -1)) {
            if (!coding.strip().equalsIgnoreCase("aws-chunked") && !coding.isBlank()) {
                left.add(coding.strip());
            }
        }
        return left.isEmpty() ? Optional.empty() : Optional.of(String.join(",", left));
    }

    /** The content's own length, as announced: always known. */
    @Override
    public long declaredLength() {
        return decodedLength;
    }

    /**
     * @throws ChunkProblem if the framing, the length or the trailers are wrong
     * @throws allod.http.SignatureProblem of kind MISMATCH if a chunk or the trailers were not signed so
     */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (fault != null) {
            throw fault;
        }
        if (length == 0) {
            return 0;
        }
        try {
            return readChunks(target, offset, length);
        } catch (RuntimeException e) {
            fault = e;
            throw e;
        }
    }

    private int readChunks(byte[] target, int offset, int length) throws IOException {
        while (!ended) {
            if (!inChunk) {
                beginChunk();
            } else if (chunkLeft == 0) {
                endChunk();
            } else {
                int count = input.read(target, offset, (int) Math.min(length, chunkLeft));
                chunkLeft -= count;
                decodedLeft -= count;
                checks.data(target, offset, count);
                return count;
            }
        }
        return -1;
    }

    private void beginChunk() throws IOException {
        String line = input.line(Kind.MALFORMED);
        int semicolon = line.indexOf(';');
        long size = size(semicolon < 0 ? line : line.substring(0, semicolon));
        String signature = "";
        if (checks.signed()) {
            if (semicolon < 0 || !line.startsWith(SIGNATURE_FIELD, semicolon + 1)) {
                throw new ChunkProblem(Kind.MALFORMED, "a signed chunk needs ;chunk-signature= after its size");
            }
            signature = line.substring(semicolon + 1 + SIGNATURE_FIELD.length());
        } else if (semicolon >= 0) {
            throw new ChunkProblem(Kind.MALFORMED, "an unsigned chunk has its size and nothing else");
        }
        if (size > decodedLeft) {
            throw new ChunkProblem(Kind.INCOMPLETE, "the chunks hold more than x-amz-decoded-content-length");
        }
        if (size > 0 && lastWasSmall) {
            throw new ChunkProblem(
                    Kind.CHUNK_TOO_SMALL, "Only the last chunk is allowed to have a size less than 8192 bytes");
        }
        lastWasSmall = checks.signed() && size < MIN_SIGNED_CHUNK;
        checks.begin(signature);
        if (size == 0) {
            endBody();
        } else {
            chunkLeft = size;
            inChunk = true;
        }
    }

    private static long size(String hex) {
        if (!hex.matches("[0-9A-Fa-f]{1,15}")) {
            throw new ChunkProblem(Kind.MALFORMED, "a chunk begins with its size in hexadecimal digits");
        }
        long size = Long.parseLong(hex, 16);
        if (size > MAX_CHUNK) {
            throw new ChunkProblem(Kind.MALFORMED, "a chunk is larger than 5 GiB");
        }
        return size;
    }

    private void endChunk() throws IOException {
        input.expectLineEnd();
        checks.endChunk();
        inChunk = false;
    }

    private void endBody() throws IOException {
        checks.endChunk();
        if (decodedLeft != 0) {
            throw new ChunkProblem(Kind.INCOMPLETE, "the chunks hold less than x-amz-decoded-content-length");
        }
        if (hasTrailers) {
            trailers = new ChunkTrailers(announcedTrailers, checks).read(input);
        } else {
            input.expectLineEnd();
        }
        input.expectEnd();
        ended = true;
    }

    /** The trailers as announced by {@code x-amz-trailer}, without their signature; empty before the end was read. */
    @Override
    public Headers trailers() {
        return trailers;
    }
}
