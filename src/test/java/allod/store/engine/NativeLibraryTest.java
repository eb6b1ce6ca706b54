package allod.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibraryTest {
    @TempDir
    Path folder = Path.of("unset");

    @Test
    void several_may_unpack_at_once_and_one_whole_file_remains() throws Exception {
        var work = Collections.<Callable<Path>>nCopies(4, () -> NativeLibrary.unpack(folder));
        var homes = new ArrayList<Path>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var done : threads.invokeAll(work)) {
                homes.add(done.get());
            }
        }
        assertThat(homes.stream().distinct()).hasSize(1);
        List<Path> files = files(homes.getFirst());
        assertThat(files).hasSize(1);
        assertThat(homes.getFirst().toString()).endsWith("-" + Files.size(files.getFirst()));
    }

    @Test
    void a_torn_file_is_unpacked_again_and_a_whole_one_is_left_alone() throws IOException {
        Path library = files(NativeLibrary.unpack(folder)).getFirst();
        var first = Files.readAttributes(library, "unix:ino").get("ino");
        NativeLibrary.unpack(folder);
        assertThat(Files.readAttributes(library, "unix:ino").get("ino")).isEqualTo(first);
        long whole = Files.size(library);
        Files.writeString(library, "torn");
        NativeLibrary.unpack(folder);
        assertThat(library).hasSize(whole);
    }

    private static List<Path> files(Path home) throws IOException {
        try (var files = Files.list(home)) {
            return files.toList();
        }
    }
}
