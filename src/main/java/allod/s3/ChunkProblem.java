package allod.s3;

/** An aws-chunked body that is not one. The message is fit for the client. */
public final class ChunkProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is wrong; in brackets the S3 code that says the same. */
    public enum Kind {
        /** It ended early, or its length is not the one announced (IncompleteBody). */
        INCOMPLETE,
        /** A chunk's size or framing cannot be read (InvalidRequest). */
        MALFORMED,
        /** A signed chunk other than the last has fewer than 8,192 bytes (InvalidChunkSizeError). */
        CHUNK_TOO_SMALL,
        /** The trailers are not those announced, or cannot be read (MalformedTrailerError). */
        MALFORMED_TRAILER
    }

    private final Kind kind;
    private final String message;

    ChunkProblem(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    public Kind kind() {
        return kind;
    }
}
