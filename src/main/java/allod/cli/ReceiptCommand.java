package allod.cli;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "receipt",
        description = "Fetches the receipt of an erasure; without an id, lists those there are.",
        mixinStandardHelpOptions = true)
final class ReceiptCommand implements Callable<Integer> {
    /** What an id may look like in a path; the server knows its exact form. */
    private static final String ID = "[A-Za-z0-9._-]{1,128}";

    @Mixin
    private final ServerOptions server;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The receipt, as x-allod-receipt named it.")
    private @Nullable String id;

    @Option(names = "-o", paramLabel = "FILE", description = "Where to write it (default ID.json).")
    private @Nullable Path file;

    @Option(names = "--after", paramLabel = "ID", description = "List those after this one.")
    private @Nullable String after;

    @Option(names = "--limit", paramLabel = "N", description = "List at most so many (default 100).")
    private int limit = 100;

    ReceiptCommand(Surroundings surroundings) {
        server = new ServerOptions(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        if (id == null) {
            String from = after == null ? "" : "after=" + checked(after) + "&";
            byte[] list =
                    server.pact("/api/v1/receipts?" + from + "limit=" + limit).body();
            JsonNode receipts = JsonOption.JSON.readTree(list);
            output.print(
                    receipts,
                    receipts.path("receipts")
                            .valueStream()
                            .map(ReceiptCommand::line)
                            .collect(Collectors.joining("\n")));
            return Exit.DONE;
        }
        Path target = file == null ? Path.of(checked(id) + ".json") : file;
        fetch(server, id, target);
        output.print(
                JsonOption.object().put("receipt", id).put("file", target.toString()),
                "Wrote " + target + ". Next: allod verify " + target);
        return Exit.DONE;
    }

    private static String line(JsonNode receipt) {
        String bucket = receipt.path("bucket").asString("");
        return String.join(
                        "  ",
                        receipt.path("id").asString(""),
                        receipt.path("reason").asString(""),
                        receipt.path("size").asString(""),
                        bucket.isEmpty()
                                ? ""
                                : bucket + "/" + receipt.path("key").asString(""))
                .replaceAll("\\p{Cntrl}", "?")
                .stripTrailing();
    }

    /** Writes a receipt's file byte for byte as the server gives it: it is checked by its bytes. */
    static void fetch(ServerOptions server, String id, Path target) throws IOException {
        NewFile.write(target, server.pact("/api/v1/receipts/" + checked(id)).body());
    }

    private static String checked(String id) {
        if (!id.matches(ID)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "No receipt was fetched.",
                    "'" + id + "' is not a receipt's id.",
                    "List them: allod receipt");
        }
        return id;
    }
}
