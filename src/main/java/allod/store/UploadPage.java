package allod.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Uploads in progress, by key and then by start.
 *
 * @param next where more follow, the last item of this page
 */
public record UploadPage(List<Item> items, Optional<Marker> next) {
    /** An upload or a roll-up of their keys. */
    public sealed interface Item {}

    public record Listed(ObjectKey key, UploadId id, Instant started, Optional<Checksum.Plan> plan) implements Item {}

    public record CommonPrefix(byte[] bytes) implements Item {}

    /** A place in the listing: a key or common prefix, and within a key the last upload seen. */
    public record Marker(byte[] key, Optional<UploadId> upload) {}

    /** What to list. */
    public record Request(byte[] prefix, Optional<byte[]> delimiter, Optional<Marker> after, int limit) {}
}
