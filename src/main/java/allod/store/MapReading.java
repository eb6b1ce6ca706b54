package allod.store;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import allod.store.engine.BlobName;
import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import allod.store.engine.RocksOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.Consumer;

/** A map that nobody writes, open for reading: a copy of one, or that of a stopped server. */
public final class MapReading implements AutoCloseable {
    private static final long MEMORY = 32 << 20;

    private final MetadataEngine map;

    private MapReading(MetadataEngine map) {
        this.map = map;
    }

    /**
     * Opens a map's folder.
     *
     * @param nativeFolder where the engine's native library is unpacked to
     * @throws Problem UNUSABLE_FOLDER if it is damaged, of a later version, or holds no installation
     */
    public static MapReading open(Path folder, Path nativeFolder) throws IOException {
        var reading = new MapReading(MetadataEngine.rocksForReading(folder, new RocksOptions(MEMORY, nativeFolder)));
        boolean known = false;
        try {
            Folders.checkFamilies(reading.map);
            if (reading.map.get(MapKey.FORMAT) == null) {
                throw new Problem(
                        Reason.UNUSABLE_FOLDER,
                        "The map in " + folder + " cannot be used.",
                        "It holds no installation.",
                        "Name the data folder of an installation.");
            }
            known = true;
            return reading;
        } finally {
            if (!known) {
                reading.close();
            }
        }
    }

    /**
     * Holds the data folder of a server that is stopped, as the server would.
     *
     * @throws Problem UNUSABLE_FOLDER if a server has it, or there is no map in it
     */
    public static AutoCloseable lock(Path data) throws IOException {
        if (!isThere(data)) {
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "The data folder " + data + " cannot be used.",
                    "There is no map in it.",
                    "Name the data folder of an installation with --data.");
        }
        return Folders.Lock.take(Disk.real(), data);
    }

    /** Whether there is a map in a data folder. */
    public static boolean isThere(Path data) {
        return Files.isRegularFile(data.resolve("map").resolve("CURRENT"));
    }

    /** Its rows, for an operator. */
    public Inspection inspection() {
        return new Inspection(map);
    }

    MetadataEngine map() {
        return map;
    }

    private FormatRow format() {
        return FormatRow.decode(java.util.Objects.requireNonNull(map.get(MapKey.FORMAT)));
    }

    /** The installation's id, 32 hexadecimal digits. */
    public String installation() {
        return HexFormat.of().formatHex(format().installation());
    }

    /** The name of the log that is written. */
    public String logOrigin() {
        byte[] row = map.get(MapKey.log(format().log()));
        return row == null ? "" : LogRow.decode(row).origin();
    }

    /** How many entries that log has. */
    public long logSize() {
        return new LogEntries(map, format().log()).size();
    }

    /** Every blob that content stands in; one may be named more than once. */
    public void namedBlobs(Consumer<BlobName> visitor) {
        scan(Family.SLOT, value -> SlotRow.decode(value).blobs().forEach(visitor));
        scan(Family.PART, value -> visitor.accept(PartRow.decode(value).blob()));
    }

    private void scan(Family family, Consumer<byte[]> visitor) {
        byte[] from = MapKey.family(family);
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                visitor.accept(cursor.value());
            }
        }
    }

    @Override
    public void close() throws IOException {
        map.close();
    }
}
