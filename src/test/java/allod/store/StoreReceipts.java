package allod.store;

import allod.log.WitnessPolicy;
import allod.receipt.Outcome;
import allod.receipt.ReceiptCheck;
import java.util.List;

/** Checks a store's receipts under the key of its log. */
final class StoreReceipts {
    private StoreReceipts() {}

    static Outcome check(OpenStore open, byte[] file) {
        return ReceiptCheck.check(file, WitnessPolicy.ofLogs(List.of(open.store.verifierKey())));
    }
}
