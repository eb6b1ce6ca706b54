package allod.s3;

import allod.store.BucketName;
import allod.store.ObjectKey;
import java.util.Optional;

/**
 * What a request asks for, among all that S3 can be asked. A served operation is a record with its subject; every other
 * operation of S3 is {@link NotServed} under its own name.
 */
sealed interface Endpoint {
    /** The operation as the S3 API reference spells it. */
    default String operation() {
        return getClass().getSimpleName();
    }

    /** The bucket it is about; empty for the service itself and for what is not served. */
    default Optional<BucketName> subject() {
        return switch (this) {
            case OnBucket on -> Optional.of(on.bucket());
            case OnObject on -> Optional.of(on.bucket());
            default -> Optional.empty();
        };
    }

    /** The service itself. */
    record ListBuckets() implements Endpoint {}

    /** An operation on a bucket. */
    sealed interface OnBucket extends Endpoint {
        BucketName bucket();
    }

    /** An operation on an object, or on an upload of one. */
    sealed interface OnObject extends Endpoint {
        BucketName bucket();

        ObjectKey key();
    }

    record CreateBucket(BucketName bucket) implements OnBucket {}

    record HeadBucket(BucketName bucket) implements OnBucket {}

    record GetBucketLocation(BucketName bucket) implements OnBucket {}

    record DeleteBucket(BucketName bucket) implements OnBucket {}

    record ListObjects(BucketName bucket) implements OnBucket {}

    record ListObjectsV2(BucketName bucket) implements OnBucket {}

    record ListMultipartUploads(BucketName bucket) implements OnBucket {}

    record DeleteObjects(BucketName bucket) implements OnBucket {}

    record GetBucketTagging(BucketName bucket) implements OnBucket {}

    record PutBucketTagging(BucketName bucket) implements OnBucket {}

    record DeleteBucketTagging(BucketName bucket) implements OnBucket {}

    record GetBucketEncryption(BucketName bucket) implements OnBucket {}

    record PutBucketEncryption(BucketName bucket) implements OnBucket {}

    record DeleteBucketEncryption(BucketName bucket) implements OnBucket {}

    record GetBucketCors(BucketName bucket) implements OnBucket {}

    record PutBucketCors(BucketName bucket) implements OnBucket {}

    record DeleteBucketCors(BucketName bucket) implements OnBucket {}

    record GetBucketPolicy(BucketName bucket) implements OnBucket {}

    record PutBucketPolicy(BucketName bucket) implements OnBucket {}

    record DeleteBucketPolicy(BucketName bucket) implements OnBucket {}

    record GetBucketPolicyStatus(BucketName bucket) implements OnBucket {}

    record GetPublicAccessBlock(BucketName bucket) implements OnBucket {}

    record PutPublicAccessBlock(BucketName bucket) implements OnBucket {}

    record DeletePublicAccessBlock(BucketName bucket) implements OnBucket {}

    record GetBucketOwnershipControls(BucketName bucket) implements OnBucket {}

    record PutBucketOwnershipControls(BucketName bucket) implements OnBucket {}

    record DeleteBucketOwnershipControls(BucketName bucket) implements OnBucket {}

    record GetBucketLifecycleConfiguration(BucketName bucket) implements OnBucket {}

    record PutBucketLifecycleConfiguration(BucketName bucket) implements OnBucket {}

    record DeleteBucketLifecycle(BucketName bucket) implements OnBucket {}

    /** What a browser asks before its script's request; of a bucket or any object in it. */
    record OptionsObject(BucketName bucket) implements OnBucket {}

    /** An upload by a browser's form, whose key stands in the form. */
    record PostObject(BucketName bucket) implements OnBucket {}

    record GetBucketVersioning(BucketName bucket) implements OnBucket {}

    record PutBucketVersioning(BucketName bucket) implements OnBucket {}

    record ListObjectVersions(BucketName bucket) implements OnBucket {}

    record GetObjectLockConfiguration(BucketName bucket) implements OnBucket {}

    record PutObjectLockConfiguration(BucketName bucket) implements OnBucket {}

    record PutObject(BucketName bucket, ObjectKey key) implements OnObject {}

    record CopyObject(BucketName bucket, ObjectKey key) implements OnObject {}

    record GetObject(BucketName bucket, ObjectKey key) implements OnObject {}

    record HeadObject(BucketName bucket, ObjectKey key) implements OnObject {}

    record GetObjectAttributes(BucketName bucket, ObjectKey key) implements OnObject {}

    record GetObjectTagging(BucketName bucket, ObjectKey key) implements OnObject {}

    record PutObjectTagging(BucketName bucket, ObjectKey key) implements OnObject {}

    record DeleteObjectTagging(BucketName bucket, ObjectKey key) implements OnObject {}

    record DeleteObject(BucketName bucket, ObjectKey key) implements OnObject {}

    record GetObjectRetention(BucketName bucket, ObjectKey key) implements OnObject {}

    record PutObjectRetention(BucketName bucket, ObjectKey key) implements OnObject {}

    record GetObjectLegalHold(BucketName bucket, ObjectKey key) implements OnObject {}

    record PutObjectLegalHold(BucketName bucket, ObjectKey key) implements OnObject {}

    record CreateMultipartUpload(BucketName bucket, ObjectKey key) implements OnObject {}

    /** @param uploadId as sent, empty if absent; as is {@code partNumber} */
    record UploadPart(BucketName bucket, ObjectKey key, String uploadId, String partNumber) implements OnObject {}

    /** @param uploadId as sent, empty if absent; as is {@code partNumber} */
    record UploadPartCopy(BucketName bucket, ObjectKey key, String uploadId, String partNumber) implements OnObject {}

    /** @param uploadId as sent */
    record CompleteMultipartUpload(BucketName bucket, ObjectKey key, String uploadId) implements OnObject {}

    /** @param uploadId as sent */
    record AbortMultipartUpload(BucketName bucket, ObjectKey key, String uploadId) implements OnObject {}

    /** @param uploadId as sent */
    record ListParts(BucketName bucket, ObjectKey key, String uploadId) implements OnObject {}

    /** An operation that is known and not carried out. */
    record NotServed(Unserved what) implements Endpoint {
        @Override
        public String operation() {
            return what.operation();
        }
    }
}
