package allod.store;

import java.io.IOException;

/** Takes content in order. The array is the giver's and may be used again after return. */
@FunctionalInterface
public interface ContentSink {
    void write(byte[] bytes, int offset, int length) throws IOException;
}
