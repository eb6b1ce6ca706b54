package allod.store.engine;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.TickerType;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The map in RocksDB: a commit is one write batch, synced to the write-ahead log before any reader sees it. Every call
 * into native memory holds the gate shared; closing holds it alone.
 */
final class RocksEngine implements MetadataEngine {
    private final RocksTables tables;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> handles;
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final StampedLock gate = new StampedLock();
    private final ReentrantLock committing = new ReentrantLock();
    private final Set<RocksView> snapshots = ConcurrentHashMap.newKeySet();
    private final RocksView present;
    private final boolean readOnly;
    private volatile @Nullable IOException poison;
    private volatile boolean closed;

    private RocksEngine(RocksTables tables, RocksDB database, List<ColumnFamilyHandle> handles, boolean readOnly) {
        this.readOnly = readOnly;
        this.tables = tables;
        this.database = database;
        this.handles = handles;
        this.present = new RocksView(this, null);
    }

    static RocksEngine open(Path folder, RocksOptions options) throws IOException {
        NativeLibrary.load(options.nativeFolder());
        Disk.real().createFolders(folder);
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            // RocksDB syncs its own folder, but not the name of it.
            Disk.real().forceFolder(parent);
        }
        var tables = new RocksTables(options);
        try {
            var handles = new ArrayList<ColumnFamilyHandle>();
            var database = RocksDB.open(tables.database(), folder.toString(), tables.descriptors(), handles);
            return new RocksEngine(tables, database, List.copyOf(handles), false);
        } catch (RocksDBException e) {
            tables.close();
            throw notOpened(folder, e);
        }
    }

    static RocksEngine openForReading(Path folder, RocksOptions options) throws IOException {
        NativeLibrary.load(options.nativeFolder());
        var tables = new RocksTables(options);
        try {
            var handles = new ArrayList<ColumnFamilyHandle>();
            var database = RocksDB.openReadOnly(tables.database(), folder.toString(), tables.descriptors(), handles);
            return new RocksEngine(tables, database, List.copyOf(handles), true);
        } catch (RocksDBException e) {
            tables.close();
            throw notOpened(folder, e);
        }
    }

    @Override
    public void checkpoint(Path folder) throws IOException {
        committing.lock();
        try {
            long stamp = enter();
            try (var checkpoint = Checkpoint.create(database)) {
                checkpoint.createCheckpoint(folder.toString());
            } catch (RocksDBException e) {
                throw new IOException("a copy of the map could not be made in " + folder, e);
            } finally {
                leave(stamp);
            }
        } finally {
            committing.unlock();
        }
    }

    /** What the failure to open means to the operator, if he can do something about it; else it is thrown as a fault. */
    private static Problem notOpened(Path folder, RocksDBException e) throws IOException {
        String text = String.valueOf(e.getMessage());
        Status status = e.getStatus();
        Status.Code code = status == null ? Status.Code.Undefined : status.getCode();
        String what = "The metadata in " + folder + " was not opened.";
        if (code == Status.Code.IOError && (text.contains("While lock file") || text.contains("lock hold by"))) {
            return new Problem(
                    Reason.UNUSABLE_FOLDER,
                    what,
                    "Another process has it open.",
                    "Stop that process, or give this one a folder of its own.",
                    e);
        }
        if (code == Status.Code.Corruption) {
            return new Problem(
                    Reason.UNUSABLE_FOLDER,
                    what,
                    "Its files are damaged: " + text + ".",
                    "Keep the folder as it is and restore a copy of it into an empty one.",
                    e);
        }
        if (code == Status.Code.InvalidArgument || code == Status.Code.NotSupported) {
            return new Problem(
                    Reason.UNUSABLE_FOLDER,
                    what,
                    "It was not written by this version: " + text + ".",
                    "Start the version that wrote it, or a newer one.",
                    e);
        }
        throw new IOException(what, e);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return present.get(key);
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        return present.scan(from, to);
    }

    @Override
    public @Nullable Entry floor(byte[] from, byte[] key) {
        return present.floor(from, key);
    }

    @Override
    public Snapshot snapshot() {
        long stamp = enter();
        try {
            var view = new RocksView(this, database.getSnapshot());
            snapshots.add(view);
            return view;
        } finally {
            leave(stamp);
        }
    }

    @Override
    public void commit(List<Guard> guards, List<Write> writes) throws IOException {
        Ranges.checkCommit(guards, writes);
        if (readOnly) {
            throw new UnsupportedOperationException("the map is open for reading alone");
        }
        committing.lock();
        try {
            long stamp = enter();
            try {
                requireGuards(guards);
                if (!writes.isEmpty()) {
                    write(writes);
                }
            } finally {
                leave(stamp);
            }
        } catch (UncheckedIOException e) {
            throw new IOException("the commit was not begun", e);
        } finally {
            committing.unlock();
        }
    }

    private void requireGuards(List<Guard> guards) {
        for (int i = 0; i < guards.size(); i++) {
            Guard guard = guards.get(i);
            byte[] found;
            try {
                found = database.get(table(guard.key()), guard.key());
            } catch (RocksDBException e) {
                throw unreadable(e);
            }
            if (!Arrays.equals(found, guard.expected())) {
                throw new GuardFailedException(i);
            }
        }
    }

    private void write(List<Write> writes) throws IOException {
        try (var batch = new WriteBatch(sizeOf(writes))) {
            for (Write write : writes) {
                switch (write) {
                    case Write.Put(byte[] key, byte[] value) -> batch.put(table(key), key, value);
                    case Write.Delete(byte[] key) -> batch.delete(table(key), key);
                }
            }
            database.write(synced, batch);
        } catch (RocksDBException e) {
            var fault = new IOException("a commit failed, and it is unknown what of it is on disk", e);
            poison = fault;
            throw fault;
        }
    }

    /** About what the batch will take, so that it is allocated once. */
    private static int sizeOf(List<Write> writes) {
        long size = 12;
        for (Write write : writes) {
            size += 16 + write.key().length + (write instanceof Write.Put put ? put.value().length : 0);
        }
        return (int) Math.min(size, 64 << 20);
    }

    @Override
    public long syncedCommits() {
        long stamp = enter();
        try {
            return tables.statistics().getTickerCount(TickerType.WAL_FILE_SYNCED);
        } finally {
            leave(stamp);
        }
    }

    @Override
    public Map<String, Long> metrics() {
        long stamp = enter();
        try {
            var metrics = new TreeMap<String, Long>();
            metrics.put("cache_bytes", tables.cache().getUsage());
            metrics.put("memtable_bytes", total("rocksdb.cur-size-all-mem-tables"));
            metrics.put("table_bytes", total("rocksdb.live-sst-files-size"));
            metrics.put("value_file_bytes", total("rocksdb.live-blob-file-size"));
            metrics.put("value_garbage_bytes", total("rocksdb.live-blob-file-garbage-size"));
            metrics.put("pending_compaction_bytes", total("rocksdb.estimate-pending-compaction-bytes"));
            metrics.put("keys", total("rocksdb.estimate-num-keys"));
            metrics.put("snapshots", database.getLongProperty("rocksdb.num-snapshots"));
            metrics.put("writes_stopped", database.getLongProperty("rocksdb.is-write-stopped"));
            metrics.put("background_errors", database.getLongProperty("rocksdb.background-errors"));
            metrics.put("wal_syncs", tables.statistics().getTickerCount(TickerType.WAL_FILE_SYNCED));
            metrics.put("wal_bytes", tables.statistics().getTickerCount(TickerType.WAL_FILE_BYTES));
            metrics.put("stall_micros", tables.statistics().getTickerCount(TickerType.STALL_MICROS));
            metrics.put("cache_hits", tables.statistics().getTickerCount(TickerType.BLOCK_CACHE_HIT));
            metrics.put("cache_misses", tables.statistics().getTickerCount(TickerType.BLOCK_CACHE_MISS));
            metrics.put("flushed_bytes", tables.statistics().getTickerCount(TickerType.FLUSH_WRITE_BYTES));
            metrics.put("compacted_bytes", tables.statistics().getTickerCount(TickerType.COMPACT_WRITE_BYTES));
            return metrics;
        } catch (RocksDBException e) {
            throw unreadable(e);
        } finally {
            leave(stamp);
        }
    }

    /** The sum of a property over all tables. */
    private long total(String property) throws RocksDBException {
        long sum = 0;
        for (ColumnFamilyHandle handle : handles) {
            sum += database.getLongProperty(handle, property);
        }
        return sum;
    }

    @Override
    public void close() throws IOException {
        committing.lock();
        long stamp = gate.writeLock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            snapshots.forEach(RocksView::free);
            present.free();
            try {
                closeDatabase();
            } finally {
                synced.close();
                tables.close();
            }
        } catch (RocksDBException e) {
            throw new IOException("the metadata was not closed well; all commits are in its log", e);
        } finally {
            gate.unlockWrite(stamp);
            committing.unlock();
        }
    }

    /** Writes memtables out, so that the next start has no log to read; a poisoned database is left as it is. */
    private void closeDatabase() throws RocksDBException {
        try (var wait = new FlushOptions().setWaitForFlush(true)) {
            if (poison == null && !readOnly) {
                database.flush(wait, handles);
            }
        } finally {
            handles.forEach(ColumnFamilyHandle::close);
            database.close();
        }
    }

    /** Holds the gate shared. Throws if the engine can no longer be used. */
    long enter() {
        long stamp = gate.readLock();
        IOException fault = closed ? new IOException("the engine is closed") : poison;
        if (fault != null) {
            gate.unlockRead(stamp);
            throw new UncheckedIOException(new IOException(fault.getMessage(), fault));
        }
        return stamp;
    }

    void leave(long stamp) {
        gate.unlockRead(stamp);
    }

    /** Frees native memory, poisoned or not, unless closing the engine has freed all of it. */
    void ifOpen(Runnable free) {
        long stamp = gate.readLock();
        try {
            if (!closed) {
                free.run();
            }
        } finally {
            gate.unlockRead(stamp);
        }
    }

    void forget(RocksView snapshot) {
        snapshots.remove(snapshot);
    }

    RocksDB database() {
        return database;
    }

    ColumnFamilyHandle table(byte[] key) {
        return handles.get(RocksTables.tableOf(key[0]));
    }

    UncheckedIOException unreadable(RocksDBException e) {
        return new UncheckedIOException(new IOException("the metadata cannot be read", e));
    }
}
