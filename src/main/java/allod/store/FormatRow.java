package allod.store;

import java.util.Arrays;

/**
 * What the data folder is (the single row {@code !}).
 *
 * @param version the format of the map; a higher one is refused
 * @param installation 16 random bytes that name the installation, the same in custody
 * @param epoch how often the map was opened for writing
 * @param log the number of the log that is written now
 */
record FormatRow(int version, byte[] installation, long epoch, int log) {
    static final int CURRENT = 1;

    FormatRow withLog(int next) {
        return new FormatRow(version, installation, epoch, next);
    }

    byte[] encode() {
        return new RowWriter(40)
                .u8(1)
                .u16(version)
                .raw(installation)
                .u64(epoch)
                .u16(log)
                .toBytes();
    }

    static FormatRow decode(byte[] value) {
        var row = new RowReader("!", value).format(1);
        var format = new FormatRow(row.u16(), row.raw(16), row.u64(), row.u16());
        row.end();
        return format;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FormatRow row && Arrays.equals(encode(), row.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }
}
