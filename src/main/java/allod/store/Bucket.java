package allod.store;

import allod.base.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * A bucket as it stands.
 *
 * @param id the order of its creation, never used again
 * @param domain the local number of the erasure domain that holds the keys of its objects
 * @param lock its object lock, if that was turned on
 */
public record Bucket(
        BucketName name,
        long id,
        TenantId owner,
        int domain,
        Instant created,
        Versioning versioning,
        Optional<BucketLock> lock) {}
