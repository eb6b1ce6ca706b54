package allod.store;

import java.util.Optional;

/**
 * All that is said of an object when its content is complete.
 *
 * @param etag the MD5 the caller computed over the content
 * @param copiedFrom where the content was read from, for a copy; its own event was the read
 * @param lock what the version is to be locked with, beside its bucket's standard
 */
public record PutTerms(
        ObjectMetadata metadata,
        ETag etag,
        Optional<Checksum> checksum,
        WriteCondition condition,
        Optional<CopySource> copiedFrom,
        ObjectLock lock) {
    /** An object that is locked by its bucket's standard alone. */
    public PutTerms(
            ObjectMetadata metadata,
            ETag etag,
            Optional<Checksum> checksum,
            WriteCondition condition,
            Optional<CopySource> copiedFrom) {
        this(metadata, etag, checksum, condition, copiedFrom, ObjectLock.NONE);
    }

    /** The source of a copy. */
    public record CopySource(BucketName bucket, ObjectKey key, Optional<VersionId> version) {}
}
