package allod.store.engine;

/**
 * A walk through a range, upwards. It stands before the first entry until {@link #next} is called. Used by one thread at
 * a time; it holds memory of the engine until it is closed.
 */
public interface Cursor extends AutoCloseable {
    /** Steps to the next entry; false at the end of the range, and from then on. */
    boolean next();

    /**
     * The key where the cursor stands.
     *
     * @throws IllegalStateException if it stands on no entry
     */
    byte[] key();

    /**
     * The value where the cursor stands; fetched at this call.
     *
     * @throws IllegalStateException if it stands on no entry
     */
    byte[] value();

    /**
     * Sets the cursor so that the next {@link #next} stands at the first entry whose key is the given one or above. A key
     * below the range means its start, one above it the end; it may lie behind the present place.
     */
    void seek(byte[] key);

    /** Gives the engine's memory back; may be called again. */
    @Override
    void close();
}
