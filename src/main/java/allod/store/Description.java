package allod.store;

import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of a version beside its content, as it is sealed under the version's own key: its ETag, checksum and
 * metadata. None of it may stand in the clear, for a plain MD5 in an old page would confirm guesses after the erasure.
 *
 * @param size bytes of content, repeated here because the row's is not authenticated
 * @param customerCheck 32 bytes that tell a wrong key where the customer brings one; else empty
 */
record Description(long size, ETag etag, Optional<Checksum> checksum, ObjectMetadata metadata, byte[] customerCheck) {
    /** Of content that the server alone can open. */
    Description(long size, ETag etag, Optional<Checksum> checksum, ObjectMetadata metadata) {
        this(size, etag, checksum, metadata, CustomerKeys.NONE);
    }

    Description withMetadata(ObjectMetadata newMetadata) {
        return new Description(size, etag, checksum, newMetadata, customerCheck);
    }

    byte[] encode() {
        var row = new RowWriter(256).u8(1).u64(size).raw(etag.md5()).u16(etag.parts());
        row.u8(checksum.map(sum -> sum.algorithm().code).orElse(0));
        checksum.ifPresent(sum -> row.u8(sum.type().code).text(sum.value()));
        encode(row, metadata.headers());
        encode(row, metadata.user());
        encode(row, metadata.tags());
        row.u8(metadata.access().isPresent() ? 1 : 0);
        metadata.access().ifPresent(list -> list.write(row));
        return row.field16(customerCheck).toBytes();
    }

    private static void encode(RowWriter row, java.util.Map<String, String> map) {
        row.u16(map.size());
        new TreeMap<>(map).forEach((name, value) -> row.text(name).text(value));
    }

    static Description decode(byte[] bytes) {
        var row = new RowReader("description", bytes).format(1);
        long size = row.u64();
        byte[] md5 = row.raw(16);
        int parts = row.u16();
        ETag etag = row.checked(() -> new ETag(md5, parts));
        Optional<Checksum> checksum = row.code(Checksum.Algorithm::stored)
                .map(algorithm -> new Checksum(algorithm, row.code(Checksum.Type::of), row.text()));
        var metadata = new ObjectMetadata(
                map(row), map(row), map(row), row.flag() ? Optional.of(AccessList.read(row)) : Optional.empty());
        byte[] customerCheck = row.field16();
        row.require(
                customerCheck.length == 0 || customerCheck.length == 32, "its customer key check has another length");
        row.end();
        return new Description(size, etag, checksum, metadata, customerCheck);
    }

    private static java.util.Map<String, String> map(RowReader row) {
        var map = new TreeMap<String, String>();
        for (int left = row.u16(); left > 0; left--) {
            String name = row.text();
            row.require(map.isEmpty() || name.compareTo(map.lastKey()) > 0, "its names are not in order");
            map.put(name, row.text());
        }
        return map;
    }
}
