package allod.store.engine;

import org.jspecify.annotations.Nullable;

/**
 * A view of the ordered map. Keys are ordered as unsigned bytes; the first byte of a key is its family, and a scan or a
 * floor stays in one family. Arrays handed in are not kept, arrays handed out are the caller's own.
 *
 * <p>A key has 1 to {@value MetadataEngine#MAX_KEY} bytes; every method throws {@link IllegalArgumentException} for
 * another. A fault below, a poisoned or a closed engine shows as {@link java.io.UncheckedIOException}.
 */
public interface Reader {
    /** The value at the key, or null if there is none; a value may be empty. */
    byte @Nullable [] get(byte[] key);

    /**
     * The entries with {@code from <= key < to}, ascending, as they are at this call; later commits do not show.
     *
     * @param to in the family of {@code from}, or the first byte of the next family alone; at or below {@code from} the
     *     scan is empty
     * @throws IllegalArgumentException if the range leaves the family of {@code from}
     */
    Cursor scan(byte[] from, byte[] to);

    /**
     * The last entry with {@code from <= k <= key}, or null if there is none.
     *
     * @throws IllegalArgumentException if the two keys are of different families
     */
    @Nullable
    Entry floor(byte[] from, byte[] key);
}
