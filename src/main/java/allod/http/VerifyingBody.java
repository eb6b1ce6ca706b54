package allod.http;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A body that is checked against the SHA-256 its signature names: the end is told only if it agrees, so whatever commits
 * at the end of the body commits nothing else.
 */
public final class VerifyingBody implements RequestBody {
    private final RequestBody body;
    private final String expected;
    private final MessageDigest digest = Digests.sha256();
    private boolean verified;

    /** @param payload the hash that the signature covers */
    public VerifyingBody(RequestBody body, Payload.Hashed payload) {
        this.body = body;
        this.expected = payload.sha256();
    }

    @Override
    public long declaredLength() {
        return body.declaredLength();
    }

    /** @throws SignatureProblem of kind CONTENT_MISMATCH at the end, if the content is not what was signed */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (verified) {
            return length == 0 ? 0 : -1;
        }
        int count = body.read(target, offset, length);
        if (count > 0) {
            digest.update(target, offset, count);
        } else if (count < 0) {
            String computed = HexFormat.of().formatHex(digest.digest());
            if (!computed.equals(expected)) {
                throw new SignatureProblem(
                        SignatureProblem.Kind.CONTENT_MISMATCH,
                        "The provided 'x-amz-content-sha256' header does not match what was computed.");
            }
            verified = true;
        }
        return count;
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }
}
