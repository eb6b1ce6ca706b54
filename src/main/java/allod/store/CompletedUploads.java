package allod.store;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Answers a client that completes an upload again, because the first answer never reached it. An object joined from parts
 * bears its upload's id, so that no record of finished uploads is kept; what replaced the object ends this memory.
 */
final class CompletedUploads {
    private final Ground ground;
    private final Buckets buckets;
    private final Versions versions;
    private final VersionIds ids;

    CompletedUploads(Ground ground, Buckets buckets, Versions versions, VersionIds ids) {
        this.ground = ground;
        this.buckets = buckets;
        this.versions = versions;
        this.ids = ids;
    }

    /** The answer that completing gave; empty unless the current version came of this upload with this tag. */
    Optional<PutAnswer> find(Caller caller, BucketName name, ObjectKey key, UploadId upload, ETag joined)
            throws IOException {
        BucketRow bucket = buckets.owned(caller, name, key, "upload.complete");
        byte[] value = ground.map().get(MapKey.current(bucket.id(), key));
        Optional<Versions.Opened> opened =
                value == null ? Optional.empty() : versions.open(bucket, NameRow.decode(value));
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
                    Optional.empty()));
        } finally {
            version.ticket().close();
        }
    }
}
