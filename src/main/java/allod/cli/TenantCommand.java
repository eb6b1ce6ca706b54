package allod.cli;

import picocli.CommandLine.Command;

/** Groups {@code allod tenant ...}. */
@Command(
        name = "tenant",
        description = "Tenants of a running server.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class TenantCommand {}
