package allod.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "forget",
        description = "Gives up a custody mirror that is missing: erasures go on, and receipts name it as a copy that"
                + " survives until it is seen again.",
        mixinStandardHelpOptions = true)
final class CustodyMirrorForgetCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "ID", description = "The mirror's id, as `allod custody mirror list` shows it.")
    private String id = "";

    CustodyMirrorForgetCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        data.client().forgetMirror(id);
        output.print(
                JsonOption.object().put("mirror", id).put("state", "FORGOTTEN"),
                "Given up: " + id
                        + ". It may still hold keys of the time it was last seen; receipts say so from now on.");
        return Exit.DONE;
    }
}
