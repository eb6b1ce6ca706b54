package allod.cli;

import allod.admin.IdentityAdministration.Identity;
import allod.admin.IdentityAdministration.Named;
import allod.admin.IdentityAdministration.RoleTerms;
import allod.store.IdentityKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "add", description = "Makes a role.", mixinStandardHelpOptions = true)
final class RoleAddCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "NAME", description = "1 to 64 letters, digits and _+=,.@-.")
    private String name = "";

    @Option(
            names = "--trust",
            required = true,
            paramLabel = "FILE",
            description = "The policy of who may take it, as JSON.")
    private Path trust = Path.of("");

    @Option(
            names = "--max-session",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "How long a session may last: 3600 (default) to 43200.")
    private int maxSession;

    RoleAddCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        Identity added = data.client()
                .identities()
                .add(
                        new Named(tenant.name(), IdentityKind.ROLE, name),
                        Optional.of(new RoleTerms(IdentityCommands.policy(trust), maxSession)));
        output.print(
                IdentityCommands.json(IdentityKind.ROLE, added),
                "Made the role " + name + ". It may do nothing yet: allod role policy put " + name
                        + " POLICY FILE --tenant " + tenant.name());
        return Exit.DONE;
    }
}
