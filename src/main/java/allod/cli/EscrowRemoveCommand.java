package allod.cli;

import allod.admin.EscrowAdministration.Escrow;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "remove", description = "Ends an escrow for versions to come.", mixinStandardHelpOptions = true)
final class EscrowRemoveCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "ID", description = "The escrow, as the list names it.")
    private String id = "";

    EscrowRemoveCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        Escrow removed = data.client().escrow().remove(id);
        output.print(
                EscrowCommand.json(removed),
                "Removed escrow " + removed.id() + " for " + removed.party() + ".\n"
                        + "No version written from now on has an envelope for it. Envelopes of earlier versions stay"
                        + " until those versions are erased; `allod who-can-read` shows them.");
        return Exit.DONE;
    }
}
