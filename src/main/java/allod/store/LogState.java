package allod.store;

import allod.log.CompactTree;

/**
 * The log after a durable commit.
 *
 * @param log its number in this installation
 * @param origin its name
 * @param tree all entries so far; never changed after it was published
 * @param lastTime microseconds since 1970 of the last event
 * @param lastOrder the highest version order given
 */
record LogState(int log, String origin, CompactTree tree, long lastTime, long lastOrder) {
    long size() {
        return tree.size();
    }
}
