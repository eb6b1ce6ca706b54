package allod.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A write that is durable, with its event.
 *
 * @param version its id; empty in a bucket that was never versioned
 */
public record PutAnswer(
        ETag etag,
        long size,
        Instant lastModified,
        long order,
        Optional<Checksum> checksum,
        Optional<VersionId> version,
        Optional<Expiration> expiration) {}
