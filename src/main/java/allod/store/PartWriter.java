package allod.store;

import java.io.IOException;
import java.util.Optional;

/** The content of one part on its way in; as {@link ObjectWriter}. */
public interface PartWriter extends ContentSink, AutoCloseable {
    /**
     * Stores the part, replacing an earlier one of the same number.
     *
     * @param md5 16 bytes over the part's content
     * @param checksum base64, under the upload's algorithm
     */
    PartInfo commit(byte[] md5, Optional<String> checksum) throws IOException;

    @Override
    void close();
}
