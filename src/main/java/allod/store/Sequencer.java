package allod.store;

import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.Problem;
import allod.base.Reason;
import allod.log.Commitments;
import allod.store.engine.MetadataEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of the map. Gathers waiting requests into a batch, runs the plan of each on the map as the ones before
 * it leave it, gives their events their places in the log, commits all of it at once and lets the waiting threads go on.
 * While one batch is being synced the next one gathers; there is no timer.
 */
final class Sequencer implements AutoCloseable {
    /** Requests that may wait; past it the caller is told to come back. */
    static final int MAX_WAITING = 16_384;

    private static final int MAX_BATCH = 512;
    /** Event bodies of one batch, past which the rest waits for the next: a class's block is one value of the map. */
    static final int MAX_EVENT_BYTES = 4 << 20;

    private static final class Request<T> {
        final Plan<T> plan;
        final CompletableFuture<T> answer = new CompletableFuture<>();

        @Nullable
        T planned;

        @Nullable
        Problem refusal;

        Request(Plan<T> plan) {
            this.plan = plan;
        }

        @SuppressWarnings("NullAway") // a plan may answer nothing, as Void does
        void settle() {
            if (refusal != null) {
                answer.completeExceptionally(refusal);
            } else {
                answer.complete(planned);
            }
        }
    }

    private final MetadataEngine map;
    private final SlotAllocator slots;
    private final PeriodKeys periods;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Disk disk;
    private final Consumer<Throwable> fatal;
    private final Commitments commitments = new Commitments();
    private final EventBlock blocks = new EventBlock();
    private final BlockingQueue<Request<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private volatile LogState state;
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    /** @param fatal told once when a commit failed: nothing may be written after, the process should end */
    Sequencer(
            MetadataEngine map,
            SlotAllocator slots,
            PeriodKeys periods,
            LogState state,
            InstantSource clock,
            SecureRandom random,
            Disk disk,
            Consumer<Throwable> fatal) {
        this.map = map;
        this.slots = slots;
        this.periods = periods;
        this.state = state;
        this.clock = clock;
        this.random = random;
        this.disk = disk;
        this.fatal = fatal;
        this.thread = Thread.ofPlatform().name("sequencer").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The log as of the last durable commit. */
    LogState state() {
        return state;
    }

    /**
     * Waits for the plan's turn and for its batch to be durable.
     *
     * @throws Problem what the plan refused, or BUSY where too many wait or the server stops
     * @throws IOException if the commit failed: it is unknown whether it will stand after the next start
     */
    <T> T submit(Plan<T> plan) throws IOException {
        var request = new Request<>(plan);
        if (closed || failure != null || !waiting.offer(request)) {
            throw busy();
        }
        if ((closed || failure != null) && waiting.remove(request)) {
            throw busy();
        }
        return await(request);
    }

    /**
     * As {@link #submit}, for the store's own work, of which little is under way at a time: waits for a place in the
     * queue instead of being refused one.
     */
    <T> T submitPatiently(Plan<T> plan) throws IOException {
        var request = new Request<>(plan);
        boolean offered = false;
        try {
            while (!offered) {
                if (closed || failure != null) {
                    throw busy();
                }
                offered = waiting.offer(request, 100, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the commit", e);
        }
        if ((closed || failure != null) && waiting.remove(request)) {
            throw busy();
        }
        return await(request);
    }

    private static <T> T await(Request<T> request) throws IOException {
        try {
            return request.answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            throw new IOException("the commit failed", e.getCause());
        }
    }

    /** Requests that wait for their turn. */
    int waiting() {
        return waiting.size();
    }

    private Problem busy() {
        String why = failure != null
                ? "The last commit failed and the server is stopping."
                : closed ? "The server is stopping." : "Too many requests wait for their commit.";
        return new Problem(Reason.BUSY, "Nothing was done.", why, "Try again in a moment.");
    }

    private void run() {
        List<Request<?>> gathered = new ArrayList<>(MAX_BATCH);
        try {
            while (!closed || !waiting.isEmpty()) {
                Request<?> first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                gathered.add(first);
                waiting.drainTo(gathered, MAX_BATCH - 1);
                while (!gathered.isEmpty()) {
                    List<Request<?>> done = gathered.subList(0, commit(gathered));
                    done.forEach(Request::settle);
                    done.clear();
                }
            }
        } catch (Throwable e) {
            fail(e, gathered);
        }
    }

    /** Commits a batch of the first of these requests; tells how many it took, at least one. */
    private int commit(List<Request<?>> requests) throws IOException {
        var batch = new Batch(map, slots, periods, commitments, state, clock.instant());
        List<Runnable> onDurable = new ArrayList<>();
        int taken = 0;
        while (taken < requests.size() && batch.eventBytes() < MAX_EVENT_BYTES) {
            plan(requests.get(taken++), batch, onDurable);
        }
        var writes = batch.writes(blocks, random);
        if (!writes.isEmpty()) {
            map.commit(List.of(), writes);
            disk.reached(FaultPoint.COMMIT_DURABLE);
        }
        state = batch.after();
        onDurable.forEach(Runnable::run);
        return taken;
    }

    private static <T> void plan(Request<T> request, Batch batch, List<Runnable> onDurable) {
        var transaction = new Transaction(batch);
        try {
            request.planned = request.plan.run(transaction);
            batch.accept(transaction);
            request.refusal = transaction.refusal();
            onDurable.addAll(transaction.onDurable());
        } catch (Problem refused) {
            request.refusal = refused;
        } catch (UncheckedIOException disk) {
            // Custody or the map failed beneath the plan: nothing may be written after.
            throw disk;
        } catch (RuntimeException bug) {
            // One request's fault must not take the batch down: it changed nothing.
            request.refusal = new Problem(
                    Reason.INTERNAL,
                    "Nothing was done.",
                    "The server met an unexpected condition.",
                    "Try again; if it stays, look at the server's log.",
                    bug);
        }
    }

    private void fail(Throwable cause, List<Request<?>> gathered) {
        failure = cause;
        waiting.drainTo(gathered);
        gathered.forEach(request -> request.answer.completeExceptionally(cause));
        fatal.accept(cause);
    }

    /** Commits what waits and stops. */
    @Override
    public void close() {
        closed = true;
        try {
            if (thread.isAlive()) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        blocks.close();
    }
}
