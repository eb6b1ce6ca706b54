package allod.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * What the log of a stopped server takes on disk for each event: the bytes of its rows as docs/formats.md names them,
 * before RocksDB compresses them.
 */
public final class LogRows {
    /** A log entry in a row of the family {@code l}. */
    private static final int ENTRY_BYTES = 33;

    private static final String OF_THE_LOG = "eHlt";

    private LogRows() {}

    /** @param args the data folder */
    public static void main(String[] args) throws RocksDBException {
        print(Path.of(args[0]));
    }

    static void print(Path data) throws RocksDBException {
        var rows = new Rows();
        rows.read(data.resolve("map"));
        long events = Math.max(1, rows.entryBytes / ENTRY_BYTES);
        System.out.printf(
                "log: %d events, %.1f bytes each: %s%n",
                events,
                rows.bytes.values().stream().mapToLong(Long::longValue).sum() / (double) events,
                rows.bytes.entrySet().stream()
                        .map(family -> "%c %.1f".formatted(family.getKey(), family.getValue() / (double) events))
                        .collect(Collectors.joining(", ")));
    }

    private static final class Rows {
        /** Bytes of keys and values by family: events, runs, entries and tiles, which stay for ever. */
        final Map<Character, Long> bytes = new TreeMap<>();

        long entryBytes;

        void read(Path map) throws RocksDBException {
            List<ColumnFamilyHandle> tables = new ArrayList<>();
            try (var options = new Options();
                    var database = new DBOptions()) {
                List<ColumnFamilyDescriptor> all = RocksDB.listColumnFamilies(options, map.toString()).stream()
                        .map(ColumnFamilyDescriptor::new)
                        .toList();
                try (RocksDB db = RocksDB.openReadOnly(database, map.toString(), all, tables)) {
                    for (ColumnFamilyHandle table : tables) {
                        add(db, table);
                    }
                }
            }
        }

        private void add(RocksDB db, ColumnFamilyHandle table) throws RocksDBException {
            try (RocksIterator row = db.newIterator(table)) {
                for (row.seekToFirst(); row.isValid(); row.next()) {
                    char family = (char) row.key()[0];
                    if (OF_THE_LOG.indexOf(family) >= 0) {
                        bytes.merge(family, (long) row.key().length + row.value().length, Long::sum);
                    }
                    if (family == 'l') {
                        entryBytes += row.value().length;
                    }
                }
                row.status();
            }
        }
    }
}
