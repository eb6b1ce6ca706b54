package allod.log;

import java.util.List;

/**
 * That a tree grew from a smaller one by appending only.
 *
 * @param oldSize 0 to newSize; from 0 every tree grows, with an empty path
 * @param newSize number of entries of the larger tree
 * @param path in the order of RFC 6962
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9162#section-2.1.4">RFC 9162, section 2.1.4</a>
 */
public record ConsistencyProof(long oldSize, long newSize, List<Hash> path) {
    /** @throws IllegalArgumentException unless 0 &lt;= oldSize &lt;= newSize and the path has at most 63 hashes */
    public ConsistencyProof {
        if (oldSize < 0 || oldSize > newSize) {
            throw new IllegalArgumentException("a tree of " + newSize + " has not grown from " + oldSize);
        }
        if (path.size() > MerkleTree.MAX_PATH) {
            throw new IllegalArgumentException("a path has at most 63 hashes, not " + path.size());
        }
        path = List.copyOf(path);
    }

    /** Whether the path, of exactly the right length, leads to both roots. */
    public boolean proves(Hash oldRoot, Hash newRoot) {
        if (oldSize == 0) {
            return path.isEmpty()
                    && oldRoot.equals(MerkleTree.EMPTY_ROOT)
                    && (newSize > 0 || newRoot.equals(MerkleTree.EMPTY_ROOT));
        }
        if (oldSize == newSize) {
            return path.isEmpty() && oldRoot.equals(newRoot);
        }
        return climb(oldRoot, newRoot);
    }

    private boolean climb(Hash oldRoot, Hash newRoot) {
        MerkleHasher hasher = new MerkleHasher();
        int shared = Long.numberOfTrailingZeros(oldSize);
        long node = (oldSize - 1) >>> shared;
        long last = (newSize - 1) >>> shared;
        boolean oldIsPerfect = node == 0;
        if (!oldIsPerfect && path.isEmpty()) {
            return false;
        }
        Hash computedOld = oldIsPerfect ? oldRoot : path.getFirst();
        Hash computedNew = computedOld;
        for (Hash beside : path.subList(oldIsPerfect ? 0 : 1, path.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                computedOld = hasher.node(beside, computedOld);
                computedNew = hasher.node(beside, computedNew);
                while ((node & 1) == 0 && node != 0) {
                    node >>>= 1;
                    last >>>= 1;
                }
            } else {
                computedNew = hasher.node(computedNew, beside);
            }
            node >>>= 1;
            last >>>= 1;
        }
        return last == 0 && computedOld.equals(oldRoot) && computedNew.equals(newRoot);
    }
}
