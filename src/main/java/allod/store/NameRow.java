package allod.store;

import java.util.Arrays;
import java.util.Optional;

/**
 * A version of a key, or a delete marker: all that a listing shows, and where its slot is. The current version stands in
 * the family {@code o} as it is; what is not current, and every marker, in {@code v} ({@link NoncurrentRow}).
 *
 * @param order the version's place in time
 * @param slot the slot that holds its secret, in the domain of its bucket; 0 for a marker
 * @param size bytes of content
 * @param maskedEtag the ETag's 16 bytes under the slot's mask: unreadable once the slot is erased
 * @param parts 0 for an object written at once
 * @param checksumType 0 none, else the type's code
 * @param lock what keeps it from being erased
 */
record NameRow(
        int flags, long order, long slot, long size, byte[] maskedEtag, int parts, int checksumType, ObjectLock lock) {
    /** It was written while versioning was not enabled, and its id is null. */
    static final int NULL_VERSION = 1;

    private static final int HAS_LOCK = 2;
    private static final int MARKER = 4;
    private static final byte[] NO_ETAG = new byte[16];

    /** A version that is to take its place; {@code isNull} and {@code lock} are decided in its commit. */
    static NameRow of(
            long order, long slot, Description description, byte[] maskedEtag, boolean isNull, ObjectLock lock) {
        int type = description.checksum().map(sum -> sum.type().code).orElse(0);
        return new NameRow(
                isNull ? NULL_VERSION : 0,
                order,
                slot,
                description.size(),
                maskedEtag,
                description.etag().parts(),
                type,
                lock);
    }

    static NameRow marker(long order, boolean isNull) {
        return new NameRow(isNull ? MARKER | NULL_VERSION : MARKER, order, 0, 0, NO_ETAG, 0, 0, ObjectLock.NONE);
    }

    boolean isNull() {
        return (flags & NULL_VERSION) != 0;
    }

    boolean isMarker() {
        return (flags & MARKER) != 0;
    }

    NameRow with(ObjectLock newLock) {
        return new NameRow(flags, order, slot, size, maskedEtag, parts, checksumType, newLock);
    }

    byte[] encode() {
        return write(new RowWriter(64).u8(1)).toBytes();
    }

    RowWriter write(RowWriter row) {
        row.u8(lock.isNone() ? flags : flags | HAS_LOCK).u64(order);
        if (isMarker()) {
            return row;
        }
        row.u64(slot).u64(size).raw(maskedEtag).u16(parts).u8(checksumType);
        if (!lock.isNone()) {
            lock.write(row);
        }
        return row;
    }

    private static int knownFlags(int flags) {
        boolean lockedMarker = (flags & MARKER) != 0 && (flags & HAS_LOCK) != 0;
        if ((flags & ~(NULL_VERSION | HAS_LOCK | MARKER)) != 0 || lockedMarker) {
            throw new IllegalArgumentException("a version has the unknown flags " + flags);
        }
        return flags;
    }

    static NameRow decode(byte[] value) {
        var row = new RowReader("o", value).format(1);
        NameRow name = read(row);
        row.require(!name.isMarker(), "a delete marker stands among the current versions");
        row.end();
        return name;
    }

    static NameRow read(RowReader row) {
        int flags = row.code(NameRow::knownFlags);
        long order = row.u64();
        if ((flags & MARKER) != 0) {
            return marker(order, (flags & NULL_VERSION) != 0);
        }
        long slot = row.u64();
        long size = row.u64();
        byte[] etag = row.raw(16);
        int parts = row.u16();
        int checksumType = row.u8();
        ObjectLock lock = (flags & HAS_LOCK) == 0 ? ObjectLock.NONE : ObjectLock.read(row);
        return new NameRow(flags & ~HAS_LOCK, order, slot, size, etag, parts, checksumType, lock);
    }

    static Optional<NameRow> ofNullable(byte @org.jspecify.annotations.Nullable [] value) {
        return value == null ? Optional.empty() : Optional.of(decode(value));
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
