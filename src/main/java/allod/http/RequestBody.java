package allod.http;

import java.io.IOException;

/** A request's content, read once from front to end. Reading blocks the calling (virtual) thread. */
public interface RequestBody {
    /** Bytes announced by Content-Length; -1 where the length is unknown. */
    long declaredLength();

    /**
     * Reads at least one byte.
     *
     * @return the number of bytes read, or -1 at the end, which is told only when all content has arrived; 0 only for a
     *     length of 0
     * @throws BodyTooSlow if the client stays below the least rate of {@link HttpLimits}
     * @throws ClientGone if the connection ended before the content did
     */
    int read(byte[] target, int offset, int length) throws IOException;

    /** The trailer fields; empty before the end was read and where there are none. */
    Headers trailers();
}
