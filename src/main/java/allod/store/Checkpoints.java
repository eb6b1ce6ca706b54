package allod.store;

import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.Problem;
import allod.log.Checkpoint;
import allod.log.CheckpointSigner;
import allod.log.DerivedTiles;
import allod.log.LogResource;
import allod.log.SignedNote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signs what the log has grown to, at an interval. Each signed state is durable in custody before anybody sees it; the
 * map keeps a copy. Full upper tiles are stored on the way.
 */
final class Checkpoints implements AutoCloseable {
    private final Sequencer sequencer;
    private final CheckpointSigner signer;
    private final DerivedTiles tiles;
    private final HeadStore custody;
    private final Disk disk;
    private final Duration interval;
    private final Consumer<Throwable> fatal;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean wanted;
    private boolean closed;
    private volatile @Nullable Signed published;

    /** Where a log head is kept before the checkpoint leaves the process. */
    @FunctionalInterface
    interface HeadStore {
        /** Durable on return. */
        void write(byte[] head) throws IOException;
    }

    /** A published checkpoint. */
    record Signed(Checkpoint checkpoint, SignedNote note) {}

    Checkpoints(
            Sequencer sequencer,
            CheckpointSigner signer,
            DerivedTiles tiles,
            HeadStore custody,
            Optional<Signed> last,
            Disk disk,
            Duration interval,
            Consumer<Throwable> fatal) {
        this.sequencer = sequencer;
        this.signer = signer;
        this.tiles = tiles;
        this.custody = custody;
        this.published = last.orElse(null);
        this.disk = disk;
        this.interval = interval;
        this.fatal = fatal;
        this.thread = Thread.ofPlatform().name("checkpoints").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    Optional<Signed> latest() {
        return Optional.ofNullable(published);
    }

    /** The first checkpoint that covers an entry; empty if none did in time. A wait asks for one at once. */
    Optional<Signed> covering(long index, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (left > 0) {
                Signed now = published;
                if (now != null && now.checkpoint.size() > index) {
                    return Optional.of(now);
                }
                wanted = true;
                changed.signalAll();
                left = changed.awaitNanos(left);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (pause()) {
                sign();
            }
            sign();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            fatal.accept(e);
        }
    }

    /** Waits for the interval, or a tenth of it where somebody waits for a checkpoint; false when it is time to end. */
    private boolean pause() throws InterruptedException {
        long end = System.nanoTime() + interval.toNanos();
        lock.lock();
        try {
            while (!closed) {
                long left = end - System.nanoTime() - (wanted ? interval.toNanos() * 9 / 10 : 0);
                if (left <= 0) {
                    wanted = false;
                    return true;
                }
                if (!changed.await(left, TimeUnit.NANOSECONDS)) {
                    wanted = false;
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void sign() throws IOException {
        LogState state = sequencer.state();
        Signed last = published;
        if (state.size() == 0 || (last != null && last.checkpoint.size() == state.size())) {
            return;
        }
        var checkpoint =
                new Checkpoint(state.origin(), state.size(), state.tree().copy().root());
        SignedNote note = signer.sign(checkpoint);
        var head = new LogHead(
                state.log(),
                state.origin(),
                state.size(),
                checkpoint.root(),
                new String(note.encode(), StandardCharsets.UTF_8),
                state.lastOrder(),
                state.lastTime());
        custody.write(head.encode());
        publish(new Signed(checkpoint, note));
        disk.reached(FaultPoint.CHECKPOINT_PUBLISHED);
        copyToMap(head, last == null ? 0 : last.checkpoint.size());
    }

    private void publish(Signed signed) {
        lock.lock();
        try {
            published = signed;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void copyToMap(LogHead head, long sizeBefore) throws IOException {
        Map<byte[], byte[]> full = fullTiles(head.log(), sizeBefore, head.size());
        try {
            sequencer.submitPatiently(transaction -> {
                transaction.put(MapKey.checkpoint(head.log()), head.encode());
                full.forEach(transaction::put);
                return true;
            });
        } catch (Problem stopping) {
            // The copy is for those who have the map alone; custody's is what counts.
            return;
        }
    }

    /** The upper tiles that filled up since; computed here, as a full one takes the hashes of 65,536 entries. */
    private Map<byte[], byte[]> fullTiles(int log, long before, long size) {
        Map<byte[], byte[]> full = new TreeMap<>(Arrays::compareUnsigned);
        for (int level = 1; LogResource.nodesAt(level, size) >= LogResource.TILE_WIDTH; level++) {
            long from = LogResource.nodesAt(level, before) / LogResource.TILE_WIDTH;
            long to = LogResource.nodesAt(level, size) / LogResource.TILE_WIDTH;
            for (long index = from; index < to; index++) {
                full.put(MapKey.tile(log, level, index), tiles.tile(level, index, LogResource.TILE_WIDTH));
            }
        }
        return full;
    }

    /** Signs what is left and stops. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
