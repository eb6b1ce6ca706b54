package allod.store;

import allod.base.TenantId;
import java.util.Map;
import java.util.Optional;

/**
 * What it is decided by whether a request may be carried out. Reading it is no access and leaves no event, so nothing of
 * it may stand in an answer.
 */
public interface DecisionFacts {
    /** Whose a bucket is. */
    record BucketFacts(BucketName name, long id, TenantId owner) {}

    /**
     * What is said of a version by those who may change it.
     *
     * @param access empty where the object is its bucket owner's alone
     */
    record ObjectFacts(Map<String, String> tags, Optional<AccessList> access) {}

    /** Empty if there is no such bucket. */
    Optional<BucketFacts> bucket(BucketName name);

    /**
     * A document that configures a bucket: the same array until another is put, so that what was read of it can be kept.
     * Not to be changed.
     */
    Optional<byte[]> configuration(long bucketId, ConfigurationKind kind);

    /** What is said of a version, the current one if none is named; empty if there is none, or it is a delete marker. */
    Optional<ObjectFacts> object(BucketName bucket, ObjectKey key, Optional<VersionId> version);
}
