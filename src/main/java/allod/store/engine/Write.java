package allod.store.engine;

import java.util.Arrays;

/** One change of a commit. Of several to one key the last holds. */
public sealed interface Write {
    byte[] key();

    /**
     * Sets a key, whether it was there or not.
     *
     * @param key 1 to {@value MetadataEngine#MAX_KEY} bytes, the first is the family
     * @param value 0 to {@value MetadataEngine#MAX_VALUE} bytes
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Put(byte[] key, byte[] value) implements Write {
        @Override
        public boolean equals(Object other) {
            return other instanceof Put(byte[] k, byte[] v) && Arrays.equals(key, k) && Arrays.equals(value, v);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(key) + Arrays.hashCode(value);
        }

        /** Sizes only: a value may hold what no log should. */
        @Override
        public String toString() {
            return "Put[key " + key.length + " bytes, value " + value.length + " bytes]";
        }
    }

    /**
     * Takes a key away; fine if it is not there.
     *
     * @param key 1 to {@value MetadataEngine#MAX_KEY} bytes, the first is the family
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Delete(byte[] key) implements Write {
        @Override
        public boolean equals(Object other) {
            return other instanceof Delete(byte[] k) && Arrays.equals(key, k);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(key);
        }

        @Override
        public String toString() {
            return "Delete[key " + key.length + " bytes]";
        }
    }
}
