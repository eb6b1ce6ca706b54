package allod.cli;

import picocli.CommandLine.Command;

/** Groups {@code allod user ...}. */
@Command(
        name = "user",
        description = "Users of a tenant, with policies and access keys of their own.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class UserCommand {}
