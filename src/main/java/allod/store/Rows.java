package allod.store;

import allod.store.engine.Cursor;
import allod.store.engine.Reader;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The map as a transaction sees it, or as it stands: what is looked up alike in both. */
interface Rows {
    byte @Nullable [] get(byte[] key);

    /** The first key of a range, and its value; empty where the range is. */
    Optional<Map.Entry<byte[], byte[]>> first(byte[] from, byte[] to);

    static Rows of(Reader map) {
        return new Rows() {
            @Override
            public byte @Nullable [] get(byte[] key) {
                return map.get(key);
            }

            @Override
            public Optional<Map.Entry<byte[], byte[]>> first(byte[] from, byte[] to) {
                try (Cursor cursor = map.scan(from, to)) {
                    return cursor.next() ? Optional.of(Map.entry(cursor.key(), cursor.value())) : Optional.empty();
                }
            }
        };
    }
}
