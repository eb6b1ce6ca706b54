package allod.store;

import allod.base.TenantId;

/**
 * A bucket (family {@code b}).
 *
 * @param id the order of its creation, never used again
 * @param versioning reserved: 0 never enabled
 */
record BucketRow(long id, TenantId owner, int domain, int versioning) {
    byte[] encode() {
        return new RowWriter(24)
                .u8(1)
                .u64(id)
                .u32(owner.value())
                .u32(domain)
                .u8(versioning)
                .u8(0)
                .toBytes();
    }

    static BucketRow decode(byte[] value) {
        var row = new RowReader("b", value).format(1);
        var bucket = new BucketRow(row.u64(), row.tenant(), row.u32(), row.u8());
        row.zero();
        row.end();
        return bucket;
    }

    Bucket named(BucketName name) {
        return new Bucket(name, id, owner, domain, Order.time(id));
    }
}
