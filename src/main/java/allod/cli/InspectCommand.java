package allod.cli;

import allod.Offline;
import allod.admin.UpkeepAdministration;
import allod.admin.UpkeepAdministration.Row;
import allod.admin.UpkeepAdministration.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "inspect",
        description = "Shows rows of the map of a running server or a stopped one; nothing that is sealed.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "WHAT",
            description = "A family's letter or name, s3://BUCKET/KEY, or the first bytes of keys in hexadecimal"
                    + " (default: which families have rows).")
    private String what = "";

    @Option(names = "--after", paramLabel = "HEX", description = "Go on after this key, as the last answer named it.")
    private String after = "";

    @Option(names = "--limit", paramLabel = "N", description = "Rows, 1 to 100 (default 20).")
    private int limit = 20;

    InspectCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        Rows rows = rows(what.isEmpty() ? UpkeepAdministration.MAX_ROWS : limit);
        var json = JsonOption.object();
        var list = json.putArray("rows");
        for (Row row : rows.rows()) {
            var fields = list.addObject()
                    .put("family", row.family())
                    .put("name", row.name())
                    .put("key", row.key())
                    .putObject("fields");
            row.fields().forEach(fields::put);
        }
        json.put("next", rows.next());
        output.print(json, String.join("\n", lines(rows)));
        return Exit.DONE;
    }

    private Rows rows(int most) throws IOException {
        Path folder = data.folder();
        try (StoppedServer stopped = StoppedServer.of(folder)) {
            return stopped.isHeld()
                    ? Offline.inspect(folder, what, after, most)
                    : data.client().upkeep().inspect(what, after, most);
        }
    }

    private List<String> lines(Rows rows) {
        List<String> lines = new ArrayList<>();
        for (Row row : rows.rows()) {
            lines.add(row.family() + "  " + row.name() + "  " + row.key());
            row.fields().forEach((name, value) -> lines.add("     " + name + ": " + value));
        }
        if (rows.rows().isEmpty()) {
            lines.add("There are no such rows.");
        }
        if (!rows.next().isEmpty()) {
            lines.add("More: allod inspect " + what + " --after " + rows.next());
        }
        return lines;
    }
}
