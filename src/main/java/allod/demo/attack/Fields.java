package allod.demo.attack;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The fields of a record from front to back, as docs/formats/map.md names them: integers big-endian. */
final class Fields {
    private final ByteBuffer bytes;

    Fields(byte[] record) {
        bytes = ByteBuffer.wrap(record);
    }

    int u8() {
        return bytes.get() & 0xff;
    }

    int u16() {
        return bytes.getShort() & 0xffff;
    }

    int u32() {
        return bytes.getInt();
    }

    long u64() {
        return bytes.getLong();
    }

    byte[] raw(int count) {
        if (count < 0 || count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] field = new byte[count];
        bytes.get(field);
        return field;
    }

    /** A field behind its length in 16 bits. */
    byte[] short16() {
        return raw(u16());
    }

    /** A field behind its length in 32 bits. */
    byte[] long32() {
        return raw(u32());
    }

    /** An object key, in which 00 FF stands for 00 and 00 00 is the end. */
    byte[] objectKey() {
        byte[] key = new byte[bytes.remaining()];
        int length = 0;
        while (true) {
            byte next = bytes.get();
            if (next == 0 && bytes.get() == 0) {
                return Arrays.copyOf(key, length);
            }
            key[length++] = next;
        }
    }
}
