package allod.store.engine;

import java.util.Arrays;
import java.util.List;

/** The rules on keys and ranges that every engine holds alike. */
final class Ranges {
    private Ranges() {}

    /** @throws IllegalArgumentException unless the key has 1 to {@link MetadataEngine#MAX_KEY} bytes */
    static void checkKey(byte[] key) {
        if (key.length < 1 || key.length > MetadataEngine.MAX_KEY) {
            throw new IllegalArgumentException(
                    "a key has 1 to " + MetadataEngine.MAX_KEY + " bytes, not " + key.length);
        }
    }

    /** @throws IllegalArgumentException if the value is above {@link MetadataEngine#MAX_VALUE} */
    static void checkValue(byte[] value) {
        if (value.length > MetadataEngine.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a value has at most " + MetadataEngine.MAX_VALUE + " bytes, not " + value.length);
        }
    }

    /** @throws IllegalArgumentException if {@code to} is neither in the family of {@code from} nor its very end */
    static void checkRange(byte[] from, byte[] to) {
        checkKey(from);
        checkKey(to);
        int family = from[0] & 0xff;
        boolean endOfFamily = to.length == 1 && (to[0] & 0xff) == family + 1;
        if (to[0] != from[0] && !endOfFamily) {
            throw new IllegalArgumentException(
                    "a range stays in one family, not from " + family + " to " + (to[0] & 0xff));
        }
    }

    /** @throws IllegalArgumentException if the keys are of different families */
    static void checkFloor(byte[] from, byte[] key) {
        checkKey(from);
        checkKey(key);
        if (from[0] != key[0]) {
            throw new IllegalArgumentException(
                    "a range stays in one family, not from " + (from[0] & 0xff) + " to " + (key[0] & 0xff));
        }
    }

    /** @throws IllegalArgumentException if a key or a value breaks its limit */
    static void checkCommit(List<Guard> guards, List<Write> writes) {
        for (Guard guard : guards) {
            checkKey(guard.key());
        }
        for (Write write : writes) {
            checkKey(write.key());
            if (write instanceof Write.Put put) {
                checkValue(put.value());
            }
        }
    }

    static int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b);
    }
}
