package allod.store;

import java.util.Arrays;

/**
 * Where a tenant's chain of events stands (family {@code h}).
 *
 * @param seq the number of its last event, 0 before the first
 * @param commitment C of its last event, 32 zero bytes before the first
 */
record ChainRow(long seq, byte[] commitment) {
    static final ChainRow EMPTY = new ChainRow(0, new byte[32]);

    byte[] encode() {
        return new RowWriter(41).u8(1).u64(seq).raw(commitment).toBytes();
    }

    static ChainRow decode(byte[] value) {
        var row = new RowReader("h", value).format(1);
        var chain = new ChainRow(row.u64(), row.raw(32));
        row.end();
        return chain;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChainRow row && seq == row.seq && Arrays.equals(commitment, row.commitment);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(commitment);
    }
}
