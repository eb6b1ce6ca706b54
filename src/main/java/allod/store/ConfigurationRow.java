package allod.store;

/**
 * A document that configures a bucket (family {@code C}).
 *
 * @param order when it was put
 * @param document its bytes as whoever reads them wrote them; never empty
 */
record ConfigurationRow(long order, byte[] document) {
    byte[] encode() {
        return new RowWriter(16 + document.length)
                .u8(1)
                .u64(order)
                .field32(document)
                .toBytes();
    }

    static ConfigurationRow decode(byte[] value) {
        var row = new RowReader("C", value).format(1);
        var configuration = new ConfigurationRow(row.u64(), row.field32());
        row.end();
        return configuration;
    }
}
