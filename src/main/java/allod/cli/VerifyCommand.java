package allod.cli;

import allod.audit.Report;
import allod.audit.Verify;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = "Checks a receipt, or the evidence of a custody drill, with no server and no network.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "FILE", description = "The receipt, or the drill's evidence.")
    private Path file = Path.of("");

    @Option(
            names = "--policy",
            paramLabel = "POLICY",
            description =
                    "A tlog-policy file with the logs and witnesses you trust (default: the logs pinned by `trust`).")
    private @Nullable Path policy;

    VerifyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Report result = Verify.verify(file, Optional.ofNullable(policy), surroundings.pinnedKeys());
        output.report(result.json(), result.text());
        return result.exitCode().code();
    }
}
