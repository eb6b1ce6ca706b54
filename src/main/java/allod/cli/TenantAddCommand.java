package allod.cli;

import allod.admin.Administration.Tenant;
import allod.base.Problem;
import allod.base.Reason;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "add", description = "Makes a tenant.", mixinStandardHelpOptions = true)
final class TenantAddCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "NAME", description = "1 to 63 of a-z, 0-9 and '-'.")
    private String name = "";

    TenantAddCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        if (!Tenant.isValidName(name)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "No tenant was made.",
                    "'" + name + "' is not a tenant's name.",
                    "Give 1 to 63 of a-z, 0-9 and '-', a letter or digit first.");
        }
        Tenant tenant = data.client().addTenant(name);
        output.print(
                JsonOption.object().put("id", tenant.id().value()).put("name", tenant.name()),
                "Made tenant " + tenant.name() + ". Next: allod key add --tenant " + tenant.name());
        return Exit.DONE;
    }
}
