package allod.keys.pkcs11;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** A template: attributes with their values, as a C array of CK_ATTRIBUTE. Numbers as in PKCS #11 2.40, pkcs11t.h. */
final class Attributes {
    static final long CLASS = 0x00;
    static final long TOKEN = 0x01;
    static final long PRIVATE = 0x02;
    static final long LABEL = 0x03;
    static final long KEY_TYPE = 0x100;
    static final long ID = 0x102;
    static final long SENSITIVE = 0x103;
    static final long ENCRYPT = 0x104;
    static final long DECRYPT = 0x105;
    static final long WRAP = 0x106;
    static final long UNWRAP = 0x107;
    static final long SIGN = 0x108;
    static final long DERIVE = 0x10C;
    static final long VALUE_LEN = 0x161;
    static final long EXTRACTABLE = 0x162;
    private static final long LOCAL = 0x163;
    private static final long NEVER_EXTRACTABLE = 0x164;
    private static final long ALWAYS_SENSITIVE = 0x165;

    static final long SECRET_KEY = 4;
    static final long AES = 0x1f;

    /** What must be true of a key for it not to stand anywhere else. */
    static final Map<Long, String> REQUIRED = Map.of(
            TOKEN, "CKA_TOKEN",
            SENSITIVE, "CKA_SENSITIVE",
            ALWAYS_SENSITIVE, "CKA_ALWAYS_SENSITIVE",
            NEVER_EXTRACTABLE, "CKA_NEVER_EXTRACTABLE",
            LOCAL, "CKA_LOCAL");

    /** Size of a CK_ATTRIBUTE: type, pValue, ulValueLen. */
    static final int BYTES = 24;

    private final Map<Long, byte[]> values = new LinkedHashMap<>();

    Attributes bytes(long type, byte[] value) {
        values.put(type, value);
        return this;
    }

    /** A CK_ULONG. */
    Attributes number(long type, long value) {
        return bytes(
                type,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.nativeOrder())
                        .putLong(value)
                        .array());
    }

    /** CK_BBOOLs of one value. */
    Attributes flags(boolean value, long... types) {
        for (long type : types) {
            bytes(type, new byte[] {(byte) (value ? 1 : 0)});
        }
        return this;
    }

    long count() {
        return values.size();
    }

    MemorySegment in(Arena arena) {
        MemorySegment array = arena.allocate((long) BYTES * values.size(), 8);
        long at = 0;
        for (Map.Entry<Long, byte[]> one : values.entrySet()) {
            // A number among the values is read in place, so each is aligned like one.
            MemorySegment value = arena.allocate(Math.max(8, one.getValue().length), 8);
            MemorySegment.copy(one.getValue(), 0, value, JAVA_BYTE, 0, one.getValue().length);
            set(array, at, one.getKey(), value, one.getValue().length);
            at += BYTES;
        }
        return array;
    }

    static void set(MemorySegment array, long at, long type, MemorySegment value, long length) {
        array.set(JAVA_LONG, at, type);
        array.set(ADDRESS, at + 8, value);
        array.set(JAVA_LONG, at + 16, length);
    }
}
