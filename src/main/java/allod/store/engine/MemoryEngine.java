package allod.store.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The map in memory, for tests. Each key holds its versions, newest first; a view is a commit's number and sees the newest
 * version at or below it. Versions that no open view can see go when their key is written again. One lock guards all.
 */
final class MemoryEngine implements MetadataEngine {
    private final TreeMap<byte[], Version> rows = new TreeMap<>(Ranges::compare);
    /** How many open views stand at each commit number. */
    private final TreeMap<Long, Integer> views = new TreeMap<>();

    private long commits;
    private boolean closed;

    /** A value a key had; a null value is a deletion. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Version(
            long commit, byte @Nullable [] value, @Nullable Version older) {}

    @Override
    public synchronized byte @Nullable [] get(byte[] key) {
        Ranges.checkKey(key);
        requireOpen();
        return valueAt(key, commits);
    }

    @Override
    public synchronized Cursor scan(byte[] from, byte[] to) {
        Ranges.checkRange(from, to);
        return new MemoryCursor(from.clone(), to.clone(), openView(), () -> false);
    }

    @Override
    public synchronized @Nullable Entry floor(byte[] from, byte[] key) {
        Ranges.checkFloor(from, key);
        requireOpen();
        return floorAt(from, key, commits);
    }

    @Override
    public synchronized Snapshot snapshot() {
        return new MemorySnapshot(openView());
    }

    @Override
    public synchronized void commit(List<Guard> guards, List<Write> writes) throws IOException {
        if (closed) {
            throw new IOException("the engine is closed");
        }
        Ranges.checkCommit(guards, writes);
        for (int i = 0; i < guards.size(); i++) {
            Guard guard = guards.get(i);
            if (!Arrays.equals(valueAt(guard.key(), commits), guard.expected())) {
                throw new GuardFailedException(i);
            }
        }
        if (writes.isEmpty()) {
            return;
        }
        commits++;
        for (Write write : writes) {
            switch (write) {
                case Write.Put(byte[] key, byte[] value) -> put(key.clone(), value.clone());
                case Write.Delete(byte[] key) -> put(key.clone(), null);
            }
        }
    }

    @Override
    public synchronized long syncedCommits() {
        return commits;
    }

    @Override
    public synchronized Map<String, Long> metrics() {
        return Map.of("keys", (long) rows.size(), "views", (long) views.size());
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void put(byte[] key, byte @Nullable [] value) {
        Version older = visibleBefore(rows.get(key));
        if (value == null && older == null) {
            rows.remove(key);
        } else {
            rows.put(key, new Version(commits, value, older));
        }
    }

    /** What of a key's versions an open view can still see once this commit has put a newer one on top. */
    private @Nullable Version visibleBefore(@Nullable Version newest) {
        if (newest == null || views.isEmpty()) {
            return null;
        }
        // A version of this same commit is one that nobody ever sees.
        return since(newest.commit() == commits ? newest.older() : newest, views.firstKey());
    }

    private static @Nullable Version since(@Nullable Version version, long oldestView) {
        if (version == null) {
            return null;
        }
        Version older = version.commit() <= oldestView ? null : since(version.older(), oldestView);
        return new Version(version.commit(), version.value(), older);
    }

    private byte @Nullable [] valueAt(byte[] key, long view) {
        byte[] value = visible(rows.get(key), view);
        return value == null ? null : value.clone();
    }

    private static byte @Nullable [] visible(@Nullable Version newest, long view) {
        for (Version v = newest; v != null; v = v.older()) {
            if (v.commit() <= view) {
                return v.value();
            }
        }
        return null;
    }

    private @Nullable Entry floorAt(byte[] from, byte[] key, long view) {
        for (var row = rows.floorEntry(key); row != null; row = rows.lowerEntry(row.getKey())) {
            if (Ranges.compare(row.getKey(), from) < 0) {
                return null;
            }
            byte[] value = visible(row.getValue(), view);
            if (value != null) {
                return new Entry(row.getKey().clone(), value.clone());
            }
        }
        return null;
    }

    private long openView() {
        requireOpen();
        views.merge(commits, 1, Integer::sum);
        return commits;
    }

    private synchronized void closeView(long view) {
        views.computeIfPresent(view, (commit, count) -> count == 1 ? null : count - 1);
    }

    private void requireOpen() {
        if (closed) {
            throw new UncheckedIOException(new IOException("the engine is closed"));
        }
    }

    private final class MemorySnapshot implements Snapshot {
        private final long view;
        private boolean ended;

        MemorySnapshot(long view) {
            this.view = view;
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            Ranges.checkKey(key);
            synchronized (MemoryEngine.this) {
                requireView();
                return valueAt(key, view);
            }
        }

        @Override
        public Cursor scan(byte[] from, byte[] to) {
            Ranges.checkRange(from, to);
            synchronized (MemoryEngine.this) {
                requireView();
                views.merge(view, 1, Integer::sum);
                return new MemoryCursor(from.clone(), to.clone(), view, () -> ended);
            }
        }

        @Override
        public @Nullable Entry floor(byte[] from, byte[] key) {
            Ranges.checkFloor(from, key);
            synchronized (MemoryEngine.this) {
                requireView();
                return floorAt(from, key, view);
            }
        }

        private void requireView() {
            requireOpen();
            if (ended) {
                throw new IllegalStateException("the snapshot is closed");
            }
        }

        @Override
        public void close() {
            synchronized (MemoryEngine.this) {
                if (!ended) {
                    ended = true;
                    closeView(view);
                }
            }
        }
    }

    private final class MemoryCursor implements Cursor {
        private final byte[] from;
        private final byte[] to;
        private final long view;
        /** Whether the snapshot that the cursor walks is closed. */
        private final BooleanSupplier snapshotEnded;

        private boolean ended;
        /** The last key passed, or null before the first; the next step goes above it. */
        private byte @Nullable [] passed;
        /** Where the next step starts, itself included, after a seek. */
        private byte @Nullable [] sought;

        private @Nullable Entry at;

        MemoryCursor(byte[] from, byte[] to, long view, BooleanSupplier snapshotEnded) {
            this.snapshotEnded = snapshotEnded;
            this.from = from;
            this.to = to;
            this.view = view;
            this.sought = from;
        }

        @Override
        public boolean next() {
            synchronized (MemoryEngine.this) {
                requireCursor();
                at = step();
                if (at != null) {
                    passed = at.key();
                    sought = null;
                } else {
                    sought = to;
                }
                return at != null;
            }
        }

        private @Nullable Entry step() {
            var row = sought != null ? rows.ceilingEntry(sought) : rows.higherEntry(passed);
            for (; row != null && Ranges.compare(row.getKey(), to) < 0; row = rows.higherEntry(row.getKey())) {
                byte[] value = visible(row.getValue(), view);
                if (value != null) {
                    return new Entry(row.getKey(), value);
                }
            }
            return null;
        }

        @Override
        public byte[] key() {
            return here().key().clone();
        }

        @Override
        public byte[] value() {
            return here().value().clone();
        }

        private Entry here() {
            synchronized (MemoryEngine.this) {
                requireCursor();
                if (at == null) {
                    throw new IllegalStateException("the cursor stands on no entry");
                }
                return at;
            }
        }

        @Override
        public void seek(byte[] key) {
            Ranges.checkKey(key);
            synchronized (MemoryEngine.this) {
                requireCursor();
                at = null;
                sought = Ranges.compare(key, from) < 0 ? from : key.clone();
            }
        }

        private void requireCursor() {
            requireOpen();
            if (ended || snapshotEnded.getAsBoolean()) {
                throw new IllegalStateException("the cursor is closed");
            }
        }

        @Override
        public void close() {
            synchronized (MemoryEngine.this) {
                if (!ended) {
                    ended = true;
                    closeView(view);
                }
            }
        }
    }
}
