package allod.s3;

import allod.http.Authentication;
import allod.http.ErrorAnswers;
import allod.http.Exchange;
import allod.http.HttpHandler;
import allod.http.Query;
import allod.http.SigV4;
import allod.store.ObjectStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The S3 address: finds out what a request asks for and who asks, refuses by name what is not served, and hands the rest
 * to the endpoints. Safe for use by many threads.
 */
public final class S3Handler implements HttpHandler {
    private final SigV4 signatures;
    private final S3Settings settings;
    private final Router router;
    private final S3Errors errors;
    private final BucketEndpoints buckets;
    private final ObjectEndpoints objects;
    private final AttributesEndpoint attributes;
    private final PostEndpoint forms;
    private final CopyEndpoint copies;
    private final PartCopyEndpoint partCopies;
    private final DeleteEndpoints deletes;
    private final ListEndpoints lists;
    private final MultipartEndpoints uploads;
    private final UploadListEndpoints uploadLists;
    private final TagEndpoints tags;
    private final CorsEndpoints cors;

    /** @param signatures the check for the service {@code s3} */
    public S3Handler(ObjectStore store, SigV4 signatures, S3Settings settings, InstantSource clock) {
        this.signatures = signatures;
        this.settings = settings;
        this.router = new Router(settings.domains());
        this.errors = new S3Errors(settings.hostId());
        var buffers = new Buffers();
        this.buckets = new BucketEndpoints(store, settings, buffers);
        this.objects = new ObjectEndpoints(store, settings, buffers);
        this.attributes = new AttributesEndpoint(store);
        this.forms = new PostEndpoint(store, signatures, settings, buffers, clock);
        this.copies = new CopyEndpoint(store, settings, errors, clock);
        this.partCopies = new PartCopyEndpoint(store, settings, errors, clock);
        this.deletes = new DeleteEndpoints(store, buffers);
        this.lists = new ListEndpoints(store, settings);
        this.uploads = new MultipartEndpoints(store, settings, buffers);
        this.uploadLists = new UploadListEndpoints(store);
        this.tags = new TagEndpoints(store, buffers);
        this.cors = new CorsEndpoints(store, settings, buffers);
    }

    /** The words for what the listener answers by itself at this address. */
    public ErrorAnswers errors() {
        return errors;
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        Exchange answering = exchange;
        Optional<Endpoint> asked = Optional.empty();
        try {
            Query query = query(exchange);
            Endpoint endpoint =
                    router.route(exchange.method(), exchange.rawPath(), query, exchange.headers(), exchange.host());
            exchange.endpoint(endpoint.operation());
            asked = Optional.of(endpoint);
            if (endpoint instanceof Endpoint.OptionsObject(var bucket)) {
                cors.preflight(exchange, bucket);
                return;
            }
            // A script of another origin may read an error, too, where it may read the answer.
            answering = cors.answering(exchange, endpoint);
            serve(answering, query, endpoint);
        } catch (RuntimeException | IOException fault) {
            if (exchange.committed() || !S3Errors.isExpected(fault)) {
                throw fault;
            }
            errors.failed(answering, fault, asked);
        }
    }

    private void serve(Exchange exchange, Query query, Endpoint endpoint) throws IOException {
        Authentication authentication = signatures.authenticate(exchange);
        if (endpoint instanceof Endpoint.NotServed) {
            throw notServed(endpoint);
        }
        if (endpoint instanceof Endpoint.PostObject(var bucket)) {
            forms.post(exchange, bucket);
            return;
        }
        S3Request request = S3Request.of(exchange, signed(authentication), query, settings.hostId());
        UnservedTerms.refuse(endpoint, request);
        requireExpectedOwner(request);
        dispatch(endpoint, request);
    }

    private static Query query(Exchange exchange) {
        try {
            return Query.parse(exchange.rawQuery());
        } catch (IllegalArgumentException e) {
            throw new S3Refusal(
                    S3Error.INVALID_URI,
                    "Couldn't parse the specified URI. A percent sign in the query is not followed by two hexadecimal"
                            + " digits, or its bytes are not UTF-8. Percent-encode each byte.");
        }
    }

    private static S3Refusal notServed(Endpoint endpoint) {
        return new S3Refusal(
                S3Error.NOT_IMPLEMENTED,
                endpoint.operation() + " is not implemented. This server knows the operation and does not carry it out."
                        + " See docs/s3.md for those it does.",
                new S3Refusal.Detail("Operation", endpoint.operation()));
    }

    private static Authentication.Signed signed(Authentication authentication) {
        return switch (authentication) {
            case Authentication.Signed signed -> signed;
            case Authentication.Anonymous anonymous ->
                throw new S3Refusal(
                        S3Error.ACCESS_DENIED,
                        "Access Denied. The request is not signed, and nothing here is open to everybody. Sign it with an"
                                + " access key.");
        };
    }

    /** Only a tenant reaches its buckets, so the owner a client expects is compared with the tenant that asks. */
    private static void requireExpectedOwner(S3Request request) {
        for (String header : new String[] {"x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"}) {
            String expected = request.header(header).orElse("");
            if (!expected.isEmpty()
                    && !expected.equals(S3Request.accountId(request.caller().tenant()))) {
                throw new S3Refusal(
                        S3Error.ACCESS_DENIED,
                        "Access Denied. The bucket has another owner than " + header + " names. Correct the account or"
                                + " leave the header out.");
            }
        }
    }

    private void dispatch(Endpoint endpoint, S3Request request) throws IOException {
        switch (endpoint) {
            case Endpoint.ListBuckets list -> buckets.list(request);
            case Endpoint.CreateBucket(var bucket) -> buckets.create(request, bucket);
            case Endpoint.HeadBucket(var bucket) -> buckets.head(request, bucket);
            case Endpoint.GetBucketLocation(var bucket) -> buckets.location(request, bucket);
            case Endpoint.DeleteBucket(var bucket) -> buckets.delete(request, bucket);
            case Endpoint.ListObjects(var bucket) -> lists.listObjects(request, bucket);
            case Endpoint.ListObjectsV2(var bucket) -> lists.listObjectsV2(request, bucket);
            case Endpoint.ListMultipartUploads(var bucket) -> uploadLists.listUploads(request, bucket);
            case Endpoint.DeleteObjects(var bucket) -> deletes.deleteMany(request, bucket);
            case Endpoint.PostObject post -> throw new IllegalStateException("a form is answered before it is signed");
            case Endpoint.PutObject(var bucket, var key) -> objects.put(request, bucket, key);
            case Endpoint.CopyObject(var bucket, var key) -> copies.copy(request, bucket, key);
            case Endpoint.GetObject(var bucket, var key) -> objects.get(request, bucket, key);
            case Endpoint.HeadObject(var bucket, var key) -> objects.head(request, bucket, key);
            case Endpoint.GetObjectAttributes(var bucket, var key) -> attributes.get(request, bucket, key);
            case Endpoint.GetBucketTagging(var bucket) -> tags.ofBucket(request, bucket);
            case Endpoint.PutBucketTagging(var bucket) -> tags.putOfBucket(request, bucket);
            case Endpoint.DeleteBucketTagging(var bucket) -> tags.deleteOfBucket(request, bucket);
            case Endpoint.GetBucketCors(var bucket) -> cors.get(request, bucket);
            case Endpoint.PutBucketCors(var bucket) -> cors.put(request, bucket);
            case Endpoint.DeleteBucketCors(var bucket) -> cors.delete(request, bucket);
            case Endpoint.OptionsObject(var bucket) -> cors.preflight(request.exchange(), bucket);
            case Endpoint.GetObjectTagging(var bucket, var key) -> tags.ofObject(request, bucket, key);
            case Endpoint.PutObjectTagging(var bucket, var key) -> tags.putOfObject(request, bucket, key);
            case Endpoint.DeleteObjectTagging(var bucket, var key) -> tags.deleteOfObject(request, bucket, key);
            case Endpoint.DeleteObject(var bucket, var key) -> deletes.deleteOne(request, bucket, key);
            case Endpoint.CreateMultipartUpload(var bucket, var key) -> uploads.create(request, bucket, key);
            case Endpoint.UploadPart(var bucket, var key, var id, var part) ->
                uploads.putPart(request, bucket, key, id, part);
            case Endpoint.UploadPartCopy(var bucket, var key, var id, var part) ->
                partCopies.copy(request, bucket, key, id, part);
            case Endpoint.CompleteMultipartUpload(var bucket, var key, var id) ->
                uploads.complete(request, bucket, key, id);
            case Endpoint.AbortMultipartUpload(var bucket, var key, var id) -> uploads.abort(request, bucket, key, id);
            case Endpoint.ListParts(var bucket, var key, var id) -> uploadLists.listParts(request, bucket, key, id);
            case Endpoint.NotServed notServed -> throw notServed(notServed);
        }
    }
}
