package allod.cli;

import allod.admin.CustodyAdministration.Change;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "rotate",
        description = "Makes a new root key for the same custodians, and has the old one destroyed.",
        mixinStandardHelpOptions = true)
final class CustodyRotateCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Mixin
    private final CustodyTarget target = new CustodyTarget();

    CustodyRotateCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        Change change = data.client().custody().rotate(target.named());
        output.print(CustodyText.json(change), CustodyText.text(change, "Rotated."));
        return Exit.DONE;
    }
}
