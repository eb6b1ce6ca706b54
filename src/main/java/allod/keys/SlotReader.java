package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Derives slot secrets for one request. It keeps the last node above 64 neighbouring slots, which makes a listing three
 * times cheaper, and so it must not outlive the request: what it keeps would bring a slot back that is erased meanwhile.
 * For use by one thread.
 */
public final class SlotReader {
    /** Trees tried for one slot while erasures overtake the read. */
    private static final int MAX_TREES = 8;

    private final CurrentTree trees;
    private final SeedDerivation derivation;
    private KeyTree.LeafNode lastNode = new KeyTree.LeafNode.Erased();
    private long lastPrefix;
    private boolean hasLast;

    SlotReader(CurrentTree trees) {
        this.trees = trees;
        this.derivation = new SeedDerivation(trees.current().domain());
    }

    /**
     * The secret of a slot, 32 bytes; empty if the slot was erased.
     *
     * @throws IllegalArgumentException if the tree has no place for the slot yet
     * @throws Problem {@link Reason#DAMAGED} if a page is not the one its parent names; {@link Reason#BUSY} if erasures
     *     overtook the read eight times
     */
    public Optional<byte[]> secret(long slot) {
        long prefix = PageHeader.indexOf(slot, 0);
        if (!hasLast || prefix != lastPrefix) {
            lastNode = node(slot);
            lastPrefix = prefix;
            hasLast = true;
        }
        return lastNode.secret(slot, derivation);
    }

    /** A tree that meets a page which is not its own is either overtaken by a newer one, or the page is damaged. */
    private KeyTree.LeafNode node(long slot) {
        Set<KeyTree> tried = new HashSet<>();
        KeyTree tree = trees.current();
        while (tried.size() < MAX_TREES) {
            try {
                return tree.leafNode(slot, derivation);
            } catch (KeyTree.PageMismatch mismatch) {
                tried.add(tree);
                tree = trees.untried(tried).orElseThrow(mismatch::asProblem);
            }
        }
        throw new Problem(
                Reason.BUSY,
                "The object's key could not be read.",
                "Erasures overtook the read " + MAX_TREES + " times.",
                "Send the request again.");
    }
}
