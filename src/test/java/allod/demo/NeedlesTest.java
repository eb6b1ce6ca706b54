package allod.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeedlesTest {
    private final byte[] file = new byte[100_000];

    NeedlesTest() {
        new Random(1).nextBytes(file);
    }

    @Test
    void a_string_is_found_at_the_beginning_at_the_end_and_across_any_boundary(@TempDir Path folder)
            throws IOException {
        Files.write(Files.createDirectories(folder.resolve("a/b")).resolve("file"), file);
        for (int at : List.of(0, 1, 4_095, 65_530, 100_000 - 32)) {
            byte[] string = Arrays.copyOfRange(file, at, at + 32);
            assertThat(Needles.of(List.of(string)).found(folder))
                    .as("at %d", at)
                    .isEqualTo(1);
            string[31] ^= 1;
            assertThat(Needles.of(List.of(string)).found(folder))
                    .as("at %d", at)
                    .isZero();
        }
    }

    @Test
    void content_is_found_by_any_of_its_pieces(@TempDir Path folder) throws IOException {
        byte[] content = Arrays.copyOfRange(file, 0, 500);
        Files.write(folder.resolve("end"), Arrays.copyOfRange(file, 480, 1_000));
        assertThat(Needles.ofContent(List.of(content)).found(folder)).isEqualTo(1);
    }
}
