package allod.log;

import java.util.List;

/** Where a log's entries come from. */
@FunctionalInterface
public interface EntrySource {
    /**
     * Consecutive entries, which exist and never change.
     *
     * @param first number of the first one
     * @param count 1 to 256; they never cross a multiple of 256
     */
    List<byte[]> entries(long first, int count);
}
