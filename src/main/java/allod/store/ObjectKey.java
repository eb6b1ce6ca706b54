package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of an object in its bucket: 1 to 1,024 bytes of UTF-8, kept as they came and ordered as unsigned bytes. No
 * byte has a meaning here: not a slash, not a dot, not a zero.
 */
public final class ObjectKey implements Comparable<ObjectKey> {
    /** S3's limit, in bytes. */
    public static final int MAX_BYTES = 1024;

    private final byte[] utf8;

    private ObjectKey(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** @throws Problem INVALID_ARGUMENT if empty or not UTF-8, KEY_TOO_LONG past 1,024 bytes */
    public static ObjectKey of(byte[] utf8) {
        if (utf8.length == 0) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The object key is empty.",
                    "A key has 1 to 1,024 bytes.",
                    "Name the object.");
        }
        if (utf8.length > MAX_BYTES) {
            throw new Problem(
                    Reason.KEY_TOO_LONG,
                    "The object key is too long.",
                    "It has " + utf8.length + " bytes of UTF-8; a key has at most " + MAX_BYTES + ".",
                    "Choose a shorter key.");
        }
        if (!isUtf8(utf8)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The object key is not UTF-8.",
                    "S3 keys are UTF-8 text, percent-encoded in the path.",
                    "Encode the key as UTF-8.");
        }
        return new ObjectKey(utf8.clone());
    }

    /** The key of a text. */
    public static ObjectKey of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes over bytes that were checked when they were stored. */
    static ObjectKey stored(byte[] utf8) {
        return new ObjectKey(utf8);
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException notText) {
            return false;
        }
    }

    public byte[] utf8() {
        return utf8.clone();
    }

    /** The bytes themselves, for this package, which does not change them. */
    byte[] bytes() {
        return utf8;
    }

    @Override
    public int compareTo(ObjectKey other) {
        return Arrays.compareUnsigned(utf8, other.utf8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectKey key && Arrays.equals(utf8, key.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
