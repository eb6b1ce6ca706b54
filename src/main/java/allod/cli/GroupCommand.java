package allod.cli;

import picocli.CommandLine.Command;

/** Groups {@code allod group ...}. */
@Command(
        name = "group",
        description = "Groups of users, which lend them their policies.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class GroupCommand {}
