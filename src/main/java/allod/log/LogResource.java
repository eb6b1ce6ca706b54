package allod.log;

import java.util.Optional;

/**
 * A resource under a log's URL prefix, named by its path without a leading slash. Every path has one spelling.
 *
 * @see <a href="https://c2sp.org/tlog-tiles">C2SP tlog-tiles</a>
 */
public sealed interface LogResource {
    /** Hashes in a full tile, entries in a full bundle. */
    int TILE_WIDTH = 256;

    int MAX_LEVEL = 63;

    /** Longest path: a tile index of seven groups of three digits, and the partial width. */
    int MAX_PATH_CHARS = 64;

    /** The path under the prefix, such as {@code tile/0/x001/x234/067.p/12}. */
    String path();

    /** The newest checkpoint that was signed: the only resource that changes. */
    record LatestCheckpoint() implements LogResource {
        @Override
        public String path() {
            return "checkpoint";
        }
    }

    /**
     * Concatenated tree hashes of neighbours at one height: hash {@code i} of tile {@code n} at level {@code l} is the
     * tree hash of the entries from {@code (256 n + i) 256^l} up to {@code (256 n + i + 1) 256^l}.
     *
     * @param level 0 to 63; leaves are level 0
     * @param index 0 to 2<sup>55</sup> - 1
     * @param width 1 to 256 hashes; 256 is a full tile
     */
    record Tile(int level, long index, int width) implements LogResource {
        /** @throws IllegalArgumentException if level, index or width is out of range */
        public Tile {
            if (level < 0 || level > MAX_LEVEL) {
                throw new IllegalArgumentException("tile level " + level + " is not 0 to 63");
            }
            TilePaths.check(index, width);
        }

        public boolean isFull() {
            return width == TILE_WIDTH;
        }

        /** Whether a tree of this size has these hashes: they may be served from then on. */
        public boolean existsAt(long size) {
            return width <= nodesAt(level, size) - index * TILE_WIDTH;
        }

        @Override
        public String path() {
            return "tile/" + level + "/" + TilePaths.encode(index, width);
        }
    }

    /**
     * Up to 256 consecutive entries, each {@code u16 length || bytes}; bundle {@code n} starts at entry 256 n.
     *
     * @param index 0 to 2<sup>55</sup> - 1
     * @param width 1 to 256 entries; 256 is a full bundle
     */
    record EntryBundle(long index, int width) implements LogResource {
        /** @throws IllegalArgumentException if index or width is out of range */
        public EntryBundle {
            TilePaths.check(index, width);
        }

        public boolean isFull() {
            return width == TILE_WIDTH;
        }

        /** Number of the first entry. */
        public long firstEntry() {
            return index * TILE_WIDTH;
        }

        public boolean existsAt(long size) {
            return width <= size - firstEntry();
        }

        @Override
        public String path() {
            return "tile/entries/" + TilePaths.encode(index, width);
        }
    }

    /** The resource of this path; empty where no log has one, which answers 404. Accepts one spelling only. */
    static Optional<LogResource> parse(String path) {
        return TilePaths.parse(path);
    }

    /** Complete nodes at a tile level of a tree of this size: {@code floor(size / 256^level)}. */
    static long nodesAt(int level, long size) {
        return level >= 8 ? 0 : size >>> (8 * level);
    }

    /**
     * Width of the tile at a size: 256 where it is full, 0 where the tree does not reach it.
     *
     * @param level 0 for leaves and for entry bundles
     */
    static int widthAt(int level, long index, long size) {
        long nodes = nodesAt(level, size);
        if (index < 0 || index > nodes / TILE_WIDTH) {
            return 0;
        }
        return (int) Math.min(TILE_WIDTH, nodes - index * TILE_WIDTH);
    }
}
