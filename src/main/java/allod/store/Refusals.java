package allod.store;

import allod.base.Problem;
import allod.base.Reason;

/** The store's refusals that several requests share, each in one place. */
final class Refusals {
    private Refusals() {}

    static Problem noSuchBucket(BucketName name) {
        return new Problem(
                Reason.NO_SUCH_BUCKET,
                "The specified bucket does not exist.",
                "There is no bucket called " + name + ".",
                "Create it, or check the name.");
    }

    static Problem notYours(BucketName name) {
        return new Problem(
                Reason.ACCESS_DENIED,
                "Access Denied.",
                "The bucket " + name + " belongs to another owner.",
                "Use an access key of the bucket's owner.");
    }

    static Problem noSuchKey() {
        return new Problem(
                Reason.NO_SUCH_KEY,
                "The specified key does not exist.",
                "The bucket holds no object of this name.",
                "Check the key, or list the bucket.");
    }

    static Problem noSuchVersion() {
        return new Problem(
                Reason.NO_SUCH_VERSION,
                "The specified version does not exist.",
                "The key has no version of this id.",
                "Check the id, or list the versions.");
    }

    /**
     * What a request about a version is answered where there is none.
     *
     * @param marker whether there is a delete marker
     * @param byId whether the request names the version
     */
    static Problem nothing(boolean marker, boolean byId) {
        if (byId) {
            return marker ? isMarker() : noSuchVersion();
        }
        return noSuchKey();
    }

    /** @param lock what binds the version now */
    static Problem locked(ObjectLock lock) {
        String why = lock.hold() == ObjectLock.Hold.ON
                ? "A legal hold stands on the version."
                : lock.retention()
                        .map(it -> "It is retained until " + it.until() + " in mode " + it.mode() + ".")
                        .orElse("It is locked.");
        return new Problem(
                Reason.OBJECT_LOCKED,
                "Access Denied because object protected by object lock.",
                why,
                lock.hold() == ObjectLock.Hold.ON
                        ? "Release the hold first."
                        : "Wait for the end; governance ends for who may bypass it and asks to.");
    }

    static Problem noObjectLock(BucketName name) {
        return new Problem(
                Reason.NO_OBJECT_LOCK,
                "Bucket is missing Object Lock Configuration.",
                "Object lock was never turned on for " + name + ".",
                "Turn it on, which needs versioning, or leave the lock out.");
    }

    static Problem isMarker() {
        return new Problem(
                Reason.IS_DELETE_MARKER,
                "The specified method is not allowed against this resource.",
                "The version is a delete marker, which has no content and cannot be locked.",
                "Name a version that is none.");
    }

    static Problem noSuchUpload() {
        return new Problem(
                Reason.NO_SUCH_UPLOAD,
                "The specified upload does not exist.",
                "It was never begun, or was completed or aborted.",
                "Begin a new upload.");
    }

    static Problem preconditionFailed(String condition) {
        return new Problem(
                Reason.PRECONDITION_FAILED,
                "At least one of the pre-conditions you specified did not hold.",
                "The condition " + condition + " does not hold of the current object.",
                "Read the object's present state, then decide again.");
    }

    static Problem overtaken() {
        return new Problem(
                Reason.CONFLICT,
                "The conditional request conflicted with another one.",
                "The object changed while the condition was checked.",
                "Send the request again.");
    }

    static Problem overtakenRead() {
        return new Problem(
                Reason.BUSY,
                "The object could not be read.",
                "It was replaced again and again while the read began.",
                "Send the request again.");
    }

    static Problem erasedBefore() {
        return new Problem(
                Reason.BUSY,
                "The object is erased; this request has no receipt of it.",
                "An earlier erasure destroyed its key while the request waited.",
                "Send the delete again, and look for the receipt in the list.");
    }

    static Problem stoppingErasure() {
        return new Problem(
                Reason.BUSY,
                "The object is hidden, but its key is not yet destroyed.",
                "The server is stopping; the next start goes on with the erasure.",
                "Send the delete again when the server is back: it is answered when the key is gone.");
    }

    static Problem tooLarge(long limit) {
        return new Problem(
                Reason.ENTITY_TOO_LARGE,
                "Your proposed upload exceeds the maximum allowed size.",
                "One request carries at most " + limit + " bytes.",
                "Use a multipart upload with smaller parts.");
    }

    static Problem metadataTooLarge(int bytes) {
        return new Problem(
                Reason.METADATA_TOO_LARGE,
                "Your metadata headers exceed the maximum allowed metadata size.",
                "They have " + bytes + " bytes; at most " + ObjectMetadata.MAX_USER_BYTES + " are kept.",
                "Shorten the user metadata.");
    }
}
