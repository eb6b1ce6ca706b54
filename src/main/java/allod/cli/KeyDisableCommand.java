package allod.cli;

import allod.base.AccessKeyId;
import allod.base.Problem;
import allod.base.Reason;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "disable", description = "Ends an access key for good.", mixinStandardHelpOptions = true)
final class KeyDisableCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "ACCESS-KEY", description = "The key's id.")
    private String id = "";

    KeyDisableCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        if (!AccessKeyId.isValid(id)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "No access key was disabled.",
                    "'" + id + "' is not an access key's id.",
                    "List them: allod key list");
        }
        var key = data.client().disableKey(new AccessKeyId(id));
        output.print(DataOption.json(key), "Disabled " + key.id() + " of tenant " + key.tenant() + ", for good.");
        return Exit.DONE;
    }
}
