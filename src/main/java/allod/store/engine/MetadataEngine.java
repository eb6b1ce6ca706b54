package allod.store.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The ordered map of byte keys that holds everything but large ciphertext. Safe for use by many threads. Reads take
 * microseconds and may be called on virtual threads; a commit waits for the disk and belongs on a platform thread.
 *
 * <p>Once a commit has failed with an {@link IOException}, it is unknown what reached the disk: the engine is poisoned,
 * every later commit throws {@link IOException} and every later read {@link java.io.UncheckedIOException}, and only a new
 * process finds out by opening the folder again.
 */
public interface MetadataEngine extends Reader, AutoCloseable {
    /** The longest key, in bytes. */
    int MAX_KEY = 4096;

    /** The longest value, in bytes. */
    int MAX_VALUE = 16 << 20;

    /**
     * Opens the engine kept in a folder, creating it if it is absent.
     *
     * @throws allod.base.Problem UNUSABLE_FOLDER if another process has it open or it is damaged
     * @throws IOException if the folder or the native library cannot be read or written
     */
    static MetadataEngine rocks(Path folder, RocksOptions options) throws IOException {
        return RocksEngine.open(folder, options);
    }

    /**
     * Opens the engine kept in a folder for reading alone, writing nothing there: a copy, or a folder that nobody writes.
     * A commit is refused.
     *
     * @throws allod.base.Problem UNUSABLE_FOLDER if it is damaged
     * @throws IOException if the folder or the native library cannot be read
     */
    static MetadataEngine rocksForReading(Path folder, RocksOptions options) throws IOException {
        return RocksEngine.openForReading(folder, options);
    }

    /** An empty map that lives as long as this object; for tests. */
    static MetadataEngine memory() {
        return new MemoryEngine();
    }

    /** The map as it is now. */
    Snapshot snapshot();

    /**
     * Checks all guards, then applies all writes in their order: all of them or none, seen by readers at once, and
     * durable on return. Commits are carried out one after the other.
     *
     * @throws GuardFailedException if a guard does not hold; nothing was written
     * @throws IllegalArgumentException if a key or value breaks its limit; nothing was written
     * @throws IOException if it is unknown whether it was stored; the engine is poisoned from then on
     */
    void commit(List<Guard> guards, List<Write> writes) throws IOException;

    /**
     * Makes a copy of the map as it is now, in a folder that is not there yet on the same file system: files that never
     * change are linked, not copied. The copy is an engine's folder of its own.
     *
     * @throws UnsupportedOperationException if the engine has no files
     * @throws IOException if it could not be made; what is there of it is to be deleted
     */
    default void checkpoint(Path folder) throws IOException {
        throw new UnsupportedOperationException("this map has no files");
    }

    /** How often a commit was synced to disk since the start; it rises before each commit with writes returns. */
    long syncedCommits();

    /** Numbers worth watching, by name: sizes in bytes, counts, levels. */
    Map<String, Long> metrics();

    /** Ends all cursors and snapshots and closes the engine; may be called again. */
    @Override
    void close() throws IOException;
}
