package allod.cli;

import picocli.CommandLine.Command;

/** Groups {@code allod key ...}. */
@Command(
        name = "key",
        description = "Access keys of a running server.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class KeyCommand {}
