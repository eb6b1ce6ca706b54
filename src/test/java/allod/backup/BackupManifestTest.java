package allod.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.backup.BackupManifest.Line;
import allod.base.Problem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackupManifestTest {
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final List<Line> LINES = List.of(
            new Line.Head("000102030405060708090a0b0c0d0e0f", "2026-01-31T10:00:00Z", "log.example", 7),
            new Line.MapFile(ABC, 3, "CURRENT"),
            new Line.Blob(ABC, 3, "101112131415161718191a1b1c1d1e1f"));

    private static String written() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var writer = new BackupManifest.Writer(out)) {
            for (Line line : LINES) {
                writer.write(line);
            }
            writer.end();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<Line> read(String text) throws IOException {
        var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        List<Line> lines = new ArrayList<>();
        try (var reader = new BackupManifest.Reader("test", in)) {
            for (Line line = reader.read(); line != null; line = reader.read()) {
                lines.add(line);
            }
        }
        return lines;
    }

    @Test
    void a_list_is_the_documented_vector_and_reads_back() throws IOException {
        assertThat(Files.readString(Path.of("docs/formats/backup.md"))).contains("```\n" + written() + "```");
        assertThat(read(written())).isEqualTo(LINES);
    }

    @Test
    void a_list_that_was_cut_short_or_changed_anywhere_is_refused() throws IOException {
        String whole = written();
        for (int at = 0; at < whole.length(); at++) {
            String cut = whole.substring(0, at);
            String changed = cut + (char) (whole.charAt(at) ^ 1) + whole.substring(at + 1);
            if (at < whole.length() - 1) {
                assertThatThrownBy(() -> read(cut)).isInstanceOf(Problem.class);
            }
            assertThatThrownBy(() -> read(changed)).as("at " + at).isInstanceOf(Problem.class);
        }
    }

    @Test
    void no_name_in_a_list_leads_out_of_its_folder() {
        for (String name : List.of("../x", "a/b", ".", "..", "", "a".repeat(101))) {
            assertThatThrownBy(() -> read("allod backup 1\nmap " + ABC + " 3 " + name + "\n"))
                    .as(name)
                    .isInstanceOf(Problem.class);
        }
        assertThatThrownBy(() -> read("allod backup 1\nblob " + ABC + " 3 ../../etc/passwd\n"))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> read("allod backup 1\nmap " + ABC + " 3 " + "a".repeat(5000) + "\n"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("longer than");
    }
}
