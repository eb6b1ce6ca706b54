package allod.store;

import allod.keys.EtagMask;
import allod.store.engine.Cursor;
import allod.store.engine.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages of all versions of a bucket: the families {@code o} and {@code v} merged, of one moment. Of each key what is on top
 * comes first; in {@code v} the newest comes first by itself.
 */
final class VersionListing {
    private final Ground ground;
    private final Buckets buckets;
    private final VersionIds ids;

    VersionListing(Ground ground, Buckets buckets, VersionIds ids) {
        this.ground = ground;
        this.buckets = buckets;
        this.ids = ids;
    }

    VersionPage list(Caller caller, BucketName name, VersionPage.Request request) throws IOException {
        BucketRow bucket = buckets.owned(caller, name, "version.list");
        VersionPage page;
        try (Snapshot moment = ground.map().snapshot()) {
            page = new Walk(moment, bucket, request).page();
        }
        byte[] body = EventBody.of("version.list", caller)
                .bucket(name)
                .text("prefix", new String(request.prefix(), StandardCharsets.UTF_8))
                .number("count", page.items().size())
                .outcome("ok")
                .toBytes();
        ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body)));
        return page;
    }

    /** One family's rows, one ahead. */
    private static final class Ahead implements AutoCloseable {
        private final Cursor cursor;
        private byte @Nullable [] key;

        Ahead(Snapshot moment, byte[] from, byte[] to) {
            this.cursor = moment.scan(from, to);
            step();
        }

        void step() {
            key = cursor.next() ? Listing.objectKey(cursor.key()) : null;
        }

        void seek(byte[] rowKey) {
            cursor.seek(rowKey);
            step();
        }

        @Override
        public void close() {
            cursor.close();
        }
    }

    /** One page's way through both families. */
    private final class Walk {
        private final Snapshot moment;
        private final BucketRow bucket;
        private final VersionPage.Request request;
        private final SlotSecrets.Reader secrets;
        private final List<VersionPage.Item> items = new ArrayList<>();

        Walk(Snapshot moment, BucketRow bucket, VersionPage.Request request) {
            this.moment = moment;
            this.bucket = bucket;
            this.request = request;
            this.secrets = ground.secrets().reader(bucket.domain());
        }

        VersionPage page() {
            if (request.limit() == 0) {
                return new VersionPage(items, Optional.empty());
            }
            try (Ahead current = open(Family.CURRENT);
                    Ahead others = open(Family.NONCURRENT)) {
                return new VersionPage(items, walk(current, others));
            }
        }

        private Ahead open(Family family) {
            byte[] from = MapKey.prefixed(family, bucket.id(), request.prefix());
            byte[] end = MapKey.after(from);
            byte[] start = request.after()
                    .map(marker -> start(family, marker))
                    .filter(after -> Arrays.compareUnsigned(after, from) > 0)
                    .orElse(from);
            return new Ahead(moment, start, Arrays.compareUnsigned(start, end) < 0 ? end : start);
        }

        /**
         * Where a family goes on behind a marker: inside its key if the marker names a version. Where that is not known, as
         * the null version of a key that has none, all of the key is listed, so that none is passed over.
         */
        private byte[] start(Family family, VersionPage.Marker marker) {
            if (marker.version().isPresent() && marker.key().length > 0) {
                ObjectKey key = ObjectKey.stored(marker.key());
                long order = order(key, ids.which(marker.version()));
                return order == 0 ? first(family, key) : behind(family, key, order);
            }
            byte[] own = Listing.start(family, bucket.id(), request.prefix(), request.delimiter(), marker.key());
            boolean rollsUp = Listing.commonPrefix(marker.key(), request.prefix(), request.delimiter())
                    .filter(group -> Arrays.equals(group, marker.key()))
                    .isPresent();
            // Versions of the marker's own key stand behind its end mark 00 00: all of them are passed over.
            return rollsUp ? own : MapKey.after(Arrays.copyOf(own, own.length - 1));
        }

        private long order(ObjectKey key, Which which) {
            if (which instanceof Which.Ordered(long order)) {
                return order;
            }
            return KeyVersions.find(Rows.of(moment), bucket, key, which)
                    .map(it -> it.row().order())
                    .orElse(0L);
        }

        private byte[] first(Family family, ObjectKey key) {
            return family == Family.CURRENT ? MapKey.current(bucket.id(), key) : MapKey.noncurrentOf(bucket.id(), key);
        }

        /** What is on top comes before all others: it is still to come only where it is older than the marker. */
        private byte[] behind(Family family, ObjectKey key, long order) {
            if (family == Family.NONCURRENT) {
                byte[] seen = MapKey.noncurrent(bucket.id(), key, order);
                return Arrays.copyOf(seen, seen.length + 1);
            }
            byte[] currentKey = MapKey.current(bucket.id(), key);
            boolean older = NameRow.ofNullable(moment.get(currentKey))
                    .filter(row -> Long.compareUnsigned(row.order(), order) < 0)
                    .isPresent();
            return older ? currentKey : Arrays.copyOf(currentKey, currentKey.length + 1);
        }

        private Optional<VersionPage.Marker> walk(Ahead current, Ahead others) {
            VersionPage.Marker last = new VersionPage.Marker(new byte[0], Optional.empty());
            while (current.key != null || others.key != null) {
                if (items.size() == request.limit()) {
                    return Optional.of(last);
                }
                boolean top = others.key == null
                        || (current.key != null && Arrays.compareUnsigned(current.key, others.key) <= 0);
                Ahead from = top ? current : others;
                byte[] key = java.util.Objects.requireNonNull(from.key);
                Optional<byte[]> group = Listing.commonPrefix(key, request.prefix(), request.delimiter());
                if (group.isPresent()) {
                    items.add(new VersionPage.CommonPrefix(group.get()));
                    last = new VersionPage.Marker(group.get(), Optional.empty());
                    current.seek(MapKey.after(MapKey.prefixed(Family.CURRENT, bucket.id(), group.get())));
                    others.seek(MapKey.after(MapKey.prefixed(Family.NONCURRENT, bucket.id(), group.get())));
                } else {
                    byte[] value = from.cursor.value();
                    NoncurrentRow row = top ? new NoncurrentRow(0, NameRow.decode(value)) : NoncurrentRow.decode(value);
                    item(ObjectKey.stored(key), row.row(), row.since() == 0).ifPresent(items::add);
                    last = new VersionPage.Marker(key, Optional.of(ids.marker(row.row())));
                    from.step();
                }
            }
            return Optional.empty();
        }

        /** A version whose slot was erased since the page began is left out: it is gone. */
        private Optional<VersionPage.Item> item(ObjectKey key, NameRow row, boolean latest) {
            VersionId id = ids.of(row);
            if (row.isMarker()) {
                return Optional.of(new VersionPage.DeleteMarker(key, id, latest, Order.time(row.order())));
            }
            return secrets.secret(row.slot()).map(secret -> {
                var etag = new ETag(EtagMask.apply(secret, row.maskedEtag()), row.parts());
                return new VersionPage.Listed(key, id, latest, row.size(), etag, Order.time(row.order()));
            });
        }
    }
}
