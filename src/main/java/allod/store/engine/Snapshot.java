package allod.store.engine;

/**
 * The map as it stood at one moment, whatever is committed after. Safe for use by many threads. It keeps replaced values
 * on disk and in memory until it is closed, so it is for one request, not for long.
 */
public interface Snapshot extends Reader, AutoCloseable {
    /** Ends the view and its cursors; may be called again. */
    @Override
    void close();
}
