package allod.log;

import java.io.IOException;
import java.util.Optional;

/** Reads a log's resources, from a URL or a folder. */
@FunctionalInterface
public interface LogFetcher {
    /**
     * The bytes of one resource.
     *
     * @param path under the log's prefix, such as {@code checkpoint}; it comes from {@link LogResource#path}
     * @param maxBytes how much to read at most; longer content must be an IOException, not be cut
     * @return empty where the log does not have it
     * @throws IOException if it is not known whether the log has it
     */
    Optional<byte[]> fetch(String path, int maxBytes) throws IOException;
}
