package allod.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "erase",
        description = "Deletes an object and fetches the receipt of its erasure.",
        mixinStandardHelpOptions = true)
final class EraseCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions server;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "s3://BUCKET/KEY", description = "The object.")
    private String object = "";

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "Where to write the receipt (default: only its id is shown).")
    private @Nullable Path file;

    EraseCommand(Surroundings surroundings) {
        server = new ServerOptions(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        ObjectName name = ObjectName.parse(object, "Nothing was erased.");
        var answer = server.delete(name.bucket(), name.key());
        String outcome = answer.header("x-allod-outcome").orElse("unknown");
        String receipt = answer.header("x-allod-receipt").orElse("");
        var result = JsonOption.object().put("object", object).put("outcome", outcome);
        if (!outcome.equals("erased") || receipt.isEmpty()) {
            output.print(result, notErased(outcome));
            return Exit.FAILED;
        }
        result.put("receipt", receipt);
        if (file == null) {
            output.print(result, "Erased. Next: allod receipt " + receipt + " -o FILE");
        } else {
            ReceiptCommand.fetch(server, receipt, file);
            output.print(
                    result.put("file", file.toString()),
                    "Erased; the receipt " + receipt + " is in " + file + ". Next: allod verify " + file);
        }
        return Exit.DONE;
    }

    private static String notErased(String outcome) {
        return switch (outcome) {
            case "nothing" -> "Nothing was erased: there is no such object.";
            case "marker" -> "Not erased: the bucket keeps versions, so a delete marker was put on top.";
            case "sealed" -> "Not erased yet: a rule retains it, so it was sealed until that rule ends.";
            case "pending" -> "Not erased yet: the erasure is under way.";
            default -> "Deleted, but the server says nothing of an erasure: it may not be an Allod server.";
        };
    }
}
