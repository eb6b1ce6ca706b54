package allod.audit;

import static org.assertj.core.api.Assertions.assertThat;

import allod.log.WitnessPolicy;
import allod.receipt.Receipt;
import allod.receipt.ReceiptId;
import allod.receipt.SampleReceipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
    @TempDir
    Path folder = Path.of("replaced");

    private Path receipt = Path.of("replaced");
    private Path policy = Path.of("replaced");
    private PinnedKeys pinned = new PinnedKeys(Path.of("replaced"));

    @BeforeEach
    void write() throws IOException {
        receipt = Files.write(folder.resolve("r.json"), SampleReceipt.committed());
        policy = Files.writeString(folder.resolve("policy"), SampleReceipt.policy());
        pinned = new PinnedKeys(folder.resolve("config"));
    }

    @Test
    void a_receipt_holds_under_a_policy() {
        Report verification = Verify.verify(receipt, Optional.of(policy), pinned);
        assertThat(verification.exitCode().code()).isZero();
        assertThat(verification.text())
                .contains("Receipt 1-8-1", "2026/märz-1.jpg", "holds  slots", "Everything holds. Assurance class E0")
                .contains("no proof that nobody copied")
                .doesNotContain("FAILS")
                .endsWith("\n");
        assertThat(verification.json())
                .contains("\"exitCode\":0", "\"assuranceClass\":\"E0\"", "\"receipt\":\"1-8-1\"")
                .endsWith("}\n");
    }

    @Test
    void a_receipt_holds_under_a_key_pinned_before() throws IOException {
        assertThat(Verify.verify(receipt, Optional.empty(), pinned).exitCode()).isEqualTo(ExitCode.SIGNER_UNKNOWN);
        pinned.add(SampleReceipt.LOG.verifierKey());
        assertThat(Verify.verify(receipt, Optional.empty(), pinned).exitCode()).isEqualTo(ExitCode.HOLDS);
    }

    @Test
    void a_named_policy_counts_instead_of_the_pinned_keys() throws IOException {
        pinned.add(SampleReceipt.LOG.verifierKey());
        Files.writeString(policy, "quorum none\n");
        Report verification = Verify.verify(receipt, Optional.of(policy), pinned);
        assertThat(verification.exitCode().code()).isEqualTo(3);
        assertThat(verification.text()).contains("signer is unknown", "FAILS  checkpoint");
    }

    @Test
    void a_failed_check_is_named() throws IOException {
        Receipt sample = SampleReceipt.whole();
        Receipt renamed = new Receipt(
                new ReceiptId(1, 8, 0),
                sample.item(),
                sample.itemProof(),
                sample.evidence(),
                sample.pages(),
                sample.event(),
                sample.logProof());
        Files.write(receipt, renamed.encode());
        Report verification = Verify.verify(receipt, Optional.of(policy), pinned);
        assertThat(verification.exitCode().code()).isEqualTo(1);
        assertThat(verification.text()).contains("FAILS  id ", "FAILED: id.");
        assertThat(verification.json()).contains("\"outcome\":\"FAILED\"");
    }

    @Test
    void what_cannot_be_read_is_said() throws IOException {
        Files.write(
                receipt,
                (new String(SampleReceipt.committed(), StandardCharsets.UTF_8) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        assertUnreadable(Verify.verify(receipt, Optional.of(policy), pinned), "JSON has something");
        assertUnreadable(Verify.verify(folder.resolve("none"), Optional.of(policy), pinned), "there is no file");
        assertUnreadable(Verify.verify(folder, Optional.of(policy), pinned), "the file cannot be read");
        assertUnreadable(
                Verify.verify(receipt, Optional.of(folder.resolve("none")), pinned), "the policy cannot be read");
        Files.writeString(policy, "trust everyone\n");
        assertUnreadable(Verify.verify(receipt, Optional.of(policy), pinned), "policy line 1");
        Files.write(receipt, new byte[Receipt.MAX_BYTES + 100]);
        Files.writeString(policy, SampleReceipt.policy());
        assertUnreadable(Verify.verify(receipt, Optional.of(policy), pinned), "the limit is");
    }

    private static void assertUnreadable(Report verification, String why) {
        assertThat(verification.exitCode().code()).isEqualTo(2);
        assertThat(verification.text()).startsWith("UNREADABLE: ").contains(why);
        assertThat(verification.json()).contains("\"exitCode\":2");
    }

    @Test
    void the_log_alone_is_enough_where_no_witness_is_asked_for() {
        WitnessPolicy logOnly = WitnessPolicy.ofLogs(List.of(SampleReceipt.LOG.verifierKey()));
        Verification verification = Verify.verify(SampleReceipt.withoutWitness().encode(), logOnly);
        assertThat(verification.exitCode()).isEqualTo(ExitCode.HOLDS);
        assertThat(verification.text()).contains("no witness that you trust has cosigned it");
    }

    @Test
    void nothing_of_a_file_moves_the_cursor() {
        assertThat(Printable.of("a\u001b[2Jb\u202ec\rd\ne\ud83d\ude00"))
                .isEqualTo("a\ufffd[2Jb\ufffdc\ufffdd\ufffde\ud83d\ude00");
    }
}
