package allod.store;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The time that ends retention and lets purges run: a clock that jumps forward must not erase. It is the clock's time, but
 * never further ahead than what has passed since the start by a steady measure, with an hour's allowance for a clock that
 * is put right; and never ahead of the time at the start. Safe for use by many threads.
 */
final class TrustedTime {
    /** How far the clock may be put forward while the server runs. */
    static final Duration ALLOWANCE = Duration.ofHours(1);

    /** How long a stop is believed without a word of the operator's. */
    static final Duration LONGEST_STOP = Duration.ofDays(7);

    private final Instant start;
    private final LongSupplier nanos;
    private final long startNanos;

    /**
     * @param start the time at the start that is trusted
     * @param nanos a measure that only ever grows at the pace of time, such as {@link System#nanoTime}
     */
    TrustedTime(Instant start, LongSupplier nanos) {
        this.start = start;
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
    }

    /**
     * The time to trust at a start.
     *
     * @param last the highest time that was trusted before
     * @param confirmed what the operator says has been reached
     * @return the clock's time, or where the stop was too long to be believed the last one
     */
    static Instant atStart(Instant clock, Instant last, Instant confirmed) {
        Instant believed = later(last, confirmed).plus(LONGEST_STOP);
        return clock.isAfter(believed) ? later(last, confirmed) : clock;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** The time that can be relied on, where the clock says this. */
    Instant trust(Instant clock) {
        Instant latest = latest();
        return clock.isAfter(latest) ? latest : clock;
    }

    /** The same without the allowance: what is kept for the next start, which would else gain an hour each time. */
    Instant steady(Instant clock) {
        Instant latest = latest().minus(ALLOWANCE);
        return clock.isAfter(latest) ? latest : clock;
    }

    /** Whether the clock says a time that cannot be relied on. */
    boolean isAhead(Instant clock) {
        return clock.isAfter(latest());
    }

    private Instant latest() {
        return start.plus(nanos.getAsLong() - startNanos, ChronoUnit.NANOS).plus(ALLOWANCE);
    }
}
