package allod.keys;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * How long a root may be used after its custodians were last asked. Time is measured by two clocks, one that only goes
 * forward and the wall's, and the one that shows more counts: neither a clock set back nor a machine put to sleep makes a
 * lease longer.
 */
public final class CustodyLease {
    /** The lease where nothing else is set. */
    public static final Duration STANDARD = Duration.ofSeconds(60);

    /** Shortest lease but for none at all. */
    public static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Longest lease. */
    public static final Duration LONGEST = Duration.ofDays(7);

    /** Without a lease each request asks; the commit it goes into may use the answer for this long. */
    private static final Duration HANDOVER = Duration.ofSeconds(1);

    private final Duration lease;
    private final InstantSource wall;
    private final LongSupplier nanos;

    /**
     * @param lease 0, so that each request asks, or {@link #SHORTEST} to {@link #LONGEST}
     * @param wall the clock on the wall
     * @param nanos a clock that only goes forward, {@link System#nanoTime}
     * @throws IllegalArgumentException if the lease is not one of those
     */
    public CustodyLease(Duration lease, InstantSource wall, LongSupplier nanos) {
        boolean fits = lease.isZero() || (lease.compareTo(SHORTEST) >= 0 && lease.compareTo(LONGEST) <= 0);
        if (!fits) {
            throw new IllegalArgumentException("a custody lease is 0, or " + SHORTEST.toSeconds() + " s to "
                    + LONGEST.toDays() + " days, not " + lease);
        }
        this.lease = lease;
        this.wall = wall;
        this.nanos = nanos;
    }

    /** A moment on both clocks. */
    record Moment(long nanos, Instant wall) {}

    Moment now() {
        return new Moment(nanos.getAsLong(), wall.instant());
    }

    /** Whether each request asks. */
    boolean none() {
        return lease.isZero();
    }

    Duration lease() {
        return lease;
    }

    /** Whether what was answered to a question asked then may still be used. */
    boolean holds(Moment asked) {
        return !left(asked).isNegative() && !left(asked).isZero();
    }

    /** How long the answer may be used yet; 0 or less if no more. */
    Duration left(Moment asked) {
        return (none() ? HANDOVER : lease).minus(elapsed(asked));
    }

    /** Whether it is time to ask again, well ahead of the end. */
    boolean due(Moment asked) {
        return elapsed(asked).compareTo((none() ? HANDOVER : lease).dividedBy(2)) >= 0;
    }

    private Duration elapsed(Moment since) {
        Moment now = now();
        Duration monotonic = Duration.ofNanos(now.nanos - since.nanos);
        Duration onTheWall = Duration.between(since.wall, now.wall);
        return monotonic.compareTo(onTheWall) >= 0 ? monotonic : onTheWall;
    }
}
