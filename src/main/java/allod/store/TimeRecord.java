package allod.store;

import allod.base.Problem;
import allod.store.engine.Reader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the highest time that was trusted, so that a restart with a clock put forward is not believed either: see
 * {@link TrustedTime#atStart}. The row stands among the store's own, under bucket 0.
 */
final class TimeRecord implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TimeRecord.class);
    private static final byte[] KEY = MapKey.bookkeeping(0, Bookkeeping.TRUSTED_TIME);

    /** A crash forgets no more than this, which counts as a longer stop. */
    private static final Duration PERIOD = Duration.ofMinutes(10);

    private final Sequencer sequencer;
    private final TrustedTime time;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private boolean closed;

    TimeRecord(Sequencer sequencer, TrustedTime time, InstantSource clock) {
        this.sequencer = sequencer;
        this.time = time;
        this.clock = clock;
    }

    /**
     * The time to trust at a start; where the clock is not believed, the operator's log says so.
     *
     * @param reached a time that the operator says has been reached
     */
    static Instant atStart(Reader map, Instant clock, Optional<Instant> reached) {
        byte[] row = map.get(KEY);
        if (row == null) {
            return clock;
        }
        Instant last = read(row);
        Instant trusted = TrustedTime.atStart(clock, last, reached.orElse(last));
        if (trusted.isBefore(clock)) {
            LOG.warn(
                    "the clock says {}, more than {} days after {}, the last time known here: until it is confirmed no"
                            + " retention ends and no lifecycle rule is applied beyond that time. If the clock is right,"
                            + " set time.reached to today and restart",
                    clock,
                    TrustedTime.LONGEST_STOP.toDays(),
                    trusted);
        }
        return trusted;
    }

    private static Instant read(byte[] row) {
        var reader = new RowReader("C", row).format(1);
        Instant time = Instant.EPOCH.plusMillis(reader.u64());
        reader.end();
        return time;
    }

    /** Keeps the time once at once, then at intervals. */
    void start() {
        keepPatiently();
        Thread.ofVirtual().name("time-record").start(() -> {
            try {
                while (!closedWithin(PERIOD)) {
                    keepPatiently();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean closedWithin(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!closed && left > 0) {
                left = change.awaitNanos(left);
            }
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void keepPatiently() {
        if (time.isAhead(clock.instant())) {
            LOG.warn(
                    "the clock runs ahead of the time that passed: what ends by time ends as if it were {}",
                    time.trust(clock.instant()));
        }
        try {
            keep();
        } catch (IOException | Problem notNow) {
            LOG.debug("the trusted time was not kept: {}", notNow.getMessage());
        }
    }

    /** Keeps the trusted time if it is later than the one that is kept. */
    void keep() throws IOException {
        sequencer.submit(transaction -> {
            Instant now = time.steady(transaction.now());
            byte[] row = transaction.get(KEY);
            if (row == null || read(row).isBefore(now)) {
                transaction.put(
                        KEY, new RowWriter(9).u8(1).u64(now.toEpochMilli()).toBytes());
            }
            return true;
        });
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
