package allod.cli;

import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", description = "Lists the escrows, removed ones included.", mixinStandardHelpOptions = true)
final class EscrowListCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data;

    @Mixin
    private final JsonOption output = new JsonOption();

    EscrowListCommand(Surroundings surroundings) {
        data = new DataOption(surroundings);
    }

    @Override
    public Integer call() {
        var escrows = data.client().escrow().list();
        var list = JsonOption.JSON.createArrayNode();
        escrows.forEach(escrow -> list.add(EscrowCommand.json(escrow)));
        output.print(
                list,
                escrows.stream()
                        .map(escrow -> escrow.id() + "  " + (escrow.inForce() ? "in force" : "removed") + "  "
                                + escrow.party() + "  " + EscrowCommand.about(escrow))
                        .collect(Collectors.joining("\n")));
        return Exit.DONE;
    }
}
