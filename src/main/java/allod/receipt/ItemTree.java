package allod.receipt;

import allod.log.CompactTree;
import allod.log.DerivedTiles;
import allod.log.EntrySource;
import allod.log.Hash;
import allod.log.InclusionProof;
import allod.log.TiledTree;
import java.util.List;
import java.util.Optional;

/**
 * The Merkle tree over a batch's items: RFC 6962 with SHA-256, entry {@code i} being the 32 bytes of item {@code i}'s
 * commitment. Its root stands in the batch's {@code erase.done} event. Immutable.
 */
public final class ItemTree {
    private final List<Hash> commitments;

    /** @throws IllegalArgumentException if there is no item: a batch erases at least one */
    public ItemTree(List<Hash> commitments) {
        if (commitments.isEmpty()) {
            throw new IllegalArgumentException("a batch without items has no tree");
        }
        this.commitments = List.copyOf(commitments);
    }

    public int count() {
        return commitments.size();
    }

    public Hash root() {
        CompactTree tree = new CompactTree();
        commitments.forEach(commitment -> tree.append(commitment.bytes()));
        return tree.root();
    }

    /**
     * That an item is one of the batch; it shows hashes beside the way up and nothing of the other items.
     *
     * @throws IllegalArgumentException unless the ordinal is 0 to {@link #count} - 1
     */
    public InclusionProof path(int ordinal) {
        EntrySource entries = (first, count) -> commitments.subList((int) first, (int) first + count).stream()
                .map(Hash::bytes)
                .toList();
        return new TiledTree(new DerivedTiles(entries, (level, index) -> Optional.empty()), count()).inclusion(ordinal);
    }
}
