package allod.log;

/**
 * The hash functions of a Merkle tree: a leaf is {@code SHA-256(00 || entry)}, a node {@code SHA-256(01 || left ||
 * right)}, a tree of {@code n} leaves splits at the largest power of two below {@code n}, and the empty tree is
 * {@code SHA-256("")}. Safe for use by many threads; {@link CompactTree} is the fast way to hash a whole log.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6962#section-2.1">RFC 6962, section 2.1</a>
 */
public final class MerkleTree {
    /** The root of the tree without entries. */
    public static final Hash EMPTY_ROOT = Hash.sha256();

    /** Longest path of any proof: a tree has at most 2<sup>63</sup> - 1 entries. */
    public static final int MAX_PATH = 63;

    private MerkleTree() {}

    public static Hash leafHash(byte[] entry) {
        return new MerkleHasher().leaf(entry);
    }

    /**
     * The node of the next tile level: the root over a full tile.
     *
     * @param tile 256 hashes, 8,192 bytes
     * @throws IllegalArgumentException if it is not a full tile
     */
    public static Hash fullTileHash(byte[] tile) {
        if (tile.length != LogResource.TILE_WIDTH * Hash.LENGTH) {
            throw new IllegalArgumentException("a full tile has 8192 bytes, not " + tile.length);
        }
        return new MerkleHasher().fold(tile, 0, LogResource.TILE_WIDTH);
    }

    /** The root over all entries, computed from the start: for small trees and for tests. */
    public static Hash root(Iterable<byte[]> entries) {
        CompactTree tree = new CompactTree();
        entries.forEach(tree::append);
        return tree.root();
    }
}
