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

    /** @throws Problem BUCKET_EXISTS, BUCKET_OWNED_BY_CALLER, TOO_MANY_BUCKETS */
    default Bucket createBucket(Caller caller, BucketName name) throws IOException {
        return createBucket(caller, name, Map.of());
    }

    /**
     * The same with documents that the bucket has from its first moment.
     *
     * @throws Problem BUCKET_EXISTS, BUCKET_OWNED_BY_CALLER, TOO_MANY_BUCKETS
     */
    Bucket createBucket(Caller caller, BucketName name, Map<ConfigurationKind, byte[]> configuration)
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

    /** @throws Problem NO_SUCH_BUCKET, NO_SUCH_KEY, ACCESS_DENIED, PRECONDITION_FAILED */
    ReadAnswer read(Caller caller, BucketName bucket, ObjectKey key, ReadRequest request) throws IOException;

    /**
     * Changes what is said of the current version and not its content: its tags, or who may reach it.
     *
     * @param action what the event says was done: object.tagging.put and the like
     * @param change may be run more than once
     * @throws Problem NO_SUCH_BUCKET, NO_SUCH_KEY, ACCESS_DENIED
     */
    void describe(Caller caller, BucketName bucket, ObjectKey key, String action, UnaryOperator<ObjectMetadata> change)
            throws IOException;

    /** What requests are decided by. */
    DecisionFacts facts();

    /**
     * Records that a request was refused by a decision on a bucket, in its owner's chain.
     *
     * @param action what was asked, as S3 names it: s3:GetObject and the like
     * @param why the statement or rule that decided
     */
    void refused(Caller caller, BucketName bucket, Optional<ObjectKey> key, String action, String why)
            throws IOException;

    /**
     * Erases up to 1,000 keys in one batch and returns when their keys are destroyed, in the order asked.
     *
     * @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED; BUSY or CUSTODIAN_AWAY where it cannot be said that the keys are
     *     gone: the objects are then hidden and the erasure goes on by itself
     */
    List<DeleteAnswer> delete(Caller caller, BucketName bucket, List<DeleteTarget> targets) throws IOException;

    ListPage list(Caller caller, BucketName bucket, ListRequest request) throws IOException;

    default UploadId createUpload(
            Caller caller, BucketName bucket, ObjectKey key, ObjectMetadata metadata, Optional<Checksum.Plan> plan)
            throws IOException {
        return createUpload(caller, bucket, key, metadata, plan, Optional.empty());
    }

    /** The same for content that opens only with a key the customer brings, here and with each part. */
    UploadId createUpload(
            Caller caller,
            BucketName bucket,
            ObjectKey key,
            ObjectMetadata metadata,
            Optional<Checksum.Plan> plan,
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
