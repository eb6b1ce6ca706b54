package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Reads what {@link RowWriter} wrote, to the last byte. A row that is short, long or of an unknown format is damage, and
 * says which row it is.
 */
final class RowReader {
    private final String row;
    private final byte[] bytes;
    private int at;

    RowReader(String row, byte[] bytes) {
        this.row = row;
        this.bytes = bytes;
    }

    /** Reads past the format byte, which must be the one this program writes. */
    RowReader format(int expected) {
        int found = u8();
        if (found != expected) {
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "A record of kind " + row + " cannot be read.",
                    "Its format is " + found + " and this program knows " + expected + ".",
                    "Open the folder with the version of Allod that wrote it.");
        }
        return this;
    }

    private void need(long count) {
        if (count < 0 || bytes.length - at < count) {
            throw damaged("it ends too early");
        }
    }

    private Problem damaged(String how) {
        return new Problem(
                Reason.DAMAGED,
                "A record of kind " + row + " cannot be read.",
                "Its bytes are not what was written: " + how + ".",
                "Check the disk, and restore the data folder from a backup.");
    }

    int u8() {
        need(1);
        return bytes[at++] & 0xff;
    }

    int u16() {
        return u8() << 8 | u8();
    }

    int u32() {
        need(4);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | (bytes[at++] & 0xff);
        }
        return value;
    }

    long u64() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (bytes[at++] & 0xff);
        }
        return value;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int group = u8();
            value |= (long) (group & 0x7f) << shift;
            if (group < 0x80) {
                boolean shortest = group > 0 || shift == 0;
                if (!shortest || (shift == 63 && group > 1)) {
                    break;
                }
                return value;
            }
        }
        throw damaged("an integer is not in its one form");
    }

    byte[] raw(int count) {
        need(count);
        byte[] field = Arrays.copyOfRange(bytes, at, at + count);
        at += count;
        return field;
    }

    byte[] field16() {
        return raw(u16());
    }

    byte[] field32() {
        return raw(u32());
    }

    String text() {
        byte[] utf8 = field16();
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8)) {
            throw damaged("a text is not UTF-8");
        }
        return text;
    }

    /** A byte that is 1 for yes and 0 for no, and nothing else. */
    boolean flag() {
        int value = u8();
        if (value > 1) {
            throw damaged("a yes or no is " + value);
        }
        return value == 1;
    }

    /** Says what must hold of what was read. */
    void require(boolean holds, String otherwise) {
        if (!holds) {
            throw damaged(otherwise);
        }
    }

    /** How many things follow, of at least some bytes each. */
    int count(int leastBytes) {
        int count = u32();
        need(count < 0 ? -1 : Math.multiplyExact((long) count, leastBytes));
        return count;
    }

    /** A byte that is reserved and 0. */
    void zero() {
        if (u8() != 0) {
            throw damaged("a reserved byte is set");
        }
    }

    /** A byte that stands for one of a known set. */
    <T> T code(IntFunction<T> known) {
        int code = u8();
        return checked(() -> known.apply(code));
    }

    TenantId tenant() {
        int number = u32();
        return checked(() -> new TenantId(number));
    }

    int varintLength() {
        long count = varint();
        if (count < 0 || count > bytes.length) {
            throw damaged("it ends too early");
        }
        return (int) count;
    }

    TenantId varintTenant() {
        long number = varint();
        if (number != (int) number) {
            throw damaged("a tenant's number is " + number);
        }
        return checked(() -> new TenantId((int) number));
    }

    /** A value that checks itself: what it refuses is damage here. */
    <T> T checked(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException broken) {
            throw damaged(String.valueOf(broken.getMessage()));
        }
    }

    byte[] objectKey() {
        byte[] key = new byte[bytes.length - at];
        int length = 0;
        while (true) {
            int b = u8();
            if (b == 0) {
                int mark = u8();
                if (mark == 0) {
                    return Arrays.copyOf(key, length);
                }
                if (mark != 0xff) {
                    throw damaged("a key is not escaped");
                }
            }
            key[length++] = (byte) b;
        }
    }

    boolean atEnd() {
        return at == bytes.length;
    }

    /** Says that the row ends here. */
    void end() {
        if (!atEnd()) {
            throw damaged("bytes follow its end");
        }
    }
}
