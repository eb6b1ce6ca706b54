package allod.store;

/**
 * A version that is not current, or a delete marker whether current or not (family {@code v}).
 *
 * @param since the order of what took its place, so since when it is not current; 0 for a marker that is current
 */
record NoncurrentRow(long since, NameRow row) {
    byte[] encode() {
        return row.write(new RowWriter(72).u8(1).u64(since)).toBytes();
    }

    static NoncurrentRow decode(byte[] value) {
        var reader = new RowReader("v", value).format(1);
        var noncurrent = new NoncurrentRow(reader.u64(), NameRow.read(reader));
        reader.require(
                noncurrent.since != 0 || noncurrent.row.isMarker(),
                "a version that is current stands among the others");
        reader.end();
        return noncurrent;
    }
}
