package allod.store;

import allod.keys.EtagMask;
import allod.store.engine.Cursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Pages of a bucket's current versions; an event a page. A roll-up costs one seek, whatever it rolls up. */
final class Listing {
    private final Ground ground;
    private final Buckets buckets;

    Listing(Ground ground, Buckets buckets) {
        this.ground = ground;
        this.buckets = buckets;
    }

    ListPage list(Caller caller, BucketName name, ListRequest request) throws IOException {
        BucketRow bucket = buckets.owned(caller, name, "object.list");
        ListPage page = page(bucket, request);
        byte[] body = EventBody.of("object.list", caller)
                .bucket(name)
                .text("prefix", new String(request.prefix(), java.nio.charset.StandardCharsets.UTF_8))
                .number("count", page.items().size())
                .outcome("ok")
                .toBytes();
        ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body)));
        return page;
    }

    private ListPage page(BucketRow bucket, ListRequest request) {
        byte[] from = MapKey.currentFrom(bucket.id(), request.prefix());
        byte[] end = MapKey.after(from);
        byte[] start = request.after()
                .map(after -> start(Family.CURRENT, bucket.id(), request.prefix(), request.delimiter(), after))
                .filter(after -> Arrays.compareUnsigned(after, from) > 0)
                .orElse(from);
        List<ListPage.Item> items = new ArrayList<>();
        if (request.limit() == 0 || Arrays.compareUnsigned(start, end) >= 0) {
            return new ListPage(items, Optional.empty());
        }
        SlotSecrets.Reader secrets = ground.secrets().reader(bucket.domain());
        Optional<byte[]> next = Optional.empty();
        try (Cursor cursor = ground.map().scan(start, end)) {
            byte[] last = {};
            while (cursor.next()) {
                if (items.size() == request.limit()) {
                    next = Optional.of(last);
                    break;
                }
                byte[] key = objectKey(cursor.key());
                Optional<byte[]> group = commonPrefix(key, request.prefix(), request.delimiter());
                if (group.isPresent()) {
                    items.add(new ListPage.CommonPrefix(group.get()));
                    last = group.get();
                    cursor.seek(MapKey.after(MapKey.currentFrom(bucket.id(), group.get())));
                } else {
                    Optional<ListPage.Listed> listed = listed(key, NameRow.decode(cursor.value()), secrets);
                    listed.ifPresent(items::add);
                    last = key;
                }
            }
        }
        return new ListPage(items, next);
    }

    /** An entry whose slot was erased since the scan began is left out: it is gone. */
    private static Optional<ListPage.Listed> listed(byte[] key, NameRow row, SlotSecrets.Reader secrets) {
        return secrets.secret(row.slot()).map(secret -> {
            var etag = new ETag(EtagMask.apply(secret, row.maskedEtag()), row.parts());
            return new ListPage.Listed(ObjectKey.stored(key), row.size(), etag, Order.time(row.order()));
        });
    }

    /** The object key inside a row's key of a family that begins with the bucket. */
    static byte[] objectKey(byte[] rowKey) {
        var reader = new RowReader("o", rowKey);
        reader.raw(9);
        return reader.objectKey();
    }

    /** What a key rolls up to: its bytes up to and with the first delimiter after the prefix. */
    static Optional<byte[]> commonPrefix(byte[] key, byte[] prefix, Optional<byte[]> delimiter) {
        if (delimiter.isEmpty() || delimiter.get().length == 0) {
            return Optional.empty();
        }
        byte[] mark = delimiter.get();
        for (int i = prefix.length; i + mark.length <= key.length; i++) {
            if (Arrays.equals(key, i, i + mark.length, mark, 0, mark.length)) {
                return Optional.of(Arrays.copyOf(key, i + mark.length));
            }
        }
        return Optional.empty();
    }

    /** Where a page begins that comes after a key, or after all keys that roll up to a common prefix. */
    static byte[] start(Family family, long bucketId, byte[] prefix, Optional<byte[]> delimiter, byte[] after) {
        boolean rollsUp = commonPrefix(after, prefix, delimiter)
                .filter(group -> Arrays.equals(group, after))
                .isPresent();
        byte[] raw = new RowWriter(after.length + 12)
                .u8(family.code)
                .u64(bucketId)
                .escaped(after)
                .toBytes();
        if (rollsUp) {
            return MapKey.after(raw);
        }
        // The end mark 00 00 of the key itself, and then the least byte above it.
        return Arrays.copyOf(raw, raw.length + 3);
    }
}
