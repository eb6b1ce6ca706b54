package allod.store.engine;

import java.util.Arrays;

/**
 * A key of the map and its value, equal by content. The arrays belong to whoever received the entry.
 *
 * @param key 1 to {@value MetadataEngine#MAX_KEY} bytes
 * @param value may be empty
 */
@SuppressWarnings("ArrayRecordComponent")
public record Entry(byte[] key, byte[] value) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Entry(byte[] k, byte[] v) && Arrays.equals(key, k) && Arrays.equals(value, v);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
    }

    /** Sizes only: a value may hold what no log should. */
    @Override
    public String toString() {
        return "Entry[key " + key.length + " bytes, value " + value.length + " bytes]";
    }
}
