package allod.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests are handled at once and how many may wait for their turn. */
final class Admission {
    private final Semaphore turns;
    private final AtomicInteger waiting = new AtomicInteger();
    private final HttpLimits limits;
    private volatile boolean stopping;

    Admission(HttpLimits limits) {
        this.limits = limits;
        this.turns = new Semaphore(limits.requests(), true);
    }

    /** @return whether the request has its turn; then {@link #leave} must follow */
    boolean enter() throws InterruptedException {
        if (stopping) {
            return false;
        }
        if (turns.tryAcquire()) {
            return true;
        }
        if (waiting.incrementAndGet() > limits.waiting()) {
            waiting.decrementAndGet();
            return false;
        }
        try {
            return turns.tryAcquire(limits.patience().toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            waiting.decrementAndGet();
        }
    }

    void leave() {
        turns.release();
    }

    boolean stopping() {
        return stopping;
    }

    /** Lets nobody in from now on and waits until all have left, or the time is over. */
    void drain(Duration limit) {
        stopping = true;
        try {
            boolean left = turns.tryAcquire(limits.requests(), limit.toNanos(), TimeUnit.NANOSECONDS);
            if (left) {
                turns.release(limits.requests());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
