package allod.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds the bytes of one row's key or value: integers big-endian, variable fields behind their length. */
final class RowWriter {
    private byte[] bytes;
    private int length;

    RowWriter(int expectedSize) {
        bytes = new byte[expectedSize];
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    RowWriter u8(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    RowWriter u16(int value) {
        if (value < 0 || value > 0xffff) {
            throw new IllegalArgumentException(value + " does not fit 16 bits");
        }
        return u8(value >>> 8).u8(value);
    }

    RowWriter u32(int value) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    RowWriter u64(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** An unsigned integer in groups of seven bits, lowest first. */
    RowWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            u8((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        return u8((int) rest);
    }

    RowWriter raw(byte[] field) {
        room(field.length);
        System.arraycopy(field, 0, bytes, length, field.length);
        length += field.length;
        return this;
    }

    /** A field of at most 65,535 bytes behind its length. */
    RowWriter field16(byte[] field) {
        return u16(field.length).raw(field);
    }

    /** A field behind its length in 32 bits. */
    RowWriter field32(byte[] field) {
        return u32(field.length).raw(field);
    }

    RowWriter text(String text) {
        return field16(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * An object key inside a row's key: 00 becomes 00 FF and 00 00 ends it, which keeps the order of the bytes and lets
     * more fields follow.
     */
    RowWriter objectKey(byte[] key) {
        return escaped(key).u8(0).u8(0);
    }

    /** The beginning of an object key, to scan by a prefix. */
    RowWriter escaped(byte[] prefix) {
        room(prefix.length + 2);
        for (byte b : prefix) {
            u8(b);
            if (b == 0) {
                u8(0xff);
            }
        }
        return this;
    }

    /** What a sealed row is bound to: the log's origin, in a field of its own, and the row's key. */
    static byte[] place(String origin, byte[] rowKey) {
        return new RowWriter(origin.length() + rowKey.length + 2)
                .text(origin)
                .raw(rowKey)
                .toBytes();
    }

    byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
