package allod.store.engine;

import allod.base.Disk;
import allod.base.FaultPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Blobs as files. A blob is written in the folder {@code incoming} under its name and synced there, then renamed into one
 * of 256 folders named by the first byte of its name, which is synced in turn. What lies in {@code incoming} at the start
 * was never committed.
 */
final class FileBlobStore implements BlobStore {
    private static final int SHARDS = 256;

    private final Disk disk;
    private final Path incoming;
    private final FolderSync[] shards;

    private FileBlobStore(Disk disk, Path folder) {
        this.disk = disk;
        this.incoming = folder.resolve("incoming");
        this.shards = new FolderSync[SHARDS];
        Arrays.setAll(
                shards, i -> new FolderSync(disk, folder.resolve(HexFormat.of().toHexDigits((byte) i))));
    }

    static FileBlobStore open(Disk disk, Path folder) throws IOException {
        var store = new FileBlobStore(disk, folder);
        store.createFolders(folder);
        store.clearIncoming();
        return store;
    }

    private void createFolders(Path folder) throws IOException {
        disk.createFolders(incoming);
        for (FolderSync shard : shards) {
            disk.createFolders(shard.folder());
        }
        disk.forceFolder(folder);
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            disk.forceFolder(parent);
        }
    }

    /** Not made durable: what comes back after a power cut is cleared away again. */
    private void clearIncoming() throws IOException {
        for (Path left : disk.list(incoming)) {
            if (nameOf(left).isPresent()) {
                disk.delete(left);
            }
        }
    }

    @Override
    public Pending create(BlobName name) throws IOException {
        Path path = incoming.resolve(name.toString());
        var pending = new FilePending(name, path, disk.open(path, Disk.Mode.CREATE_NEW));
        // Asked only now that the name is held in incoming, so that no other writer can commit it in between.
        if (disk.exists(pathOf(name))) {
            pending.close();
            throw new FileAlreadyExistsException(name.toString());
        }
        return pending;
    }

    @Override
    public BlobReader open(BlobName name) throws IOException {
        Disk.OpenFile file = disk.open(pathOf(name), Disk.Mode.READ);
        try {
            return new FileReader(file, file.size());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void delete(Collection<BlobName> names) throws IOException {
        var touched = new HashSet<FolderSync>();
        for (BlobName name : names) {
            disk.delete(pathOf(name));
            touched.add(shardOf(name));
        }
        for (FolderSync shard : touched) {
            shard.force();
        }
    }

    @Override
    public void list(Consumer<Listed> visitor) throws IOException {
        for (FolderSync shard : shards) {
            for (Path path : disk.list(shard.folder())) {
                Optional<BlobName> name = nameOf(path);
                if (name.isPresent()) {
                    visit(name.get(), path, visitor);
                }
            }
        }
    }

    private void visit(BlobName name, Path path, Consumer<Listed> visitor) throws IOException {
        Listed listed;
        try {
            listed = new Listed(name, disk.lastModified(path));
        } catch (NoSuchFileException deletedMeanwhile) {
            return;
        }
        visitor.accept(listed);
    }

    @Override
    public void close() {}

    private FolderSync shardOf(BlobName name) {
        return shards[name.bytes()[0] & 0xff];
    }

    private Path pathOf(BlobName name) {
        return shardOf(name).folder().resolve(name.toString());
    }

    /** The blob's name, or nothing if the file is not one of ours. */
    private static Optional<BlobName> nameOf(Path path) {
        try {
            return Optional.of(BlobName.parse(String.valueOf(path.getFileName())));
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
    }

    private final class FilePending implements Pending {
        private final BlobName name;
        private final Path path;
        private final Disk.OpenFile file;
        private long size;
        private boolean ended;

        FilePending(BlobName name, Path path, Disk.OpenFile file) {
            this.name = name;
            this.path = path;
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            requireOpen();
            file.write(ByteBuffer.wrap(bytes, offset, length), size);
            size += length;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void commit() throws IOException {
            requireOpen();
            try {
                file.force();
            } catch (IOException e) {
                close();
                throw e;
            }
            ended = true;
            file.close();
            disk.rename(path, pathOf(name));
            shardOf(name).force();
            disk.reached(FaultPoint.BLOB_SYNCED);
        }

        private void requireOpen() {
            if (ended) {
                throw new IllegalStateException("the blob is committed or closed");
            }
        }

        /** The name need not go durably: at the next start it would be cleared away. */
        @Override
        public void close() throws IOException {
            if (!ended) {
                ended = true;
                try {
                    file.close();
                } finally {
                    disk.delete(path);
                }
            }
        }
    }

    private record FileReader(Disk.OpenFile file, long size) implements BlobReader {
        @Override
        public int read(long position, byte[] bytes, int offset, int length) throws IOException {
            if (position < 0) {
                throw new IllegalArgumentException("a position is 0 or above, not " + position);
            }
            return file.read(ByteBuffer.wrap(bytes, offset, length), position);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
