package allod.store;

import java.util.Arrays;
import java.util.Optional;

/**
 * The current version of a key (family {@code o}): all that a listing shows, and where its slot is.
 *
 * @param order the version's place in time
 * @param slot the slot that holds its secret, in the domain of its bucket
 * @param size bytes of content
 * @param maskedEtag the ETag's 16 bytes under the slot's mask: unreadable once the slot is erased
 * @param parts 0 for an object written at once
 * @param checksumType 0 none, else the type's code
 * @param lock the S3 Object Lock fields; in the format from the first day, so that no row is ever rewritten for them
 */
record NameRow(
        int flags,
        long order,
        long slot,
        long size,
        byte[] maskedEtag,
        int parts,
        int checksumType,
        Optional<Lock> lock) {
    /** Reserved for versioning: this current version is the null version. */
    static final int NULL_VERSION = 1;

    private static final int HAS_LOCK = 2;

    /** A retention mode with its end in seconds since 1970, and whether a legal hold stands. */
    record Lock(int mode, long until, boolean hold) {}

    static NameRow of(long order, long slot, long size, byte[] maskedEtag, int parts, Optional<Checksum> checksum) {
        int type = checksum.map(sum -> sum.type().code).orElse(0);
        return new NameRow(NULL_VERSION, order, slot, size, maskedEtag, parts, type, Optional.empty());
    }

    byte[] encode() {
        var row = new RowWriter(64)
                .u8(1)
                .u8(lock.isPresent() ? flags | HAS_LOCK : flags)
                .u64(order)
                .u64(slot)
                .u64(size)
                .raw(maskedEtag)
                .u16(parts)
                .u8(checksumType);
        lock.ifPresent(it -> row.u8(it.mode).u64(it.until).u8(it.hold ? 1 : 0));
        return row.toBytes();
    }

    private static int knownFlags(int flags) {
        if ((flags & ~(NULL_VERSION | HAS_LOCK)) != 0) {
            throw new IllegalArgumentException("a version has the unknown flags " + flags);
        }
        return flags;
    }

    static NameRow decode(byte[] value) {
        var row = new RowReader("o", value).format(1);
        int flags = row.code(NameRow::knownFlags);
        long order = row.u64();
        long slot = row.u64();
        long size = row.u64();
        byte[] etag = row.raw(16);
        int parts = row.u16();
        int checksumType = row.u8();
        Optional<Lock> lock =
                (flags & HAS_LOCK) == 0 ? Optional.empty() : Optional.of(new Lock(row.u8(), row.u64(), row.flag()));
        row.end();
        return new NameRow(flags & ~HAS_LOCK, order, slot, size, etag, parts, checksumType, lock);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NameRow row && Arrays.equals(encode(), row.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }
}
