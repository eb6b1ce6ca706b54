package allod.store;

import allod.store.engine.Cursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Pages of a bucket's uploads in progress, by key; those of one key by their id. */
final class UploadListing {
    private final Ground ground;
    private final Buckets buckets;

    UploadListing(Ground ground, Buckets buckets) {
        this.ground = ground;
        this.buckets = buckets;
    }

    UploadPage list(Caller caller, BucketName name, UploadPage.Request request) throws IOException {
        BucketRow bucket = buckets.owned(caller, name, "upload.list");
        UploadPage page = page(bucket, request);
        byte[] body = EventBody.of("upload.list", caller)
                .bucket(name)
                .number("count", page.items().size())
                .outcome("ok")
                .toBytes();
        ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body)));
        return page;
    }

    private UploadPage page(BucketRow bucket, UploadPage.Request request) {
        byte[] from = MapKey.uploadsFrom(bucket.id(), request.prefix());
        byte[] end = MapKey.after(from);
        byte[] start = request.after()
                .map(marker -> start(bucket, request, marker))
                .filter(after -> Arrays.compareUnsigned(after, from) > 0)
                .orElse(from);
        List<UploadPage.Item> items = new ArrayList<>();
        if (request.limit() == 0 || Arrays.compareUnsigned(start, end) >= 0) {
            return new UploadPage(items, Optional.empty());
        }
        Optional<UploadPage.Marker> next = Optional.empty();
        UploadPage.Marker last = new UploadPage.Marker(new byte[0], Optional.empty());
        try (Cursor cursor = ground.map().scan(start, end)) {
            while (cursor.next()) {
                if (items.size() == request.limit()) {
                    next = Optional.of(last);
                    break;
                }
                byte[] rowKey = cursor.key();
                byte[] key = Listing.objectKey(rowKey);
                Optional<byte[]> group = Listing.commonPrefix(key, request.prefix(), request.delimiter());
                if (group.isPresent()) {
                    items.add(new UploadPage.CommonPrefix(group.get()));
                    last = new UploadPage.Marker(group.get(), Optional.empty());
                    cursor.seek(MapKey.after(MapKey.uploadsFrom(bucket.id(), group.get())));
                } else {
                    UploadRow row = UploadRow.decode(cursor.value());
                    var id = MapKey.uploadIn(rowKey);
                    items.add(new UploadPage.Listed(ObjectKey.stored(key), id, Order.time(row.order()), row.plan()));
                    last = new UploadPage.Marker(key, Optional.of(id));
                }
            }
        }
        return new UploadPage(items, next);
    }

    /** After one upload of a key, or after all uploads of a key or common prefix. */
    private static byte[] start(BucketRow bucket, UploadPage.Request request, UploadPage.Marker marker) {
        if (marker.upload().isPresent()) {
            byte[] seen = MapKey.upload(
                    bucket.id(), ObjectKey.stored(marker.key()), marker.upload().get());
            return Arrays.copyOf(seen, seen.length + 1);
        }
        byte[] own = Listing.start(Family.UPLOAD, bucket.id(), request.prefix(), request.delimiter(), marker.key());
        boolean rollsUp = Listing.commonPrefix(marker.key(), request.prefix(), request.delimiter())
                .filter(group -> Arrays.equals(group, marker.key()))
                .isPresent();
        // Uploads of the marker's own key stand behind its end mark 00 00: all of them are passed over.
        return rollsUp ? own : MapKey.after(Arrays.copyOf(own, own.length - 1));
    }
}
