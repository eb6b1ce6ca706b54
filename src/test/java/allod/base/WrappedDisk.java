package allod.base;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A disk that passes everything on to the one below; test disks change what they are about. */
public abstract class WrappedDisk implements Disk {
    protected final Disk below;

    protected WrappedDisk(Disk below) {
        this.below = below;
    }

    @Override
    public OpenFile open(Path path, Mode mode) throws IOException {
        return below.open(path, mode);
    }

    @Override
    public boolean exists(Path path) {
        return below.exists(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        below.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        below.delete(path);
    }

    @Override
    public void createFolders(Path path) throws IOException {
        below.createFolders(path);
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
        return below.list(folder);
    }

    @Override
    public Instant lastModified(Path path) throws IOException {
        return below.lastModified(path);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        below.forceFolder(folder);
    }

    @Override
    public long usableSpace(Path path) throws IOException {
        return below.usableSpace(path);
    }

    @Override
    public void reached(FaultPoint point) {
        below.reached(point);
    }

    /** An open file that passes everything on. */
    protected abstract static class WrappedFile implements OpenFile {
        protected final OpenFile file;

        protected WrappedFile(OpenFile file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            file.write(source, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
