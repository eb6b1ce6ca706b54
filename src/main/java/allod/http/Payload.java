package allod.http;

/** What a signature says of the content that follows. */
public sealed interface Payload {
    /**
     * The content has this SHA-256; read it through {@link VerifyingBody}.
     *
     * @param sha256 64 lower-case hexadecimal digits
     */
    record Hashed(String sha256) implements Payload {}

    /** {@code UNSIGNED-PAYLOAD}: the signature does not cover the content. */
    record Unsigned() implements Payload {}

    /**
     * {@code STREAMING-AWS4-HMAC-SHA256-PAYLOAD} and its {@code -TRAILER} form: aws-chunked, each chunk signed.
     *
     * @param signatures the chain of chunk signatures, at its first link; for one pass over the body
     * @param trailer whether signed trailers end the body
     */
    record SignedChunks(ChunkSignatures signatures, boolean trailer) implements Payload {}

    /** {@code STREAMING-UNSIGNED-PAYLOAD-TRAILER}: aws-chunked without signatures, ended by trailers. */
    record UnsignedChunks() implements Payload {}
}
