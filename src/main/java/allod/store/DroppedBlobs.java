package allod.store;

import allod.store.engine.BlobName;
import allod.store.engine.BlobStore;
import allod.store.engine.Cursor;
import allod.store.engine.Reader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blobs whose keys are gone and that only take up space: the rows {@code d}. Each row stays until its blob is deleted, so
 * a crash loses none. Part of the erasure gate: nothing else deletes a blob that was ever named.
 */
final class DroppedBlobs {
    private static final int BATCH = 1000;
    private static final int KNOWN = 200_000;

    private record Dropped(int domain, BlobName name) {}

    private final Reader map;
    private final BlobStore blobs;
    private final BlockingQueue<Dropped> known = new LinkedBlockingQueue<>(KNOWN);
    /** Held while a batch is deleted, and for as long as a backup copies what the map of its moment names. */
    private final ReentrantLock deleting = new ReentrantLock();

    private int holds;

    /** Whether rows stand in the map that memory does not know of. */
    private volatile boolean moreInMap;

    DroppedBlobs(Reader map, BlobStore blobs) {
        this.map = map;
        this.blobs = blobs;
    }

    /** Takes up what an earlier run left, and what did not fit; the rest is taken up when this is done. */
    void load() {
        moreInMap = false;
        byte[] from = MapKey.family(Family.DROPPED_BLOB);
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (!moreInMap && cursor.next()) {
                var row = new RowReader("d", cursor.key());
                row.u8();
                remember(new Dropped(row.u32(), nameIn(cursor.key())));
            }
        }
    }

    /** Stages the rows; the blobs are deleted some time after the transaction is durable. */
    void add(Transaction transaction, int domain, List<BlobName> names) {
        for (BlobName name : names) {
            transaction.put(MapKey.droppedBlob(domain, name.bytes()), new byte[] {1});
            transaction.whenDurable(() -> remember(new Dropped(domain, name)));
        }
    }

    /** The blob that a row's key names. */
    static BlobName nameIn(byte[] key) {
        return BlobName.of(Arrays.copyOfRange(key, key.length - BlobName.LENGTH, key.length));
    }

    private void remember(Dropped blob) {
        if (!known.offer(blob)) {
            moreInMap = true;
        }
    }

    /** No blob is deleted from the return of this on until {@link #release}; their rows wait. */
    void hold() {
        deleting.lock();
        try {
            holds++;
        } finally {
            deleting.unlock();
        }
    }

    void release() {
        deleting.lock();
        try {
            holds--;
        } finally {
            deleting.unlock();
        }
    }

    int waiting() {
        return known.size();
    }

    /** Deletes one batch, waiting for the first blob for at most this long. */
    void deleteSome(Sequencer sequencer, long waitMillis) throws IOException, InterruptedException {
        Dropped first = known.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (first == null) {
            if (moreInMap) {
                load();
            }
            return;
        }
        boolean held = false;
        deleting.lock();
        try {
            held = holds > 0;
            if (held) {
                remember(first);
            } else {
                deleteBatch(sequencer, first);
            }
        } finally {
            deleting.unlock();
        }
        if (held) {
            Thread.sleep(waitMillis);
        }
    }

    private void deleteBatch(Sequencer sequencer, Dropped first) throws IOException {
        List<Dropped> batch = new ArrayList<>();
        batch.add(first);
        known.drainTo(batch, BATCH - 1);
        boolean settled = false;
        try {
            blobs.delete(batch.stream().map(Dropped::name).toList());
            sequencer.submitPatiently(transaction -> {
                batch.forEach(blob -> transaction.delete(
                        MapKey.droppedBlob(blob.domain(), blob.name().bytes())));
                return true;
            });
            settled = true;
        } finally {
            if (!settled) {
                batch.forEach(this::remember);
            }
        }
    }
}
