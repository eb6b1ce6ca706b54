package allod.store;

import allod.receipt.ErasureReason;
import allod.store.engine.BlobName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes that came to nothing: what was sealed under their slots must not stay openable, nor their blobs lie about. */
final class AbandonedWrites {
    private final Ground ground;
    private final DroppedBlobs dropped;

    AbandonedWrites(Ground ground, DroppedBlobs dropped) {
        this.ground = ground;
        this.dropped = dropped;
    }

    /**
     * Queues the slot for erasure with the blobs that no row names. Where the bucket was deleted meanwhile its deletion
     * queued the slot already, and only the blobs are left to do.
     */
    void giveUp(BucketRow bucket, BucketName name, ObjectKey key, long slot, String requestId, List<BlobName> blobs)
            throws IOException {
        ground.sequencer().submit(transaction -> {
            byte[] queuedByBucket = MapKey.pending(bucket.domain(), bucket.id(), new byte[0], slot);
            byte[] queued = transaction.get(queuedByBucket);
            if (queued != null) {
                PendingRow row = PendingRow.decode(queued);
                List<BlobName> all = new ArrayList<>(row.blobs());
                all.addAll(blobs);
                transaction.put(queuedByBucket, row.withBlobs(all).encode());
            } else if (ground.secrets().secret(bucket.domain(), slot).isEmpty()) {
                dropped.add(transaction, bucket.domain(), blobs);
            } else {
                var row = new PendingRow(ErasureReason.FAILED_UPLOAD, false, 0, 0, requestId, name.value(), blobs);
                ground.queue().add(transaction, bucket.domain(), bucket.id(), key.bytes(), slot, row);
            }
            return true;
        });
        ground.reservations().settled(bucket.domain(), bucket.id(), slot);
    }
}
