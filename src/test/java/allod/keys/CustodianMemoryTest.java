package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import allod.base.Disk;
import allod.base.FailingDisk;
import allod.base.Problem;
import allod.keys.CustodianMemory.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CustodianMemoryTest {
    private static final byte[] ID = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
    private static final Domain DOMAIN = new Domain(2, ID);
    private static final Seen SEEN = new Seen(DOMAIN, 3, 4, 2, true);

    @TempDir
    Path folder;

    private Path one = Path.of("");
    private Path other = Path.of("");

    @BeforeEach
    void folders() throws IOException {
        one = Files.createDirectory(folder.resolve("one"));
        other = Files.createDirectory(folder.resolve("other"));
    }

    private CustodianMemory memory(Path... mirrors) {
        return new CustodianMemory(List.of(mirrors), "vault-eu", Disk.real());
    }

    private static void note(CustodianMemory memory, Seen seen) {
        memory.note(List.of(seen));
    }

    @Test
    void the_page_on_formats_says_what_is_written() throws IOException {
        try (CustodianMemory memory = memory(one)) {
            note(memory, SEEN);
        }
        byte[] file = Files.readAllBytes(one.resolve("seen-vault-eu"));
        assertThat(file).hasSize(4 * 64).startsWith('a', 'l', 'l', 'o', 'd', 'C', 'S', '1');
        assertThat(Files.readString(Path.of("docs/formats/custody.md")))
                .contains("slot: " + HexFormat.of().formatHex(file, 3 * 64, 4 * 64) + "\n");
    }

    @Test
    void what_was_noted_is_known_after_a_restart_and_the_highest_of_all_mirrors_counts() {
        try (CustodianMemory memory = memory(one, other)) {
            note(memory, SEEN);
            assertThat(memory.of(DOMAIN)).isEqualTo(SEEN);
        }
        try (CustodianMemory behind = memory(other)) {
            note(behind, new Seen(DOMAIN, 1, 9, 1, false));
        }
        try (CustodianMemory memory = memory(one, other)) {
            assertThat(memory.of(DOMAIN)).isEqualTo(new Seen(DOMAIN, 3, 9, 2, true));
            assertThat(memory.all()).containsExactly(new Seen(DOMAIN, 3, 9, 2, true));
        }
    }

    @Test
    void a_domain_that_has_anothers_number_has_nothing_of_it() {
        Domain next = new Domain(2, new byte[16]);
        try (CustodianMemory memory = memory(one)) {
            note(memory, SEEN);
            assertThat(memory.of(next)).isEqualTo(Seen.nothing(next));
            note(memory, new Seen(next, 1, 1, 0, false));
            assertThat(memory.of(next).prepared()).isEqualTo(1);
            assertThat(memory.of(DOMAIN)).isEqualTo(Seen.nothing(DOMAIN));
        }
    }

    @Test
    void many_domains_are_noted_in_one_go_and_read_back() {
        List<Seen> many = java.util.stream.IntStream.range(0, 3000)
                .mapToObj(n -> new Seen(new Domain(n, ID), n + 1, n + 2, n, false))
                .toList();
        try (CustodianMemory memory = memory(one)) {
            memory.note(many);
        }
        try (CustodianMemory memory = memory(one)) {
            assertThat(memory.all()).containsExactlyInAnyOrderElementsOf(many);
        }
    }

    @Test
    void a_torn_slot_is_blank_and_the_others_are_not() throws IOException {
        Seen second = new Seen(new Domain(3, ID), 1, 1, 0, false);
        try (CustodianMemory memory = memory(one)) {
            memory.note(List.of(SEEN, second));
        }
        Path file = one.resolve("seen-vault-eu");
        byte[] bytes = Files.readAllBytes(file);
        bytes[3 * 64 + 20] ^= 1;
        Files.write(file, bytes);
        try (CustodianMemory memory = memory(one)) {
            assertThat(memory.all()).containsExactly(second);
        }
    }

    @Test
    void a_mirror_that_fails_is_left_out_and_the_last_one_must_not_fail() {
        var disk = new FailingDisk(Disk.real());
        try (var memory = new CustodianMemory(List.of(one, other), "vault-eu", disk)) {
            note(memory, SEEN);
            disk.failAfter(FailingDisk.Operation.FORCE, 0, path -> path.startsWith(one));
            note(memory, new Seen(DOMAIN, 5, 5, 5, false));
            assertThat(memory.of(DOMAIN).prepared()).isEqualTo(5);
            disk.failAfter(FailingDisk.Operation.FORCE, 0, path -> path.startsWith(other));
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() -> note(memory, new Seen(DOMAIN, 6, 6, 6, false)))
                    .withMessageContaining("vault-eu");
            assertThat(memory.of(DOMAIN).prepared()).isEqualTo(5);
        }
    }

    @Test
    void a_file_that_is_not_ours_and_a_name_that_is_no_custodians_are_refused() throws IOException {
        Files.writeString(one.resolve("seen-vault-eu"), "x".repeat(200));
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> memory(one).of(DOMAIN))
                .withMessageContaining("allodCS1");
        for (String name : List.of("", "A", "../x", "a".repeat(65))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new CustodianMemory(List.of(one), name, Disk.real()));
        }
    }
}
