package allod.s3;

import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.http.Authentication;
import allod.http.ErrorAnswers;
import allod.http.Exchange;
import allod.http.HttpHandler;
import allod.http.Query;
import allod.http.SigV4;
import allod.policy.Who;
import allod.store.BucketName;
import allod.store.DecisionFacts;
import allod.store.ObjectLock;
import allod.store.ObjectStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The S3 address: finds out what a request asks for and who asks, refuses by name what is not served, and hands the rest
 * to the endpoints. Safe for use by many threads.
 */
public final class S3Handler implements HttpHandler {
    static final String EXPECTED_OWNER = "x-amz-expected-bucket-owner";

    private final SigV4 signatures;
    private final S3Settings settings;
    private final InstantSource clock;
    private final Router router;
    private final S3Errors errors;
    private final BucketEndpoints buckets;
    private final VersioningEndpoints versioning;
    private final ObjectLockEndpoints locks;
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
    private final LifecycleEndpoints lifecycle;
    private final CorsEndpoints cors;
    private final PolicyEndpoints policies;
    private final Gate gate;
    private final EncryptionEndpoints encryption;

    /**
     * @param signatures the check for the service {@code s3}
     * @param directory who there is
     */
    public S3Handler(
            ObjectStore store, SigV4 signatures, Directory directory, S3Settings settings, InstantSource clock) {
        this.gate = new Gate(store, directory, clock);
        this.signatures = signatures;
        this.settings = settings;
        this.clock = clock;
        this.router = new Router(settings.domains());
        this.errors = new S3Errors(settings.hostId());
        var buffers = new Buffers();
        this.buckets = new BucketEndpoints(store, settings, buffers);
        this.versioning = new VersioningEndpoints(store, settings, buffers);
        this.locks = new ObjectLockEndpoints(store, buffers, clock);
        this.objects = new ObjectEndpoints(store, settings, buffers);
        this.attributes = new AttributesEndpoint(store);
        this.forms = new PostEndpoint(store, signatures, gate, settings, buffers, clock);
        this.copies = new CopyEndpoint(store, settings, errors, clock);
        this.partCopies = new PartCopyEndpoint(store, settings, errors, clock);
        this.deletes = new DeleteEndpoints(store, buffers);
        this.lists = new ListEndpoints(store, settings);
        this.uploads = new MultipartEndpoints(store, settings, buffers);
        this.uploadLists = new UploadListEndpoints(store);
        this.tags = new TagEndpoints(store, buffers);
        this.lifecycle = new LifecycleEndpoints(store, buffers);
        this.policies = new PolicyEndpoints(store, gate, directory, buffers);
        this.cors = new CorsEndpoints(store, gate.access(), settings, buffers);
        this.encryption = new EncryptionEndpoints(store, buffers);
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
            Endpoint endpoint = router.route(
                    exchange.method(),
                    exchange.rawPath(),
                    query,
                    S3Request.headers(exchange.headers(), query),
                    exchange.host());
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
        S3Request request = S3Request.of(exchange, authentication, query, gate, settings.hostId());
        UnservedTerms.refuse(endpoint, request);
        S3Request asked = locked(endpoint, tagged(endpoint, request))
                .ofOwner(endpoint.subject()
                        .flatMap(bucket -> owner(request, bucket))
                        .orElse(request.caller().tenant()));
        S3Request admitted = asked.with(gate.admit(endpoint, asked));
        requireExpectedOwners(admitted);
        try {
            dispatch(endpoint, admitted);
        } catch (Problem | S3Refusal refusal) {
            throw tellsOfAbsence(refusal) && !mayKnow(endpoint, admitted)
                    ? Gate.denied(admitted, Needed.ofService(endpoint.operation()))
                    : refusal;
        }
    }

    /** With the tags that an object is to have, by which policies may decide. */
    private S3Request tagged(Endpoint endpoint, S3Request request) throws IOException {
        return endpoint instanceof Endpoint.PutObjectTagging
                ? request.withTags(tags.read(request))
                : request.withTags(Tags.ofHeader(request));
    }

    /** With what is to lock an object, by which policies may decide. */
    private S3Request locked(Endpoint endpoint, S3Request request) throws IOException {
        ObjectLock lock = LockHeaders.of(request, clock);
        if (endpoint instanceof Endpoint.PutObjectRetention) {
            lock = new ObjectLock(locks.readRetention(request), lock.hold());
        } else if (endpoint instanceof Endpoint.PutObjectLegalHold) {
            lock = new ObjectLock(lock.retention(), locks.readHold(request));
        }
        return request.withLock(lock);
    }

    private static Optional<TenantId> owner(S3Request request, BucketName bucket) {
        return request.bucket(bucket).map(DecisionFacts.BucketFacts::owner);
    }

    private static boolean tellsOfAbsence(RuntimeException refusal) {
        return switch (refusal) {
            case Problem problem ->
                problem.reason() == Reason.NO_SUCH_KEY || problem.reason() == Reason.NO_SUCH_VERSION;
            case S3Refusal s3 -> s3.error() == S3Error.NO_SUCH_KEY;
            default -> false;
        };
    }

    /** Who may not list a bucket does not learn which keys are not in it. */
    private boolean mayKnow(Endpoint endpoint, S3Request request) {
        Optional<BucketName> source = request.header(CopyEndpoint.SOURCE)
                .map(header -> CopyEndpoint.source(header).bucket());
        return source.or(endpoint::subject)
                .map(bucket -> gate.mayList(request, bucket))
                .orElse(true);
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

    private void requireExpectedOwners(S3Request request) {
        requireExpectedOwner(request, EXPECTED_OWNER, Optional.of(request.owner()));
        requireExpectedOwner(
                request,
                "x-amz-source-expected-bucket-owner",
                request.header(CopyEndpoint.SOURCE)
                        .flatMap(header ->
                                owner(request, CopyEndpoint.source(header).bucket())));
    }

    /** @throws S3Refusal ACCESS_DENIED if a bucket has another owner than a header names */
    static void requireExpectedOwner(S3Request request, String header, Optional<TenantId> owner) {
        String expected = request.header(header).orElse("");
        boolean other =
                owner.isPresent() && !expected.equals(Who.account(owner.get().value()));
        if (!expected.isEmpty() && other) {
            throw new S3Refusal(
                    S3Error.ACCESS_DENIED,
                    "Access Denied. The bucket has another owner than " + header + " names. Correct the account or"
                            + " leave the header out.");
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
            case Endpoint.GetBucketVersioning(var bucket) -> versioning.get(request, bucket);
            case Endpoint.PutBucketVersioning(var bucket) -> versioning.put(request, bucket);
            case Endpoint.ListObjectVersions(var bucket) -> versioning.list(request, bucket);
            case Endpoint.GetObjectLockConfiguration(var bucket) -> locks.getConfiguration(request, bucket);
            case Endpoint.PutObjectLockConfiguration(var bucket) -> locks.putConfiguration(request, bucket);
            case Endpoint.GetObjectRetention(var bucket, var key) -> locks.getRetention(request, bucket, key);
            case Endpoint.PutObjectRetention(var bucket, var key) -> locks.putRetention(request, bucket, key);
            case Endpoint.GetObjectLegalHold(var bucket, var key) -> locks.getHold(request, bucket, key);
            case Endpoint.PutObjectLegalHold(var bucket, var key) -> locks.putHold(request, bucket, key);
            case Endpoint.PutObject(var bucket, var key) -> objects.put(request, bucket, key);
            case Endpoint.CopyObject(var bucket, var key) -> copies.copy(request, bucket, key);
            case Endpoint.GetObject(var bucket, var key) -> objects.get(request, bucket, key);
            case Endpoint.HeadObject(var bucket, var key) -> objects.head(request, bucket, key);
            case Endpoint.GetObjectAttributes(var bucket, var key) -> attributes.get(request, bucket, key);
            case Endpoint.GetBucketTagging(var bucket) -> tags.ofBucket(request, bucket);
            case Endpoint.PutBucketTagging(var bucket) -> tags.putOfBucket(request, bucket);
            case Endpoint.DeleteBucketTagging(var bucket) -> tags.deleteOfBucket(request, bucket);
            case Endpoint.GetBucketEncryption(var bucket) -> encryption.get(request, bucket);
            case Endpoint.PutBucketEncryption(var bucket) -> encryption.put(request, bucket);
            case Endpoint.DeleteBucketEncryption(var bucket) -> encryption.delete(request, bucket);
            case Endpoint.GetBucketCors(var bucket) -> cors.get(request, bucket);
            case Endpoint.PutBucketCors(var bucket) -> cors.put(request, bucket);
            case Endpoint.DeleteBucketCors(var bucket) -> cors.delete(request, bucket);
            case Endpoint.GetBucketLifecycleConfiguration(var bucket) -> lifecycle.get(request, bucket);
            case Endpoint.PutBucketLifecycleConfiguration(var bucket) -> lifecycle.put(request, bucket);
            case Endpoint.DeleteBucketLifecycle(var bucket) -> lifecycle.delete(request, bucket);
            case Endpoint.GetBucketPolicy(var bucket) -> policies.get(request, bucket);
            case Endpoint.PutBucketPolicy(var bucket) -> policies.put(request, bucket);
            case Endpoint.DeleteBucketPolicy(var bucket) -> policies.delete(request, bucket);
            case Endpoint.GetBucketPolicyStatus(var bucket) -> policies.status(request, bucket);
            case Endpoint.GetPublicAccessBlock(var bucket) -> policies.getBlock(request, bucket);
            case Endpoint.PutPublicAccessBlock(var bucket) -> policies.putBlock(request, bucket);
            case Endpoint.DeletePublicAccessBlock(var bucket) -> policies.deleteBlock(request, bucket);
            case Endpoint.GetBucketOwnershipControls(var bucket) -> policies.getOwnership(request, bucket);
            case Endpoint.PutBucketOwnershipControls(var bucket) -> policies.putOwnership(request, bucket);
            case Endpoint.DeleteBucketOwnershipControls(var bucket) -> policies.deleteOwnership(request, bucket);
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
