package allod.store.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a commit takes for granted: that the key holds exactly these bytes, or nothing.
 *
 * @param key the key that must not have changed
 * @param expected its value, or null if it must be absent
 */
@SuppressWarnings("ArrayRecordComponent")
public record Guard(byte[] key, byte @Nullable [] expected) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Guard(byte[] k, byte[] e) && Arrays.equals(key, k) && Arrays.equals(expected, e);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(key) + Arrays.hashCode(expected);
    }

    /** Sizes only: a value may hold what no log should. */
    @Override
    public String toString() {
        return "Guard[key " + key.length + " bytes, expected "
                + (expected == null ? "nothing" : expected.length + " bytes") + "]";
    }
}
