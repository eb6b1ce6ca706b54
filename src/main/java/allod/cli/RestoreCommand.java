package allod.cli;

import allod.Config;
import allod.Offline;
import allod.backup.BackupFetch;
import allod.backup.BackupPlace;
import allod.base.Disk;
import allod.store.RestoreReport;
import allod.store.StoreRestore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "restore",
        description = "Makes an older copy of the data folder usable beside the custody folder of today.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Option(names = "--config", paramLabel = "FILE", description = "The server's settings.")
    private @Nullable Path config;

    @Option(
            names = "--from",
            paramLabel = "PLACE",
            description =
                    "A folder or s3://BUCKET/PREFIX that `allod backup` wrote to; without it, --data is the copy.")
    private @Nullable String from;

    @Option(names = "--backup", paramLabel = "ID", description = "Which backup (default: the newest).")
    private @Nullable String backup;

    @Option(names = "--endpoint", paramLabel = "URL", description = "Where the S3 store is (default: AWS).")
    private @Nullable URI endpoint;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder; empty with --from, else an older copy (default ./allod-data).")
    private @Nullable String data;

    @Option(
            names = "--custody",
            paramLabel = "DIR,...",
            description = "The custody folder as it is now (default ./allod-custody); never a copy of it.")
    private @Nullable String custody;

    @Option(
            names = "--accept-loss",
            description = "Go on where signed events are missing: what was made after the copy is erased for good.")
    private boolean acceptLoss;

    @Option(
            names = "--forget-mirror",
            paramLabel = "ID,...",
            split = ",",
            description =
                    "Give up custody mirrors that are missing for good; receipts name them as copies that survive.")
    private List<String> forgotten = List.of();

    RestoreCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        Config settings = settings();
        LogSetup.apply(settings.logging());
        var accepted = new StoreRestore.Accepted(acceptLoss, forgotten);
        RestoreReport report = from == null ? Offline.restore(settings, accepted) : fetched(settings, from, accepted);
        var json = JsonOption.object().put("outcome", report.outcome().name());
        report.lost().forEach(json.putArray("lost")::add);
        report.done().forEach(json.putArray("done")::add);
        output.print(json, String.join("\n", lines(report)));
        return report.outcome() == RestoreReport.Outcome.LOSS_NOT_ACCEPTED ? Exit.FAILED : Exit.DONE;
    }

    /** The map comes first, so that what is lost is told before anything large is fetched. */
    private RestoreReport fetched(Config settings, String source, StoreRestore.Accepted accepted) throws IOException {
        try (BackupPlace place = BackupPlace.of(source, Optional.ofNullable(endpoint), false)) {
            var fetch = BackupFetch.begin(
                    Disk.real(), place, Optional.ofNullable(backup), settings.data(), output::progress);
            if (!fetch.isFetched()) {
                fetch.fetchMap();
                RestoreReport asked = Offline.lossOf(settings, fetch.map());
                if (asked.outcome() == RestoreReport.Outcome.LOSS_NOT_ACCEPTED && !accepted.loss()) {
                    fetch.giveUp();
                    return asked;
                }
                fetch.fetchBlobs();
            }
            RestoreReport report = Offline.restore(settings, accepted);
            if (report.outcome() != RestoreReport.Outcome.LOSS_NOT_ACCEPTED) {
                fetch.finish();
            }
            return report;
        }
    }

    private static List<String> lines(RestoreReport report) {
        List<String> lines = new ArrayList<>();
        if (!report.lost().isEmpty()) {
            lines.add("Lost:");
            report.lost().forEach(line -> lines.add("  " + line));
        }
        lines.addAll(report.done());
        lines.add(
                switch (report.outcome()) {
                    case CURRENT -> "The data folder is today's: there was nothing to restore.";
                    case LOSS_NOT_ACCEPTED ->
                        "Nothing was changed. If no newer copy is left, run it again with --accept-loss.";
                    case RESTORED -> "Restored. Start the server: allod serve.";
                });
        return lines;
    }

    private Config settings() {
        Map<String, String> flags = new HashMap<>();
        Optional.ofNullable(data).ifPresent(value -> flags.put("data", value));
        Optional.ofNullable(custody).ifPresent(value -> flags.put("custody.paths", value));
        Optional<Path> file = Optional.ofNullable(config)
                .or(() -> surroundings.variable("ALLOD_CONFIG").map(Path::of));
        return Config.load(file, surroundings.environment(), flags);
    }
}
