package allod.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the events of one tenant in one commit lie (family {@code H}).
 *
 * @param time microseconds since 1970, of the commit
 * @param indices the log index of each of them, whose numbers in the chain are consecutive; known even when the bodies are
 *     erased
 * @param blocks the rows that hold their bodies
 */
record RunRow(int log, long time, List<Long> indices, List<Block> blocks) {
    /** A row of the family {@code e}. */
    record Block(int domain, EventClass kind, long firstIndex) {}

    byte[] encode() {
        var row = new RowWriter(48 + indices.size()).u8(1).u16(log).u64(time).varint(indices.size());
        long last = 0;
        for (long index : indices) {
            row.varint(index - last);
            last = index;
        }
        row.u8(blocks.size());
        blocks.forEach(block -> row.u32(block.domain).u8(block.kind.code).u64(block.firstIndex));
        return row.toBytes();
    }

    static RunRow decode(byte[] value) {
        var row = new RowReader("H", value).format(1);
        int log = row.u16();
        long time = row.u64();
        var indices = new ArrayList<Long>();
        long last = 0;
        for (long left = row.varint(); left > 0; left--) {
            last += row.varint();
            indices.add(last);
        }
        var blocks = new ArrayList<Block>(1);
        for (int left = row.u8(); left > 0; left--) {
            blocks.add(new Block(row.u32(), row.code(EventClass::of), row.u64()));
        }
        row.end();
        return new RunRow(log, time, indices, blocks);
    }
}
