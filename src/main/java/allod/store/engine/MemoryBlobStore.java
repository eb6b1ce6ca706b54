package allod.store.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Blobs in memory, for tests. A name being written is held by a blob without content. */
final class MemoryBlobStore implements BlobStore {
    private final ConcurrentHashMap<BlobName, Blob> blobs = new ConcurrentHashMap<>();
    private final InstantSource clock;

    /** A blob; its content is null until it is committed. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Blob(byte @Nullable [] content, Instant modified) {}

    MemoryBlobStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Pending create(BlobName name) throws IOException {
        if (blobs.putIfAbsent(name, new Blob(null, clock.instant())) != null) {
            throw new FileAlreadyExistsException(name.toString());
        }
        return new MemoryPending(name);
    }

    @Override
    public BlobReader open(BlobName name) throws IOException {
        Blob blob = blobs.get(name);
        if (blob == null || blob.content() == null) {
            throw new NoSuchFileException(name.toString());
        }
        return new MemoryReader(blob.content());
    }

    @Override
    public void delete(Collection<BlobName> names) {
        names.forEach(name -> blobs.computeIfPresent(name, (n, blob) -> blob.content() == null ? blob : null));
    }

    @Override
    public void list(Consumer<Listed> visitor) {
        blobs.forEach((name, blob) -> {
            if (blob.content() != null) {
                visitor.accept(new Listed(name, blob.modified()));
            }
        });
    }

    @Override
    public void close() {}

    private final class MemoryPending implements Pending {
        private final BlobName name;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private boolean ended;

        MemoryPending(BlobName name) {
            this.name = name;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            requireOpen();
            content.write(bytes, offset, length);
        }

        @Override
        public long size() {
            return content.size();
        }

        @Override
        public void commit() {
            requireOpen();
            ended = true;
            blobs.put(name, new Blob(content.toByteArray(), clock.instant()));
        }

        private void requireOpen() {
            if (ended) {
                throw new IllegalStateException("the blob is committed or closed");
            }
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                blobs.remove(name);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record MemoryReader(byte[] content) implements BlobReader {
        @Override
        public long size() {
            return content.length;
        }

        @Override
        public int read(long position, byte[] bytes, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (position < 0) {
                throw new IllegalArgumentException("a position is 0 or above, not " + position);
            }
            int count = (int) Math.min(length, Math.max(0, content.length - position));
            System.arraycopy(content, (int) Math.min(position, content.length), bytes, offset, count);
            return count;
        }

        @Override
        public void close() {}
    }
}
