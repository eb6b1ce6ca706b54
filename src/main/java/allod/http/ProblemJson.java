package allod.http;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;

/**
 * How the addresses that do not speak S3 tell a problem: {@code application/problem+json} with the members {@code type},
 * {@code title}, {@code status}, {@code detail} and, of our own, {@code what}, {@code why}, {@code next} and
 * {@code requestId}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
public final class ProblemJson implements ErrorAnswers {
    /** The media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** The types are names, not addresses: this and the reason's name in lower case with hyphens. */
    private static final String TYPE = "tag:allod.dev,2026:problem/";

    /** Answers a problem with the status of its reason. */
    public static void answer(Exchange exchange, Problem problem) throws IOException {
        var headers = Headers.builder();
        if (problem.reason() == Reason.BUSY || problem.reason() == Reason.NOT_YET) {
            headers.add("Retry-After", "1");
        }
        answer(exchange, status(problem.reason()), name(problem.reason()), problem, headers);
    }

    /** The HTTP status that says the same as a reason. */
    public static int status(Reason reason) {
        return switch (reason) {
            case INVALID_ARGUMENT,
                    INVALID_REQUEST,
                    INVALID_BUCKET_NAME,
                    KEY_TOO_LONG,
                    INVALID_PART,
                    INVALID_PART_ORDER,
                    PART_TOO_SMALL,
                    ENTITY_TOO_LARGE,
                    METADATA_TOO_LARGE,
                    NO_OBJECT_LOCK,
                    TOO_MANY_BUCKETS,
                    BAD_DIGEST -> 400;
            case ACCESS_DENIED, OBJECT_LOCKED -> 403;
            case NO_SUCH_BUCKET,
                    NO_SUCH_KEY,
                    NO_SUCH_VERSION,
                    NO_SUCH_UPLOAD,
                    NO_SUCH_TENANT,
                    NO_SUCH_ACCESS_KEY,
                    NO_SUCH_RECEIPT,
                    NO_SUCH_ESCROW,
                    NO_SUCH_IDENTITY,
                    NO_SUCH_POLICY -> 404;
            case IS_DELETE_MARKER -> 405;
            case BUCKET_EXISTS,
                    BUCKET_OWNED_BY_CALLER,
                    BUCKET_NOT_EMPTY,
                    BUCKET_STATE,
                    CONFLICT,
                    TENANT_EXISTS,
                    ACCESS_KEY_EXISTS,
                    IDENTITY_EXISTS -> 409;
            case PRECONDITION_FAILED -> 412;
            case DAMAGED, UNUSABLE_FOLDER, INTERNAL -> 500;
            case NOT_IMPLEMENTED -> 501;
            case NOT_YET, BUSY, CUSTODIAN_AWAY -> 503;
            case NO_SPACE -> 507;
        };
    }

    @Override
    public void busy(Exchange exchange, Duration retryAfter) throws IOException {
        var problem = new Problem(
                Reason.BUSY,
                "The request was not carried out.",
                "Too many requests are under way.",
                "Send it again after the time in Retry-After.");
        var headers = Headers.builder().add("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
        answer(exchange, 503, name(Reason.BUSY), problem, headers);
    }

    @Override
    public void failed(Exchange exchange, Throwable fault) throws IOException {
        switch (fault) {
            case Problem problem -> answer(exchange, problem);
            case SignatureProblem refused -> answer(exchange, refused);
            case BodyTooSlow slow -> {
                var problem = new Problem(
                        Reason.INVALID_ARGUMENT,
                        "The request was not carried out.",
                        "Its content came too slowly.",
                        "Send it again over a faster connection.");
                answer(exchange, 408, "request-timeout", problem, Headers.builder());
            }
            default ->
                answer(
                        exchange,
                        new Problem(
                                Reason.INTERNAL,
                                "The request was not carried out.",
                                "The server met a fault of its own.",
                                "Try again; if it stays, tell the operator the request id " + exchange.requestId()
                                        + "."));
        }
    }

    private static void answer(Exchange exchange, SignatureProblem refused) throws IOException {
        int status = switch (refused.kind()) {
            case MALFORMED_HEADER,
                    UNSUPPORTED_SCHEME,
                    MALFORMED_QUERY,
                    MALFORMED_URI,
                    AMBIGUOUS,
                    MISSING_CONTENT_SHA256,
                    INVALID_CONTENT_SHA256,
                    CONTENT_MISMATCH -> 400;
            case MISSING,
                    UNKNOWN_KEY,
                    MISMATCH,
                    HEADERS_NOT_SIGNED,
                    MISSING_DATE,
                    SKEWED,
                    EXPIRED,
                    NOT_YET_VALID,
                    SIGV2_REFUSED,
                    INVALID_TOKEN,
                    EXPIRED_TOKEN -> 401;
            case SIGV4A_REFUSED, UNSUPPORTED_PAYLOAD -> 501;
        };
        var headers = Headers.builder();
        if (status == 401) {
            headers.add("WWW-Authenticate", "AWS4-HMAC-SHA256");
        }
        var problem = new Problem(
                Reason.ACCESS_DENIED,
                "The request was not carried out.",
                refused.getMessage(),
                "Sign it with AWS Signature Version 4, service allod, and a key of this server.");
        answer(exchange, status, "signature-" + hyphened(refused.kind().name()), problem, headers);
    }

    /**
     * Answers a problem of HTTP's own, such as a method that a resource does not have.
     *
     * @param name the type's last part: lower case, with hyphens
     * @param headers what stands beside Content-Type and Cache-Control
     */
    public static void answer(Exchange exchange, int status, String name, Problem problem, Headers.Builder headers)
            throws IOException {
        String title = name.replace('-', ' ');
        var members = new LinkedHashMap<String, Object>();
        members.put("type", TYPE + name);
        members.put("title", Character.toUpperCase(title.charAt(0)) + title.substring(1));
        members.put("status", status);
        members.put("detail", problem.what() + " " + problem.why());
        members.put("what", problem.what());
        members.put("why", problem.why());
        members.put("next", problem.next());
        members.put("requestId", exchange.requestId());
        headers.add("Content-Type", MEDIA_TYPE).add("Cache-Control", "no-store");
        Json.answer(exchange, status, headers.build(), members);
    }

    private static String name(Reason reason) {
        return hyphened(reason.name());
    }

    private static String hyphened(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
