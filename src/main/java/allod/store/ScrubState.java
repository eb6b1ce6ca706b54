package allod.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far a scrub has come.
 *
 * @param begun when, in whole seconds; empty where none was ever begun
 * @param after the last key that was looked at, in hexadecimal; empty at the beginning
 * @param rows of the map that were read
 * @param bytes of rows and content that were read
 * @param unchecked rows and objects whose authentication nobody here can check, such as content under a customer's key
 * @param damaged what was found damaged
 * @param damages the first {@link #MAX_NAMED} of those, by name and with what is wrong
 */
public record ScrubState(
        Phase phase,
        Optional<Instant> begun,
        String after,
        long rows,
        long bytes,
        long unchecked,
        long damaged,
        List<String> damages) {
    /** Most damages that are kept by name; each of them is an event besides. */
    public static final int MAX_NAMED = 100;

    static final ScrubState NEVER = new ScrubState(Phase.NEVER, Optional.empty(), "", 0, 0, 0, 0, List.of());

    /** Where a scrub stands. */
    public enum Phase {
        /** None was ever begun here. */
        NEVER,
        /** It reads. */
        RUNNING,
        /** It was stopped before its end, and can be gone on with. */
        STOPPED,
        /** All was read. */
        DONE
    }

    public ScrubState {
        damages = List.copyOf(damages);
    }
}
