package allod.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of one domain that is open: its current root and the tree under it. Erasures put a new tree in the place of
 * the old one at once for all readers. Safe for use by many threads.
 */
public final class DomainKeys {
    private final Domain domain;
    private final CurrentTree trees;
    private volatile RootRecord root;
    private long lastAttempt;
    private boolean roundOpen;
    /** Attempts that may have left handles: a root that never became current, but stands in custody. */
    private final List<RootRecord> abandoned = new ArrayList<>();

    DomainKeys(Domain domain, RootRecord root, KeyTree tree, long lastAttempt) {
        this.domain = domain;
        this.root = root;
        this.trees = new CurrentTree(tree);
        this.lastAttempt = lastAttempt;
    }

    public Domain domain() {
        return domain;
    }

    /** The current generation's record, once it was committed to the map. */
    public RootRecord root() {
        return root;
    }

    /** The current tree. A reader that must go on while erasures commit uses {@link #slots} instead. */
    public KeyTree tree() {
        return trees.current();
    }

    /** A reader for one request. */
    public SlotReader slots() {
        return new SlotReader(trees);
    }

    /** The secret of one slot, 32 bytes; empty if it was erased. Errors as {@link SlotReader#secret} has them. */
    public Optional<byte[]> slotSecret(long slot) {
        return slots().secret(slot);
    }

    CurrentTree trees() {
        return trees;
    }

    synchronized long nextAttempt() {
        lastAttempt++;
        return lastAttempt;
    }

    synchronized void abandoned(RootRecord attempt) {
        abandoned.add(attempt);
    }

    synchronized void abandonedAreGone() {
        abandoned.clear();
    }

    synchronized List<RootRecord> abandoned() {
        return List.copyOf(abandoned);
    }

    /** An abandoned attempt that gave this custodian a share. */
    synchronized Optional<RootRecord> abandonedAt(String custodian) {
        return abandoned.stream()
                .filter(attempt -> attempt.wrapOf(custodian).isPresent())
                .findFirst();
    }

    /** One erasure of a domain at a time. */
    synchronized void claim() {
        if (roundOpen) {
            throw new IllegalStateException(domain + " has an erasure under way");
        }
        roundOpen = true;
    }

    synchronized void release() {
        roundOpen = false;
    }

    /** The commit is done: readers go over to the new tree, and what it replaced leaves the cache. */
    void replace(RootRecord newRoot, KeyTree newTree, List<byte[]> replacedIds) {
        trees.replace(newTree);
        root = newRoot;
        newTree.cache().drop(replacedIds, newTree.generation());
    }

    @Override
    public String toString() {
        return "keys of " + domain;
    }
}
