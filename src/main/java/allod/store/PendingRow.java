package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.receipt.ErasureReason;
import allod.store.engine.BlobName;
import java.util.ArrayList;
import java.util.List;

/**
 * Something whose key waits to be destroyed (family {@code q}). The object is no longer visible; it is not erased until
 * this row is gone.
 *
 * @param foreground a client waits for it; otherwise it waits for the background lane's window
 * @param order the version's order, 0 where there never was a version
 * @param requestId the request that asked, or the background task
 * @param blobs ciphertext to drop besides what the slot row names
 * @param slots how many neighbouring slots it stands for, from the one its key names on: 1, or a range that nothing
 *     names, of which nothing is told in a receipt
 */
record PendingRow(
        ErasureReason reason,
        boolean foreground,
        long order,
        long size,
        String requestId,
        String bucket,
        List<BlobName> blobs,
        int slots) {
    /** Most slots of one row: a quarter of what one puncture takes. */
    static final int MAX_SLOTS = 1 << 18;

    PendingRow {
        if (slots < 1 || slots > MAX_SLOTS) {
            throw new IllegalArgumentException(slots + " slots wait in one row, 1 to " + MAX_SLOTS);
        }
    }

    /** One slot. */
    PendingRow(
            ErasureReason reason,
            boolean foreground,
            long order,
            long size,
            String requestId,
            String bucket,
            List<BlobName> blobs) {
        this(reason, foreground, order, size, requestId, bucket, blobs, 1);
    }

    PendingRow withBlobs(List<BlobName> all) {
        return new PendingRow(reason, foreground, order, size, requestId, bucket, all, slots);
    }

    PendingRow inForeground() {
        return new PendingRow(reason, true, order, size, requestId, bucket, blobs, slots);
    }

    byte[] encode() {
        var row = new RowWriter(64 + 16 * blobs.size())
                .u8(1)
                .u8(reason.code())
                .u8(foreground ? 1 : 0)
                .u64(order)
                .u64(size)
                .text(requestId)
                .text(bucket)
                .u16(blobs.size());
        blobs.forEach(blob -> row.raw(blob.bytes()));
        return row.u32(slots).toBytes();
    }

    private static ErasureReason reason(int code) {
        return ErasureReason.ofCode(code)
                .orElseThrow(() -> new Problem(
                        Reason.DAMAGED,
                        "An entry of the erasure queue cannot be read.",
                        "No reason has the code " + code + ".",
                        "Open the folder with the version of Allod that wrote it."));
    }

    /** @throws Problem DAMAGED */
    static PendingRow decode(byte[] value) {
        var row = new RowReader("q", value).format(1);
        ErasureReason reason = reason(row.u8());
        boolean foreground = row.flag();
        long order = row.u64();
        long size = row.u64();
        String requestId = row.text();
        String bucket = row.text();
        int count = row.u16();
        var blobs = new ArrayList<BlobName>(count);
        for (int i = 0; i < count; i++) {
            blobs.add(BlobName.of(row.raw(BlobName.LENGTH)));
        }
        int slots = row.u32();
        row.end();
        return row.checked(() -> new PendingRow(reason, foreground, order, size, requestId, bucket, blobs, slots));
    }
}
