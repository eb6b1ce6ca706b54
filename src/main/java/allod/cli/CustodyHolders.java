package allod.cli;

import allod.admin.CustodyAdministration;
import allod.admin.CustodyAdministration.Holders;
import allod.base.Problem;
import allod.base.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The custodians that shall hold a root. */
final class CustodyHolders {
    @Parameters(
            paramLabel = "CUSTODIAN",
            arity = "1..*",
            description = "Names from custody.custodians; the one in the custody folder is called file.")
    private List<String> custodians = List.of();

    @Option(
            names = "--threshold",
            paramLabel = "K",
            description = "How many of several open the root; 2 of 3 lets one be gone.")
    private @Nullable Integer threshold;

    Holders named() {
        if (custodians.size() > CustodyAdministration.MAX_CUSTODIANS) {
            throw unusable(
                    custodians.size() + " custodians are named.",
                    "Name at most " + CustodyAdministration.MAX_CUSTODIANS + ".");
        }
        if (threshold == null && custodians.size() > 1) {
            throw unusable(
                    "Several custodians are named, and not how many of them open the root.",
                    "Give --threshold, such as --threshold 2 for two of three.");
        }
        int needed = threshold == null ? 1 : threshold;
        if (needed < 1 || needed > custodians.size()) {
            throw unusable(
                    "Of " + custodians.size() + " custodians, " + needed + " cannot be needed.",
                    "Give a --threshold from 1 to " + custodians.size() + ".");
        }
        return new Holders(needed, custodians);
    }

    private static Problem unusable(String why, String next) {
        return new Problem(Reason.INVALID_ARGUMENT, "The custodians were not changed.", why, next);
    }
}
