package allod.store.engine;

import allod.base.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A file that only takes space, so that there is some to give back when the disk is full: deleting needs room too, for
 * events and keys. Safe for use by many threads.
 */
public final class SpaceReserve {
    /** The name of the file in its folder. */
    public static final String FILE = "reserve";

    private static final int CHUNK = 1 << 20;

    private final Disk disk;
    private final Path folder;
    private final long sizeBytes;

    /**
     * A reserve that is not there yet, or was left by an earlier run.
     *
     * @param folder an existing folder
     * @param sizeBytes 0 or above; 0 reserves nothing
     */
    public SpaceReserve(Disk disk, Path folder, long sizeBytes) {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("a reserve has 0 bytes or more, not " + sizeBytes);
        }
        this.disk = disk;
        this.folder = folder;
        this.sizeBytes = sizeBytes;
    }

    public Path folder() {
        return folder;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** Takes the space, unless it is taken already. A file of another size is written anew. */
    public synchronized void fill() throws IOException {
        Path path = folder.resolve(FILE);
        if (sizeBytes == 0 || (disk.exists(path) && sizeOf(path) == sizeBytes)) {
            return;
        }
        boolean filled = false;
        try (var file = disk.open(path, Disk.Mode.WRITE)) {
            write(file);
            filled = true;
        } finally {
            if (!filled) {
                disk.delete(path);
            }
        }
        disk.forceFolder(folder);
    }

    /** Random bytes, because some file systems store zeros in no space at all. */
    private void write(Disk.OpenFile file) throws IOException {
        var random = new SplittableRandom(sizeBytes);
        byte[] chunk = new byte[CHUNK];
        file.truncate(0);
        for (long at = 0; at < sizeBytes; at += CHUNK) {
            random.nextBytes(chunk);
            file.write(ByteBuffer.wrap(chunk, 0, (int) Math.min(CHUNK, sizeBytes - at)), at);
        }
        file.force();
    }

    /** Gives the space back; fine if it is not taken. */
    public synchronized void release() throws IOException {
        Path path = folder.resolve(FILE);
        if (disk.exists(path)) {
            disk.delete(path);
            disk.forceFolder(folder);
        }
    }

    /** Whether the space is taken. */
    public synchronized boolean isHeld() {
        return disk.exists(folder.resolve(FILE));
    }

    private long sizeOf(Path path) throws IOException {
        try (var file = disk.open(path, Disk.Mode.READ)) {
            return file.size();
        }
    }
}
