package allod.keys;

import java.time.Instant;
import java.util.Optional;

/**
 * What an operator sees of one mirror of the custody folder.
 *
 * @param id 32 hexadecimal digits
 * @param path where it is, or where it was last
 * @param why why it is missing, in words; empty where it is not
 * @param forgotten when it was given up; empty where it was not
 */
public record CustodyMirror(String id, State state, String path, Optional<String> why, Optional<Instant> forgotten) {
    /** Whether writes and erasures reach it. */
    public enum State {
        /** Takes every write. */
        PRESENT,
        /** Does not; erasures wait for it. */
        MISSING,
        /** Was given up while it was missing: erasures go on, and receipts name it as a copy that survives. */
        FORGOTTEN
    }
}
