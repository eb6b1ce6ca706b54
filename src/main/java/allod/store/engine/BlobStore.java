package allod.store.engine;

import allod.base.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.Consumer;

/** Ciphertext by name. Safe for use by many threads; knows nothing of keys, buckets or rules. */
public interface BlobStore extends AutoCloseable {
    /**
     * Opens the blobs kept in a folder, creating it if it is absent, and clears away what earlier runs left unfinished.
     * One process at a time; the caller holds the lock on the folder.
     */
    static BlobStore files(Disk disk, Path folder) throws IOException {
        return FileBlobStore.open(disk, folder);
    }

    /** No blobs at first, and none after this object is gone; for tests. */
    static BlobStore memory(InstantSource clock) {
        return new MemoryBlobStore(clock);
    }

    /**
     * Opens a new blob; nobody can read it before {@link Pending#commit} returns, and from then on it survives power loss.
     * Closing without commit leaves nothing behind. Memory held: none that grows with the size.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the name is in use
     * @throws IOException if it is unknown whether it was stored; writing it again under a new name is safe
     */
    Pending create(BlobName name) throws IOException;

    /**
     * Opens a committed blob for reading. A blob deleted while it is open can be read until its reader is closed.
     *
     * @throws java.nio.file.NoSuchFileException if there is none of that name
     */
    BlobReader open(BlobName name) throws IOException;

    /**
     * Deletes blobs; names of which there is none are passed over. On return the deletions are durable.
     *
     * @throws IOException if it is unknown which are gone; deleting them again is safe
     */
    void delete(Collection<BlobName> names) throws IOException;

    /** Shows every committed blob once, in no order; one committed or deleted meanwhile may be shown or not. */
    void list(Consumer<Listed> visitor) throws IOException;

    @Override
    void close() throws IOException;

    /**
     * A committed blob, as a sweeper sees it.
     *
     * @param name its name
     * @param modified when its content was written
     */
    record Listed(BlobName name, Instant modified) {}

    /** A blob being written, by one thread at a time. */
    interface Pending extends AutoCloseable {
        /** Appends bytes. */
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** Bytes written so far. */
        long size();

        /**
         * Makes the blob durable and readable; called once, and nothing is written after.
         *
         * @throws IOException if it is unknown whether it was stored; it must not be tried again under this name
         */
        void commit() throws IOException;

        /** Without an earlier commit, forgets what was written. May be called again. */
        @Override
        void close() throws IOException;
    }

    /** A committed blob, open for reading by many threads. */
    interface BlobReader extends AutoCloseable {
        /** Bytes in the blob. */
        long size();

        /**
         * Reads from a position.
         *
         * @param position 0 or above
         * @return the number of bytes read, less than {@code length} only at the end, 0 past it
         */
        int read(long position, byte[] bytes, int offset, int length) throws IOException;

        @Override
        void close() throws IOException;
    }
}
