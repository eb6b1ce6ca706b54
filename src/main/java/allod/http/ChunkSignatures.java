package allod.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The chain of signatures over the chunks of one aws-chunked body: each covers the one before it, the first covers the
 * request's own. Both sides use it: a verifier checks, a signer makes. Not for several threads.
 */
public final class ChunkSignatures {
    /** SHA-256 of nothing, which stands in every chunk's string to sign. */
    static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final SigningKey key;
    private final String timestamp;
    private final String scope;
    private String previous;

    ChunkSignatures(SigningKey key, String timestamp, String scope, String seed) {
        this.key = key;
        this.timestamp = timestamp;
        this.scope = scope;
        this.previous = seed;
    }

    /**
     * Checks the next chunk's signature, the last and empty chunk's included.
     *
     * @param signature as it came, 64 lower-case hexadecimal digits
     * @param sha256 of the chunk's data, 32 bytes
     * @throws SignatureProblem of kind MISMATCH
     */
    public void verifyChunk(String signature, byte[] sha256) {
        verify(signature, signChunk(sha256), "A chunk's signature does not match its data.");
    }

    /**
     * Checks the signature of the trailers.
     *
     * @param sha256 of the trailer lines {@code name:value}, each ended by one line feed, without the signature's own
     * @throws SignatureProblem of kind MISMATCH
     */
    public void verifyTrailer(String signature, byte[] sha256) {
        verify(signature, signTrailer(sha256), "The signature of the trailers does not match them.");
    }

    /** Signs the next chunk. */
    public String signChunk(byte[] sha256) {
        return next("AWS4-HMAC-SHA256-PAYLOAD\n" + timestamp + '\n' + scope + '\n' + previous + '\n' + EMPTY_SHA256
                + '\n' + HexFormat.of().formatHex(sha256));
    }

    /** Signs the trailers, after the last chunk. */
    public String signTrailer(byte[] sha256) {
        return next("AWS4-HMAC-SHA256-TRAILER\n" + timestamp + '\n' + scope + '\n' + previous + '\n'
                + HexFormat.of().formatHex(sha256));
    }

    private String next(String stringToSign) {
        previous = key.sign(stringToSign);
        return previous;
    }

    private static void verify(String given, String computed, String message) {
        if (!constantTimeEquals(given, computed)) {
            throw new SignatureProblem(SignatureProblem.Kind.MISMATCH, message);
        }
    }

    static boolean constantTimeEquals(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.ISO_8859_1), b.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public String toString() {
        return "ChunkSignatures[" + scope + "]";
    }
}
