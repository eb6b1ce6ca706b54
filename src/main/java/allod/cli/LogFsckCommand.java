package allod.cli;

import allod.audit.Fsck;
import allod.audit.FsckResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "fsck",
        description = "Rederives a whole log from its entries and compares it with its signed checkpoint.",
        mixinStandardHelpOptions = true)
final class LogFsckCommand implements Callable<Integer> {
    @Mixin
    private final JsonOption output = new JsonOption();

    @Parameters(
            paramLabel = "URL|DIR",
            description = "The log's URL, such as http://127.0.0.1:9001/log, or a folder of its files.")
    private String source = "";

    @Option(names = "--key", required = true, paramLabel = "VKEY", description = "The log's key, known from elsewhere.")
    private String vkey = "";

    @Override
    public Integer call() {
        FsckResult result = Fsck.check(source, LogKeys.parse(vkey), output::progress);
        output.report(result.json(), result.text());
        return result.exitCode().code();
    }
}
