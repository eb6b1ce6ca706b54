package allod.cli;

import allod.log.VerifierKey;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "key", description = "Prints the vkey of the server's log.", mixinStandardHelpOptions = true)
final class LogKeyCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions server;

    @Mixin
    private final JsonOption output = new JsonOption();

    LogKeyCommand(Surroundings surroundings) {
        server = new ServerOptions(surroundings);
    }

    @Override
    public Integer call() {
        VerifierKey key = LogKeys.at(server.pactAddress());
        output.print(JsonOption.object().put("vkey", key.toString()), key.toString());
        return Exit.DONE;
    }
}
