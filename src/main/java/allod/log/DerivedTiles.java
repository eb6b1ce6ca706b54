package allod.log;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All tiles of a log from its entries: leaf tiles are hashed on demand, upper tiles from the tiles below them, unless a
 * full one was stored. Nodes of upper levels that had to be computed are kept, so a partial upper tile costs its 65,000
 * leaf hashes once. Safe for use by many threads.
 */
public final class DerivedTiles implements TileSource {
    /** Computed upper nodes that are kept: the partial tiles of every level in use, some 200 KB. */
    static final int MAX_KEPT_NODES = 2048;

    /** Full tiles of level 1 and above that were stored, where there are any. */
    @FunctionalInterface
    public interface StoredTiles {
        /** The 8,192 bytes of a full tile; empty where it was not stored, or not yet. */
        Optional<byte[]> fullTile(int level, long index);
    }

    private record Node(int level, long index) {}

    private final EntrySource entries;
    private final StoredTiles stored;
    private final Map<Node, Hash> kept = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Node, Hash> eldest) {
            return size() > MAX_KEPT_NODES;
        }
    };

    public DerivedTiles(EntrySource entries, StoredTiles stored) {
        this.entries = entries;
        this.stored = stored;
    }

    @Override
    public byte[] tile(int level, long index, int width) {
        MerkleHasher hasher = new MerkleHasher();
        return level == 0 ? leafTile(index, width, hasher) : upperTile(level, index, width, hasher);
    }

    private byte[] leafTile(long index, int width, MerkleHasher hasher) {
        List<byte[]> bundle = entries.entries(index * LogResource.TILE_WIDTH, width);
        if (bundle.size() != width) {
            throw new IllegalStateException("entry source gave " + bundle.size() + " entries instead of " + width
                    + " from " + index * LogResource.TILE_WIDTH);
        }
        byte[] tile = new byte[width * Hash.LENGTH];
        for (int i = 0; i < width; i++) {
            hasher.leaf(bundle.get(i)).copyTo(tile, i * Hash.LENGTH);
        }
        return tile;
    }

    private byte[] upperTile(int level, long index, int width, MerkleHasher hasher) {
        Optional<byte[]> full = stored.fullTile(level, index);
        if (full.isPresent()) {
            return Arrays.copyOf(full.get(), width * Hash.LENGTH);
        }
        byte[] tile = new byte[width * Hash.LENGTH];
        for (int i = 0; i < width; i++) {
            node(level, index * LogResource.TILE_WIDTH + i, hasher).copyTo(tile, i * Hash.LENGTH);
        }
        return tile;
    }

    private Hash node(int level, long index, MerkleHasher hasher) {
        Node node = new Node(level, index);
        synchronized (kept) {
            Hash known = kept.get(node);
            if (known != null) {
                return known;
            }
        }
        byte[] below = level == 1
                ? leafTile(index, LogResource.TILE_WIDTH, hasher)
                : upperTile(level - 1, index, LogResource.TILE_WIDTH, hasher);
        Hash computed = hasher.fold(below, 0, LogResource.TILE_WIDTH);
        synchronized (kept) {
            kept.put(node, computed);
        }
        return computed;
    }
}
