package allod.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Disk;
import allod.base.Problem;
import allod.store.engine.MetadataEngine;
import allod.store.engine.RocksOptions;
import allod.store.engine.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    private static Path natives() {
        return OpenStore.settings(Path.of("x"), OpenStore.NEVER).nativeFolder();
    }

    private static void open(Path folder) throws IOException {
        try (Store store = StoreOpening.open(
                OpenStore.settings(folder, OpenStore.NEVER),
                Disk.real(),
                new SteppedClock(),
                new SecureRandom(),
                fault -> {})) {
            assertThat(store.objects()).isNotNull();
        }
    }

    private static void write(Path folder, byte[] key, byte[] value) throws IOException {
        try (MetadataEngine map =
                MetadataEngine.rocks(folder.resolve("data").resolve("map"), new RocksOptions(16 << 20, natives()))) {
            map.commit(List.of(), List.of(new Write.Put(key, value)));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    @Test
    void every_family_that_is_not_written_is_refused_by_its_name() {
        for (int code = 0; code < 256; code++) {
            byte first = (byte) code;
            boolean written = "!TbBCovnsupiqkKdxrPeLltchHaERI".indexOf(code) >= 0;
            if (written) {
                Family.check(first);
            } else {
                assertThatThrownBy(() -> Family.check(first))
                        .isInstanceOf(Problem.class)
                        .hasMessageContaining(code > ' ' && code < 0x7f ? "'" + (char) code + "'" : "family");
            }
        }
    }

    @Test
    void records_of_a_later_version_refuse_the_start(@TempDir Path folder) throws IOException {
        open(folder);
        write(folder, new byte[] {'z', 1, 2}, new byte[] {1});
        assertThatThrownBy(() -> open(folder)).isInstanceOf(Problem.class).hasMessageContaining("'z'");
    }

    @Test
    void a_newer_format_refuses_the_start(@TempDir Path folder) throws IOException {
        open(folder);
        byte[] installation = new byte[16];
        write(folder, MapKey.FORMAT, new FormatRow(FormatRow.CURRENT + 1, installation, 1, 0).encode());
        assertThatThrownBy(() -> open(folder)).isInstanceOf(Problem.class).hasMessageContaining("format 2");
    }

    @Test
    void folders_of_two_installations_are_refused(@TempDir Path folder) throws IOException {
        Path mine = folder.resolve("mine");
        Path others = folder.resolve("others");
        open(mine);
        open(others);
        Files.move(mine.resolve("custody"), mine.resolve("custody.away"));
        copy(others.resolve("custody"), mine.resolve("custody"));
        assertThatThrownBy(() -> open(mine)).isInstanceOf(Problem.class).hasMessageContaining("installation");
    }

    @Test
    void an_empty_folder_beside_a_used_one_is_refused(@TempDir Path folder) throws IOException {
        open(folder);
        Files.move(folder.resolve("data"), folder.resolve("data.away"));
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("restore")
                .hasMessageContaining("remove both");
        copy(folder.resolve("data.away"), folder.resolve("data2"));
        Files.move(folder.resolve("custody"), folder.resolve("custody.away"));
        try (var files = Files.walk(folder.resolve("data"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Files.move(folder.resolve("data2"), folder.resolve("data"));
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("custody folder is empty");
    }

    @Test
    void an_older_copy_of_the_data_is_refused_and_unchanged(@TempDir Path folder) throws Exception {
        OpenStore open = OpenStore.in(folder);
        BucketName bucket = open.bucket("older");
        open.put(bucket, "k", "content");
        open.close();
        copy(folder.resolve("data"), folder.resolve("older"));
        open = OpenStore.in(folder);
        open.delete(bucket, "k");
        open.close();
        Files.move(folder.resolve("data"), folder.resolve("newer"));
        Files.move(folder.resolve("older"), folder.resolve("data"));
        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("older copy")
                .hasMessageContaining("missing");
        Files.move(folder.resolve("data"), folder.resolve("older"));
        Files.move(folder.resolve("newer"), folder.resolve("data"));
        open(folder);
    }

    @Test
    void one_process_holds_a_folder(@TempDir Path folder) throws IOException {
        try (OpenStore open = OpenStore.in(folder)) {
            assertThat(open.faults).isEmpty();
            assertThatThrownBy(() -> open(folder)).isInstanceOf(Problem.class).hasMessageContaining("open");
        }
        open(folder);
    }
}
