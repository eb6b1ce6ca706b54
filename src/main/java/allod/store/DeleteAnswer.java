package allod.store;

import allod.base.Problem;
import allod.receipt.ReceiptId;

/** What became of one key of a delete. */
public sealed interface DeleteAnswer {
    /** The keys of the current version and of everything older that waited are destroyed. */
    record Erased(ReceiptId receipt) implements DeleteAnswer {}

    /** There was no such key, nor anything of it that waited for erasure. */
    record Nothing() implements DeleteAnswer {}

    /** This key was left as it was. */
    record Refused(Problem problem) implements DeleteAnswer {}
}
