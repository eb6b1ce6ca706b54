package allod.cli;

import allod.admin.IdentityAdministration.Named;
import allod.store.IdentityKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description = "Ends one for good, at once: a user with its access keys, a role with its sessions.",
        mixinStandardHelpOptions = true)
final class IdentityDeleteCommand implements Callable<Integer> {
    private final IdentityKind kind;

    @Mixin
    private final DataOption data;

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    IdentityDeleteCommand(Surroundings surroundings, IdentityKind kind) {
        data = new DataOption(surroundings);
        this.kind = kind;
    }

    @Override
    public Integer call() {
        data.client().identities().delete(new Named(tenant.name(), kind, name));
        output.print(JsonOption.object().put("name", name), "Deleted the " + kind.word() + " " + name + ".");
        return Exit.DONE;
    }
}
