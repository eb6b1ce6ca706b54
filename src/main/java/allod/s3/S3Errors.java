package allod.s3;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.BodyTooSlow;
import allod.http.ErrorAnswers;
import allod.http.Exchange;
import allod.http.Headers;
import allod.http.SignatureProblem;
import allod.store.BucketName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Words every fault as S3 does: status, code, message, and the ids by which the operator finds the request. */
final class S3Errors implements ErrorAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(S3Errors.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String hostId;

    S3Errors(String hostId) {
        this.hostId = hostId;
    }

    /** A fault as S3 says it. */
    record Answer(S3Error error, String message, Headers headers, List<S3Refusal.Detail> details) {
        Answer(S3Error error, String message, List<S3Refusal.Detail> details) {
            this(error, message, Headers.empty(), details);
        }
    }

    @Override
    public void busy(Exchange exchange, Duration retryAfter) throws IOException {
        var answer = new Answer(
                S3Error.SLOW_DOWN,
                "Please reduce your request rate. More requests are under way than this server takes at once. Try again"
                        + " after the time in Retry-After.",
                List.of());
        respond(exchange, answer, retryAfter);
    }

    @Override
    public void failed(Exchange exchange, Throwable fault) throws IOException {
        respond(exchange, answerTo(exchange.requestId(), fault), RETRY_AFTER);
    }

    /** The same, with what the request asked for. */
    void failed(Exchange exchange, Throwable fault, Optional<Endpoint> asked) throws IOException {
        Answer answer = answerTo(exchange.requestId(), fault);
        if (asked.isPresent() && answer.details().isEmpty()) {
            answer = new Answer(
                    answer.error(), answer.message(), answer.headers(), subject(answer.error(), asked.get()));
        }
        respond(exchange, answer, RETRY_AFTER);
    }

    /** The element by which S3 names what was not found. */
    private static List<S3Refusal.Detail> subject(S3Error error, Endpoint asked) {
        if (error == S3Error.NO_SUCH_KEY && asked instanceof Endpoint.OnObject object) {
            return List.of(new S3Refusal.Detail("Key", object.key().toString()));
        }
        boolean ofBucket = error == S3Error.NO_SUCH_BUCKET
                || error == S3Error.BUCKET_NOT_EMPTY
                || error == S3Error.BUCKET_ALREADY_EXISTS
                || error == S3Error.BUCKET_ALREADY_OWNED_BY_YOU;
        Optional<BucketName> bucket = switch (asked) {
            case Endpoint.OnBucket on -> Optional.of(on.bucket());
            case Endpoint.OnObject on -> Optional.of(on.bucket());
            case Endpoint.ListBuckets list -> Optional.empty();
            case Endpoint.NotServed notServed -> Optional.empty();
        };
        return ofBucket
                ? bucket.map(name -> List.of(new S3Refusal.Detail("BucketName", name.value())))
                        .orElse(List.of())
                : List.of();
    }

    /** Whether a fault is a request's own, so that it needs no line in the operator's log. */
    static boolean isExpected(Throwable fault) {
        return fault instanceof Problem
                || fault instanceof S3Refusal
                || fault instanceof SignatureProblem
                || fault instanceof ChunkProblem
                || fault instanceof BodyTooSlow;
    }

    /** What to say of a fault. */
    static Answer answerTo(String requestId, Throwable fault) {
        return switch (fault) {
            case S3Refusal refusal ->
                new Answer(refusal.error(), refusal.message(), refusal.headers(), refusal.details());
            case Problem problem -> ofProblem(requestId, problem);
            case SignatureProblem problem -> ofSignature(problem);
            case ChunkProblem problem -> ofChunks(problem);
            case BodyTooSlow slow ->
                new Answer(
                        S3Error.REQUEST_TIMEOUT,
                        "Your socket connection to the server was not read from or written to within the timeout period."
                                + " The content came too slowly. Try again on a new connection.",
                        List.of());
            default ->
                new Answer(
                        S3Error.INTERNAL_ERROR,
                        "We encountered an internal error. The request did not come to an end, and what it did is"
                                + " unknown. Try again; if it goes on, give the operator the RequestId.",
                        List.of());
        };
    }

    private static Answer ofProblem(String requestId, Problem problem) {
        S3Error error = code(problem.reason());
        if (error.status() == 500) {
            LOG.error("request {} failed: {}", requestId, problem.reason(), problem.getCause());
        }
        return new Answer(error, problem.what() + " " + problem.why() + " " + problem.next(), List.of());
    }

    /** S3's code for what the store refused. */
    static S3Error code(Reason reason) {
        return switch (reason) {
            case ACCESS_DENIED -> S3Error.ACCESS_DENIED;
            case INVALID_ARGUMENT -> S3Error.INVALID_ARGUMENT;
            case INVALID_REQUEST -> S3Error.INVALID_REQUEST;
            case NO_SUCH_BUCKET -> S3Error.NO_SUCH_BUCKET;
            case BUCKET_EXISTS -> S3Error.BUCKET_ALREADY_EXISTS;
            case BUCKET_OWNED_BY_CALLER -> S3Error.BUCKET_ALREADY_OWNED_BY_YOU;
            case BUCKET_NOT_EMPTY -> S3Error.BUCKET_NOT_EMPTY;
            case INVALID_BUCKET_NAME -> S3Error.INVALID_BUCKET_NAME;
            case TOO_MANY_BUCKETS -> S3Error.TOO_MANY_BUCKETS;
            case NO_SUCH_KEY -> S3Error.NO_SUCH_KEY;
            case NO_SUCH_VERSION -> S3Error.NO_SUCH_VERSION;
            case IS_DELETE_MARKER -> S3Error.METHOD_NOT_ALLOWED;
            case OBJECT_LOCKED -> S3Error.ACCESS_DENIED;
            case NO_OBJECT_LOCK -> S3Error.INVALID_REQUEST;
            case BUCKET_STATE -> S3Error.INVALID_BUCKET_STATE;
            case KEY_TOO_LONG -> S3Error.KEY_TOO_LONG;
            case NO_SUCH_UPLOAD -> S3Error.NO_SUCH_UPLOAD;
            case INVALID_PART -> S3Error.INVALID_PART;
            case INVALID_PART_ORDER -> S3Error.INVALID_PART_ORDER;
            case PART_TOO_SMALL -> S3Error.ENTITY_TOO_SMALL;
            case ENTITY_TOO_LARGE -> S3Error.ENTITY_TOO_LARGE;
            case METADATA_TOO_LARGE -> S3Error.METADATA_TOO_LARGE;
            case PRECONDITION_FAILED -> S3Error.PRECONDITION_FAILED;
            case CONFLICT -> S3Error.CONDITIONAL_REQUEST_CONFLICT;
            case BAD_DIGEST -> S3Error.BAD_DIGEST;
            case NO_SUCH_ACCESS_KEY -> S3Error.INVALID_ACCESS_KEY_ID;
            // S3 has no words for these, and no operation of S3 leads to them.
            case NO_SUCH_TENANT,
                    TENANT_EXISTS,
                    ACCESS_KEY_EXISTS,
                    NO_SUCH_RECEIPT,
                    NO_SUCH_ESCROW,
                    NO_SUCH_IDENTITY,
                    IDENTITY_EXISTS,
                    NO_SUCH_POLICY -> S3Error.INVALID_REQUEST;
            case BUSY -> S3Error.SLOW_DOWN;
            case NOT_YET, CUSTODIAN_AWAY, UNUSABLE_FOLDER -> S3Error.SERVICE_UNAVAILABLE;
            case NO_SPACE -> S3Error.INSUFFICIENT_STORAGE;
            case NOT_IMPLEMENTED -> S3Error.NOT_IMPLEMENTED;
            case DAMAGED, INTERNAL -> S3Error.INTERNAL_ERROR;
        };
    }

    private static Answer ofSignature(SignatureProblem problem) {
        var details = new ArrayList<S3Refusal.Detail>();
        problem.tried().ifPresent(tried -> {
            details.add(new S3Refusal.Detail("AWSAccessKeyId", tried.accessKey()));
            details.add(new S3Refusal.Detail("StringToSign", tried.stringToSign()));
            details.add(new S3Refusal.Detail("SignatureProvided", tried.signatureProvided()));
            details.add(new S3Refusal.Detail("CanonicalRequest", tried.canonicalRequest()));
        });
        return new Answer(code(problem.kind()), String.valueOf(problem.getMessage()), details);
    }

    /** S3's code for what the signature check refused. */
    static S3Error code(SignatureProblem.Kind kind) {
        return switch (kind) {
            case MISSING, HEADERS_NOT_SIGNED, MISSING_DATE, EXPIRED, NOT_YET_VALID -> S3Error.ACCESS_DENIED;
            case MALFORMED_HEADER -> S3Error.AUTHORIZATION_HEADER_MALFORMED;
            case MALFORMED_QUERY -> S3Error.AUTHORIZATION_QUERY_PARAMETERS;
            case MALFORMED_URI -> S3Error.INVALID_URI;
            case UNSUPPORTED_SCHEME, AMBIGUOUS, INVALID_CONTENT_SHA256 -> S3Error.INVALID_ARGUMENT;
            case UNKNOWN_KEY -> S3Error.INVALID_ACCESS_KEY_ID;
            case MISMATCH -> S3Error.SIGNATURE_DOES_NOT_MATCH;
            case SKEWED -> S3Error.REQUEST_TIME_TOO_SKEWED;
            case SIGV2_REFUSED -> S3Error.INVALID_REQUEST;
            case SIGV4A_REFUSED, UNSUPPORTED_PAYLOAD -> S3Error.NOT_IMPLEMENTED;
            case MISSING_CONTENT_SHA256 -> S3Error.MISSING_SECURITY_HEADER;
            case INVALID_TOKEN -> S3Error.INVALID_TOKEN;
            case EXPIRED_TOKEN -> S3Error.EXPIRED_TOKEN;
            case CONTENT_MISMATCH -> S3Error.X_AMZ_CONTENT_SHA256_MISMATCH;
        };
    }

    private static Answer ofChunks(ChunkProblem problem) {
        S3Error error = switch (problem.kind()) {
            case INCOMPLETE -> S3Error.INCOMPLETE_BODY;
            case MALFORMED -> S3Error.INVALID_REQUEST;
            case CHUNK_TOO_SMALL -> S3Error.INVALID_CHUNK_SIZE;
            case MALFORMED_TRAILER -> S3Error.MALFORMED_TRAILER;
        };
        return new Answer(
                error,
                "The aws-chunked content could not be taken: " + problem.getMessage() + ". Send it as the S3 pages on"
                        + " SigV4 streaming describe.",
                List.of());
    }

    private void respond(Exchange exchange, Answer answer, Duration retryAfter) throws IOException {
        Headers.Builder headers = Headers.builder()
                .add("x-amz-request-id", exchange.requestId())
                .add("x-amz-id-2", hostId)
                .add("Content-Type", "application/xml")
                .addAll(answer.headers());
        if (answer.error().status() == 503) {
            headers.add("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        byte[] body = exchange.method().equals("HEAD") ? new byte[0] : document(exchange, answer);
        exchange.respond(answer.error().status(), headers.build(), body);
    }

    /** The error's own document. */
    byte[] document(Exchange exchange, Answer answer) {
        XmlWriter xml = XmlWriter.error().element("Code", answer.error().code()).element("Message", answer.message());
        for (S3Refusal.Detail detail : answer.details()) {
            xml.element(detail.element(), detail.value());
        }
        return xml.element("Resource", exchange.rawPath())
                .element("RequestId", exchange.requestId())
                .element("HostId", hostId)
                .toBytes();
    }
}
