package allod.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import allod.receipt.SampleReceipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of docs/verify.md as they stand there, where the tools they name are installed. */
class VerifyPageTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder = Path.of("replaced");

    private record Ran(int exit, String output) {}

    private Ran run(byte[] receipt) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("set -euo pipefail\n");
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("docs/verify.md")));
        while (blocks.find()) {
            script.append(blocks.group(1));
        }
        Files.write(folder.resolve("r.json"), receipt);
        Files.writeString(folder.resolve("script"), script);
        ProcessBuilder bash = new ProcessBuilder("bash", "script").directory(folder.toFile());
        bash.environment().put("RECEIPT", "r.json");
        bash.environment().put("VKEY", SampleReceipt.LOG.verifierKey().toString());
        Path output = folder.resolve("output");
        Process process =
                bash.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        return new Ran(process.waitFor(), Files.readString(output));
    }

    private static boolean areInstalled(List<String> tools) {
        return tools.stream()
                .allMatch(tool -> List.of(System.getenv("PATH").split(":")).stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool))));
    }

    @Test
    void public_tools_find_that_the_sample_holds_and_that_a_changed_one_does_not() throws Exception {
        assumeTrue(areInstalled(List.of("bash", "jq", "xxd", "openssl", "sha256sum")));
        Ran whole = run(SampleReceipt.committed());
        assertThat(whole.output())
                .contains("holds  item", "holds  evidence", "holds  slot 4229 is empty", "holds  slot 4230 is empty")
                .contains("holds  event", "holds  checkpoint")
                .doesNotContain("FAILS");
        assertThat(whole.exit()).isZero();
        String changed = new String(SampleReceipt.committed(), StandardCharsets.UTF_8)
                .replace("\"size\":48231", "\"size\":48232");
        Ran broken = run(changed.getBytes(StandardCharsets.UTF_8));
        assertThat(broken.output()).contains("FAILS  item");
        assertThat(broken.exit()).isEqualTo(1);
    }
}
