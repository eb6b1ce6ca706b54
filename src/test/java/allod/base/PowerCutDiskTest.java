package allod.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PowerCutDiskTest {
    @TempDir
    Path root = Path.of("unset");

    private Path a = Path.of("unset");
    private Path b = Path.of("unset");
    private PowerCutDisk disk = new PowerCutDisk(Disk.real());

    @BeforeEach
    void createFolders() throws IOException {
        a = root.resolve("a");
        b = root.resolve("b");
        disk.createFolders(a);
        disk.createFolders(b);
    }

    @Test
    void a_new_file_is_seen_by_its_process_and_is_gone_after_a_cut() throws IOException {
        write(a.resolve("x"), "content");
        assertThat(read(a.resolve("x"))).isEqualTo("content");
        assertThat(disk.list(a)).containsExactly(a.resolve("x"));
        disk.cut();
        assertThat(a.resolve("x")).doesNotExist();
        assertThatThrownBy(() -> disk.list(a)).isInstanceOf(IOException.class);
    }

    @Test
    void content_and_name_are_durable_only_together() throws IOException {
        write(a.resolve("nameless"), "content");
        force(a.resolve("nameless"));
        write(b.resolve("empty"), "content");
        disk.forceFolder(b);
        write(b.resolve("whole"), "content");
        force(b.resolve("whole"));
        disk.forceFolder(b);
        assertThat(read(b.resolve("empty"))).isEqualTo("content");
        disk.cut();
        assertThat(a.resolve("nameless")).doesNotExist();
        assertThat(b.resolve("empty")).isEmptyFile();
        assertThat(b.resolve("whole")).hasContent("content");
    }

    @Test
    void an_unforced_change_to_an_old_file_is_lost() throws IOException {
        Files.writeString(a.resolve("x"), "before");
        write(a.resolve("x"), "after!");
        assertThat(read(a.resolve("x"))).isEqualTo("after!");
        assertThat(a.resolve("x")).hasContent("before");
        force(a.resolve("x"));
        assertThat(a.resolve("x")).hasContent("after!");
    }

    @Test
    void a_truncated_file_keeps_its_old_content_until_it_is_forced() throws IOException {
        Files.writeString(a.resolve("x"), "0123456789");
        try (var file = disk.open(a.resolve("x"), Disk.Mode.WRITE)) {
            file.truncate(3);
            file.write(ByteBuffer.wrap("z".getBytes(UTF_8)), 5);
            assertThat(read(a.resolve("x"))).isEqualTo("012\0\0z");
            assertThat(a.resolve("x")).hasContent("0123456789");
            file.force();
        }
        assertThat(Files.readString(a.resolve("x"))).isEqualTo("012\0\0z");
    }

    @Test
    void a_rename_is_durable_with_either_folder_and_takes_the_creation_along() throws IOException {
        for (Path forced : List.of(a, b)) {
            var fresh = new PowerCutDisk(Disk.real());
            disk = fresh;
            String name = forced.getFileName() + "-forced";
            write(a.resolve(name), "content");
            force(a.resolve(name));
            disk.rename(a.resolve(name), b.resolve(name));
            assertThat(disk.exists(a.resolve(name))).isFalse();
            assertThat(read(b.resolve(name))).isEqualTo("content");
            assertThat(b.resolve(name)).doesNotExist();
            disk.forceFolder(forced);
            disk.cut();
            assertThat(a.resolve(name)).doesNotExist();
            assertThat(b.resolve(name)).hasContent("content");
        }
    }

    @Test
    void an_unforced_rename_over_a_file_leaves_the_old_one() throws IOException {
        Files.writeString(a.resolve("x"), "old");
        write(a.resolve("x.tmp"), "new");
        force(a.resolve("x.tmp"));
        disk.rename(a.resolve("x.tmp"), a.resolve("x"));
        assertThat(read(a.resolve("x"))).isEqualTo("new");
        disk.cut();
        assertThat(a.resolve("x")).hasContent("old");
        assertThat(a.resolve("x.tmp")).doesNotExist();
    }

    @Test
    void an_unforced_deletion_comes_back() throws IOException {
        Files.writeString(a.resolve("x"), "old");
        Files.writeString(a.resolve("y"), "old");
        disk.delete(a.resolve("x"));
        disk.forceFolder(a);
        disk.delete(a.resolve("y"));
        disk.delete(a.resolve("never"));
        assertThat(disk.list(a)).isEmpty();
        assertThatThrownBy(() -> disk.open(a.resolve("y"), Disk.Mode.READ)).isInstanceOf(NoSuchFileException.class);
        disk.cut();
        assertThat(a.resolve("x")).doesNotExist();
        assertThat(a.resolve("y")).hasContent("old");
    }

    @Test
    void an_open_file_outlives_its_name() throws IOException {
        Files.writeString(a.resolve("x"), "old");
        try (var file = disk.open(a.resolve("x"), Disk.Mode.READ)) {
            disk.delete(a.resolve("x"));
            disk.forceFolder(a);
            write(a.resolve("x"), "new");
            var buffer = ByteBuffer.allocate(8);
            assertThat(file.read(buffer, 0)).isEqualTo(3);
            assertThat(new String(buffer.array(), 0, 3, UTF_8)).isEqualTo("old");
        }
    }

    @Test
    void modes_are_kept() throws IOException {
        assertThatThrownBy(() -> disk.open(a.resolve("x"), Disk.Mode.READ)).isInstanceOf(NoSuchFileException.class);
        disk.open(a.resolve("x"), Disk.Mode.CREATE_NEW).close();
        assertThatThrownBy(() -> disk.open(a.resolve("x"), Disk.Mode.CREATE_NEW))
                .isInstanceOf(FileAlreadyExistsException.class);
        disk.delete(a.resolve("x"));
        disk.open(a.resolve("x"), Disk.Mode.CREATE_NEW).close();
    }

    @Test
    void random_operations_look_alike_on_this_disk_and_on_the_real_one() throws IOException {
        long seed = System.nanoTime();
        try {
            looksAlike(new Random(seed));
        } catch (Throwable e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private void looksAlike(Random random) throws IOException {
        Path mirror = root.resolve("mirror");
        Files.createDirectories(mirror.resolve("a"));
        Files.createDirectories(mirror.resolve("b"));
        for (int i = 0; i < 600; i++) {
            String name = (random.nextBoolean() ? "a/" : "b/") + random.nextInt(4);
            String other = (random.nextBoolean() ? "a/" : "b/") + random.nextInt(4);
            byte[] content = new byte[random.nextInt(40_000)];
            random.nextBytes(content);
            int position = random.nextInt(30_000);
            int choice = random.nextInt(10);
            for (var world : Map.of(root, disk, mirror, Disk.real()).entrySet()) {
                Disk on = world.getValue();
                Path path = world.getKey().resolve(name);
                switch (choice) {
                    case 0, 1, 2 -> {
                        try (var file = on.open(path, Disk.Mode.WRITE)) {
                            file.write(ByteBuffer.wrap(content), position);
                        }
                    }
                    case 3 -> {
                        try (var file = on.open(path, Disk.Mode.WRITE)) {
                            file.truncate(position);
                            file.force();
                        }
                    }
                    case 4 -> {
                        try (var file = on.open(path, Disk.Mode.WRITE)) {
                            file.write(ByteBuffer.wrap(content), position);
                            file.force();
                            file.truncate(content.length / 2);
                        }
                    }
                    case 5 -> on.delete(path);
                    case 6, 7 -> {
                        if (on.exists(path) && !name.equals(other)) {
                            on.rename(path, world.getKey().resolve(other));
                        }
                    }
                    default -> on.forceFolder(path.resolveSibling("."));
                }
            }
            if (i % 20 == 0) {
                assertSame(disk, root, Disk.real(), mirror);
            }
        }
        for (String folder : List.of("a", "b")) {
            for (Path path : disk.list(root.resolve(folder))) {
                force(path);
            }
        }
        disk.forceFolder(a);
        disk.forceFolder(b);
        disk.cut();
        assertSame(Disk.real(), root, Disk.real(), mirror);
    }

    private static void assertSame(Disk one, Path oneRoot, Disk two, Path twoRoot) throws IOException {
        for (String folder : List.of("a", "b")) {
            var names = new ArrayList<String>();
            for (Path path : one.list(oneRoot.resolve(folder))) {
                names.add(path.getFileName().toString());
            }
            assertThat(names)
                    .containsExactlyInAnyOrderElementsOf(two.list(twoRoot.resolve(folder)).stream()
                            .map(p -> p.getFileName().toString())
                            .toList());
            for (String name : names) {
                assertThat(Arrays.equals(
                                all(one, oneRoot.resolve(folder).resolve(name)),
                                all(two, twoRoot.resolve(folder).resolve(name))))
                        .as(folder + "/" + name)
                        .isTrue();
            }
        }
    }

    private static byte[] all(Disk disk, Path path) throws IOException {
        try (var file = disk.open(path, Disk.Mode.READ)) {
            byte[] content = new byte[(int) file.size() + 10];
            Arrays.fill(content, (byte) 9);
            return Arrays.copyOf(content, file.read(ByteBuffer.wrap(content), 0));
        }
    }

    private void write(Path path, String content) throws IOException {
        try (var file = disk.open(path, Disk.Mode.WRITE)) {
            file.write(ByteBuffer.wrap(content.getBytes(UTF_8)), 0);
        }
    }

    private void force(Path path) throws IOException {
        try (var file = disk.open(path, Disk.Mode.WRITE)) {
            file.force();
        }
    }

    private String read(Path path) throws IOException {
        return new String(all(disk, path), UTF_8);
    }
}
