package allod.store;

import java.time.Instant;
import java.util.Optional;

/** A write that is durable, with its event. */
public record PutAnswer(ETag etag, long size, Instant lastModified, long order, Optional<Checksum> checksum) {}
