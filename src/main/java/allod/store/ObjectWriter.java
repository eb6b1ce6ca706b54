package allod.store;

import java.io.IOException;

/**
 * The content of a new object on its way in, encrypted as it comes: nothing of it reaches a disk in the clear. Memory
 * held: two segments, whatever the size. Closing without commit leaves nothing readable behind.
 */
public interface ObjectWriter extends ContentSink, AutoCloseable {
    /**
     * Makes the object visible, in one commit with its event; durable on return.
     *
     * @throws allod.base.Problem PRECONDITION_FAILED, NO_SUCH_BUCKET if it went meanwhile, METADATA_TOO_LARGE
     */
    PutAnswer commit(PutTerms terms) throws IOException;

    @Override
    void close();
}
