package allod.store;

import java.util.Optional;

/**
 * All that is said of an object when its content is complete.
 *
 * @param etag the MD5 the caller computed over the content
 * @param copiedFrom where the content was read from, for a copy; its own event was the read
 */
public record PutTerms(
        ObjectMetadata metadata,
        ETag etag,
        Optional<Checksum> checksum,
        WriteCondition condition,
        Optional<CopySource> copiedFrom) {
    /** The source of a copy. */
    public record CopySource(BucketName bucket, ObjectKey key) {}
}
