package allod.store;

import allod.base.Problem;
import java.time.Duration;
import org.slf4j.Logger;

/** Says in the log that something waits and why: at once, when the reason changes, and then once a minute. */
final class WaitNotes {
    private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private String last = "";
    private long saidAt;

    WaitNotes(Logger log) {
        this.log = log;
    }

    void say(String what, Problem why) {
        String text = what + ": " + why.getMessage();
        long now = System.nanoTime();
        if (!text.equals(last) || now - saidAt > AGAIN_NANOS) {
            log.warn("{}", text);
            last = text;
            saidAt = now;
        }
    }
}
