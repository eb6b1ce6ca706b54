package allod.store.engine;

import java.nio.file.Path;

/**
 * What RocksDB may use of the machine.
 *
 * @param memoryBytes bound on block cache and memtables together, 16 MiB to 64 GiB; half of it at most are memtables
 * @param nativeFolder where the native library is unpacked once and loaded from; shared by all processes of a machine
 *     that run this program
 */
public record RocksOptions(long memoryBytes, Path nativeFolder) {
    public static final long DEFAULT_MEMORY_BYTES = 128L << 20;
    private static final long LEAST_MEMORY_BYTES = 16L << 20;
    private static final long MOST_MEMORY_BYTES = 64L << 30;

    public RocksOptions {
        if (memoryBytes < LEAST_MEMORY_BYTES || memoryBytes > MOST_MEMORY_BYTES) {
            throw new IllegalArgumentException("RocksDB takes 16 MiB to 64 GiB of memory, not " + memoryBytes);
        }
    }

    /** 128 MiB. */
    public static RocksOptions defaults(Path nativeFolder) {
        return new RocksOptions(DEFAULT_MEMORY_BYTES, nativeFolder);
    }
}
