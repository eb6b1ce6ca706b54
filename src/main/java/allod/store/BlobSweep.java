package allod.store;

import allod.base.Problem;
import allod.base.TenantId;
import allod.store.engine.BlobName;
import allod.store.engine.Cursor;
import allod.store.engine.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Finds blobs that no row names and hands them to the erasure gate: what a write left that ended between its blob and
 * its commit. A blob younger than a day is passed over, as its commit may still come. Part of the gate; runs after the
 * start, when the map was proven to be today's, and then once a day.
 *
 * <p>Memory is bounded: one pass looks at a number of names in their order and strikes out those that the map names.
 */
final class BlobSweep implements AutoCloseable {
    /** How old a blob is before it may be swept. */
    static final Duration AGE = Duration.ofHours(24);
    /** Names that one pass looks at. */
    static final int NAMES_A_PASS = 100_000;

    private static final Duration PAUSE = Duration.ofDays(1);
    private static final int BATCH = 1000;

    private final Ground ground;
    private final DroppedBlobs dropped;
    private final InstantSource clock;
    private final int namesAPass;
    private final Thread thread;
    private volatile boolean closed;

    /** @param namesAPass how many names one pass keeps in memory */
    BlobSweep(Ground ground, DroppedBlobs dropped, InstantSource clock, int namesAPass) {
        this.ground = ground;
        this.dropped = dropped;
        this.clock = clock;
        this.namesAPass = namesAPass;
        this.thread = Thread.ofPlatform().name("blob-sweep").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                sweep();
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | Problem e) {
            // Unnamed blobs only take up space: the next start looks again.
            ground.log().warn("the sweep of unnamed blobs stops: {}", e.getMessage());
        }
    }

    private synchronized void pause() throws InterruptedException {
        long end = System.nanoTime() + PAUSE.toNanos();
        for (long left = PAUSE.toMillis(); !closed && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    /**
     * Looks at all blobs once.
     *
     * @return how many it handed to the gate
     */
    long sweep() throws IOException {
        Instant limit = clock.instant().minus(AGE);
        long swept = 0;
        byte[] above = {};
        NavigableSet<byte[]> names;
        do {
            names = old(limit, above);
            above = names.isEmpty() ? above : names.last();
            boolean mayBeMore = names.size() == namesAPass;
            strikeNamed(names);
            swept += drop(names);
            if (!mayBeMore) {
                return swept;
            }
        } while (!closed);
        return swept;
    }

    /** The least names above one, of blobs that were written before the limit. */
    private NavigableSet<byte[]> old(Instant limit, byte[] above) throws IOException {
        NavigableSet<byte[]> names = new TreeSet<>(Arrays::compareUnsigned);
        ground.blobs().list(blob -> {
            byte[] name = blob.name().bytes();
            if (blob.modified().isBefore(limit) && Arrays.compareUnsigned(name, above) > 0) {
                names.add(name);
                if (names.size() > namesAPass) {
                    names.pollLast();
                }
            }
        });
        return names;
    }

    /** Which blobs a row names. */
    private interface Naming {
        List<BlobName> blobs(byte[] key, byte[] value);
    }

    private void strikeNamed(NavigableSet<byte[]> names) {
        try (Snapshot map = ground.map().snapshot()) {
            strike(map, names, Family.SLOT, (key, row) -> SlotRow.decode(row).blobs());
            strike(
                    map,
                    names,
                    Family.PART,
                    (key, row) -> List.of(PartRow.decode(row).blob()));
            strike(
                    map,
                    names,
                    Family.PENDING,
                    (key, row) -> PendingRow.decode(row).blobs());
            strike(map, names, Family.DROPPED_BLOB, (key, row) -> List.of(DroppedBlobs.nameIn(key)));
        }
    }

    private void strike(Snapshot map, NavigableSet<byte[]> names, Family family, Naming naming) {
        byte[] from = MapKey.family(family);
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (!closed && !names.isEmpty() && cursor.next()) {
                naming.blobs(cursor.key(), cursor.value()).forEach(blob -> names.remove(blob.bytes()));
            }
        }
    }

    /** A pass that was cut short struck out too little: it drops nothing. */
    private long drop(Collection<byte[]> names) throws IOException {
        List<BlobName> left =
                closed ? List.of() : names.stream().map(BlobName::of).toList();
        for (int from = 0; from < left.size(); from += BATCH) {
            List<BlobName> some = left.subList(from, Math.min(left.size(), from + BATCH));
            byte[] body = EventBody.of("blob.sweep")
                    .text("actor", ErasureRounds.ACTOR)
                    .text("purpose", "blobs that no row names")
                    .number("blobs", some.size())
                    .outcome("ok")
                    .toBytes();
            ground.sequencer().submitPatiently(transaction -> {
                dropped.add(transaction, Domains.SYSTEM, some);
                return transaction.append(new Event(TenantId.SYSTEM, Domains.SYSTEM, EventClass.CHANGE, body));
            });
        }
        return left.size();
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
