package allod.store;

import allod.store.engine.BlobName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a joined object in order, with the key of each; stands sealed under the object's own key. Closing wipes the
 * keys.
 */
record Manifest(List<Part> parts) implements AutoCloseable {
    /** With more parts the manifest lies in a blob of its own, so that the row stays small. */
    static final int INLINE_PARTS = 500;

    /**
     * One stream of the object.
     *
     * @param number the part's number, to which its stream is bound
     * @param key 32 bytes
     * @param checksum base64, under the object's algorithm, where the upload kept one for each part
     */
    record Part(int number, BlobName blob, long size, byte[] key, Optional<String> checksum) {}

    long size() {
        return parts.stream().mapToLong(Part::size).sum();
    }

    byte[] encode() {
        var row = new RowWriter(8 + 96 * parts.size()).u8(1).u16(parts.size());
        for (Part part : parts) {
            row.u16(part.number)
                    .raw(part.blob.bytes())
                    .u64(part.size)
                    .raw(part.key)
                    .text(part.checksum.orElse(""));
        }
        return row.toBytes();
    }

    static Manifest decode(byte[] bytes) {
        var row = new RowReader("manifest", bytes).format(1);
        int count = row.u16();
        var parts = new ArrayList<Part>(count);
        for (int i = 0; i < count; i++) {
            int number = row.u16();
            var blob = BlobName.of(row.raw(BlobName.LENGTH));
            long size = row.u64();
            byte[] key = row.raw(32);
            parts.add(new Part(number, blob, size, key, Optional.of(row.text()).filter(text -> !text.isEmpty())));
        }
        row.end();
        return new Manifest(parts);
    }

    @Override
    public void close() {
        parts.forEach(part -> Arrays.fill(part.key, (byte) 0));
    }

    @Override
    public String toString() {
        return "Manifest[" + parts.size() + " parts]";
    }
}
