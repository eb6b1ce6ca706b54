package allod.cli;

import allod.admin.EscrowAdministration.Escrow;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

/** Groups {@code allod custody escrow ...}. */
@Command(
        name = "escrow",
        description = "Parties that get an envelope of their own for each new object version.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class EscrowCommand {
    /** An escrow as results show it. */
    static ObjectNode json(Escrow escrow) {
        ObjectNode json = JsonOption.object()
                .put("id", escrow.id())
                .put("party", escrow.party().name())
                .put("recipient", escrow.recipient())
                .put("created", escrow.created())
                .put("state", escrow.inForce() ? "in force" : "removed");
        escrow.party().jurisdiction().ifPresent(code -> json.put("jurisdiction", code.code()));
        escrow.scope().tenant().ifPresent(tenant -> json.put("tenant", tenant));
        escrow.scope().bucket().ifPresent(bucket -> json.put("bucket", bucket));
        escrow.exempt().forEach(json.withArray("exempt")::add);
        return json;
    }

    /** What an escrow is about, in words. */
    static String about(Escrow escrow) {
        return escrow.scope()
                .bucket()
                .map(bucket -> "bucket " + bucket)
                .orElseGet(
                        () -> "all buckets of tenant " + escrow.scope().tenant().orElse("")
                                + (escrow.exempt().isEmpty()
                                        ? ""
                                        : " but those that forbid it: " + String.join(", ", escrow.exempt())));
    }
}
