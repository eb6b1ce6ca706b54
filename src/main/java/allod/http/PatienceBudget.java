package allod.http;

import java.time.Duration;

/**
 * How long the server still waits for a client in one direction of one exchange: the grace, and one second more for each
 * second's worth of bytes at the least rate. Only time spent waiting for the client counts.
 */
final class PatienceBudget {
    private final long graceNanos;
    private final int leastBytesPerSecond;
    private long bytes;
    private long waitedNanos;

    PatienceBudget(HttpLimits limits) {
        this.graceNanos = limits.grace().toNanos();
        this.leastBytesPerSecond = limits.leastBytesPerSecond();
    }

    void passed(int count) {
        bytes += count;
    }

    void waited(long nanos) {
        waitedNanos += nanos;
    }

    /** What is left to wait, counting bytes still to pass as if they had; at or below zero the client is too slow. */
    long leftNanos() {
        long earned = bytes / leastBytesPerSecond * Duration.ofSeconds(1).toNanos();
        return graceNanos + earned - waitedNanos;
    }
}
