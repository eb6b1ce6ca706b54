package allod.cli;

import allod.admin.IdentityAdministration.Identity;
import allod.admin.IdentityAdministration.Named;
import allod.store.IdentityKind;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "add", description = "Makes one.", mixinStandardHelpOptions = true)
final class IdentityAddCommand implements Callable<Integer> {
    private final IdentityKind kind;

    @Mixin
    private final DataOption data;

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits and _+=,.@-.")
    private String name = "";

    IdentityAddCommand(Surroundings surroundings, IdentityKind kind) {
        data = new DataOption(surroundings);
        this.kind = kind;
    }

    @Override
    public Integer call() {
        Identity added = data.client().identities().add(new Named(tenant.name(), kind, name), Optional.empty());
        String next = kind == IdentityKind.USER
                ? "allod key add --tenant " + tenant.name() + " --user " + name
                : "allod group add-user " + name + " USER --tenant " + tenant.name();
        output.print(
                IdentityCommands.json(kind, added),
                "Made the " + kind.word() + " " + name + ". It may do nothing yet: allod " + kind.word()
                        + " policy put " + name + " POLICY FILE --tenant " + tenant.name() + ". Next: " + next);
        return Exit.DONE;
    }
}
