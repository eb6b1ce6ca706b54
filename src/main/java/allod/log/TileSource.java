package allod.log;

/**
 * Where a tree's hashes come from: rows, files or another server's tiles. Everything else about the tree is computed
 * from it.
 */
@FunctionalInterface
public interface TileSource {
    /**
     * The first {@code width} hashes of a tile, which exist and never change.
     *
     * @param level 0 for leaf hashes
     * @param index number of the tile within its level
     * @param width 1 to 256
     * @return 32 times {@code width} bytes
     */
    byte[] tile(int level, long index, int width);
}
