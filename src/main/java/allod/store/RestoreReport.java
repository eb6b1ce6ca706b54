package allod.store;

import java.util.List;

/**
 * What a restore found and did.
 *
 * @param lost what is lost for good, a sentence each; empty where nothing is
 * @param done what was done, a sentence each
 */
public record RestoreReport(Outcome outcome, List<String> lost, List<String> done) {
    /** How it ended. */
    public enum Outcome {
        /** The data folder is today's: there was nothing to restore, and nothing was changed. */
        CURRENT,
        /** Signed events are missing and the operator has not accepted that: nothing was changed. */
        LOSS_NOT_ACCEPTED,
        /** The server can be started. */
        RESTORED
    }

    public RestoreReport {
        lost = List.copyOf(lost);
        done = List.copyOf(done);
    }
}
