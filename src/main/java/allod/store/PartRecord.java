package allod.store;

import java.util.Optional;

/** What is sealed of a part under the upload's key. */
record PartRecord(byte[] key, byte[] md5, Optional<String> checksum) {
    byte[] encode() {
        return new RowWriter(96)
                .u8(1)
                .raw(key)
                .raw(md5)
                .text(checksum.orElse(""))
                .toBytes();
    }

    static PartRecord decode(byte[] bytes) {
        var row = new RowReader("part", bytes).format(1);
        byte[] key = row.raw(32);
        byte[] md5 = row.raw(16);
        String checksum = row.text();
        row.end();
        return new PartRecord(key, md5, checksum.isEmpty() ? Optional.empty() : Optional.of(checksum));
    }
}
