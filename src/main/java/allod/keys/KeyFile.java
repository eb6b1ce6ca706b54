package allod.keys;

import allod.base.Disk;
import allod.base.Disk.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The file {@code keys} of one custody mirror: two sectors of 4 KiB for each domain, in place and never moved, so that
 * overwriting a sector overwrites the key in it.
 */
final class KeyFile {
    static final String FILE = "keys";
    static final int SECTOR_BYTES = 4096;

    /** Domains that the file can hold, 8 KiB each. */
    static final int MAX_DOMAINS = 1 << 20;

    /** The file grows by this many bytes at a time, written and not left as a hole. */
    private static final int GROWTH_BYTES = 1 << 20;

    private final OpenFile file;
    private long size;

    private KeyFile(OpenFile file, long size) {
        this.file = file;
        this.size = size;
    }

    static KeyFile open(Disk disk, Path folder) throws IOException {
        OpenFile file = disk.open(folder.resolve(FILE), Disk.Mode.WRITE);
        return new KeyFile(file, file.size());
    }

    /** Makes room for a domain's sectors; durable when it returns. */
    void reserve(int domain) throws IOException {
        long needed = offset(domain, 1) + SECTOR_BYTES;
        if (needed <= size) {
            return;
        }
        long newSize = (needed + GROWTH_BYTES - 1) / GROWTH_BYTES * GROWTH_BYTES;
        for (long at = size; at < newSize; ) {
            int count = (int) Math.min(GROWTH_BYTES, newSize - at);
            file.write(ByteBuffer.allocate(count), at);
            at += count;
        }
        file.force();
        size = newSize;
    }

    /** Fills the buffer with a sector; one that the file does not have yet reads as zeros. */
    void read(int domain, int sector, ByteBuffer target) throws IOException {
        target.clear();
        int count = file.read(target, offset(domain, sector));
        while (count < SECTOR_BYTES) {
            target.put(count, (byte) 0);
            count++;
        }
        target.clear();
    }

    void write(int domain, int sector, ByteBuffer source) throws IOException {
        source.clear();
        file.write(source, offset(domain, sector));
        source.clear();
    }

    /** How many domains the file has room for now. */
    int domains() {
        return (int) (size / (2L * SECTOR_BYTES));
    }

    void force() throws IOException {
        file.force();
    }

    void close() {
        try {
            file.close();
        } catch (IOException ignored) {
            // Nothing is written on closing: each round was made durable before it was told of.
        }
    }

    private static long offset(int domain, int sector) {
        return (2L * domain + sector) * SECTOR_BYTES;
    }
}
