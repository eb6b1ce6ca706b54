package allod.store.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/**
 * Reads of RocksDB as it is now, or as it was at a snapshot. Each read holds the engine's gate shared, so that closing the
 * engine waits for it: native memory that is gone would take the process with it.
 */
final class RocksView implements allod.store.engine.Snapshot {
    private final RocksEngine engine;
    private final @Nullable Snapshot snapshot;
    private final ReadOptions options;
    private final Set<RocksCursor> cursors = ConcurrentHashMap.newKeySet();
    /** One for being open and one for each read under way; native memory goes when it falls to 0. */
    private final AtomicInteger holds = new AtomicInteger(1);

    private final AtomicBoolean closed = new AtomicBoolean();

    /** Called with the gate held; a null snapshot reads the present. */
    RocksView(RocksEngine engine, @Nullable Snapshot snapshot) {
        this.engine = engine;
        this.snapshot = snapshot;
        this.options = options();
    }

    private ReadOptions options() {
        var fresh = new ReadOptions().setBackgroundPurgeOnIteratorCleanup(true);
        return snapshot == null ? fresh : fresh.setSnapshot(snapshot);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        Ranges.checkKey(key);
        long stamp = enter();
        try {
            return engine.database().get(engine.table(key), options, key);
        } catch (RocksDBException e) {
            throw engine.unreadable(e);
        } finally {
            leave(stamp);
        }
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        Ranges.checkRange(from, to);
        long stamp = enter();
        try {
            var cursor = new RocksCursor(from.clone(), to);
            cursors.add(cursor);
            return cursor;
        } finally {
            leave(stamp);
        }
    }

    @Override
    public @Nullable Entry floor(byte[] from, byte[] key) {
        Ranges.checkFloor(from, key);
        long stamp = enter();
        try (var lower = new Slice(from);
                var bounded = options().setIterateLowerBound(lower);
                var iterator = engine.database().newIterator(engine.table(key), bounded)) {
            iterator.seekForPrev(key);
            if (iterator.isValid()) {
                return new Entry(iterator.key(), iterator.value());
            }
            iterator.status();
            return null;
        } catch (RocksDBException e) {
            throw engine.unreadable(e);
        } finally {
            leave(stamp);
        }
    }

    private long enter() {
        long stamp = engine.enter();
        // The present ends with the engine only, whose gate is enough for it.
        if (snapshot != null && (closed.get() || !hold())) {
            engine.leave(stamp);
            throw new IllegalStateException("the snapshot is closed");
        }
        return stamp;
    }

    private void leave(long stamp) {
        if (snapshot != null) {
            drop();
        }
        engine.leave(stamp);
    }

    private boolean hold() {
        return holds.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    private void drop() {
        if (holds.decrementAndGet() == 0) {
            free();
        }
    }

    @Override
    public void close() {
        engine.ifOpen(() -> {
            if (closed.compareAndSet(false, true)) {
                drop();
            }
        });
    }

    /** Gives back native memory: at the last hold, or when the engine closes and no read is under way. */
    void free() {
        engine.forget(this);
        cursors.forEach(RocksCursor::free);
        options.close();
        if (snapshot != null) {
            engine.database().releaseSnapshot(snapshot);
            snapshot.close();
        }
    }

    private final class RocksCursor implements Cursor {
        private final byte[] from;
        private final Slice upper;
        private final ReadOptions bounded;
        private final RocksIterator iterator;
        /** Where the next step begins, itself included, or null to go on from the present place. */
        private byte @Nullable [] sought;

        private boolean standing;
        private boolean freed;

        RocksCursor(byte[] from, byte[] to) {
            this.from = from;
            this.sought = from;
            this.upper = new Slice(to);
            this.bounded = options().setIterateUpperBound(upper);
            this.iterator = engine.database().newIterator(engine.table(from), bounded);
        }

        @Override
        public boolean next() {
            long stamp = enterCursor();
            try {
                if (sought != null) {
                    iterator.seek(sought);
                    sought = null;
                } else if (standing) {
                    iterator.next();
                }
                standing = iterator.isValid();
                if (!standing) {
                    iterator.status();
                }
                return standing;
            } catch (RocksDBException e) {
                throw engine.unreadable(e);
            } finally {
                leave(stamp);
            }
        }

        @Override
        public byte[] key() {
            long stamp = enterEntry();
            try {
                return iterator.key();
            } finally {
                leave(stamp);
            }
        }

        @Override
        public byte[] value() {
            long stamp = enterEntry();
            try {
                return iterator.value();
            } finally {
                leave(stamp);
            }
        }

        @Override
        public void seek(byte[] key) {
            Ranges.checkKey(key);
            leave(enterCursor());
            standing = false;
            sought = Ranges.compare(key, from) < 0 ? from : key.clone();
        }

        private long enterEntry() {
            long stamp = enterCursor();
            if (!standing) {
                leave(stamp);
                throw new IllegalStateException("the cursor stands on no entry");
            }
            return stamp;
        }

        private long enterCursor() {
            long stamp = enter();
            if (freed) {
                leave(stamp);
                throw new IllegalStateException("the cursor is closed");
            }
            return stamp;
        }

        @Override
        public void close() {
            engine.ifOpen(this::free);
        }

        private synchronized void free() {
            if (!freed) {
                freed = true;
                cursors.remove(this);
                iterator.close();
                bounded.close();
                upper.close();
            }
        }
    }
}
