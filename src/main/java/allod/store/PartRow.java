package allod.store;

import allod.store.engine.BlobName;

/**
 * A stored part of an upload (family {@code p}).
 *
 * @param headerHash SHA-256 of the part's FLOE header
 * @param order when it was stored
 * @param sealed part key, MD5 and checksum under the upload's key
 */
record PartRow(BlobName blob, long size, byte[] headerHash, long order, byte[] sealed) {
    byte[] encode() {
        return new RowWriter(80 + sealed.length)
                .u8(1)
                .raw(blob.bytes())
                .u64(size)
                .raw(headerHash)
                .u64(order)
                .field16(sealed)
                .toBytes();
    }

    static PartRow decode(byte[] value) {
        var row = new RowReader("p", value).format(1);
        var part = new PartRow(BlobName.of(row.raw(BlobName.LENGTH)), row.u64(), row.raw(32), row.u64(), row.field16());
        row.end();
        return part;
    }
}
