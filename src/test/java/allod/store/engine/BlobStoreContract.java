package allod.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every blob store keeps; each one runs all of it. */
abstract class BlobStoreContract {
    private final Random random = new Random(7);
    private BlobStore blobs = BlobStore.memory(InstantSource.system());

    /** A new, empty store. */
    abstract BlobStore open() throws IOException;

    @BeforeEach
    void openEmpty() throws IOException {
        blobs = open();
    }

    @Test
    void a_committed_blob_is_read_back_whole_and_in_parts() throws IOException {
        byte[] content = randomBytes(200_001);
        BlobName name = store(blobs, content);
        assertThat(read(blobs, name)).isEqualTo(content);
        try (var reader = blobs.open(name)) {
            assertThat(reader.size()).isEqualTo(200_001);
            byte[] part = new byte[100];
            assertThat(reader.read(100_000, part, 10, 50)).isEqualTo(50);
            assertThat(Arrays.copyOfRange(part, 10, 60)).isEqualTo(Arrays.copyOfRange(content, 100_000, 100_050));
            assertThat(reader.read(199_999, part, 0, 100)).isEqualTo(2);
            assertThat(reader.read(200_001, part, 0, 100)).isZero();
            assertThat(reader.read(Long.MAX_VALUE / 2, part, 0, 100)).isZero();
            assertThatThrownBy(() -> reader.read(-1, part, 0, 1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> reader.read(0, part, 99, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void an_empty_blob_is_a_blob() throws IOException {
        assertThat(read(blobs, store(blobs, new byte[0]))).isEmpty();
    }

    @Test
    void nobody_reads_or_lists_a_blob_before_its_commit() throws IOException {
        BlobName name = BlobName.random(random);
        try (var pending = blobs.create(name)) {
            pending.write(new byte[] {1, 2, 3}, 1, 2);
            assertThat(pending.size()).isEqualTo(2);
            assertThatThrownBy(() -> blobs.open(name)).isInstanceOf(NoSuchFileException.class);
            assertThat(list(blobs)).isEmpty();
            pending.commit();
            assertThat(read(blobs, name)).containsExactly(2, 3);
            assertThatThrownBy(() -> pending.write(new byte[1], 0, 1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(pending::commit).isInstanceOf(IllegalStateException.class);
        }
        assertThat(read(blobs, name)).containsExactly(2, 3);
    }

    @Test
    void closing_without_commit_leaves_nothing_and_frees_the_name() throws IOException {
        BlobName name = BlobName.random(random);
        var pending = blobs.create(name);
        pending.write(new byte[10], 0, 10);
        pending.close();
        pending.close();
        assertThatThrownBy(pending::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> blobs.open(name)).isInstanceOf(NoSuchFileException.class);
        try (var again = blobs.create(name)) {
            again.commit();
        }
        assertThat(read(blobs, name)).isEmpty();
    }

    @Test
    void a_name_is_used_once() throws IOException {
        BlobName name = BlobName.random(random);
        try (var pending = blobs.create(name)) {
            assertThatThrownBy(() -> blobs.create(name)).isInstanceOf(FileAlreadyExistsException.class);
            pending.write(new byte[] {1}, 0, 1);
            pending.commit();
        }
        assertThatThrownBy(() -> blobs.create(name)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(read(blobs, name)).containsExactly(1);
    }

    @Test
    void deleted_blobs_are_gone_but_readable_to_who_has_them_open() throws IOException {
        BlobName first = store(blobs, new byte[] {1});
        BlobName second = store(blobs, new byte[] {2});
        BlobName kept = store(blobs, new byte[] {3});
        try (var reader = blobs.open(first)) {
            blobs.delete(List.of(first, second, BlobName.random(random)));
            byte[] content = new byte[1];
            assertThat(reader.read(0, content, 0, 1)).isEqualTo(1);
            assertThat(content).containsExactly(1);
        }
        assertThatThrownBy(() -> blobs.open(first)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> blobs.open(second)).isInstanceOf(NoSuchFileException.class);
        assertThat(list(blobs)).containsExactly(kept);
    }

    @Test
    void many_threads_store_and_read_at_once() throws Exception {
        var work = new ArrayList<Callable<BlobName>>();
        for (int i = 0; i < 24; i++) {
            byte[] content = randomBytes(i * 1_000);
            work.add(() -> {
                BlobName name = store(blobs, content);
                assertThat(read(blobs, name)).isEqualTo(content);
                return name;
            });
        }
        var names = new ArrayList<BlobName>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(work)) {
                names.add(done.get());
            }
        }
        assertThat(list(blobs)).containsExactlyInAnyOrderElementsOf(names);
    }

    BlobName store(BlobStore blobs, byte[] content) throws IOException {
        BlobName name;
        synchronized (random) {
            name = BlobName.random(random);
        }
        try (var pending = blobs.create(name)) {
            for (int at = 0; at < content.length; at += 70_000) {
                pending.write(content, at, Math.min(70_000, content.length - at));
            }
            pending.commit();
        }
        return name;
    }

    static byte[] read(BlobStore blobs, BlobName name) throws IOException {
        try (var reader = blobs.open(name)) {
            byte[] content = new byte[(int) reader.size()];
            assertThat(reader.read(0, content, 0, content.length)).isEqualTo(content.length);
            return content;
        }
    }

    static List<BlobName> list(BlobStore blobs) throws IOException {
        var names = new ArrayList<BlobName>();
        blobs.list(listed -> names.add(listed.name()));
        return names;
    }

    byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }
}
