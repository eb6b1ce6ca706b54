package allod.cli;

import allod.admin.CustodyAdministration.Change;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "migrate",
        description =
                "Takes keys from the custodians that hold them to others, and has the old ones destroyed. No content is touched.",
        mixinStandardHelpOptions = true)
final class CustodyMigrateCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Mixin
    private final CustodyTarget target = new CustodyTarget();

    @Mixin
    private final CustodyHolders holders = new CustodyHolders();

    CustodyMigrateCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        Change change = data.client().custody().migrate(target.named(), holders.named());
        output.print(CustodyText.json(change), CustodyText.text(change, "Migrated."));
        return Exit.DONE;
    }
}
