package allod.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksEngineTest extends MetadataEngineContract {
    /** Kept between test runs, as an installation keeps it. */
    static final Path NATIVE = Path.of("target", "native");

    @TempDir
    Path folder = Path.of("unset");

    @Override
    MetadataEngine open() throws IOException {
        return rocks(folder.resolve("contract"));
    }

    static MetadataEngine rocks(Path folder) throws IOException {
        return MetadataEngine.rocks(folder, RocksOptions.defaults(NATIVE));
    }

    @Test
    void what_was_committed_is_there_after_closing_and_opening() throws IOException {
        Path kept = folder.resolve("kept");
        byte[] large = new byte[40_000];
        large[39_999] = 7;
        try (var engine = rocks(kept)) {
            engine.commit(
                    List.of(), List.of(putting("oa", "1"), putting("ea", "2"), new Write.Put(bytes("sa"), large)));
        }
        try (var engine = rocks(kept)) {
            assertThat(text(engine.get(bytes("oa")))).isEqualTo("1");
            assertThat(text(engine.get(bytes("ea")))).isEqualTo("2");
            assertThat(engine.get(bytes("sa"))).isEqualTo(large);
        }
    }

    @Test
    void a_folder_that_is_open_is_refused_in_words() throws IOException {
        Path one = folder.resolve("one");
        try (var first = rocks(one)) {
            assertThatThrownBy(() -> rocks(one)).isInstanceOfSatisfying(Problem.class, problem -> {
                assertThat(problem.reason()).isEqualTo(Reason.UNUSABLE_FOLDER);
                assertThat(problem.why()).isEqualTo("Another process has it open.");
            });
            first.commit(List.of(), List.of(putting("oa", "still fine")));
        }
    }

    @Test
    void a_damaged_folder_is_refused_in_words() throws IOException {
        Path damaged = folder.resolve("damaged");
        rocks(damaged).close();
        Files.writeString(damaged.resolve("CURRENT"), "no manifest\n");
        assertThatThrownBy(() -> rocks(damaged))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.reason()).isEqualTo(Reason.UNUSABLE_FOLDER));
    }

    @Test
    void a_bit_flipped_in_the_middle_of_the_commit_log_is_not_passed_over() throws IOException, InterruptedException {
        Path flipped = folder.resolve("flipped");
        CommitUntilKilled.run(flipped, 200);
        Path log;
        try (var files = Files.list(flipped)) {
            log = files.filter(f -> f.toString().endsWith(".log")).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length / 4] ^= 1;
        Files.write(log, bytes);
        assertThatThrownBy(() -> rocks(flipped))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.reason()).isEqualTo(Reason.UNUSABLE_FOLDER));
    }

    @Test
    void every_acknowledged_commit_survives_a_kill() throws IOException, InterruptedException {
        Path killed = folder.resolve("killed");
        for (int round = 1; round <= 2; round++) {
            int acknowledged = CommitUntilKilled.run(killed, 100 * round);
            try (var engine = rocks(killed)) {
                for (int i = 0; i < acknowledged; i++) {
                    assertThat(text(engine.get(bytes("oa" + i)))).isEqualTo("" + i);
                    assertThat(engine.get(bytes("sa" + i))).hasSize(5_000);
                    assertThat(text(engine.get(bytes("ea" + i)))).isEqualTo("" + i);
                }
            }
        }
    }

    @Test
    void after_a_failed_commit_the_engine_refuses_everything_and_keeps_what_it_acknowledged()
            throws IOException, InterruptedException {
        Path full = folder.resolve("full");
        var end = CommitUntilKilled.runWithFilesUpTo(full, 1_000);
        assertThat(end.getKey()).isEqualTo("refuses");
        assertThat(end.getValue()).isPositive();
        try (var engine = rocks(full)) {
            for (int i = 0; i < end.getValue(); i++) {
                assertThat(text(engine.get(bytes("oa" + i)))).isEqualTo("" + i);
            }
        }
    }

    @Test
    void memory_has_bounds() {
        assertThat(new RocksOptions(16L << 20, NATIVE).memoryBytes()).isEqualTo(16L << 20);
        assertThat(new RocksOptions(64L << 30, NATIVE).memoryBytes()).isEqualTo(64L << 30);
        assertThatThrownBy(() -> new RocksOptions((16L << 20) - 1, NATIVE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RocksOptions((64L << 30) + 1, NATIVE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
