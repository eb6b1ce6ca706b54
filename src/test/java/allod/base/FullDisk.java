package allod.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A disk with room for so many bytes more. Growing a file takes from it; truncating, deleting or replacing one gives back,
 * as soon as the name is gone.
 */
public final class FullDisk extends WrappedDisk {
    private long left;

    public FullDisk(Disk below, long bytes) {
        super(below);
        this.left = bytes;
    }

    /** From now on there is room for so many bytes. */
    public synchronized void setLeft(long bytes) {
        left = bytes;
    }

    @Override
    public synchronized long usableSpace(Path path) {
        return left;
    }

    @Override
    public OpenFile open(Path path, Mode mode) throws IOException {
        return new FullFile(super.open(path, mode));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        long size = sizeOf(path);
        super.delete(path);
        left += size;
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        long replaced = sizeOf(to);
        super.rename(from, to);
        left += replaced;
    }

    private long sizeOf(Path path) throws IOException {
        try (OpenFile file = below.open(path, Mode.READ)) {
            return file.size();
        } catch (NoSuchFileException absent) {
            return 0;
        }
    }

    private final class FullFile extends WrappedFile {
        FullFile(OpenFile file) {
            super(file);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (FullDisk.this) {
                long growth = Math.max(0, position + source.remaining() - size());
                if (growth > left) {
                    throw new IOException("No space left on device");
                }
                super.write(source, position);
                left -= growth;
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (FullDisk.this) {
                long shrink = Math.max(0, size() - size);
                super.truncate(size);
                left += shrink;
            }
        }
    }
}
