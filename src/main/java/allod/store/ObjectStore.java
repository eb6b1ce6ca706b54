package allod.store;

import allod.base.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Buckets, objects and uploads. Every method checks that the caller may, does its work in one commit with its event,
 * and returns when both are durable. What it refuses is thrown as {@link Problem}. Safe for use by many threads.
 */
public interface ObjectStore {
    int MAX_PARTS = 10_000;
    long MAX_PUT_BYTES = 5L << 30;
    long MAX_OBJECT_BYTES = 5L << 40;
    long MIN_PART_BYTES = 5L << 20;
    int MAX_PAGE = 1000;
    int MAX_BUCKETS_PER_TENANT = 1000;

    /** A bucket without versioning and object lock. */
    default Bucket createBucket(Caller caller, BucketName name) throws IOException {
        return createBucket(caller, name, false, Map.of());
    }

    /** The same with documents that the bucket has from its first moment. */
    default Bucket createBucket(Caller caller, BucketName name, Map<ConfigurationKind, byte[]> configuration)
            throws IOException {
        return createBucket(caller, name, false, configuration);
    }

    /**
     * @param objectLock whether it is to have an object lock for ever, which turns versioning on
     * @param configuration documents that the bucket has from its first moment
     * @throws Problem BUCKET_EXISTS, BUCKET_OWNED_BY_CALLER, TOO_MANY_BUCKETS
     */
    Bucket createBucket(
            Caller caller, BucketName name, boolean objectLock, Map<ConfigurationKind, byte[]> configuration)
            throws IOException;

    /**
     * A document that configures a bucket, as it was put; empty if there is none.
     *
     * @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED
     */
    Optional<byte[]> configuration(Caller caller, BucketName bucket, ConfigurationKind kind) throws IOException;

    /**
     * Puts a document in place of the one before; what decides by it does so when this returns.
     *
     * @param document 1 to {@link ConfigurationKind#MAX_DOCUMENT} bytes, checked by the caller
     * @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED
     */
    void putConfiguration(Caller caller, BucketName bucket, ConfigurationKind kind, byte[] document) throws IOException;

    /**
     * Ends a document; nothing happens but the event if there is none.
     *
     * @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED
     */
    void deleteConfiguration(Caller caller, BucketName bucket, ConfigurationKind kind) throws IOException;

    /**
     * Enables or suspends versioning.
     *
     * @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED; BUCKET_STATE where an object lock needs it enabled
     */
    void setVersioning(Caller caller, BucketName bucket, Versioning versioning) throws IOException;

    /**
     * Turns a bucket's object lock on, or changes the retention of new versions.
     *
     * @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED; BUCKET_STATE while versioning is not enabled
     */
    void setObjectLock(Caller caller, BucketName bucket, BucketLock lock) throws IOException;

    /** @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED, BUCKET_NOT_EMPTY */
    void deleteBucket(Caller caller, BucketName name) throws IOException;

    /**
     * @param action what the event says was asked: bucket.head, bucket.location and the like
     * @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED
     */
    Bucket bucket(Caller caller, BucketName name, String action) throws IOException;

    BucketPage listBuckets(Caller caller, String prefix, Optional<String> after, int limit) throws IOException;

    /** @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED, NO_SPACE */
    default ObjectWriter write(Caller caller, BucketName bucket, ObjectKey key) throws IOException {
        return write(caller, bucket, key, Optional.empty());
    }

    /**
     * The same for content that opens only with a key the customer brings.
     *
     * @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED, NO_SPACE
     */
    ObjectWriter write(Caller caller, BucketName bucket, ObjectKey key, Optional<CustomerKey> customerKey)
            throws IOException;

    /** @throws Problem NO_SUCH_BUCKET, NO_SUCH_KEY, NO_SUCH_VERSION, ACCESS_DENIED, PRECONDITION_FAILED */
    ReadAnswer read(Caller caller, BucketName bucket, ObjectKey key, ReadRequest request) throws IOException;

    /**
     * Changes what is said of a version and not its content: its tags, or who may reach it.
     *
     * @param version the current one if empty
     * @param action what the event says was done: object.tagging.put and the like
     * @param change may be run more than once
     * @return the version's id; empty in a bucket that was never versioned
     * @throws Problem NO_SUCH_BUCKET, NO_SUCH_KEY, ACCESS_DENIED
     */
    Optional<VersionId> describe(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            Optional<VersionId> version,
            String action,
            UnaryOperator<ObjectMetadata> change)
            throws IOException;

    /** What requests are decided by. */
    DecisionFacts facts();

    /**
     * Records what decisions on a bucket refused, in its owner's chain: a few commits, however many they are.
     */
    void refused(Caller caller, BucketName bucket, List<RefusedAction> refused) throws IOException;

    /** The same of what was asked of the service itself, in the chain of the caller's own tenant. */
    void refused(Caller caller, RefusedAction refused) throws IOException;

    /**
     * Erases up to 1,000 keys or versions in one batch and returns when their keys are destroyed, in the order asked. In
     * a versioned bucket a key without a version gets a marker instead, which erases nothing.
     *
     * @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED; BUSY or CUSTODIAN_AWAY where it cannot be said that the keys are
     *     gone: the objects are then hidden and the erasure goes on by itself
     */
    List<DeleteAnswer> delete(Caller caller, BucketName bucket, List<DeleteTarget> targets) throws IOException;

    ListPage list(Caller caller, BucketName bucket, ListRequest request) throws IOException;

    VersionPage listVersions(Caller caller, BucketName bucket, VersionPage.Request request) throws IOException;

    /**
     * What locks a version.
     *
     * @param version the current one if empty
     * @param action what the event says was asked
     * @throws Problem NO_SUCH_KEY, NO_SUCH_VERSION, NO_OBJECT_LOCK, IS_DELETE_MARKER, ACCESS_DENIED
     */
    ObjectLock objectLock(Caller caller, BucketName bucket, ObjectKey key, Optional<VersionId> version, String action)
            throws IOException;

    /**
     * Sets, extends or ends a version's retention.
     *
     * @param retention empty to end it
     * @param bypassGovernance whether the caller asks, and may, to shorten or end a governance retention
     * @throws Problem OBJECT_LOCKED where what stands forbids it, and as {@link #objectLock}
     */
    void setRetention(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            Optional<VersionId> version,
            Optional<Retention> retention,
            boolean bypassGovernance)
            throws IOException;

    /** @throws Problem as {@link #objectLock} */
    void setLegalHold(
            Caller caller, BucketName bucket, ObjectKey key, Optional<VersionId> version, ObjectLock.Hold hold)
            throws IOException;

    /** An upload of an object that is not locked but by its bucket's standard. */
    default UploadId createUpload(
            Caller caller, BucketName bucket, ObjectKey key, ObjectMetadata metadata, Optional<Checksum.Plan> plan)
            throws IOException {
        return createUpload(caller, bucket, key, metadata, plan, ObjectLock.NONE, Optional.empty());
    }

    /**
     * An upload of an object that is locked from its completion, or that opens only with a key the customer brings, here and
     * with each part.
     *
     * @throws Problem NO_OBJECT_LOCK if a lock is asked for where the bucket has none
     */
    UploadId createUpload(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            ObjectMetadata metadata,
            Optional<Checksum.Plan> plan,
            ObjectLock lock,
            Optional<CustomerKey> customerKey)
            throws IOException;

    /** @throws Problem NO_SUCH_UPLOAD, INVALID_ARGUMENT for a number outside 1 to 10,000, NO_SPACE */
    default PartWriter writePart(Caller caller, BucketName bucket, ObjectKey key, UploadId upload, int number)
            throws IOException {
        return writePart(caller, bucket, key, upload, number, Optional.empty());
    }

    /**
     * The same with the key that the upload was created with.
     *
     * @throws Problem as above, INVALID_REQUEST if it is another
     */
    PartWriter writePart(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            UploadId upload,
            int number,
            Optional<CustomerKey> customerKey)
            throws IOException;

    /** The checksum plan of an upload, so that the parts' digests can be computed as they come. */
    Optional<Checksum.Plan> uploadPlan(Caller caller, BucketName bucket, ObjectKey key, UploadId upload)
            throws IOException;

    /** @throws Problem INVALID_REQUEST if the upload was not created with this key; NO_SUCH_UPLOAD */
    void requireUploadKey(Caller caller, BucketName bucket, ObjectKey key, UploadId upload, CustomerKey customerKey)
            throws IOException;

    /** @throws Problem NO_SUCH_UPLOAD, INVALID_PART, INVALID_PART_ORDER, PART_TOO_SMALL, PRECONDITION_FAILED */
    PutAnswer completeUpload(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            UploadId upload,
            CompleteRequest request,
            CompleteRequest.Joiner joiner)
            throws IOException;

    /**
     * What {@link #completeUpload} answered, for a client that asks again; empty unless the current object came of this
     * upload.
     *
     * @param joined the tag that the parts named now join to
     */
    Optional<PutAnswer> completedUpload(Caller caller, BucketName bucket, ObjectKey key, UploadId upload, ETag joined)
            throws IOException;

    /** @throws Problem NO_SUCH_UPLOAD */
    void abortUpload(Caller caller, BucketName bucket, ObjectKey key, UploadId upload) throws IOException;

    PartPage listParts(Caller caller, BucketName bucket, ObjectKey key, UploadId upload, OptionalInt after, int limit)
            throws IOException;

    UploadPage listUploads(Caller caller, BucketName bucket, UploadPage.Request request) throws IOException;
}
