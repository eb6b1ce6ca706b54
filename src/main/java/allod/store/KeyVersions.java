package allod.store;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Where the versions of one key stand. The version on top is in {@code o}; where a marker is on top there is no row in
 * {@code o}. Everything else is in {@code v}, newest first, and {@code n} says which of those is the null version.
 */
final class KeyVersions {
    private KeyVersions() {}

    /**
     * A version or marker in its place.
     *
     * @param since 0 for what is on top
     */
    record Placed(byte[] rowKey, NameRow row, long since) {
        boolean isLatest() {
            return since == 0;
        }
    }

    /** Finds one version; in a bucket that was never versioned only the family {@code o} is looked at. */
    static Optional<Placed> find(Rows rows, BucketRow bucket, ObjectKey key, Which which) {
        byte[] currentKey = MapKey.current(bucket.id(), key);
        Optional<Placed> current = NameRow.ofNullable(rows.get(currentKey)).map(row -> new Placed(currentKey, row, 0));
        return switch (which) {
            case Which.Current() ->
                current.isPresent() || !bucket.isVersioned() ? current : newest(rows, bucket.id(), key);
            case Which.Null() -> {
                Optional<Placed> onTop = current.filter(it -> it.row().isNull());
                yield onTop.isPresent() || !bucket.isVersioned() ? onTop : nullBelow(rows, bucket.id(), key);
            }
            case Which.Ordered(long order) -> {
                Optional<Placed> found = current.filter(it -> it.row().order() == order);
                yield (found.isPresent() || !bucket.isVersioned() ? found : below(rows, bucket.id(), key, order))
                        .filter(it -> !it.row().isNull());
            }
        };
    }

    /** The newest row in {@code v}. */
    static Optional<Placed> newest(Rows rows, long bucketId, ObjectKey key) {
        byte[] from = MapKey.noncurrentOf(bucketId, key);
        return rows.first(from, MapKey.after(from)).map(KeyVersions::placed);
    }

    /** The newest row in {@code v} that is older than an order; what was erased above it is not stepped over. */
    private static Optional<Placed> newestBefore(Rows rows, long bucketId, ObjectKey key, long order) {
        byte[] own = MapKey.noncurrent(bucketId, key, order);
        byte[] from = Arrays.copyOf(own, own.length + 1);
        return rows.first(from, MapKey.after(MapKey.noncurrentOf(bucketId, key)))
                .map(KeyVersions::placed);
    }

    static Placed placed(Map.Entry<byte[], byte[]> entry) {
        NoncurrentRow row = NoncurrentRow.decode(entry.getValue());
        return new Placed(entry.getKey(), row.row(), row.since());
    }

    private static Optional<Placed> below(Rows rows, long bucketId, ObjectKey key, long order) {
        byte[] rowKey = MapKey.noncurrent(bucketId, key, order);
        byte[] value = rows.get(rowKey);
        return value == null ? Optional.empty() : Optional.of(placed(Map.entry(rowKey, value)));
    }

    private static Optional<Placed> nullBelow(Rows rows, long bucketId, ObjectKey key) {
        byte[] value = rows.get(MapKey.nullVersion(bucketId, key));
        if (value == null) {
            return Optional.empty();
        }
        return below(rows, bucketId, key, new RowReader("n", value).format(1).u64());
    }

    /** The row that names a slot now, wherever the version moved since it was found. */
    static Optional<Placed> naming(Rows rows, long bucketId, ObjectKey key, long order, long slot) {
        byte[] currentKey = MapKey.current(bucketId, key);
        Optional<Placed> current = NameRow.ofNullable(rows.get(currentKey)).map(row -> new Placed(currentKey, row, 0));
        return current.filter(it -> it.row().slot() == slot)
                .or(() -> below(rows, bucketId, key, order)
                        .filter(it -> it.row().slot() == slot && !it.row().isMarker()));
    }

    /** The version on top, or the marker there, makes room for something newer. */
    static void retire(Transaction transaction, long bucketId, ObjectKey key, Placed top, long successor) {
        NameRow row = top.row();
        if (!row.isMarker()) {
            transaction.delete(top.rowKey());
            if (row.isNull()) {
                transaction.put(
                        MapKey.nullVersion(bucketId, key),
                        new RowWriter(9).u8(1).u64(row.order()).toBytes());
            }
        }
        transaction.put(MapKey.noncurrent(bucketId, key, row.order()), new NoncurrentRow(successor, row).encode());
    }

    static void mark(Transaction transaction, long bucketId, ObjectKey key, NameRow marker) {
        transaction.put(MapKey.noncurrent(bucketId, key, marker.order()), new NoncurrentRow(0, marker).encode());
        if (marker.isNull()) {
            transaction.put(
                    MapKey.nullVersion(bucketId, key),
                    new RowWriter(9).u8(1).u64(marker.order()).toBytes());
        }
    }

    /** A marker goes on top of what is there; where it is the null version it takes the place of the one before. */
    static void putMarker(
            Transaction transaction,
            BucketRow bucket,
            ObjectKey key,
            Optional<Placed> top,
            Optional<Placed> replaced,
            NameRow marker) {
        replaced.ifPresent(it -> removeAlone(transaction, bucket, key, it));
        top.filter(it -> replaced.isEmpty() || !it.row().isNull())
                .ifPresent(it -> retire(transaction, bucket.id(), key, it, marker.order()));
        mark(transaction, bucket.id(), key, marker);
    }

    /** Takes a version's or marker's name away; where it was on top, the newest below takes its place. */
    static void remove(Transaction transaction, BucketRow bucket, ObjectKey key, Placed placed) {
        removeAlone(transaction, bucket, key, placed);
        if (placed.isLatest() && bucket.isVersioned()) {
            newestBefore(transaction, bucket.id(), key, placed.row().order())
                    .ifPresent(next -> promote(transaction, bucket.id(), key, next));
        }
    }

    /** The same where something newer takes the place in the same commit. */
    static void removeAlone(Transaction transaction, BucketRow bucket, ObjectKey key, Placed placed) {
        transaction.delete(placed.rowKey());
        boolean below = placed.rowKey()[0] == Family.NONCURRENT.code;
        if (below && placed.row().isNull()) {
            transaction.delete(MapKey.nullVersion(bucket.id(), key));
        }
    }

    private static void promote(Transaction transaction, long bucketId, ObjectKey key, Placed next) {
        if (next.row().isMarker()) {
            transaction.put(next.rowKey(), new NoncurrentRow(0, next.row()).encode());
            return;
        }
        transaction.delete(next.rowKey());
        if (next.row().isNull()) {
            transaction.delete(MapKey.nullVersion(bucketId, key));
        }
        transaction.put(MapKey.current(bucketId, key), next.row().encode());
    }
}
