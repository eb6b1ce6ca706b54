package allod.store;

import allod.base.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.slf4j.Logger;

/** Says in the log that something waits and why: at once, and then once a minute. Safe for use by many threads. */
final class WaitNotes {
    private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();
    /** Different reasons remembered; one forgotten is said again. */
    private static final int MAX_SAID = 256;

    private final Logger log;
    private final LinkedHashMap<String, Long> saidAt = new LinkedHashMap<>();

    WaitNotes(Logger log) {
        this.log = log;
    }

    synchronized void say(String what, Problem why) {
        String text = what + ": " + why.getMessage();
        long now = System.nanoTime();
        Long before = saidAt.get(text);
        if (before == null || now - before > AGAIN_NANOS) {
            log.warn("{}", text);
            saidAt.putLast(text, now);
            if (saidAt.size() > MAX_SAID) {
                saidAt.pollFirstEntry();
            }
        }
    }
}
