package allod.cli;

import allod.admin.CustodyAdministration.Change;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "attach",
        description =
                "Gives keys that the custody folder alone holds to other custodians; a bucket that is new (with --tenant, its owner) or empty gets keys of its own.",
        mixinStandardHelpOptions = true)
final class CustodyAttachCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Mixin
    private final CustodyTarget target = new CustodyTarget();

    @Mixin
    private final CustodyHolders holders = new CustodyHolders();

    CustodyAttachCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        Change change = data.client().custody().attach(target.named(), holders.named());
        output.print(CustodyText.json(change), CustodyText.text(change, "Attached."));
        return Exit.DONE;
    }
}
