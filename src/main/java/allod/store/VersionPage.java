package allod.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One page of a listing of all versions and delete markers: by key, those of one key from the newest down.
 *
 * @param next where more follow, the last item of this page: give it as {@code after} for the next
 */
public record VersionPage(List<Item> items, Optional<Marker> next) {
    /** A version, a delete marker, or a roll-up of keys. */
    public sealed interface Item {}

    /** @param latest whether it is the one on top */
    public record Listed(ObjectKey key, VersionId version, boolean latest, long size, ETag etag, Instant lastModified)
            implements Item {}

    public record DeleteMarker(ObjectKey key, VersionId version, boolean latest, Instant lastModified)
            implements Item {}

    public record CommonPrefix(byte[] bytes) implements Item {}

    /**
     * Where a page ended.
     *
     * @param key a key or common prefix
     * @param version the version of the key after which to go on; empty for all of the key's
     */
    public record Marker(byte[] key, Optional<VersionId> version) {}

    /** What is asked, as in {@link ListRequest}. */
    public record Request(byte[] prefix, Optional<byte[]> delimiter, Optional<Marker> after, int limit) {}
}
