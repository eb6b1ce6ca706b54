package allod.cli;

import allod.admin.IdentityAdministration.Named;
import allod.store.IdentityKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "delete", description = "Takes a policy off.", mixinStandardHelpOptions = true)
final class PolicyDeleteCommand implements Callable<Integer> {
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

    PolicyDeleteCommand(Surroundings surroundings, IdentityKind kind) {
        data = new DataOption(surroundings);
        this.kind = kind;
    }

    @Override
    public Integer call() {
        data.client().identities().deletePolicy(new Named(tenant.name(), kind, name), policy);
        output.print(
                JsonOption.object().put("name", name).put("policy", policy),
                IdentityCommands.capital(kind) + " " + name + " has the policy " + policy + " no more.");
        return Exit.DONE;
    }
}
