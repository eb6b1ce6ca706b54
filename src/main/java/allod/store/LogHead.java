package allod.store;

import allod.log.Hash;

/**
 * The last signed state of the log, as custody keeps it and the map copies it (family {@code c}).
 *
 * @param size entries the checkpoint covers
 * @param note the signed checkpoint, verbatim
 * @param lastOrder the highest version order given when it was signed
 * @param time microseconds since 1970 of the last event
 */
record LogHead(int log, String origin, long size, Hash root, String note, long lastOrder, long time) {
    byte[] encode() {
        return new RowWriter(512)
                .u8(1)
                .u16(log)
                .text(origin)
                .u64(size)
                .raw(root.bytes())
                .text(note)
                .u64(lastOrder)
                .u64(time)
                .toBytes();
    }

    static LogHead decode(byte[] value) {
        var row = new RowReader("c", value).format(1);
        var head =
                new LogHead(row.u16(), row.text(), row.u64(), Hash.of(row.raw(32)), row.text(), row.u64(), row.u64());
        row.end();
        return head;
    }
}
