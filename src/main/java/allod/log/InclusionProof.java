package allod.log;

import java.util.List;

/**
 * That an entry stands at an index of a tree.
 *
 * @param index number of the entry, below the size
 * @param size number of entries of the tree
 * @param path the hashes beside the way from the leaf to the root, the leaf's sibling first
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3">RFC 9162, section 2.1.3</a>
 */
public record InclusionProof(long index, long size, List<Hash> path) {
    /** @throws IllegalArgumentException unless 0 &lt;= index &lt; size and the path has at most 63 hashes */
    public InclusionProof {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("entry " + index + " is not in a tree of " + size);
        }
        if (path.size() > MerkleTree.MAX_PATH) {
            throw new IllegalArgumentException("a path has at most 63 hashes, not " + path.size());
        }
        path = List.copyOf(path);
    }

    /** Whether the path, of exactly the right length, leads from this leaf hash to this root. */
    public boolean proves(Hash leafHash, Hash root) {
        MerkleHasher hasher = new MerkleHasher();
        long node = index;
        long last = size - 1;
        Hash computed = leafHash;
        for (Hash beside : path) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                computed = hasher.node(beside, computed);
                while ((node & 1) == 0 && node != 0) {
                    node >>>= 1;
                    last >>>= 1;
                }
            } else {
                computed = hasher.node(computed, beside);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && computed.equals(root);
    }
}
