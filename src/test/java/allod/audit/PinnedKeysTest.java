package allod.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Problem;
import allod.base.Reason;
import allod.log.MalformedException;
import allod.log.NoteSigner;
import allod.log.VerifierKey;
import allod.receipt.SampleReceipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinnedKeysTest {
    @TempDir
    Path folder = Path.of("replaced");

    private static VerifierKey key(int number) {
        return NoteSigner.ofLog("log" + number + ".example", SampleReceipt.bytes(number, 32))
                .verifierKey();
    }

    @Test
    void nothing_is_pinned_at_first_and_keys_stay_pinned() throws IOException {
        Path deep = folder.resolve("a/b");
        assertThat(new PinnedKeys(deep).keys()).isEmpty();
        assertThat(new PinnedKeys(deep).add(key(1))).isEqualTo(PinnedKeys.Added.PINNED);
        assertThat(new PinnedKeys(deep).add(key(2))).isEqualTo(PinnedKeys.Added.PINNED);
        assertThat(new PinnedKeys(deep).add(key(1))).isEqualTo(PinnedKeys.Added.ALREADY_PINNED);
        assertThat(new PinnedKeys(deep).keys()).containsExactly(key(1), key(2));
        try (var files = Files.list(deep)) {
            assertThat(files).containsExactly(new PinnedKeys(deep).file());
        }
    }

    @Test
    void another_key_under_a_pinned_name_is_refused() throws IOException {
        PinnedKeys pinned = new PinnedKeys(folder);
        pinned.add(key(1));
        VerifierKey other =
                NoteSigner.ofLog(key(1).name(), SampleReceipt.bytes(9, 32)).verifierKey();
        assertThatThrownBy(() -> pinned.add(other))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.reason()).isEqualTo(Reason.CONFLICT));
        assertThat(pinned.keys()).containsExactly(key(1));
    }

    @Test
    void a_witness_key_is_no_key_of_a_log() throws IOException {
        PinnedKeys pinned = new PinnedKeys(folder);
        assertThatThrownBy(() -> pinned.add(SampleReceipt.WITNESS.verifierKey()))
                .isInstanceOf(Problem.class);
        assertThat(pinned.keys()).isEmpty();
    }

    @Test
    void as_many_keys_as_the_limit_are_pinned_and_not_one_more() throws IOException {
        PinnedKeys pinned = new PinnedKeys(folder);
        for (int i = 0; i < PinnedKeys.MAX_KEYS; i++) {
            pinned.add(key(i));
        }
        assertThat(pinned.keys()).hasSize(PinnedKeys.MAX_KEYS);
        assertThatThrownBy(() -> pinned.add(key(PinnedKeys.MAX_KEYS))).isInstanceOf(Problem.class);
    }

    @Test
    void a_witness_and_a_quorum_written_by_hand_are_kept() throws IOException {
        PinnedKeys pinned = new PinnedKeys(folder);
        Files.writeString(pinned.file(), "# mine\nwitness w " + SampleReceipt.WITNESS.verifierKey() + "\nquorum w\n");
        pinned.add(key(1));
        assertThat(pinned.policy().needsNoWitness()).isFalse();
        assertThat(Files.readString(pinned.file())).startsWith("# mine\n").endsWith("log " + key(1) + "\n");
    }

    @Test
    void a_file_that_is_no_policy_is_refused_and_kept() throws IOException {
        PinnedKeys pinned = new PinnedKeys(folder);
        Files.writeString(pinned.file(), "something else\n");
        assertThatThrownBy(() -> pinned.add(key(1))).isInstanceOf(MalformedException.class);
        assertThat(Files.readString(pinned.file())).isEqualTo("something else\n");
    }

    @Test
    void the_key_of_a_pact_document_is_read() {
        assertThat(PactDocument.logKey(
                        bytes("{\"log\": {\"vkey\": \"" + key(1) + "\", \"url\": null}, \"more\": [1.5]}")))
                .isEqualTo(key(1));
    }

    @Test
    void a_pact_document_without_one_key_is_refused() {
        for (String document : new String[] {
            "",
            "[]",
            "{}",
            "{\"log\":{}}",
            "{\"log\":{\"vkey\":7}}",
            "{\"log\":{\"vkey\":\"x\"}}",
            "{\"log\":{\"vkey\":\"" + key(1) + "\",\"vkey\":\"" + key(2) + "\"}}",
            "{\"log\":{\"vkey\":\"" + key(1) + "\"}"
        }) {
            assertThatThrownBy(() -> PactDocument.logKey(bytes(document)))
                    .as(document)
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> PactDocument.logKey(new byte[PactDocument.MAX_BYTES + 1]))
                .isInstanceOf(MalformedException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
