package allod.demo.attack;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** The rows of one copied map, and what of them leads to content. */
final class MapCopy {
    /** Any row, as it stands. */
    record Row(byte[] key, byte[] value) {
        boolean is(char family) {
            return key.length > 0 && key[0] == family;
        }
    }

    /** A slot's row (family {@code s}): an envelope and what stands under its content key. */
    record SlotRow(
            long slot,
            long bucketId,
            String object,
            byte[] objectId,
            byte[] wrappedKey,
            byte[] commitment,
            byte[] sealedMetadata,
            byte[] inline,
            List<byte[]> blobs,
            boolean manifestInBlob,
            byte[] sealedManifest) {
        static SlotRow parse(Row row) {
            var key = new Fields(row.key);
            key.u8();
            key.u32();
            long slot = key.u64();
            var value = new Fields(row.value);
            value.u8();
            value.u8();
            long bucketId = value.u64();
            String object = new String(value.short16(), StandardCharsets.UTF_8);
            value.u64();
            byte[] objectId = value.short16();
            byte[] wrappedKey = value.short16();
            byte[] commitment = value.short16();
            value.raw(8 * value.u16());
            value.raw(32);
            byte[] sealedMetadata = value.long32();
            byte[] inline = value.long32();
            List<byte[]> blobs = new ArrayList<>();
            for (int left = value.u16(); left > 0; left--) {
                blobs.add(value.raw(16));
            }
            return new SlotRow(
                    slot,
                    bucketId,
                    object,
                    objectId,
                    wrappedKey,
                    commitment,
                    sealedMetadata,
                    inline,
                    blobs,
                    value.u8() == 1,
                    value.long32());
        }
    }

    /** A part's row (family {@code p}): its key stands sealed under the key of its upload. */
    record PartRow(byte[] uploadId, int part, byte[] blob, byte[] sealed) {
        static PartRow parse(Row row) {
            var key = new Fields(row.key);
            key.u8();
            byte[] uploadId = key.raw(16);
            int part = key.u16();
            var value = new Fields(row.value);
            value.u8();
            byte[] blob = value.raw(16);
            value.u64();
            value.raw(32);
            value.u64();
            return new PartRow(uploadId, part, blob, value.short16());
        }
    }

    private MapCopy() {}

    /** Every row of the map in this folder; the log that was not yet sorted in is read along. */
    static List<Row> rows(Path map) throws IOException {
        RocksDB.loadLibrary();
        List<Row> rows = new ArrayList<>();
        List<ColumnFamilyHandle> tables = new ArrayList<>();
        try (var options = new Options();
                var database = new DBOptions()) {
            List<ColumnFamilyDescriptor> names = RocksDB.listColumnFamilies(options, map.toString()).stream()
                    .map(ColumnFamilyDescriptor::new)
                    .toList();
            try (RocksDB copy = RocksDB.openReadOnly(database, map.toString(), names, tables)) {
                for (ColumnFamilyHandle table : tables) {
                    try (RocksIterator at = copy.newIterator(table)) {
                        for (at.seekToFirst(); at.isValid(); at.next()) {
                            rows.add(new Row(at.key(), at.value()));
                        }
                        at.status();
                    }
                }
                tables.forEach(ColumnFamilyHandle::close);
            }
        } catch (RocksDBException e) {
            throw new IOException("the map in " + map + " could not be read: " + e.getMessage(), e);
        }
        return rows;
    }

    /** A slot that this row names, whatever its state: one in use, of a version, an upload, a queue entry or a key. */
    static Optional<Long> slotNamed(Row row) {
        try {
            var key = new Fields(row.key);
            var value = new Fields(row.value);
            char family = (char) key.u8();
            switch (family) {
                case 's' -> {
                    key.u32();
                    return Optional.of(key.u64());
                }
                case 'q' -> {
                    key.u32();
                    key.u64();
                    key.objectKey();
                    return Optional.of(key.u64());
                }
                case 'o' -> value.raw(10);
                case 'u', 'P' -> value.u8();
                default -> {
                    return Optional.empty();
                }
            }
            return Optional.of(value.u64());
        } catch (BufferUnderflowException otherForm) {
            return Optional.empty();
        }
    }
}
