package allod.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the values of the map hold, as the records that the store itself reads them with. */
final class InspectedValue {
    /** A family whose rows say all in their key. */
    private record Nothing() {}

    private record HighWater(long next, long highWater) {}

    private record Reserved(long end) {}

    private record Period(long slot) {}

    private record Page(int bytes) {}

    private record Events(int dictionary, long day, byte[] sealed) {}

    private record Item(long day, byte[] commitment, byte[] sealed) {}

    private record Hashes(int count, byte[] last) {}

    private record Epoch(long changes) {}

    private record Prohibition(long since) {}

    private record NullVersion(long order) {}

    private record Kept(int bytes) {}

    private record Unwritten(int bytes) {}

    private InspectedValue() {}

    /** @throws allod.base.Problem DAMAGED if the value is not one of the family's */
    static Map<String, String> read(Family family, byte[] key, byte[] value) {
        Record row = decoded(family, key, value);
        if (row instanceof NoncurrentRow(long since, NameRow version)) {
            Map<String, String> fields = new LinkedHashMap<>(RowText.fields(version));
            fields.put("since", RowText.order(since));
            return fields;
        }
        return RowText.fields(row);
    }

    /** The row as its record; whoever adds a family says here how it is read. */
    static Record decoded(Family family, byte[] key, byte[] value) {
        return switch (family) {
            case FORMAT -> FormatRow.decode(value);
            case TENANT -> TenantRow.decode(value);
            case BUCKET -> BucketRow.decode(value);
            case BUCKET_OF_TENANT, DROPPED_BLOB -> new Nothing();
            case CONFIGURATION -> configuration(key, value);
            case CURRENT -> NameRow.decode(value);
            case NONCURRENT -> NoncurrentRow.decode(value);
            case NULL_VERSION ->
                new NullVersion(new RowReader("n", value).format(1).u64());
            case SLOT -> SlotRow.decode(value);
            case UPLOAD -> UploadRow.decode(value);
            case PART -> PartRow.decode(value);
            case PENDING -> PendingRow.decode(value);
            case PAGE -> new Page(value.length);
            case ROOT -> DomainRow.decode(value);
            case RESERVATION -> reservation(key, value);
            case RECEIPT -> receipt(key, value);
            case PERIOD -> new Period(PeriodKeys.slotOf(value));
            case EVENTS -> events(value);
            case LOG -> LogRow.decode(value);
            case LEAVES -> hashes(value, 33);
            case TILE -> hashes(value, 32);
            case CHAIN -> ChainRow.decode(value);
            case CHECKPOINT -> LogHead.decode(value);
            case RUN -> RunRow.decode(value);
            case ACCESS_KEY -> AccessKeyRow.decode(value);
            case ESCROW -> escrow(key, value);
            case IDENTITY -> identity(key, value);
            case RESTORE -> RestoreRow.decode(value);
            case SEALED, DUE, GRANT -> new Unwritten(value.length);
        };
    }

    /** What the store keeps for itself has fields of its own. */
    private static Record configuration(byte[] key, byte[] value) {
        boolean kept = key.length == 10 && Byte.toUnsignedInt(key[9]) >= Bookkeeping.VERSION_IDS.code;
        return kept ? new Kept(value.length) : ConfigurationRow.decode(value);
    }

    private static Record reservation(byte[] key, byte[] value) {
        var row = new RowReader("x", value).format(1);
        boolean ofDomain = key.length == MapKey.highWater(0).length;
        Record read = ofDomain ? new HighWater(row.u64(), row.u64()) : new Reserved(row.u64());
        row.end();
        return read;
    }

    private static Record receipt(byte[] key, byte[] value) {
        var at = new RowReader("r", key);
        at.raw(13);
        if (at.u32() == 0) {
            return BatchRow.decode(value);
        }
        var row = new RowReader("r", value).format(1);
        return new Item(Integer.toUnsignedLong(row.u32()), row.raw(32), row.raw(value.length - 37));
    }

    private static Record events(byte[] value) {
        var row = new RowReader("e", value).format(1);
        return new Events(row.u8(), Integer.toUnsignedLong(row.u32()), row.raw(value.length - 6));
    }

    private static Record hashes(byte[] value, int each) {
        var row = new RowReader("l", value);
        row.require(value.length > 0 && value.length % each == 0, "its length is no multiple of " + each);
        byte[] last = Arrays.copyOfRange(value, value.length - 32, value.length);
        return new Hashes(value.length / each, last);
    }

    private static Record identity(byte[] key, byte[] value) {
        var at = new RowReader("I", key);
        at.u8();
        at.u32();
        int code = at.u8();
        if (code == MapKey.MEMBERSHIP) {
            return new Nothing();
        }
        String name = new String(at.raw(key.length - 6), StandardCharsets.US_ASCII);
        for (IdentityKind kind : IdentityKind.values()) {
            if (kind.code == code) {
                return NamedIdentity.decode(kind, name, value);
            }
        }
        at.require(false, "there is no kind " + code);
        return new Nothing();
    }

    private static Record escrow(byte[] key, byte[] value) {
        var at = new RowReader("E", key);
        at.u8();
        int kind = at.u8();
        if (kind == 1) {
            return EscrowRow.decode(at.raw(EscrowRow.ID_BYTES), value);
        }
        var row = new RowReader("E", value).format(1);
        Record read = kind == 0 ? new Epoch(row.u64()) : new Prohibition(row.u64());
        row.end();
        return read;
    }
}
