package allod.log;

import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a growing tree: the roots of its perfect subtrees, largest first, one for each set bit of the size.
 * That is all it takes to append entries and to know the root at every size. At most 63 hashes, so a copy is cheap; a
 * sequencer plans a batch on a copy and keeps it once the batch is committed.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class CompactTree {
    private final MerkleHasher hasher = new MerkleHasher();
    private final List<Hash> frontier;
    private long size;

    /** The empty tree. */
    public CompactTree() {
        this(0, new ArrayList<>(MerkleTree.MAX_PATH));
    }

    private CompactTree(long size, List<Hash> owned) {
        this.size = size;
        this.frontier = owned;
    }

    /**
     * The tree as {@link #frontier} left it.
     *
     * @throws IllegalArgumentException unless there is one hash for each set bit of the size
     */
    public static CompactTree restore(long size, List<Hash> frontier) {
        if (size < 0 || frontier.size() != Long.bitCount(size)) {
            throw new IllegalArgumentException(
                    "a tree of " + size + " entries does not have " + frontier.size() + " perfect subtrees");
        }
        return new CompactTree(size, new ArrayList<>(frontier));
    }

    public CompactTree copy() {
        return new CompactTree(size, new ArrayList<>(frontier));
    }

    /** Appends an entry and answers its leaf hash. */
    public Hash append(byte[] entry) {
        Hash leaf = hasher.leaf(entry);
        appendLeafHash(leaf);
        return leaf;
    }

    /**
     * Appends an entry by its leaf hash.
     *
     * @throws IllegalStateException if the tree has 2<sup>63</sup> - 1 entries
     */
    public void appendLeafHash(Hash leaf) {
        if (size == Long.MAX_VALUE) {
            throw new IllegalStateException("the tree is full");
        }
        Hash carried = leaf;
        for (long bits = size; (bits & 1) == 1; bits >>>= 1) {
            carried = hasher.node(frontier.removeLast(), carried);
        }
        frontier.add(carried);
        size++;
    }

    /** Number of entries. */
    public long size() {
        return size;
    }

    /** Roots of the perfect subtrees, largest first; empty for the empty tree. */
    public List<Hash> frontier() {
        return List.copyOf(frontier);
    }

    /** The Merkle tree hash at this size. */
    public Hash root() {
        if (frontier.isEmpty()) {
            return MerkleTree.EMPTY_ROOT;
        }
        Hash root = frontier.getLast();
        for (int i = frontier.size() - 2; i >= 0; i--) {
            root = hasher.node(frontier.get(i), root);
        }
        return root;
    }
}
