package allod.backup;

import allod.base.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where backups lie: files by name, written once, never changed, and removed only when no backup needs them. Names are paths of ASCII letters, digits, '-', '.'
 * and '/'. For use by one thread.
 */
public interface BackupPlace extends AutoCloseable {
    /**
     * The place that a name gives: a folder, or {@code s3://bucket/prefix}.
     *
     * @param endpoint where the S3 store is, if it is not AWS
     * @param write whether a backup is to be written: a new folder is made then
     * @throws allod.base.Problem INVALID_ARGUMENT if the name is none, or something else lies there
     */
    static BackupPlace of(String name, Optional<URI> endpoint, boolean write) throws IOException {
        if (name.startsWith("s3://")) {
            return S3Place.of(name, endpoint);
        }
        Path folder = Path.of(name);
        return write ? FolderPlace.make(Disk.real(), folder) : new FolderPlace(Disk.real(), folder);
    }

    /** Told of each file. */
    @FunctionalInterface
    interface Visitor {
        void visit(String name, long size) throws IOException;
    }

    /** Shows every whole file whose name begins so, in no order. */
    void list(String prefix, Visitor visitor) throws IOException;

    /**
     * Puts a file under a name; it is there whole or not at all, checked against what was read, and durable once
     * {@link #settle} returned.
     *
     * @return the SHA-256 of its bytes, in hexadecimal
     */
    String put(String name, Path file) throws IOException;

    /**
     * Opens a file.
     *
     * @throws java.nio.file.NoSuchFileException if there is none of that name
     */
    InputStream open(String name) throws IOException;

    /** Removes a file, if it is there. */
    void delete(String name) throws IOException;

    /** Makes every file durable that was put before. */
    void settle() throws IOException;

    /** The place as a person would name it. */
    @Override
    String toString();

    @Override
    void close() throws IOException;
}
