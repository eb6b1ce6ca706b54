package allod.s3;

import allod.http.Exchange;
import allod.http.Headers;
import allod.store.BucketName;
import allod.store.ConfigurationKind;
import allod.store.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The CORS rules of buckets, the browser's question whether it may ask, and the headers of the answer when it did. */
final class CorsEndpoints {
    private static final List<String> METHODS = List.of("GET", "PUT", "POST", "DELETE", "HEAD");

    private final ObjectStore store;
    private final BucketAccess access;
    private final S3Settings settings;
    private final Buffers buffers;

    CorsEndpoints(ObjectStore store, BucketAccess access, S3Settings settings, Buffers buffers) {
        this.access = access;
        this.store = store;
        this.settings = settings;
        this.buffers = buffers;
    }

    void get(S3Request request, BucketName bucket) throws IOException {
        byte[] document = store.configuration(request.caller(), bucket, ConfigurationKind.CORS)
                .orElseThrow(() -> new S3Refusal(
                        S3Error.NO_SUCH_CORS_CONFIGURATION,
                        "The CORS configuration does not exist. The bucket has no rules. Put some.",
                        new S3Refusal.Detail("BucketName", bucket.value())));
        Answers.document(request, document);
    }

    void put(S3Request request, BucketName bucket) throws IOException {
        Cors cors = Cors.parse(RequestContent.document(request, buffers, Cors.MAX_DOCUMENT, false));
        store.putConfiguration(
                request.caller(),
                bucket,
                ConfigurationKind.CORS,
                cors.document().toBytes());
        Answers.empty(request.exchange(), 200, Answers.headers(request));
    }

    void delete(S3Request request, BucketName bucket) throws IOException {
        store.deleteConfiguration(request.caller(), bucket, ConfigurationKind.CORS);
        Answers.empty(request.exchange(), 204, Answers.headers(request));
    }

    private Optional<Cors> rules(BucketName bucket) {
        return store.facts().bucket(bucket).flatMap(access::cors);
    }

    /** Answers the question a browser asks before its script's request. Nobody signs it, and it changes nothing. */
    void preflight(Exchange exchange, BucketName bucket) throws IOException {
        String origin = exchange.headers().first("Origin").orElse("");
        if (origin.isEmpty()) {
            throw bad("Insufficient information. Origin request header needed. Send it.");
        }
        String method = exchange.headers().first(Cors.REQUEST_METHOD).orElse("");
        if (!METHODS.contains(method)) {
            throw bad("Invalid " + Cors.REQUEST_METHOD + ": " + (method.isEmpty() ? "null" : method)
                    + ". Send the method of the request that is to follow.");
        }
        List<String> asked = Cors.names(exchange.headers().first(Cors.REQUEST_HEADERS));
        Cors cors = rules(bucket)
                .orElseThrow(() -> forbidden(
                        method,
                        "CORSResponse: CORS is not enabled for this bucket. It has no rules. Put some with"
                                + " PutBucketCors."));
        Cors.Rule rule = cors.find(origin, method, asked)
                .orElseThrow(() -> forbidden(
                        method,
                        "CORSResponse: This CORS request is not allowed. No rule of the bucket allows this Origin,"
                                + " request method and these request headers. Add one that does."));
        Headers.Builder headers = Headers.builder()
                .add("x-amz-request-id", exchange.requestId())
                .add("x-amz-id-2", settings.hostId())
                .addAll(rule.answer(origin, asked));
        exchange.respond(200, headers.build(), 0).close();
    }

    private static S3Refusal bad(String message) {
        return new S3Refusal(S3Error.BAD_REQUEST, message);
    }

    private static S3Refusal forbidden(String method, String message) {
        return new S3Refusal(
                S3Error.ACCESS_FORBIDDEN,
                message,
                new S3Refusal.Detail("Method", method),
                new S3Refusal.Detail("ResourceType", "OBJECT"));
    }

    /** The exchange of a script's request, whose answer says that the script may read it; the same one if it may not. */
    Exchange answering(Exchange exchange, Endpoint endpoint) {
        Optional<String> origin = exchange.headers().first("Origin");
        Optional<BucketName> bucket = endpoint.subject();
        if (origin.isEmpty() || bucket.isEmpty()) {
            return exchange;
        }
        String method = exchange.headers().first(Cors.REQUEST_METHOD).orElse(exchange.method());
        return rules(bucket.get())
                .flatMap(cors -> cors.find(origin.get(), method, List.of()))
                .<Exchange>map(rule -> new CorsExchange(exchange, rule.answer(origin.get(), List.of())))
                .orElse(exchange);
    }
}
