package allod.keys;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/**
 * What one custodian answered when one of its handles was destroyed, and what was seen afterwards. It shows what the
 * custodian says and does now; it cannot show that nobody copied the key while it was live.
 *
 * @param custodian the custodian's name in this installation, as in the root record's wraps
 * @param kind the sort of custodian, such as {@code file}
 * @param handle the destroyed handle's label
 * @param assuranceClass what this custodian's destruction is worth
 * @param response what the custodian answered to the destruction, or {@link #FOUND_DESTROYED} after a crash
 * @param probe what came of unwrapping the old root key afterwards; it must have been refused
 * @param liveHandles the handles that custodian still holds for the domain, read after the destruction
 * @param time when the probe was made, in whole milliseconds
 */
public record Evidence(
        String custodian,
        String kind,
        String handle,
        AssuranceClass assuranceClass,
        String response,
        String probe,
        List<String> liveHandles,
        Instant time) {

    /** The response where the handle was gone already when an interrupted erasure was finished. */
    public static final String FOUND_DESTROYED = "found destroyed at recovery";

    /** Longest text, in characters. */
    public static final int MAX_TEXT = 1024;

    /** Most handles a domain may have alive at one custodian. */
    public static final int MAX_LIVE_HANDLES = 256;

    /** @throws IllegalArgumentException if a text is empty, too long or the list too long */
    public Evidence {
        checkText(custodian);
        checkText(kind);
        checkText(handle);
        Objects.requireNonNull(assuranceClass);
        checkText(response);
        checkText(probe);
        liveHandles = List.copyOf(liveHandles);
        liveHandles.forEach(Evidence::checkText);
        if (liveHandles.size() > MAX_LIVE_HANDLES) {
            throw new IllegalArgumentException(liveHandles.size() + " live handles, at most " + MAX_LIVE_HANDLES);
        }
        if (!time.equals(time.truncatedTo(ChronoUnit.MILLIS))) {
            throw new IllegalArgumentException("the time of an evidence is in whole milliseconds, not " + time);
        }
    }

    private static void checkText(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("a text of an evidence has 1 to " + MAX_TEXT + " characters");
        }
    }
}
