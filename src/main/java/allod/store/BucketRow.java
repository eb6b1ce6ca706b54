package allod.store;

import allod.base.TenantId;
import java.util.Optional;

/**
 * A bucket (family {@code b}).
 *
 * @param id the order of its creation, never used again
 * @param lock its object lock, if that was turned on
 */
record BucketRow(long id, TenantId owner, int domain, Versioning versioning, Optional<BucketLock> lock) {
    static BucketRow of(long id, TenantId owner, int domain) {
        return new BucketRow(id, owner, domain, Versioning.UNVERSIONED, Optional.empty());
    }

    boolean isVersioned() {
        return versioning != Versioning.UNVERSIONED;
    }

    BucketRow with(Versioning newVersioning) {
        return new BucketRow(id, owner, domain, newVersioning, lock);
    }

    BucketRow with(BucketLock newLock) {
        return new BucketRow(id, owner, domain, versioning, Optional.of(newLock));
    }

    byte[] encode() {
        var row = new RowWriter(40).u8(1).u64(id).u32(owner.value()).u32(domain).u8(versioning.code);
        BucketLock.write(row, lock);
        return row.toBytes();
    }

    static BucketRow decode(byte[] value) {
        var row = new RowReader("b", value).format(1);
        var bucket = new BucketRow(row.u64(), row.tenant(), row.u32(), row.code(Versioning::of), BucketLock.read(row));
        row.end();
        return bucket;
    }

    /** The same bucket in another domain. */
    BucketRow in(int other) {
        return new BucketRow(id, owner, other, versioning, lock);
    }

    Bucket named(BucketName name) {
        return new Bucket(name, id, owner, domain, Order.time(id), versioning, lock);
    }
}
