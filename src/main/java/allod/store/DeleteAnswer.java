package allod.store;

import allod.base.Problem;
import allod.receipt.ReceiptId;
import java.util.Optional;

/** What became of one key of a delete. */
public sealed interface DeleteAnswer {
    /**
     * The keys of the version and of everything older that waited are destroyed.
     *
     * @param version the version's id; empty in a bucket that was never versioned
     */
    record Erased(ReceiptId receipt, Optional<VersionId> version) implements DeleteAnswer {}

    /**
     * A delete marker is on top; the versions below it are as they were.
     *
     * @param version the marker's id
     * @param replaced in a suspended bucket the receipt of the null version whose place the marker took, or of what waited
     *     of its key since before
     */
    record Marker(VersionId version, Optional<ReceiptId> replaced) implements DeleteAnswer {}

    /** A delete marker was taken away; no content is erased. */
    record Unmarked(VersionId version) implements DeleteAnswer {}

    /** There was no such key or version, nor anything of it that waited for erasure. */
    record Nothing() implements DeleteAnswer {}

    /** This key was left as it was. */
    record Refused(Problem problem) implements DeleteAnswer {}
}
