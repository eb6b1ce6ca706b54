package allod.cli;

import picocli.CommandLine.Command;

/** Groups {@code allod custody ...}. */
@Command(
        name = "custody",
        description = "Who holds keys of a running server's data.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class CustodyCommand {}
