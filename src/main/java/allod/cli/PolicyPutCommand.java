package allod.cli;

import allod.admin.IdentityAdministration.Named;
import allod.store.IdentityKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        description = "Hangs a policy on one, in place of one of the same name.",
        mixinStandardHelpOptions = true)
final class PolicyPutCommand implements Callable<Integer> {
    private final IdentityKind kind;

    @Mixin
    private final DataOption data;

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(index = "0", paramLabel = "NAME", description = "Whose policy it is.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "POLICY", description = "The policy's name.")
    private String policy = "";

    @Parameters(index = "2", paramLabel = "FILE", description = "The policy, as JSON.")
    private Path file = Path.of("");

    PolicyPutCommand(Surroundings surroundings, IdentityKind kind) {
        data = new DataOption(surroundings);
        this.kind = kind;
    }

    @Override
    public Integer call() throws IOException {
        data.client()
                .identities()
                .putPolicy(new Named(tenant.name(), kind, name), policy, IdentityCommands.policy(file));
        output.print(
                JsonOption.object().put("name", name).put("policy", policy),
                IdentityCommands.capital(kind) + " " + name + " has the policy " + policy
                        + " from now on. Next: allod policy check --tenant " + tenant.name()
                        + " --action ACTION --resource RESOURCE");
        return Exit.DONE;
    }
}
