package allod.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands until a test moves it. */
final class SteppedClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-03-29T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();

    /** Time passes. */
    void step(Duration by) {
        now = now.plus(by);
        nanos.addAndGet(by.toNanos());
    }

    /** The clock is put forward, and no time passes. */
    void jump(Duration by) {
        now = now.plus(by);
    }

    /** How much time passed. */
    long nanos() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return now;
    }
}
