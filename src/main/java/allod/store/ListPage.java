package allod.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One page of a listing.
 *
 * @param next where more follow, the last item of this page: give it as {@code after} for the next
 */
public record ListPage(List<Item> items, Optional<byte[]> next) {
    /** A key or a roll-up of keys. */
    public sealed interface Item {}

    public record Listed(ObjectKey key, long size, ETag etag, Instant lastModified) implements Item {}

    public record CommonPrefix(byte[] bytes) implements Item {}
}
