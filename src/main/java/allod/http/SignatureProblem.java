package allod.http;

import java.util.Optional;

/**
 * A request whose signature does not let it pass. The message is fit for the client; the texts hold nothing secret.
 */
public final class SignatureProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. In brackets the S3 code that says the same. */
    public enum Kind {
        /** The address serves only signed requests (AccessDenied). */
        MISSING,
        /** The Authorization header cannot be read (AuthorizationHeaderMalformed). */
        MALFORMED_HEADER,
        /** The Authorization header is of another scheme (InvalidArgument, "Unsupported Authorization Type"). */
        UNSUPPORTED_SCHEME,
        /** The presigned query cannot be read (AuthorizationQueryParametersError). */
        MALFORMED_QUERY,
        /** Path or query is not percent-encoded (InvalidURI). */
        MALFORMED_URI,
        /** Both ways at once, or one of them twice (InvalidArgument). */
        AMBIGUOUS,
        /** No such access key, or a disabled one (InvalidAccessKeyId). */
        UNKNOWN_KEY,
        /** (SignatureDoesNotMatch). */
        MISMATCH,
        /** Host or an x-amz- header is not covered by the signature (AccessDenied). */
        HEADERS_NOT_SIGNED,
        /** No time, or one that cannot be read (AccessDenied). */
        MISSING_DATE,
        /** The clocks differ by more than 15 minutes (RequestTimeTooSkewed). */
        SKEWED,
        /** The presigned time has run out (AccessDenied, "Request has expired"). */
        EXPIRED,
        /** Presigned for a time that has not begun (AccessDenied). */
        NOT_YET_VALID,
        /** The older HMAC-SHA1 signature (InvalidRequest, "Please use AWS4-HMAC-SHA256"). */
        SIGV2_REFUSED,
        /** The asymmetric SigV4A (NotImplemented). */
        SIGV4A_REFUSED,
        /** No x-amz-content-sha256 (MissingContentSHA256, a MissingSecurityHeader). */
        MISSING_CONTENT_SHA256,
        /** An x-amz-content-sha256 that is neither a hash nor a known mode (InvalidArgument). */
        INVALID_CONTENT_SHA256,
        /** A mode known by name and not served, such as streaming ECDSA (NotImplemented). */
        UNSUPPORTED_PAYLOAD,
        /** A session token that is not of the key, or not valid any more (InvalidToken). */
        INVALID_TOKEN,
        /** A session token whose time is over (ExpiredToken). */
        EXPIRED_TOKEN,
        /** The content is not the one that was signed (XAmzContentSHA256Mismatch). */
        CONTENT_MISMATCH
    }

    private final Kind kind;
    private final String message;
    private final transient Optional<Tried> tried;

    /**
     * What the server computed of a request whose signature differs, as S3 shows it: it lets a client's author see where
     * the two computations part, and is no use without the secret.
     *
     * @param signatureProvided 64 hexadecimal digits
     */
    public record Tried(String accessKey, String signatureProvided, String stringToSign, String canonicalRequest) {}

    SignatureProblem(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.message = message;
        this.tried = Optional.empty();
    }

    SignatureProblem(Kind kind, String message, Tried tried) {
        super(message);
        this.kind = kind;
        this.message = message;
        this.tried = Optional.of(tried);
    }

    @Override
    public String getMessage() {
        return message;
    }

    public Kind kind() {
        return kind;
    }

    /** Present for {@link Kind#MISMATCH} of a request's own signature. */
    public Optional<Tried> tried() {
        return tried;
    }
}
