package allod.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "who-can-read",
        description = "Computes from the keys who can read an object, alone or together, and whose law reaches them.",
        mixinStandardHelpOptions = true)
final class WhoCanReadCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions server;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "s3://BUCKET/KEY", description = "The object.")
    private String object = "";

    @Option(names = "--version-id", paramLabel = "ID", description = "The version; the current one if not given.")
    private String version = "";

    WhoCanReadCommand(Surroundings surroundings) {
        server = new ServerOptions(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        ObjectName name = ObjectName.parse(object, "Nothing was computed.");
        byte[] answer = server.pact("/api/v1/objects/" + ServerOptions.encoded(name.bucket()) + "/"
                        + ServerOptions.encoded(name.key()) + "/readers"
                        + (version.isEmpty() ? "" : "?versionId=" + ServerOptions.encoded(version)))
                .body();
        JsonNode report = JsonOption.JSON.readTree(answer);
        output.print(report, text(report));
        return Exit.DONE;
    }

    private static String text(JsonNode report) {
        List<String> lines = new ArrayList<>();
        JsonNode object = report.path("object");
        JsonNode keys = report.path("keys");
        lines.add("s3://" + object.path("bucket").asString("") + "/"
                + object.path("key").asString("") + ", key generation "
                + keys.path("generation").asString("") + ", root opened by "
                + keys.path("threshold").asString("") + " of "
                + keys.path("of").asString("") + " custodians");
        for (JsonNode view : report.path("views")) {
            lines.add("");
            lines.add(view.path("view").asString("").toUpperCase(java.util.Locale.ROOT));
            lines.add("  " + view.path("sentence").asString(""));
        }
        envelopes(keys, lines);
        lines.add("");
        lines.add("PARTIES");
        for (JsonNode party : report.path("parties")) {
            lines.add("  " + party.path("name").asString("") + " ("
                    + party.path("jurisdiction").asString("jurisdiction not stated") + "): "
                    + joined(party.path("roles"), ", "));
            lines.add("    " + party.path("law").asString(""));
        }
        lines.add("");
        lines.add("ASSUMED");
        report.path("assumed").forEach(one -> lines.add("  - " + one.asString("")));
        lines.add(
                "  - The law as of " + report.path("catalogue").path("compiled").asString("") + ". "
                        + report.path("notice").asString(""));
        return String.join(
                "\n", lines.stream().map(WhoCanReadCommand::printable).toList());
    }

    private static void envelopes(JsonNode keys, List<String> lines) {
        List<String> escrow = keys.path("envelopes")
                .valueStream()
                .filter(envelope -> envelope.has("party"))
                .map(envelope -> "  " + envelope.path("party").asString("") + " has an envelope of its own, opened by "
                        + envelope.path("minimalSets")
                                .valueStream()
                                .map(set -> joined(set, " and "))
                                .collect(java.util.stream.Collectors.joining("; or by ")))
                .toList();
        if (!escrow.isEmpty()) {
            lines.add("");
            lines.add("ESCROW");
            lines.addAll(escrow);
        }
    }

    private static String joined(JsonNode texts, String between) {
        return String.join(
                between, texts.valueStream().map(one -> one.asString("")).toList());
    }

    private static String printable(String line) {
        return line.replaceAll("\\p{Cntrl}", "?");
    }
}
