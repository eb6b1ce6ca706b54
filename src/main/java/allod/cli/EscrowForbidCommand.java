package allod.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "forbid",
        description = "Forbids escrow in a bucket, for as long as it exists.",
        mixinStandardHelpOptions = true)
final class EscrowForbidCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Option(names = "--bucket", required = true, paramLabel = "B", description = "The bucket.")
    private String bucket = "";

    EscrowForbidCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        data.client().escrow().forbid(bucket);
        output.print(
                JsonOption.object().put("bucket", bucket).put("escrow", "forbidden"),
                "Escrow is forbidden in bucket " + bucket + " for as long as it exists; nothing undoes this.");
        return Exit.DONE;
    }
}
