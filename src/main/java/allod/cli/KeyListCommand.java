package allod.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists the access keys, without their secrets.", mixinStandardHelpOptions = true)
final class KeyListCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Option(names = "--tenant", paramLabel = "NAME", description = "Only this tenant's (default: all).")
    private @Nullable String tenant;

    KeyListCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        var keys = data.client().listKeys(Optional.ofNullable(tenant));
        var list = JsonOption.JSON.createArrayNode();
        keys.forEach(key -> list.add(DataOption.json(key)));
        output.print(
                list,
                keys.stream()
                        .map(key -> key.id() + "  " + key.tenant() + "  " + key.principal() + "  "
                                + key.state().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining("\n")));
        return Exit.DONE;
    }
}
