package allod.cli;

import picocli.CommandLine.Command;

/** Groups {@code allod policy ...} and {@code allod user policy ...}. */
@Command(
        name = "policy",
        description = "Policies: who may do what.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class PolicyCommand {}
