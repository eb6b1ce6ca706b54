package allod.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The order of versions: microseconds since 1970 shifted by twelve bits, with the node's number below, always above the
 * last one. Version order, version id and Last-Modified in one.
 */
final class Order {
    private static final int NODE_BITS = 12;

    private Order() {}

    /** The next order after {@code last} at this time on node 0. */
    static long next(long last, Instant now) {
        long time = micros(now) << NODE_BITS;
        // Unsigned: the highest bit is set from the year 2041 on.
        return Long.compareUnsigned(last, time) < 0 ? time : last + 1;
    }

    static Instant time(long order) {
        return Instant.EPOCH.plus(order >>> NODE_BITS, ChronoUnit.MICROS);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
