package allod.sts;

import allod.http.SignatureProblem;
import java.util.Optional;

/** A request that is answered with one of the service's errors. The message is fit for the client. */
final class StsRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The service's own codes, with the status of each. */
    enum Code {
        ACCESS_DENIED("AccessDenied", 403),
        EXPIRED_TOKEN("ExpiredToken", 403),
        INCOMPLETE_SIGNATURE("IncompleteSignature", 400),
        INTERNAL_FAILURE("InternalFailure", 500),
        INVALID_ACTION("InvalidAction", 400),
        INVALID_CLIENT_TOKEN_ID("InvalidClientTokenId", 403),
        MALFORMED_POLICY_DOCUMENT("MalformedPolicyDocument", 400),
        MISSING_AUTHENTICATION_TOKEN("MissingAuthenticationToken", 403),
        REQUEST_ENTITY_TOO_LARGE("RequestEntityTooLarge", 413),
        SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
        SIGNATURE_DOES_NOT_MATCH("SignatureDoesNotMatch", 403),
        VALIDATION_ERROR("ValidationError", 400);

        private final String spelled;
        private final int status;

        Code(String spelled, int status) {
            this.spelled = spelled;
            this.status = status;
        }

        String spelled() {
            return spelled;
        }

        int status() {
            return status;
        }
    }

    private final Code code;
    private final String message;

    StsRefusal(Code code, String message) {
        super(message, null, false, false);
        this.code = code;
        this.message = message;
    }

    static StsRefusal invalid(String message) {
        return new StsRefusal(Code.VALIDATION_ERROR, message);
    }

    /** A signature that does not let its request pass, in the words of this service. */
    static StsRefusal of(SignatureProblem problem) {
        Code code = switch (problem.kind()) {
            case MISSING -> Code.MISSING_AUTHENTICATION_TOKEN;
            case UNKNOWN_KEY, INVALID_TOKEN -> Code.INVALID_CLIENT_TOKEN_ID;
            case EXPIRED_TOKEN -> Code.EXPIRED_TOKEN;
            case MISMATCH, SKEWED, EXPIRED, NOT_YET_VALID, HEADERS_NOT_SIGNED, CONTENT_MISMATCH ->
                Code.SIGNATURE_DOES_NOT_MATCH;
            case MALFORMED_HEADER,
                    UNSUPPORTED_SCHEME,
                    MALFORMED_QUERY,
                    MALFORMED_URI,
                    AMBIGUOUS,
                    MISSING_DATE,
                    SIGV2_REFUSED,
                    SIGV4A_REFUSED,
                    MISSING_CONTENT_SHA256,
                    INVALID_CONTENT_SHA256,
                    UNSUPPORTED_PAYLOAD -> Code.INCOMPLETE_SIGNATURE;
        };
        String message =
                Optional.ofNullable(problem.getMessage()).orElse(problem.kind().name());
        return new StsRefusal(
                code,
                code == Code.INVALID_CLIENT_TOKEN_ID
                        ? "The security token included in the request is invalid."
                        : message);
    }

    Code code() {
        return code;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
