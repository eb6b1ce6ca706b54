package allod.cli;

import allod.store.IdentityKind;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "Lists those there are.", mixinStandardHelpOptions = true)
final class IdentityListCommand implements Callable<Integer> {
    private final IdentityKind kind;

    @Mixin
    private final DataOption data;

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final JsonOption output = new JsonOption();

    IdentityListCommand(Surroundings surroundings, IdentityKind kind) {
        data = new DataOption(surroundings);
        this.kind = kind;
    }

    @Override
    public Integer call() {
        var all = data.client().identities().list(tenant.name(), kind);
        var list = JsonOption.JSON.createArrayNode();
        all.forEach(one -> list.add(IdentityCommands.json(kind, one)));
        output.print(
                list, all.stream().map(one -> IdentityCommands.line(kind, one)).collect(Collectors.joining("\n")));
        return Exit.DONE;
    }
}
