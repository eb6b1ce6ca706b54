package allod.base;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The file system below everything that must survive a crash, except the metadata engine, which syncs for itself. One
 * narrow door, so that tests can put a disk behind it that forgets unsynced writes, fills up or fails.
 *
 * <p>A write is durable when {@link OpenFile#force} returned; a new, renamed or deleted name is durable when
 * {@link #forceFolder} of its folder returned. After a failed force nothing is known of the file's content: the caller
 * must not retry on the same file.
 */
public interface Disk {
    /** The machine's own file system. */
    static Disk real() {
        return RealDisk.INSTANCE;
    }

    /**
     * Opens a file for reading and writing.
     *
     * @throws java.nio.file.FileAlreadyExistsException if it must be new and is not
     * @throws java.nio.file.NoSuchFileException if it must exist and does not
     */
    OpenFile open(Path path, Mode mode) throws IOException;

    boolean exists(Path path);

    /** Renames within one file system, atomically, replacing what stands at the target. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file if it is there. */
    void delete(Path path) throws IOException;

    /** Creates a folder and its parents, readable by the owner alone; fine if it exists. */
    void createFolders(Path path) throws IOException;

    /** The names in a folder, in no order. */
    List<Path> list(Path folder) throws IOException;

    /**
     * When the content of a file was last written, by the file system's clock.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     */
    Instant lastModified(Path path) throws IOException;

    /** Makes the names in a folder durable. */
    void forceFolder(Path folder) throws IOException;

    /** Bytes an ordinary user may still write on the file system that holds the path. */
    long usableSpace(Path path) throws IOException;

    /**
     * Says that a named step of a write was reached. The machine's own disk does nothing here; a crash test kills the
     * process at the point it was told.
     */
    void reached(FaultPoint point);

    /** How a file is opened. */
    enum Mode {
        READ,
        /** Read and write, created if absent. */
        WRITE,
        /** Read and write; it must not exist. */
        CREATE_NEW
    }

    /** An open file. Positions and sizes are bytes. */
    interface OpenFile extends Closeable {
        /** Reads at the position until the buffer is full or the file ends; the count may be short only at the end. */
        int read(ByteBuffer target, long position) throws IOException;

        /** Writes the whole buffer at the position. */
        void write(ByteBuffer source, long position) throws IOException;

        long size() throws IOException;

        void truncate(long size) throws IOException;

        /** Makes all written content durable. */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
