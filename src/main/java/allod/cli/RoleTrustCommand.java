package allod.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "trust", description = "Shows who may take a role, or says it anew.", mixinStandardHelpOptions = true)
final class RoleTrustCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final TenantOption tenant = new TenantOption();

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(index = "0", paramLabel = "ROLE", description = "The role's name.")
    private String role = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", description = "The new policy, as JSON.")
    private @Nullable Path file;

    RoleTrustCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        var identities = data.client().identities();
        if (file == null) {
            String trust = identities.getTrust(tenant.name(), role);
            output.print(JsonOption.object().put("role", role).put("trust", trust), trust);
        } else {
            identities.putTrust(tenant.name(), role, IdentityCommands.policy(file));
            output.print(
                    JsonOption.object().put("role", role),
                    "Changed who may take the role " + role + ". Sessions that were begun go on to their end.");
        }
        return Exit.DONE;
    }
}
