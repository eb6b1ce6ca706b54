package allod.cli;

import allod.Config;
import allod.Offline;
import allod.admin.UpkeepAdministration.Scrub;
import allod.admin.UpkeepClient;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "scrub",
        description = "Reads all data again and authenticates it, of a running server or a stopped one.",
        mixinStandardHelpOptions = true)
final class ScrubCommand implements Callable<Integer> {
    private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,8})(KiB|MiB|GiB)");
    private static final Map<String, Long> UNITS = Map.of("KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
    private static final long LOOK_EVERY_MILLIS = 500;
    private static final long SAY_EVERY_NANOS = 10_000_000_000L;

    private final Surroundings surroundings;

    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Option(names = "--config", paramLabel = "FILE", description = "Of a stopped server: its settings.")
    private @Nullable Path config;

    @Option(
            names = "--custody",
            paramLabel = "DIR,...",
            description = "Of a stopped server: its custody folder (default ./allod-custody).")
    private @Nullable String custody;

    @Option(
            names = "--rate",
            paramLabel = "SIZE",
            description = "Bytes a second at most, such as 20MiB; 0 for no limit (default 32MiB).")
    private String rate = "32MiB";

    @Option(names = "--again", description = "Begin at the beginning, although one was stopped on its way.")
    private boolean anew;

    @Option(names = "--background", description = "Of a running server: begin, and do not wait for the end.")
    private boolean background;

    @Option(names = "--status", description = "Of a running server: only say how far the scrub has come.")
    private boolean status;

    @Option(names = "--stop", description = "Of a running server: stop it; the next one goes on from there.")
    private boolean stop;

    private long saidNanos = System.nanoTime();

    ScrubCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        OptionalLong limit = limit();
        Path folder = data.folder();
        boolean stopped;
        try (StoppedServer server = StoppedServer.of(folder)) {
            stopped = server.isHeld();
        }
        Scrub scrub = stopped ? offline(folder, limit) : online(data.client().upkeep(), limit);
        print(scrub);
        return scrub.damaged() > 0 ? Exit.FAILED : Exit.DONE;
    }

    private OptionalLong limit() {
        if (rate.equals("0")) {
            return OptionalLong.empty();
        }
        Matcher matcher = RATE.matcher(rate);
        if (!matcher.matches()) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "Nothing was scrubbed.",
                    "--rate is '" + rate + "'.",
                    "Give a size with its unit, KiB, MiB or GiB, such as 20MiB; or 0 for no limit.");
        }
        long unit = java.util.Objects.requireNonNull(UNITS.get(matcher.group(2)));
        return OptionalLong.of(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
    }

    private Scrub offline(Path folder, OptionalLong limit) throws IOException {
        if (status || stop || background) {
            throw new Problem(
                    Reason.BUSY,
                    "There is no scrub to ask about.",
                    "No server runs on " + folder + ".",
                    "Leave --status, --stop and --background out to scrub the stopped server's folder here.");
        }
        Map<String, String> flags = new HashMap<>(Map.of("data", folder.toString()));
        Optional.ofNullable(custody).ifPresent(value -> flags.put("custody.paths", value));
        Optional<Path> file = Optional.ofNullable(config)
                .or(() -> surroundings.variable("ALLOD_CONFIG").map(Path::of));
        Config settings = Config.load(file, surroundings.environment(), flags);
        LogSetup.apply(settings.logging());
        return Offline.scrub(settings, limit, anew, this::say);
    }

    private Scrub online(UpkeepClient server, OptionalLong limit) throws IOException {
        if (status) {
            return server.scrub();
        }
        if (stop) {
            return server.stopScrub();
        }
        Scrub scrub = server.startScrub(limit, anew);
        while (!background && scrub.state().equals("RUNNING")) {
            pause();
            scrub = server.scrub();
            say(scrub);
        }
        return scrub;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted; the scrub goes on in the server", e);
        }
    }

    private void say(Scrub scrub) {
        if (System.nanoTime() - saidNanos > SAY_EVERY_NANOS) {
            saidNanos = System.nanoTime();
            output.progress("So far " + counts(scrub));
        }
    }

    private static String counts(Scrub scrub) {
        return scrub.rows() + " rows, " + scrub.bytes() + " bytes; damaged " + scrub.damaged() + ", not checkable "
                + scrub.unchecked() + ".";
    }

    private void print(Scrub scrub) {
        var json = JsonOption.object()
                .put("state", scrub.state())
                .put("begun", scrub.begun())
                .put("rows", scrub.rows())
                .put("bytes", scrub.bytes())
                .put("unchecked", scrub.unchecked())
                .put("damaged", scrub.damaged());
        scrub.damages().forEach(json.putArray("damages")::add);
        var text = new StringBuilder(
                switch (scrub.state()) {
                    case "NEVER" -> "There was no scrub yet.";
                    case "RUNNING" -> "It runs since " + scrub.begun() + ": " + counts(scrub);
                    case "STOPPED" -> "It was stopped and can be gone on with: allod scrub. " + counts(scrub);
                    default -> "All was read: " + counts(scrub);
                });
        scrub.damages().forEach(damage -> text.append("\nDAMAGED ").append(damage));
        output.print(json, text.toString());
    }
}
