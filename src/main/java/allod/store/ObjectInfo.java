package allod.store;

import java.time.Instant;
import java.util.Optional;

/**
 * One object version as its owner sees it.
 *
 * @param size bytes of content
 * @param order the version's place in time, above every earlier one of the installation
 * @param version its id; empty in a bucket that was never versioned
 * @param parts how many parts it was joined from, 0 if written at once
 */
public record ObjectInfo(
        ObjectKey key,
        long size,
        ETag etag,
        Instant lastModified,
        long order,
        ObjectMetadata metadata,
        Optional<Checksum> checksum,
        int parts,
        Optional<VersionId> version,
        ObjectLock lock,
        Optional<Expiration> expiration) {}
