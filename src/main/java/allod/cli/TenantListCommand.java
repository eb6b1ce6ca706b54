package allod.cli;

import allod.admin.Administration.Tenant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "Lists the tenants.", mixinStandardHelpOptions = true)
final class TenantListCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    TenantListCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        var tenants = data.client().listTenants();
        var list = JsonOption.JSON.createArrayNode();
        tenants.forEach(tenant ->
                list.add(JsonOption.object().put("id", tenant.id().value()).put("name", tenant.name())));
        output.print(list, tenants.stream().map(Tenant::name).collect(Collectors.joining("\n")));
        return Exit.DONE;
    }
}
