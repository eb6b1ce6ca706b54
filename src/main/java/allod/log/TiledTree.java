package allod.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tree at one size, computed from tiles: its root, its proofs and the bytes it serves. Reads each tile at most once;
 * make a new one for each request. Not safe for use by several threads at once.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6962#section-2.1">RFC 6962, section 2.1: paths and their order</a>
 */
public final class TiledTree {
    private record TileName(int level, long index) {}

    private final TileSource source;
    private final long size;
    private final MerkleHasher hasher = new MerkleHasher();
    private final Map<TileName, byte[]> read = new HashMap<>();

    /** @throws IllegalArgumentException if the size is negative */
    public TiledTree(TileSource source, long size) {
        if (size < 0) {
            throw new IllegalArgumentException("tree size " + size + " is below 0");
        }
        this.source = source;
        this.size = size;
    }

    public long size() {
        return size;
    }

    public Hash root() {
        return size == 0 ? MerkleTree.EMPTY_ROOT : range(0, size);
    }

    /** The right edge, from which the tree grows on. */
    public CompactTree compact() {
        List<Hash> frontier = new ArrayList<>();
        long start = 0;
        for (long bit = Long.highestOneBit(size); bit > 0; bit >>>= 1) {
            if ((size & bit) != 0) {
                frontier.add(range(start, start + bit));
                start += bit;
            }
        }
        return CompactTree.restore(size, frontier);
    }

    /**
     * The hash of an entry.
     *
     * @throws IllegalArgumentException unless index is below the size
     */
    public Hash leafHash(long index) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("entry " + index + " is not in a tree of " + size);
        }
        return range(index, index + 1);
    }

    /**
     * That an entry is in this tree.
     *
     * @throws IllegalArgumentException unless index is below the size
     */
    public InclusionProof inclusion(long index) {
        List<Hash> downward = new ArrayList<>();
        long low = 0;
        long high = size;
        while (index >= 0 && index < size && high - low > 1) {
            long middle = low + largestPowerOfTwoBelow(high - low);
            if (index < middle) {
                downward.add(range(middle, high));
                high = middle;
            } else {
                downward.add(range(low, middle));
                low = middle;
            }
        }
        return new InclusionProof(index, size, downward.reversed());
    }

    /**
     * That the first {@code oldSize} entries of this tree are the tree of that size.
     *
     * @throws IllegalArgumentException unless oldSize is 0 to the size
     */
    public ConsistencyProof consistency(long oldSize) {
        List<Hash> downward = new ArrayList<>();
        long low = 0;
        long high = size;
        boolean ownRoot = true;
        while (oldSize > 0 && oldSize < size && high != oldSize) {
            long middle = low + largestPowerOfTwoBelow(high - low);
            if (oldSize <= middle) {
                downward.add(range(middle, high));
                high = middle;
            } else {
                downward.add(range(low, middle));
                low = middle;
                ownRoot = false;
            }
        }
        if (!ownRoot) {
            downward.add(range(low, high));
        }
        return new ConsistencyProof(oldSize, size, downward.reversed());
    }

    /** The bytes of a tile; empty where a tree of this size does not have it. */
    public Optional<byte[]> render(LogResource.Tile tile) {
        return tile.existsAt(size)
                ? Optional.of(source.tile(tile.level(), tile.index(), tile.width()))
                : Optional.empty();
    }

    /** The bytes of an entry bundle; empty where a tree of this size does not have it. */
    public Optional<byte[]> render(LogResource.EntryBundle bundle, EntrySource entries) {
        return bundle.existsAt(size)
                ? Optional.of(EntryBundles.encode(entries.entries(bundle.firstEntry(), bundle.width())))
                : Optional.empty();
    }

    /** The tree hash over [low, high), where low is a multiple of the power of two at or above the length. */
    private Hash range(long low, long high) {
        long count = high - low;
        if (Long.bitCount(count) == 1) {
            return perfect(low, Long.numberOfTrailingZeros(count));
        }
        long middle = low + largestPowerOfTwoBelow(count);
        return hasher.node(range(low, middle), range(middle, high));
    }

    /** The root of the perfect subtree of a height: part of one tile, or one node of it. */
    private Hash perfect(long firstEntry, int height) {
        int level = height / 8;
        long firstNode = firstEntry >>> (8 * level);
        long index = firstNode / LogResource.TILE_WIDTH;
        byte[] tile = read.computeIfAbsent(
                new TileName(level, index), n -> source.tile(level, index, LogResource.widthAt(level, index, size)));
        return hasher.fold(tile, (int) (firstNode % LogResource.TILE_WIDTH), 1 << (height % 8));
    }

    private static long largestPowerOfTwoBelow(long count) {
        return Long.highestOneBit(count - 1);
    }
}
