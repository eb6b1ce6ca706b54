package allod.http;

import java.io.Closeable;
import java.io.IOException;

/**
 * A response's content, written once from front to end. Writing blocks the calling (virtual) thread until the bytes are
 * on their way, so the array may be used again at once.
 */
public interface ResponseBody extends Closeable {
    /**
     * @throws ClientGone if the connection ended, or the client reads below the least rate of {@link HttpLimits}
     * @throws IllegalStateException if more bytes are written than were announced, or after closing
     */
    void write(byte[] source, int offset, int length) throws IOException;

    /** Says that all was written. Fewer bytes than announced abort the connection when the handler returns. */
    @Override
    void close() throws IOException;
}
