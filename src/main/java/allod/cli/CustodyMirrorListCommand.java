package allod.cli;

import allod.admin.Administration.Mirror;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        description = "Lists the mirrors of the custody folder, those missing and those given up included.",
        mixinStandardHelpOptions = true)
final class CustodyMirrorListCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    CustodyMirrorListCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        var mirrors = data.client().listMirrors();
        var list = JsonOption.JSON.createArrayNode();
        for (Mirror mirror : mirrors) {
            var node = JsonOption.object()
                    .put("mirror", mirror.id())
                    .put("state", mirror.state().name())
                    .put("path", mirror.path());
            mirror.why().ifPresent(why -> node.put("why", why));
            list.add(node);
        }
        output.print(
                list,
                mirrors.stream()
                        .map(mirror -> mirror.id() + "  "
                                + mirror.state().name().toLowerCase(Locale.ROOT) + "  " + mirror.path()
                                + mirror.why().map(why -> "  (" + why + ")").orElse(""))
                        .collect(Collectors.joining("\n")));
        return Exit.DONE;
    }
}
