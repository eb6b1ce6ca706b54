package allod.store;

import allod.log.DerivedTiles;
import allod.log.EventLeaf;
import allod.log.Hash;
import allod.log.TiledTree;
import allod.store.engine.Reader;
import java.nio.charset.StandardCharsets;

/**
 * The first leaf of a log that a restore opened: {@code 03 || SHA-256(note || u64 size || root)}. It says after which
 * promise the log goes on, and how much of what was promised the restore found.
 */
final class ReopenedLeaf {
    private ReopenedLeaf() {}

    /**
     * The leaf.
     *
     * @param note the signed checkpoint that custody kept of the log before, verbatim
     * @param size entries of the log before that the map held
     * @param root their Merkle root
     */
    static byte[] of(String note, long size, Hash root) {
        byte[] utf8 = note.getBytes(StandardCharsets.UTF_8);
        byte[] named = new RowWriter(utf8.length + 40)
                .raw(utf8)
                .u64(size)
                .raw(root.bytes())
                .toBytes();
        return new RowWriter(EventLeaf.LENGTH)
                .u8(EventLeaf.REOPENED)
                .raw(Hash.sha256(named).bytes())
                .toBytes();
    }

    /** The leaf that goes on after all entries which the map holds of a log. */
    static byte[] after(Reader map, int log, String note) {
        var entries = new LogEntries(map, log);
        long size = entries.size();
        Hash root = new TiledTree(new DerivedTiles(entries, entries), size).root();
        return of(note, size, root);
    }
}
