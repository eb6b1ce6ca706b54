package allod.cli;

import picocli.CommandLine.Command;

/** Groups {@code allod custody mirror ...}. */
@Command(
        name = "mirror",
        description = "The mirrors of the custody folder.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class CustodyMirrorCommand {}
