package allod.cli;

import picocli.CommandLine.Command;

/** Groups {@code allod role ...}. */
@Command(
        name = "role",
        description = "Roles, which those whom they trust take for a time.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class RoleCommand {}
