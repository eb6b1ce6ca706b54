package allod.cli;

import allod.admin.CustodyAdministration.Domain;
import allod.base.Problem;
import allod.base.Reason;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "show",
        description = "Shows who holds keys, whether they answer, and what could not be destroyed yet.",
        mixinStandardHelpOptions = true)
final class CustodyShowCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Mixin
    private final CustodyTarget target = new CustodyTarget();

    CustodyShowCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        List<Domain> domains = data.client().custody().show().stream()
                .filter(domain -> target.tenant().map(domain.tenant()::equals).orElse(true))
                .filter(domain ->
                        target.bucket().map(domain.buckets()::contains).orElse(true))
                .toList();
        if (domains.isEmpty()) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "Nothing is shown.",
                    "There is no such tenant or bucket, or the bucket is one of many in its tenant's domain.",
                    "Show all: allod custody show.");
        }
        var list = JsonOption.JSON.createArrayNode();
        domains.forEach(domain -> list.add(CustodyText.json(domain)));
        output.print(list, domains.stream().map(CustodyText::text).collect(Collectors.joining("\n")));
        return Exit.DONE;
    }
}
