package allod.cli;

import allod.audit.PinnedKeys;
import allod.base.Problem;
import allod.base.Reason;
import allod.log.MalformedException;
import allod.log.VerifierKey;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "trust",
        description = "Pins the key of a log, so that `verify` accepts what it signed.",
        mixinStandardHelpOptions = true)
final class TrustCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(paramLabel = "URL|VKEY", description = "A server's pact address, or the key itself.")
    private String source = "";

    TrustCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        VerifierKey key = source.startsWith("http://") || source.startsWith("https://")
                ? LogKeys.at(ServerOptions.uri(source, source, ""))
                : LogKeys.parse(source);
        PinnedKeys pinned = surroundings.pinnedKeys();
        boolean added = add(pinned, key) == PinnedKeys.Added.PINNED;
        output.print(
                JsonOption.object()
                        .put("vkey", key.toString())
                        .put("added", added)
                        .put("file", pinned.file().toString()),
                (added ? "Pinned " : "Already pinned: ") + key
                        + "\nCompare it with the key its operator publishes elsewhere.");
        return Exit.DONE;
    }

    private static PinnedKeys.Added add(PinnedKeys pinned, VerifierKey key) throws IOException {
        try {
            return pinned.add(key);
        } catch (MalformedException e) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The key was not pinned.",
                    pinned.file() + " is not a tlog-policy: " + e.why() + ".",
                    "Correct the file, or move it away; see https://c2sp.org/tlog-policy.");
        }
    }
}
