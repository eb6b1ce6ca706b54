package allod.store;

import allod.log.DerivedTiles;
import allod.log.EntrySource;
import allod.log.EventLeaf;
import allod.store.engine.Cursor;
import allod.store.engine.Entry;
import allod.store.engine.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One log's entries and stored tiles, as the map holds them: all of the tree is computed from these. */
final class LogEntries implements EntrySource, DerivedTiles.StoredTiles {
    private final Reader map;
    private final int log;

    LogEntries(Reader map, int log) {
        this.map = map;
        this.log = log;
    }

    /** How many entries the map holds. */
    long size() {
        Entry last = map.floor(MapKey.leaves(log, 0), MapKey.leaves(log, -1L));
        return last == null ? 0 : firstIndex(last.key()) + last.value().length / EventLeaf.LENGTH;
    }

    private static long firstIndex(byte[] key) {
        var row = new RowReader("l", key);
        row.raw(3);
        return row.u64();
    }

    @Override
    public List<byte[]> entries(long first, int count) {
        List<byte[]> entries = new ArrayList<>(count);
        Entry row = map.floor(MapKey.leaves(log, 0), MapKey.leaves(log, first));
        if (row == null) {
            return entries;
        }
        try (Cursor cursor = map.scan(row.key(), MapKey.leaves(log, first + count))) {
            while (entries.size() < count && cursor.next()) {
                long start = firstIndex(cursor.key());
                byte[] value = cursor.value();
                for (long index = first + entries.size();
                        entries.size() < count && index < start + value.length / EventLeaf.LENGTH;
                        index++) {
                    int at = (int) (index - start) * EventLeaf.LENGTH;
                    entries.add(Arrays.copyOfRange(value, at, at + EventLeaf.LENGTH));
                }
            }
        }
        return entries;
    }

    /** One entry, which exists. */
    byte[] entry(long index) {
        return entries(index, 1).getFirst();
    }

    @Override
    public Optional<byte[]> fullTile(int level, long index) {
        return Optional.ofNullable(map.get(MapKey.tile(log, level, index)));
    }
}
