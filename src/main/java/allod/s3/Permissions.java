package allod.s3;

import allod.store.BucketName;
import allod.store.ObjectKey;
import allod.store.PutTerms;
import allod.store.VersionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What each operation needs leave for: the one table between who asks and what is done. An endpoint that is not in it
 * does not compile.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html">The permissions
 *     of S3's operations</a>
 */
final class Permissions {
    private Permissions() {}

    /** Empty for what asks by itself: DeleteObjects for each key in its document. */
    static List<Needed> of(Endpoint endpoint, S3Request request) {
        return switch (endpoint) {
            case Endpoint.ListBuckets list -> List.of(Needed.ofService("s3:ListAllMyBuckets"));
            case Endpoint.OnBucket onBucket -> ofBucket(onBucket, request);
            case Endpoint.OnObject onObject -> ofObject(onObject, request);
            case Endpoint.NotServed notServed -> List.of();
        };
    }

    private static List<Needed> ofBucket(Endpoint.OnBucket endpoint, S3Request request) {
        return switch (endpoint) {
            case Endpoint.CreateBucket(var bucket) -> create(bucket, request);
            case Endpoint.HeadBucket(var bucket) -> one("s3:ListBucket", bucket);
            case Endpoint.GetBucketLocation(var bucket) -> one("s3:GetBucketLocation", bucket);
            case Endpoint.DeleteBucket(var bucket) -> one("s3:DeleteBucket", bucket);
            case Endpoint.ListObjects(var bucket) -> one("s3:ListBucket", bucket);
            case Endpoint.ListObjectsV2(var bucket) -> one("s3:ListBucket", bucket);
            case Endpoint.ListMultipartUploads(var bucket) -> one("s3:ListBucketMultipartUploads", bucket);
            case Endpoint.DeleteObjects deletes -> List.of();
            case Endpoint.GetBucketTagging(var bucket) -> one("s3:GetBucketTagging", bucket);
            case Endpoint.PutBucketTagging(var bucket) -> one("s3:PutBucketTagging", bucket);
            case Endpoint.DeleteBucketTagging(var bucket) -> one("s3:PutBucketTagging", bucket);
            case Endpoint.GetBucketCors(var bucket) -> one("s3:GetBucketCORS", bucket);
            case Endpoint.PutBucketCors(var bucket) -> one("s3:PutBucketCORS", bucket);
            case Endpoint.DeleteBucketCors(var bucket) -> one("s3:PutBucketCORS", bucket);
            case Endpoint.GetBucketEncryption(var bucket) -> one("s3:GetEncryptionConfiguration", bucket);
            case Endpoint.PutBucketEncryption(var bucket) -> one("s3:PutEncryptionConfiguration", bucket);
            case Endpoint.DeleteBucketEncryption(var bucket) -> one("s3:PutEncryptionConfiguration", bucket);
            case Endpoint.GetBucketVersioning(var bucket) -> one("s3:GetBucketVersioning", bucket);
            case Endpoint.PutBucketVersioning(var bucket) -> one("s3:PutBucketVersioning", bucket);
            case Endpoint.ListObjectVersions(var bucket) -> one("s3:ListBucketVersions", bucket);
            case Endpoint.GetObjectLockConfiguration(var bucket) -> one("s3:GetBucketObjectLockConfiguration", bucket);
            case Endpoint.PutObjectLockConfiguration(var bucket) -> one("s3:PutBucketObjectLockConfiguration", bucket);
            case Endpoint.GetBucketLifecycleConfiguration(var bucket) -> one("s3:GetLifecycleConfiguration", bucket);
            case Endpoint.PutBucketLifecycleConfiguration(var bucket) -> one("s3:PutLifecycleConfiguration", bucket);
            case Endpoint.DeleteBucketLifecycle(var bucket) -> one("s3:PutLifecycleConfiguration", bucket);
            case Endpoint.OptionsObject preflight -> List.of();
            // A form names its key, so it asks as the PutObject that it is.
            case Endpoint.PostObject form -> List.of();
            case Endpoint.GetBucketPolicy(var bucket) -> one("s3:GetBucketPolicy", bucket);
            case Endpoint.PutBucketPolicy(var bucket) -> one("s3:PutBucketPolicy", bucket);
            case Endpoint.DeleteBucketPolicy(var bucket) -> one("s3:DeleteBucketPolicy", bucket);
            case Endpoint.GetBucketPolicyStatus(var bucket) -> one("s3:GetBucketPolicyStatus", bucket);
            case Endpoint.GetPublicAccessBlock(var bucket) -> one("s3:GetBucketPublicAccessBlock", bucket);
            case Endpoint.PutPublicAccessBlock(var bucket) -> one("s3:PutBucketPublicAccessBlock", bucket);
            case Endpoint.DeletePublicAccessBlock(var bucket) -> one("s3:PutBucketPublicAccessBlock", bucket);
            case Endpoint.GetBucketOwnershipControls(var bucket) -> one("s3:GetBucketOwnershipControls", bucket);
            case Endpoint.PutBucketOwnershipControls(var bucket) -> one("s3:PutBucketOwnershipControls", bucket);
            case Endpoint.DeleteBucketOwnershipControls(var bucket) -> one("s3:PutBucketOwnershipControls", bucket);
        };
    }

    /** A bucket that locks objects is versioned and locked by whoever makes it. */
    private static List<Needed> create(BucketName bucket, S3Request request) {
        Needed create = Needed.ofUnmade("s3:CreateBucket", bucket);
        return BucketEndpoints.asksForLock(request)
                ? List.of(
                        create,
                        Needed.ofUnmade("s3:PutBucketObjectLockConfiguration", bucket),
                        Needed.ofUnmade("s3:PutBucketVersioning", bucket))
                : List.of(create);
    }

    private static List<Needed> one(String action, BucketName bucket) {
        return List.of(Needed.of(action, bucket));
    }

    private static List<Needed> ofObject(Endpoint.OnObject endpoint, S3Request request) {
        return switch (endpoint) {
            case Endpoint.PutObject(var bucket, var key) -> write(bucket, key, request);
            case Endpoint.CopyObject(var bucket, var key) -> copy(bucket, key, request);
            case Endpoint.GetObject(var bucket, var key) -> read(bucket, key, request);
            case Endpoint.HeadObject(var bucket, var key) -> read(bucket, key, request);
            case Endpoint.GetObjectAttributes(var bucket, var key) ->
                List.of(
                        existing(ofVersion(request, "s3:GetObject"), bucket, key, request),
                        existing(ofVersion(request, "s3:GetObjectAttributes"), bucket, key, request));
            case Endpoint.GetObjectTagging(var bucket, var key) ->
                List.of(existing(ofVersion(request, "s3:GetObjectTagging"), bucket, key, request));
            case Endpoint.PutObjectTagging(var bucket, var key) ->
                List.of(existing(ofVersion(request, "s3:PutObjectTagging"), bucket, key, request));
            case Endpoint.DeleteObjectTagging(var bucket, var key) ->
                List.of(existing(ofVersion(request, "s3:DeleteObjectTagging"), bucket, key, request));
            case Endpoint.DeleteObject(var bucket, var key) ->
                delete(bucket, key, VersionParameter.of(request), Conditions.matchesContent(request));
            case Endpoint.GetObjectRetention(var bucket, var key) ->
                List.of(Needed.ofVersion("s3:GetObjectRetention", bucket, key, VersionParameter.of(request)));
            case Endpoint.PutObjectRetention(var bucket, var key) ->
                List.of(Needed.ofVersion("s3:PutObjectRetention", bucket, key, VersionParameter.of(request)));
            case Endpoint.GetObjectLegalHold(var bucket, var key) ->
                List.of(Needed.ofVersion("s3:GetObjectLegalHold", bucket, key, VersionParameter.of(request)));
            case Endpoint.PutObjectLegalHold(var bucket, var key) ->
                List.of(Needed.ofVersion("s3:PutObjectLegalHold", bucket, key, VersionParameter.of(request)));
            case Endpoint.CreateMultipartUpload(var bucket, var key) -> write(bucket, key, request);
            case Endpoint.UploadPart(var bucket, var key, var id, var part) -> put(bucket, key);
            case Endpoint.UploadPartCopy(var bucket, var key, var id, var part) -> copyPart(bucket, key, request);
            case Endpoint.CompleteMultipartUpload(var bucket, var key, var id) -> {
                var needed = new ArrayList<>(put(bucket, key));
                needed.addAll(ifMatches(bucket, key, Optional.empty(), Conditions.matchesContent(request)));
                yield needed;
            }
            case Endpoint.AbortMultipartUpload(var bucket, var key, var id) ->
                List.of(Needed.of("s3:AbortMultipartUpload", bucket, key));
            case Endpoint.ListParts(var bucket, var key, var id) ->
                List.of(Needed.of("s3:ListMultipartUploadParts", bucket, key));
        };
    }

    private static Needed existing(String action, BucketName bucket, ObjectKey key, S3Request request) {
        return Needed.ofExisting(action, bucket, key, VersionParameter.of(request));
    }

    private static List<Needed> read(BucketName bucket, ObjectKey key, S3Request request) {
        return List.of(existing(ofVersion(request, "s3:GetObject"), bucket, key, request));
    }

    /** The action's name where one version is asked for, such as {@code s3:GetObjectVersionTagging}. */
    private static String ofVersion(S3Request request, String action) {
        return ofVersion(VersionParameter.of(request), action);
    }

    static String ofVersion(Optional<VersionId> version, String action) {
        return version.isPresent() ? action.replace("Object", "ObjectVersion") : action;
    }

    /**
     * What one delete needs, of an object or of one of its versions.
     *
     * @param matches whether it is done only if the content has a tag
     */
    static List<Needed> delete(BucketName bucket, ObjectKey key, Optional<VersionId> version, boolean matches) {
        var needed = new ArrayList<Needed>(2);
        needed.add(Needed.ofVersion(ofVersion(version, "s3:DeleteObject"), bucket, key, version));
        needed.addAll(ifMatches(bucket, key, version, matches));
        return needed;
    }

    /**
     * Whether a tag matches says what the content is, so it is told to who may read that. Of deletes S3 says so; a write
     * tells as much.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html">Conditional
     *     deletes by ETag need s3:GetObject</a>
     */
    private static List<Needed> ifMatches(
            BucketName bucket, ObjectKey key, Optional<VersionId> version, boolean matches) {
        return matches
                ? List.of(Needed.ofExisting(ofVersion(version, "s3:GetObject"), bucket, key, version))
                : List.of();
    }

    private static List<Needed> put(BucketName bucket, ObjectKey key) {
        return List.of(Needed.of("s3:PutObject", bucket, key));
    }

    /** A new object, and what its headers say of it. */
    private static List<Needed> write(BucketName bucket, ObjectKey key, S3Request request) {
        var needed = new ArrayList<>(put(bucket, key));
        if (request.header(Tags.HEADER).isPresent()) {
            needed.add(Needed.of("s3:PutObjectTagging", bucket, key));
        }
        if (request.header(LockHeaders.MODE).isPresent()
                || request.header(LockHeaders.UNTIL).isPresent()) {
            needed.add(Needed.of("s3:PutObjectRetention", bucket, key));
        }
        if (request.header(LockHeaders.HOLD).isPresent()) {
            needed.add(Needed.of("s3:PutObjectLegalHold", bucket, key));
        }
        needed.addAll(ifMatches(bucket, key, Optional.empty(), Conditions.matchesContent(request)));
        return needed;
    }

    private static List<Needed> copy(BucketName bucket, ObjectKey key, S3Request request) {
        List<Needed> needed = new ArrayList<>(source(request));
        needed.addAll(write(bucket, key, request));
        return needed;
    }

    private static List<Needed> copyPart(BucketName bucket, ObjectKey key, S3Request request) {
        List<Needed> needed = new ArrayList<>(source(request));
        needed.addAll(put(bucket, key));
        return needed;
    }

    private static List<Needed> source(S3Request request) {
        PutTerms.CopySource source =
                CopyEndpoint.source(request.header(CopyEndpoint.SOURCE).orElseThrow());
        return List.of(Needed.ofExisting(
                ofVersion(source.version(), "s3:GetObject"), source.bucket(), source.key(), source.version()));
    }
}
