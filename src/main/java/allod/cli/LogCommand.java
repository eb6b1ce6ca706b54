package allod.cli;

import picocli.CommandLine.Command;

/** Groups {@code allod log ...}. */
@Command(
        name = "log",
        description = "The transparency log.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class LogCommand {}
