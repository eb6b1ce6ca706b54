package allod.audit;

import static org.assertj.core.api.Assertions.assertThat;

import allod.receipt.CustodyDrill;
import allod.receipt.SampleDrill;
import allod.receipt.SampleReceipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillReportTest {
    @TempDir
    Path folder = Path.of("replaced");

    private Report report(byte[] file, boolean pinned) throws IOException {
        var keys = new PinnedKeys(folder.resolve(pinned ? "pinned" : "empty"));
        if (pinned) {
            keys.add(SampleReceipt.LOG.verifierKey());
        }
        return Verify.verify(Files.write(folder.resolve("drill.json"), file), Optional.empty(), keys);
    }

    @Test
    void a_drill_that_passed_holds_under_a_pinned_key_and_not_without_one() throws IOException {
        Report holds = report(SampleDrill.committed(), true);
        assertThat(holds.exitCode()).isEqualTo(ExitCode.HOLDS);
        assertThat(holds.text())
                .contains("Custody drill in domain 3", "2 of file, vault-eu, hsm-1", "43210 ms", "the drill passed")
                .doesNotContain("FAILS")
                .endsWith("\n");
        assertThat(holds.json())
                .contains("\"exitCode\":0", "\"outcome\":\"HOLDS\"")
                .endsWith("}\n");
        Report unknown = report(SampleDrill.committed(), false);
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.SIGNER_UNKNOWN);
        assertThat(unknown.text()).contains("signer is unknown");
    }

    @Test
    void a_drill_that_failed_is_told_whoever_signed() throws IOException {
        SampleDrill late = new SampleDrill();
        late.ended = it -> new CustodyDrill.Ended(
                it.actor(), it.domain(), it.begunAt(), it.before(), it.without(), it.after(), 65_001, 0, false);
        Report report = report(late.build().encode(), true);
        assertThat(report.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(report.text())
                .contains("FAILS  reading failed within the custody lease", "FAILED: it does not hold that");
    }

    @Test
    void what_is_not_a_drills_file_in_its_one_form_is_unreadable() throws IOException {
        String text = new String(SampleDrill.committed(), StandardCharsets.UTF_8);
        for (String wrong : new String[] {text + "\n", text.replace("\"events\":[", "\"events\":[ ")}) {
            assertThat(report(wrong.getBytes(StandardCharsets.UTF_8), true).exitCode())
                    .isEqualTo(ExitCode.UNREADABLE);
        }
    }
}
