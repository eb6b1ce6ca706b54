package allod.keys;

/**
 * A page's place in its tree.
 *
 * @param level 0 for the pages whose entries are slots, up to 10
 * @param index the place in the level, as {@link PageHeader#indexOf} gives it for each slot below
 */
public record PageName(int level, long index) {
    /** @throws IllegalArgumentException if no tree has such a level */
    public PageName {
        if (level < 0 || level >= PageHeader.MAX_HEIGHT) {
            throw new IllegalArgumentException("level " + level + " is not 0 to " + (PageHeader.MAX_HEIGHT - 1));
        }
    }

    @Override
    public String toString() {
        return "key page " + level + "/" + Long.toUnsignedString(index);
    }
}
