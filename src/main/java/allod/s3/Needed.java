package allod.s3;

import allod.policy.Request;
import allod.store.BucketName;
import allod.store.ObjectKey;
import allod.store.VersionId;
import java.util.Optional;

/**
 * One thing that a request needs leave for.
 *
 * @param action as policies name it, such as {@code s3:GetObject}
 * @param bucket empty for what is asked of the service itself
 * @param existing whether it is about the object that stands there now, with its tags, its owner and its access list
 * @param version which version of it is asked for by its id; empty for the current one
 * @param unmade the bucket that is to be made
 */
record Needed(
        String action,
        Optional<BucketName> bucket,
        Optional<ObjectKey> key,
        boolean existing,
        Optional<VersionId> version,
        Optional<BucketName> unmade) {
    private Needed(
            String action,
            Optional<BucketName> bucket,
            Optional<ObjectKey> key,
            boolean existing,
            Optional<VersionId> version) {
        this(action, bucket, key, existing, version, Optional.empty());
    }

    static Needed ofService(String action) {
        return new Needed(action, Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    /** Of a bucket that is not there yet. */
    static Needed ofUnmade(String action, BucketName bucket) {
        return new Needed(action, Optional.empty(), Optional.empty(), false, Optional.empty(), Optional.of(bucket));
    }

    static Needed of(String action, BucketName bucket) {
        return new Needed(action, Optional.of(bucket), Optional.empty(), false, Optional.empty());
    }

    /** Of what is to be written under a key. */
    static Needed of(String action, BucketName bucket, ObjectKey key) {
        return new Needed(action, Optional.of(bucket), Optional.of(key), false, Optional.empty());
    }

    /** Of one of the versions of a key, without regard to what is said of it. */
    static Needed ofVersion(String action, BucketName bucket, ObjectKey key, Optional<VersionId> version) {
        return new Needed(action, Optional.of(bucket), Optional.of(key), false, version);
    }

    /** Of what stands under a key, or of one of its versions. */
    static Needed ofExisting(String action, BucketName bucket, ObjectKey key, Optional<VersionId> version) {
        return new Needed(action, Optional.of(bucket), Optional.of(key), true, version);
    }

    /** What policies call it. */
    String arn() {
        return bucket.map(name -> key.map(object -> Request.arn(name.value(), object.toString()))
                        .orElseGet(() -> Request.arn(name.value())))
                .or(() -> unmade.map(name -> Request.arn(name.value())))
                // What the service itself is asked has the resource of all buckets, in either spelling of it.
                .orElse(Request.arn("*"));
    }
}
