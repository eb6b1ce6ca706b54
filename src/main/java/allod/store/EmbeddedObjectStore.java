package allod.store;

import allod.base.Problem;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** The store's one implementation: each call goes to the part that tells its story. */
final class EmbeddedObjectStore implements ObjectStore {
    private final Buckets buckets;
    private final Configurations configurations;
    private final Facts facts;
    private final Descriptions descriptions;
    private final Writes writes;
    private final Deletes deletes;
    private final Reads reads;
    private final Listing listing;
    private final Uploads uploads;
    private final CompletedUploads completed;
    private final UploadListing uploadListing;
    private final VersionListing versionListing;
    private final ObjectLocks locks;
    private final LifecycleRounds lifecycle;

    EmbeddedObjectStore(
            Ground ground, DroppedBlobs dropped, VersionIds ids, Duration lifecycleDay, InstantSource clock) {
        this(ground, dropped, ids, lifecycleDay, clock, MIN_PART_BYTES);
    }

    /** @param minPartBytes the least size of every part but an upload's last */
    EmbeddedObjectStore(
            Ground ground,
            DroppedBlobs dropped,
            VersionIds ids,
            Duration lifecycleDay,
            InstantSource clock,
            long minPartBytes) {
        this.buckets = new Buckets(ground);
        this.configurations = new Configurations(ground, buckets);
        var versions = new Versions(ground);
        var looks = new DueLooks(configurations, lifecycleDay);
        this.lifecycle = new LifecycleRounds(ground, looks, versions, clock);
        this.facts = new Facts(ground, configurations, versions, ids);
        this.descriptions = new Descriptions(ground, buckets, versions, ids, looks);
        var abandoned = new AbandonedWrites(ground, dropped);
        var commits = new VersionCommits(ground, versions, ids, abandoned, looks);
        this.writes = new Writes(ground, buckets, commits, abandoned);
        this.deletes = new Deletes(ground, buckets, commits, ids, looks);
        this.reads = new Reads(ground, buckets, versions, ids, looks);
        this.listing = new Listing(ground, buckets);
        this.uploads = new Uploads(ground, buckets, commits, dropped, abandoned, looks, minPartBytes);
        this.completed = new CompletedUploads(ground, buckets, versions, ids, looks);
        this.uploadListing = new UploadListing(ground, buckets);
        this.versionListing = new VersionListing(ground, buckets, ids);
        this.locks = new ObjectLocks(ground, buckets, versions, ids, looks);
    }

    LifecycleRounds lifecycle() {
        return lifecycle;
    }

    @Override
    public Bucket createBucket(
            Caller caller, BucketName name, boolean objectLock, Map<ConfigurationKind, byte[]> configuration)
            throws IOException {
        return buckets.create(caller, name, objectLock, configuration);
    }

    @Override
    public Optional<byte[]> configuration(Caller caller, BucketName bucket, ConfigurationKind kind) throws IOException {
        return configurations.get(caller, bucket, kind);
    }

    @Override
    public void putConfiguration(Caller caller, BucketName bucket, ConfigurationKind kind, byte[] document)
            throws IOException {
        configurations.put(caller, bucket, kind, document);
    }

    @Override
    public void deleteConfiguration(Caller caller, BucketName bucket, ConfigurationKind kind) throws IOException {
        configurations.delete(caller, bucket, kind);
    }

    @Override
    public void setVersioning(Caller caller, BucketName bucket, Versioning versioning) throws IOException {
        buckets.version(caller, bucket, versioning);
    }

    @Override
    public void setObjectLock(Caller caller, BucketName bucket, BucketLock lock) throws IOException {
        buckets.lock(caller, bucket, lock);
    }

    @Override
    public void deleteBucket(Caller caller, BucketName name) throws IOException {
        buckets.delete(caller, name);
    }

    @Override
    public Bucket bucket(Caller caller, BucketName name, String action) throws IOException {
        return buckets.describe(caller, name, action);
    }

    @Override
    public BucketPage listBuckets(Caller caller, String prefix, Optional<String> after, int limit) throws IOException {
        return buckets.list(caller, prefix, after, limit);
    }

    @Override
    public ObjectWriter write(Caller caller, BucketName bucket, ObjectKey key, Optional<CustomerKey> customerKey)
            throws IOException {
        return writes.write(caller, bucket, key, customerKey);
    }

    @Override
    public ReadAnswer read(Caller caller, BucketName bucket, ObjectKey key, ReadRequest request) throws IOException {
        return reads.read(caller, bucket, key, request);
    }

    @Override
    public Optional<VersionId> describe(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            Optional<VersionId> version,
            String action,
            UnaryOperator<ObjectMetadata> change)
            throws IOException {
        return descriptions.change(caller, bucket, key, version, action, change);
    }

    @Override
    public DecisionFacts facts() {
        return facts;
    }

    @Override
    public void refused(Caller caller, BucketName bucket, List<RefusedAction> refused) throws IOException {
        buckets.refused(caller, bucket, refused);
    }

    @Override
    public void refused(Caller caller, RefusedAction refused) throws IOException {
        buckets.refused(caller, refused);
    }

    @Override
    public List<DeleteAnswer> delete(Caller caller, BucketName bucket, List<DeleteTarget> targets) throws IOException {
        return deletes.delete(caller, bucket, targets);
    }

    @Override
    public ListPage list(Caller caller, BucketName bucket, ListRequest request) throws IOException {
        return listing.list(caller, bucket, request);
    }

    @Override
    public VersionPage listVersions(Caller caller, BucketName bucket, VersionPage.Request request) throws IOException {
        return versionListing.list(caller, bucket, request);
    }

    @Override
    public ObjectLock objectLock(
            Caller caller, BucketName bucket, ObjectKey key, Optional<VersionId> version, String action)
            throws IOException {
        return locks.read(caller, bucket, key, version, action);
    }

    @Override
    public void setRetention(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            Optional<VersionId> version,
            Optional<Retention> retention,
            boolean bypassGovernance)
            throws IOException {
        locks.retain(caller, bucket, key, version, retention, bypassGovernance);
    }

    @Override
    public void setLegalHold(
            Caller caller, BucketName bucket, ObjectKey key, Optional<VersionId> version, ObjectLock.Hold hold)
            throws IOException {
        locks.hold(caller, bucket, key, version, hold);
    }

    @Override
    public UploadId createUpload(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            ObjectMetadata metadata,
            Optional<Checksum.Plan> plan,
            ObjectLock lock,
            Optional<CustomerKey> customerKey)
            throws IOException {
        return uploads.create(caller, bucket, key, metadata, plan, lock, customerKey);
    }

    @Override
    public PartWriter writePart(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            UploadId upload,
            int number,
            Optional<CustomerKey> customerKey)
            throws IOException {
        return deciding(
                "upload.part",
                caller,
                bucket,
                key,
                upload,
                () -> uploads.writePart(caller, bucket, key, upload, number, customerKey));
    }

    @Override
    public Optional<Checksum.Plan> uploadPlan(Caller caller, BucketName bucket, ObjectKey key, UploadId upload)
            throws IOException {
        return deciding("upload.part", caller, bucket, key, upload, () -> uploads.plan(caller, bucket, key, upload));
    }

    @Override
    public void requireUploadKey(
            Caller caller, BucketName bucket, ObjectKey key, UploadId upload, CustomerKey customerKey)
            throws IOException {
        deciding("upload.key", caller, bucket, key, upload, () -> {
            uploads.requireKey(caller, bucket, key, upload, customerKey);
            return true;
        });
    }

    @Override
    public PutAnswer completeUpload(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            UploadId upload,
            CompleteRequest request,
            CompleteRequest.Joiner joiner)
            throws IOException {
        return deciding(
                "upload.complete",
                caller,
                bucket,
                key,
                upload,
                () -> uploads.complete(caller, bucket, key, upload, request, joiner));
    }

    @Override
    public Optional<PutAnswer> completedUpload(
            Caller caller, BucketName bucket, ObjectKey key, UploadId upload, ETag joined) throws IOException {
        return completed.find(caller, bucket, key, upload, joined);
    }

    @Override
    public void abortUpload(Caller caller, BucketName bucket, ObjectKey key, UploadId upload) throws IOException {
        deciding("upload.abort", caller, bucket, key, upload, () -> {
            uploads.abort(caller, bucket, key, upload);
            return true;
        });
    }

    @Override
    public PartPage listParts(
            Caller caller, BucketName bucket, ObjectKey key, UploadId upload, OptionalInt after, int limit)
            throws IOException {
        return deciding(
                "upload.parts",
                caller,
                bucket,
                key,
                upload,
                () -> uploads.listParts(caller, bucket, key, upload, after, limit));
    }

    @Override
    public UploadPage listUploads(Caller caller, BucketName bucket, UploadPage.Request request) throws IOException {
        return uploadListing.list(caller, bucket, request);
    }

    private interface Request<T> {
        T run() throws IOException;
    }

    /** Answers a request about an upload; what is refused by what is stored of it is an event too. */
    private <T> T deciding(
            String action, Caller caller, BucketName bucket, ObjectKey key, UploadId upload, Request<T> request)
            throws IOException {
        try {
            return request.run();
        } catch (Problem refused) {
            uploads.recordRefusal(refused, action, caller, bucket, key, upload);
            throw refused;
        }
    }
}
