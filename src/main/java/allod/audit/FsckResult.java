package allod.audit;

import allod.log.FsckReport;
import allod.receipt.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The answer to {@code allod log fsck}: an exit code, and a report for people or for programs. */
public sealed interface FsckResult {
    /**
     * The log could be read as far as it goes.
     *
     * @param source where from
     */
    record Read(String source, FsckReport report) implements FsckResult {}

    /** Nothing can be said: a resource could not be read, or there is no such source. */
    record Unreadable(String source, String why) implements FsckResult {}

    default ExitCode exitCode() {
        return switch (this) {
            case Read(var source, var report) -> report.isConsistent() ? ExitCode.HOLDS : ExitCode.FAILED;
            case Unreadable u -> ExitCode.UNREADABLE;
        };
    }

    /** The report for people, ended by a line feed. */
    default String text() {
        return lines().stream().map(Printable::of).collect(Collectors.joining("\n", "", "\n"));
    }

    /** The report for programs: one JSON object on one line, ended by a line feed. */
    default String json() {
        Json.Members answer = Json.object(Map.of(
                "exitCode", new Json.Int(exitCode().code()),
                "outcome", new Json.Text(exitCode().name()),
                "report",
                        new Json.Items(lines().stream()
                                .map(line -> (Json) new Json.Text(line))
                                .toList())));
        Json.Members whole = switch (this) {
            case Read(var source, var report) ->
                answer.with("entries", new Json.Int(report.entries())).with("tiles", new Json.Int(report.tiles()));
            case Unreadable u -> answer;
        };
        return new String(whole.encode(), StandardCharsets.UTF_8) + "\n";
    }

    private List<String> lines() {
        return switch (this) {
            case Unreadable(String source, String why) ->
                List.of("UNREADABLE: " + source + " could not be checked: " + why + ".");
            case Read(String source, FsckReport report) -> FsckText.lines(source, report);
        };
    }
}
