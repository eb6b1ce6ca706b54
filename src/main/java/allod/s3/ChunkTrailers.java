package allod.s3;

import allod.http.Headers;
import allod.s3.ChunkProblem.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The lines after the last chunk: exactly the trailers that were announced, then their signature where chunks have one.
 * A trailer may end with {@code LF CR LF}, as the S3 User Guide writes it ("Signature calculations for the Authorization
 * Header: Transferring Payload in Multiple Chunks with trailers") and minio-go sends it, while the SDKs send {@code CR LF}.
 */
final class ChunkTrailers {
    /** Trailer lines in one body, the signature's not counted. */
    static final int LIMIT = 8;

    private static final String SIGNATURE = "x-amz-trailer-signature";

    private final List<String> announced;
    private final ChunkChecks checks;

    ChunkTrailers(List<String> announced, ChunkChecks checks) {
        this.announced = announced;
        this.checks = checks;
    }

    Headers read(ChunkInput input) throws IOException {
        var trailers = Headers.builder();
        var signedLines = new StringBuilder();
        int count = 0;
        String signature = null;
        for (String line = input.trailerLine(); !line.isEmpty(); line = input.trailerLine()) {
            int colon = line.indexOf(':');
            if (colon < 1 || signature != null) {
                throw malformed("a trailer is name:value, and the signature comes last");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals(SIGNATURE)) {
                signature = value;
            } else {
                if (++count > LIMIT || !announced.contains(name)) {
                    throw malformed("a trailer was not announced by x-amz-trailer");
                }
                add(trailers, name, value);
                signedLines.append(name).append(':').append(value).append('\n');
            }
        }
        Headers result = trailers.build();
        requireAsAnnounced(result, signature);
        if (signature != null) {
            checks.trailers(ChunkInput.bytes(signedLines.toString()), signature);
        }
        return result;
    }

    private static void add(Headers.Builder trailers, String name, String value) {
        try {
            trailers.add(name, value);
        } catch (IllegalArgumentException e) {
            throw malformed("a trailer's name is not a header's name");
        }
    }

    private void requireAsAnnounced(Headers trailers, @Nullable String signature) {
        if (trailers.size() != announced.size() || !announced.stream().allMatch(trailers::contains)) {
            throw malformed("the trailers are not those that x-amz-trailer announced");
        }
        if (checks.signed() != (signature != null)) {
            throw malformed("signed chunks end with x-amz-trailer-signature, unsigned ones without");
        }
    }

    private static ChunkProblem malformed(String message) {
        return new ChunkProblem(Kind.MALFORMED_TRAILER, message);
    }
}
