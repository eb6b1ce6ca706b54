package allod.store;

import allod.base.AccessKeyId;
import allod.base.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The keys of the map, one method a family; their bytes are docs/formats/map.md. */
final class MapKey {
    static final byte[] FORMAT = {Family.FORMAT.code};
    static final byte[] RESTORE = {Family.RESTORE.code};

    /** The latest time that the time index can name, in seconds since 1970. */
    static final long MAX_DUE = (1L << 40) - 1;

    private MapKey() {}

    private static RowWriter of(Family family, int expectedSize) {
        return new RowWriter(expectedSize + 1).u8(family.code);
    }

    static byte[] family(Family family) {
        return new byte[] {family.code};
    }

    static byte[] tenant(TenantId tenant) {
        return of(Family.TENANT, 4).u32(tenant.value()).toBytes();
    }

    static byte[] bucket(BucketName name) {
        return of(Family.BUCKET, 63)
                .raw(name.value().getBytes(StandardCharsets.US_ASCII))
                .toBytes();
    }

    static byte[] bucketsOf(TenantId tenant, String name) {
        return of(Family.BUCKET_OF_TENANT, 67)
                .u32(tenant.value())
                .raw(name.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }

    static byte[] configuration(long bucketId, ConfigurationKind kind) {
        return of(Family.CONFIGURATION, 9).u64(bucketId).u8(kind.code).toBytes();
    }

    static byte[] current(long bucketId, ObjectKey key) {
        return of(Family.CURRENT, 10 + key.bytes().length)
                .u64(bucketId)
                .objectKey(key.bytes())
                .toBytes();
    }

    /** Where the current versions whose keys begin with these bytes begin. */
    static byte[] currentFrom(long bucketId, byte[] prefix) {
        return of(Family.CURRENT, 8 + prefix.length)
                .u64(bucketId)
                .escaped(prefix)
                .toBytes();
    }

    /** A version that is not current, or a marker; of one key the newest comes first. */
    static byte[] noncurrent(long bucketId, ObjectKey key, long order) {
        return of(Family.NONCURRENT, 18 + key.bytes().length)
                .u64(bucketId)
                .objectKey(key.bytes())
                .u64(~order)
                .toBytes();
    }

    static byte[] noncurrentOf(long bucketId, ObjectKey key) {
        return of(Family.NONCURRENT, 10 + key.bytes().length)
                .u64(bucketId)
                .objectKey(key.bytes())
                .toBytes();
    }

    static byte[] nullVersion(long bucketId, ObjectKey key) {
        return of(Family.NULL_VERSION, 10 + key.bytes().length)
                .u64(bucketId)
                .objectKey(key.bytes())
                .toBytes();
    }

    /** Where the rows of a family begin whose object keys begin with these bytes. */
    static byte[] prefixed(Family family, long bucketId, byte[] prefix) {
        return of(family, 8 + prefix.length).u64(bucketId).escaped(prefix).toBytes();
    }

    /** All rows of one object key in a family whose keys begin with bucket and object key. */
    static byte[] keyed(Family family, long bucketId, byte[] key) {
        return of(family, 10 + key.length).u64(bucketId).objectKey(key).toBytes();
    }

    /** @param seconds since 1970, 0 to {@link #MAX_DUE} */
    static byte[] due(long seconds, long bucketId, byte[] key) {
        return of(Family.DUE, 15 + key.length)
                .u8((int) (seconds >>> 32))
                .u32((int) seconds)
                .u64(bucketId)
                .objectKey(key)
                .toBytes();
    }

    /** Where what is due at a time or later begins. */
    static byte[] dueFrom(long seconds) {
        return of(Family.DUE, 5).u8((int) (seconds >>> 32)).u32((int) seconds).toBytes();
    }

    static byte[] bookkeeping(long bucketId, Bookkeeping kind) {
        return of(Family.CONFIGURATION, 9).u64(bucketId).u8(kind.code).toBytes();
    }

    static byte[] bucketFrom(Family family, long bucketId) {
        return of(family, 8).u64(bucketId).toBytes();
    }

    static byte[] slot(int domain, long slot) {
        return of(Family.SLOT, 12).u32(domain).u64(slot).toBytes();
    }

    static byte[] upload(long bucketId, ObjectKey key, UploadId upload) {
        return of(Family.UPLOAD, 26 + key.bytes().length)
                .u64(bucketId)
                .objectKey(key.bytes())
                .raw(upload.bytes())
                .toBytes();
    }

    static byte[] uploadsOf(long bucketId, ObjectKey key) {
        return keyed(Family.UPLOAD, bucketId, key.bytes());
    }

    static UploadId uploadIn(byte[] uploadKey) {
        return new UploadId(Arrays.copyOfRange(uploadKey, uploadKey.length - 16, uploadKey.length));
    }

    static byte[] uploadsFrom(long bucketId, byte[] prefix) {
        return of(Family.UPLOAD, 8 + prefix.length)
                .u64(bucketId)
                .escaped(prefix)
                .toBytes();
    }

    static byte[] part(UploadId upload, int number) {
        return of(Family.PART, 18).raw(upload.bytes()).u16(number).toBytes();
    }

    static byte[] partsOf(UploadId upload) {
        return of(Family.PART, 16).raw(upload.bytes()).toBytes();
    }

    static byte[] pending(int domain, long bucketId, byte[] key, long slot) {
        return of(Family.PENDING, 22 + key.length)
                .u32(domain)
                .u64(bucketId)
                .objectKey(key)
                .u64(slot)
                .toBytes();
    }

    /** Everything of one object key that waits for erasure. */
    static byte[] pendingOf(int domain, long bucketId, byte[] key) {
        return of(Family.PENDING, 14 + key.length)
                .u32(domain)
                .u64(bucketId)
                .objectKey(key)
                .toBytes();
    }

    static byte[] page(int domain, int level, long index) {
        return of(Family.PAGE, 13).u32(domain).u8(level).u64(index).toBytes();
    }

    static byte[] root(int domain) {
        return of(Family.ROOT, 4).u32(domain).toBytes();
    }

    static byte[] droppedBlob(int domain, byte[] blob) {
        return of(Family.DROPPED_BLOB, 20).u32(domain).raw(blob).toBytes();
    }

    static byte[] highWater(int domain) {
        return of(Family.RESERVATION, 4).u32(domain).toBytes();
    }

    static byte[] reservation(int domain, long bucketId, long from) {
        return of(Family.RESERVATION, 20).u32(domain).u64(bucketId).u64(from).toBytes();
    }

    /** All reservations of a bucket. */
    static byte[] reservationsOf(int domain, long bucketId) {
        return of(Family.RESERVATION, 12).u32(domain).u64(bucketId).toBytes();
    }

    static byte[] receiptBatch(int domain, long generation) {
        return of(Family.RECEIPT, 16).u32(domain).u64(generation).u32(0).toBytes();
    }

    static byte[] receiptItem(int domain, long generation, int ordinal) {
        return of(Family.RECEIPT, 16)
                .u32(domain)
                .u64(generation)
                .u32(ordinal + 1)
                .toBytes();
    }

    static byte[] receiptsOf(int domain) {
        return of(Family.RECEIPT, 4).u32(domain).toBytes();
    }

    static byte[] period(int domain, EventClass kind, long day) {
        return of(Family.PERIOD, 9).u32(domain).u8(kind.code).u32((int) day).toBytes();
    }

    static byte[] events(int domain, EventClass kind, int log, long firstIndex) {
        return of(Family.EVENTS, 15)
                .u32(domain)
                .u8(kind.code)
                .u16(log)
                .u64(firstIndex)
                .toBytes();
    }

    static byte[] log(int log) {
        return of(Family.LOG, 2).u16(log).toBytes();
    }

    static byte[] leaves(int log, long firstIndex) {
        return of(Family.LEAVES, 10).u16(log).u64(firstIndex).toBytes();
    }

    static byte[] tile(int log, int level, long index) {
        return of(Family.TILE, 11).u16(log).u8(level).u64(index).toBytes();
    }

    static byte[] chain(TenantId tenant) {
        return of(Family.CHAIN, 4).u32(tenant.value()).toBytes();
    }

    static byte[] checkpoint(int log) {
        return of(Family.CHECKPOINT, 2).u16(log).toBytes();
    }

    static byte[] run(TenantId tenant, long firstSeq) {
        return of(Family.RUN, 12).u32(tenant.value()).u64(firstSeq).toBytes();
    }

    static byte[] accessKey(AccessKeyId id) {
        return of(Family.ACCESS_KEY, id.value().length())
                .raw(id.value().getBytes(StandardCharsets.US_ASCII))
                .toBytes();
    }

    /** A user, group or role; with an empty name, where those of a kind begin. */
    static byte[] identity(TenantId tenant, IdentityKind kind, String name) {
        return of(Family.IDENTITY, 5 + name.length())
                .u32(tenant.value())
                .u8(kind.code)
                .raw(name.getBytes(StandardCharsets.US_ASCII))
                .toBytes();
    }

    /** The kind of a row that says that a user is in a group. */
    static final int MEMBERSHIP = 4;

    /** That a user is in a group; with an empty user, where those of a group begin. */
    static byte[] member(TenantId tenant, String group, String user) {
        return of(Family.IDENTITY, 6 + group.length() + user.length())
                .u32(tenant.value())
                .u8(MEMBERSHIP)
                .raw(group.getBytes(StandardCharsets.US_ASCII))
                .u8(0)
                .raw(user.getBytes(StandardCharsets.US_ASCII))
                .toBytes();
    }

    /** How often something about escrow changed. */
    static byte[] escrowEpoch() {
        return of(Family.ESCROW, 1).u8(0).toBytes();
    }

    static byte[] escrows() {
        return of(Family.ESCROW, 1).u8(1).toBytes();
    }

    static byte[] escrow(byte[] id) {
        return of(Family.ESCROW, 17).u8(1).raw(id).toBytes();
    }

    static byte[] escrowForbids() {
        return of(Family.ESCROW, 1).u8(2).toBytes();
    }

    static byte[] escrowForbid(long bucketId) {
        return of(Family.ESCROW, 9).u8(2).u64(bucketId).toBytes();
    }

    /** The least key above every key that begins with these bytes, which do not all equal FF. */
    static byte[] after(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xff) {
                byte[] end = Arrays.copyOf(prefix, i + 1);
                end[i]++;
                return end;
            }
        }
        throw new IllegalArgumentException("no key stands above this prefix");
    }
}
