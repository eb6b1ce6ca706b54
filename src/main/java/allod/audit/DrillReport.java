package allod.audit;

import allod.log.WitnessPolicy;
import allod.receipt.CustodyDrill;
import allod.receipt.Json;
import allod.receipt.ProvenEvents;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a check of a custody drill's evidence came to.
 *
 * @param statements what must hold, by its name, and whether it does
 * @param known whether the reader trusts the signer of every checkpoint
 */
public record DrillReport(CustodyDrill drill, Map<String, Boolean> statements, boolean known, List<String> events)
        implements Report {
    public DrillReport {
        statements = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(statements));
        events = List.copyOf(events);
    }

    static DrillReport of(ProvenEvents file, WitnessPolicy policy) {
        CustodyDrill drill = CustodyDrill.of(file);
        ProvenEvents.Checked checked = file.check(policy);
        Map<String, Boolean> statements = new LinkedHashMap<>();
        statements.put("both events are in the log, and no signature is wrong", checked.sound());
        statements.put("reading failed within the custody lease", drill.refusedInTime());
        statements.put("reading worked before and after", drill.ended().passed());
        return new DrillReport(drill, statements, checked.known(), checked.findings());
    }

    @Override
    public ExitCode exitCode() {
        if (statements.containsValue(false)) {
            return ExitCode.FAILED;
        }
        return known ? ExitCode.HOLDS : ExitCode.SIGNER_UNKNOWN;
    }

    private String conclusion() {
        return switch (exitCode()) {
            case HOLDS -> "Everything holds: the drill passed.";
            case SIGNER_UNKNOWN ->
                "Consistent, but the signer is unknown: pin the log's key with allod trust, or name it with --policy.";
            default ->
                "FAILED: "
                        + statements.entrySet().stream()
                                .filter(statement -> !statement.getValue())
                                .map(statement -> "it does not hold that " + statement.getKey())
                                .collect(Collectors.joining("; "))
                        + ".";
        };
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        line(out, "Custody drill in domain " + drill.begun().domain());
        line(out, "  custodians     " + drill.begun().custodians());
        line(out, "  custody lease  " + drill.begun().leaseMillis() + " ms");
        line(out, "  before         " + drill.ended().before());
        line(out, "  without key    " + drill.ended().without());
        line(
                out,
                "  failed after   "
                        + (drill.ended().refusedAfterMillis() < 0
                                ? "never"
                                : drill.ended().refusedAfterMillis() + " ms"));
        line(out, "  after          " + drill.ended().after());
        line(out, "");
        line(out, "Checked:");
        statements.forEach((statement, holds) -> line(out, "  " + (holds ? "holds  " : "FAILS  ") + statement));
        line(out, "");
        line(out, "Events:");
        events.forEach(event -> line(out, "  - " + event));
        line(out, "");
        line(out, "To be trusted even so:");
        line(out, "  - that the server tried to read as it says: the log keeps what it said, and when");
        line(out, "  - that nobody had copied the keys while they were in use");
        line(out, "");
        return out.append(conclusion()).append('\n').toString();
    }

    private static void line(StringBuilder out, String text) {
        out.append(Printable.of(text)).append('\n');
    }

    @Override
    public String json() {
        List<Json> checked = statements.entrySet().stream()
                .map(statement -> (Json) Json.object(Map.of(
                        "holds", new Json.Truth(statement.getValue()), "name", new Json.Text(statement.getKey()))))
                .toList();
        return new String(
                        Json.object(Map.of(
                                        "conclusion", new Json.Text(conclusion()),
                                        "domain", new Json.Int(drill.begun().domain()),
                                        "exitCode", new Json.Int(exitCode().code()),
                                        "outcome", new Json.Text(exitCode().name()),
                                        "statements", new Json.Items(checked)))
                                .encode(),
                        StandardCharsets.UTF_8)
                + "\n";
    }
}
