package allod.store;

import allod.store.engine.Cursor;
import allod.store.engine.Snapshot;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Answers a client that completes an upload again, because the first answer never reached it. An object joined from parts
 * bears its upload's id, so that no record of finished uploads is kept. What erases the object ends this memory, and in a
 * versioned bucket so many newer versions that it is not looked for below them.
 */
final class CompletedUploads {
    /** Versions and markers that are looked at below what is on top, the newest first. */
    static final int MOST = 1000;

    private final Ground ground;
    private final Buckets buckets;
    private final Versions versions;
    private final VersionIds ids;
    private final DueLooks looks;

    CompletedUploads(Ground ground, Buckets buckets, Versions versions, VersionIds ids, DueLooks looks) {
        this.ground = ground;
        this.buckets = buckets;
        this.versions = versions;
        this.ids = ids;
        this.looks = looks;
    }

    /** The answer that completing gave; empty unless a version that still stands came of this upload with this tag. */
    Optional<PutAnswer> find(Caller caller, BucketName name, ObjectKey key, UploadId upload, ETag joined)
            throws IOException {
        BucketRow bucket = buckets.owned(caller, name, key, "upload.complete");
        Optional<Versions.Opened> opened = row(bucket, key, upload).flatMap(row -> versions.open(bucket, row));
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        Versions.Opened version = opened.get();
        try {
            Description description = version.description();
            if (!Arrays.equals(version.row().objectId(), upload.bytes())
                    || !description.etag().equals(joined)) {
                return Optional.empty();
            }
            long order = version.name().order();
            byte[] body = Uploads.body("upload.complete", caller, name, key, upload)
                    .version(order)
                    .outcome("completed before")
                    .toBytes();
            ground.sequencer()
                    .submit(transaction ->
                            transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body)));
            return Optional.of(new PutAnswer(
                    description.etag(),
                    description.size(),
                    Order.time(order),
                    order,
                    description.checksum(),
                    ids.shown(bucket, version.name()),
                    looks.expiration(bucket.id(), key, description, Order.time(order))));
        } finally {
            version.ticket().close();
        }
    }

    /** The version that bears the upload's id, of one moment of the map. */
    private Optional<NameRow> row(BucketRow bucket, ObjectKey key, UploadId upload) {
        try (Snapshot moment = ground.map().snapshot()) {
            Optional<NameRow> current = NameRow.ofNullable(moment.get(MapKey.current(bucket.id(), key)))
                    .filter(row -> cameOf(moment, bucket, row, upload));
            return current.isPresent() || !bucket.isVersioned() ? current : below(moment, bucket, key, upload);
        }
    }

    private static Optional<NameRow> below(Snapshot moment, BucketRow bucket, ObjectKey key, UploadId upload) {
        byte[] from = MapKey.noncurrentOf(bucket.id(), key);
        try (Cursor cursor = moment.scan(from, MapKey.after(from))) {
            for (int i = 0; i < MOST && cursor.next(); i++) {
                NameRow row = NoncurrentRow.decode(cursor.value()).row();
                if (!row.isMarker() && cameOf(moment, bucket, row, upload)) {
                    return Optional.of(row);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean cameOf(Snapshot moment, BucketRow bucket, NameRow row, UploadId upload) {
        byte[] value = moment.get(MapKey.slot(bucket.domain(), row.slot()));
        return value != null && Arrays.equals(SlotRow.decode(value).objectId(), upload.bytes());
    }
}
