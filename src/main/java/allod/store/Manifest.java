package allod.store;

import allod.store.engine.BlobName;
import java.util.ArrayList;
import java.util.List;

/** The parts of a joined object in order, with the key of each; stands sealed under the object's own key. */
record Manifest(List<Part> parts) {
    /** With more parts the manifest lies in a blob of its own, so that the row stays small. */
    static final int INLINE_PARTS = 500;

    /**
     * One stream of the object.
     *
     * @param number the part's number, to which its stream is bound
     * @param key 32 bytes
     */
    record Part(int number, BlobName blob, long size, byte[] key) {}

    long size() {
        return parts.stream().mapToLong(Part::size).sum();
    }

    byte[] encode() {
        var row = new RowWriter(8 + 60 * parts.size()).u8(1).u16(parts.size());
        for (Part part : parts) {
            row.u16(part.number).raw(part.blob.bytes()).u64(part.size).raw(part.key);
        }
        return row.toBytes();
    }

    static Manifest decode(byte[] bytes) {
        var row = new RowReader("manifest", bytes).format(1);
        int count = row.u16();
        var parts = new ArrayList<Part>(count);
        for (int i = 0; i < count; i++) {
            parts.add(new Part(row.u16(), BlobName.of(row.raw(BlobName.LENGTH)), row.u64(), row.raw(32)));
        }
        row.end();
        return new Manifest(parts);
    }

    @Override
    public String toString() {
        return "Manifest[" + parts.size() + " parts]";
    }
}
