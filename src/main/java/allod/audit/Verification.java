package allod.audit;

import allod.receipt.BatchEvidence;
import allod.receipt.Finding;
import allod.receipt.Json;
import allod.receipt.Outcome;
import allod.receipt.ReceiptItem;
import allod.receipt.Residual;
import allod.receipt.Statement;
import allod.receipt.SurvivingCopy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The answer to {@code allod verify}: an exit code, and a report for people or for programs.
 *
 * @param outcome what the check came to
 */
public record Verification(Outcome outcome) implements Report {
    /** Width of the column of statement names. */
    private static final int NAME_WIDTH = 11;

    @Override
    public ExitCode exitCode() {
        return switch (outcome) {
            case Outcome.Holds h -> ExitCode.HOLDS;
            case Outcome.SignerUnknown s -> ExitCode.SIGNER_UNKNOWN;
            case Outcome.Failed f -> ExitCode.FAILED;
            case Outcome.Unreadable u -> ExitCode.UNREADABLE;
        };
    }

    /** The result in one sentence. */
    public String conclusion() {
        return switch (outcome) {
            case Outcome.Holds(var findings) -> "Everything holds. Assurance class " + findings.worth() + ".";
            case Outcome.SignerUnknown s ->
                "Consistent, but the signer is unknown: pin the log's key with allod trust, or name it with --policy.";
            case Outcome.Failed(var findings, var failed) ->
                "FAILED: " + failed.stream().map(Statement::label).collect(Collectors.joining(", ")) + ".";
            case Outcome.Unreadable(String why) -> "UNREADABLE: " + Printable.of(why) + ".";
        };
    }

    @Override
    public String text() {
        StringBuilder out = new StringBuilder();
        switch (outcome) {
            case Outcome.Holds(var findings) -> write(findings, out);
            case Outcome.SignerUnknown(var findings) -> write(findings, out);
            case Outcome.Failed(var findings, var failed) -> write(findings, out);
            case Outcome.Unreadable u -> {}
        }
        return out.append(conclusion()).append('\n').toString();
    }

    private static void write(Outcome.Findings findings, StringBuilder out) {
        ReceiptItem item = findings.receipt().item();
        line(out, "Receipt " + findings.receipt().id());
        line(out, "  bucket   " + named(item.bucket()));
        line(out, "  key      " + named(item.key()));
        line(out, "  version  " + Long.toUnsignedString(item.version()));
        line(out, "  size     " + item.sizeBytes() + " bytes");
        line(out, "  reason   " + item.reason().text());
        line(out, "");
        line(out, "Checked:");
        for (Finding finding : findings.findings()) {
            String name = finding.statement().label();
            String column = name + " ".repeat(NAME_WIDTH - name.length());
            line(out, "  " + (finding.passed() ? "holds  " : "FAILS  ") + column + finding.sentence());
        }
        write(findings.receipt().evidence(), out);
        line(out, "");
        line(out, "To be trusted even so:");
        findings.trusted().forEach(sentence -> line(out, "  - " + sentence));
        line(out, "");
    }

    private static void write(BatchEvidence evidence, StringBuilder out) {
        line(out, "");
        line(out, "What the erasure did not reach:");
        for (SurvivingCopy copy : evidence.survivingCopies()) {
            line(out, "  - " + copy.inWords());
        }
        if (evidence.survivingCopies().isEmpty()) {
            line(out, "  - no copy that was known of");
        }
        line(out, "");
        line(out, "What is left:");
        for (Residual residual : evidence.residuals()) {
            line(out, "  - " + residual.what() + "; until: " + residual.until() + "; rule: " + residual.rule());
        }
        if (evidence.residuals().isEmpty()) {
            line(out, "  - nothing that was named");
        }
        line(out, "");
        line(out, "The receipt says of itself:");
        evidence.statements().forEach(statement -> line(out, "  - " + statement));
    }

    private static String named(byte[] name) {
        return name.length == 0 ? "(none)" : new String(name, StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder out, String text) {
        out.append(Printable.of(text)).append('\n');
    }

    @Override
    public String json() {
        Json.Members answer = Json.object(Map.of(
                "conclusion", new Json.Text(conclusion()),
                "exitCode", new Json.Int(exitCode().code()),
                "outcome", new Json.Text(exitCode().name())));
        Json.Members whole = switch (outcome) {
            case Outcome.Holds(var findings) -> with(answer, findings);
            case Outcome.SignerUnknown(var findings) -> with(answer, findings);
            case Outcome.Failed(var findings, var failed) -> with(answer, findings);
            case Outcome.Unreadable u -> answer;
        };
        return new String(whole.encode(), StandardCharsets.UTF_8) + "\n";
    }

    private static Json.Members with(Json.Members answer, Outcome.Findings findings) {
        List<Json> statements = findings.findings().stream()
                .map(finding -> (Json) Json.object(Map.of(
                        "name", new Json.Text(finding.statement().label()),
                        "holds", new Json.Truth(finding.passed()),
                        "sentence", new Json.Text(finding.sentence()))))
                .toList();
        List<Json> trusted = findings.trusted().stream()
                .map(sentence -> (Json) new Json.Text(sentence))
                .toList();
        return answer.with("receipt", new Json.Text(findings.receipt().id().toString()))
                .with("assuranceClass", new Json.Text(findings.worthName()))
                .with("statements", new Json.Items(statements))
                .with("trusted", new Json.Items(trusted));
    }
}
