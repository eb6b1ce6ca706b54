package allod.store;

import allod.base.FaultPoint;
import allod.base.Problem;
import allod.keys.CustodyPlan;
import allod.keys.DomainKeys;
import allod.keys.KeyRing;
import allod.store.ErasureQueue.Entry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one gate: everything that becomes unreadable goes through here, and no other code drops a slot row or a blob that
 * was ever named. One thread gives out {@link ErasureRounds}, one at a time for all domains that the same custodians hold;
 * while one runs, what is deleted meanwhile gathers for the next, so many deletes share the syncs of one, and custodians
 * that do not answer hold up nobody else's. A client that waits makes a round begin at once; what nobody waits for gathers
 * for a window. Another thread drops the ciphertext afterwards.
 */
final class ErasureGate implements AutoCloseable {
    /** Slots of one round: its pages and items are one commit. */
    static final int MAX_SLOTS = 8192;

    private static final long RETRY_MILLIS = 1000;
    private static final long STOP_SECONDS = 60;

    private final Ground ground;
    private final KeyRing keys;
    private final ErasureRounds rounds;
    private final DroppedBlobs dropped;
    private final Duration window;
    private final Consumer<Throwable> fatal;
    private final DomainTurns turns = new DomainTurns();
    /** The plans whose round runs. */
    private final Set<CustodyPlan> running = ConcurrentHashMap.newKeySet();
    /** The plans whose last round failed, and when they are tried again. */
    private final Map<CustodyPlan, Long> resting = new ConcurrentHashMap<>();

    private final ExecutorService workers = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("erasure-", 0).daemon().factory());
    private final Thread thread;
    private final Thread blobThread;
    private volatile boolean closed;

    /**
     * What stood in the background when its window ended and was not taken yet: more than one round takes, or of plans
     * whose round ran. Touched by the gate's thread only.
     */
    private int due;

    /**
     * @param window how long what nobody waits for may gather
     * @param fatal told when the gate cannot go on: the process must end
     */
    ErasureGate(
            Ground ground,
            KeyRing keys,
            ErasureRounds rounds,
            DroppedBlobs dropped,
            Duration window,
            Consumer<Throwable> fatal) {
        this.ground = ground;
        this.keys = keys;
        this.rounds = rounds;
        this.dropped = dropped;
        this.window = window;
        this.fatal = fatal;
        this.thread = Thread.ofPlatform().name("erasure").daemon().unstarted(this::run);
        this.blobThread = Thread.ofPlatform().name("blob-drop").daemon().unstarted(this::dropBlobs);
    }

    void start() {
        thread.start();
        blobThread.start();
    }

    DomainTurns turns() {
        return turns;
    }

    private void run() {
        long lastBackground = System.nanoTime();
        try {
            while (awaitWork(lastBackground)) {
                if (untilWindow(lastBackground) == 0) {
                    lastBackground = System.nanoTime();
                    if (ground.queue().needsLoad()) {
                        ground.queue().load(ground.map());
                    }
                    due = ground.queue().background(this::isOpen);
                }
                begin();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            // Whatever it was, the next start finishes what is queued; going on without the gate would promise too
            // much.
            fatal.accept(e);
        }
    }

    private boolean awaitWork(long lastBackground) throws InterruptedException {
        return ground.queue().awaitWork(() -> patience(lastBackground), this::ready, due > 0);
    }

    private boolean isOpen(int domain) {
        return keys.numbers().contains(domain) && keys.known(domain).held();
    }

    /** Whether a round may begin in a domain now. */
    private boolean ready(int domain) {
        if (!keys.numbers().contains(domain)) {
            return false;
        }
        DomainKeys its = keys.known(domain);
        CustodyPlan plan = its.root().plan();
        long restUntil = resting.getOrDefault(plan, Long.MIN_VALUE);
        boolean rests = restUntil != Long.MIN_VALUE && restUntil - System.nanoTime() > 0;
        return its.held() && !keys.isWithheld(domain) && !rests && !running.contains(plan) && turns.isFree(domain);
    }

    /** Takes what waits in all domains that are ready, and gives each plan's to a worker. */
    private void begin() {
        Set<Integer> reserved = new HashSet<>();
        List<Entry> entries = ground.queue()
                .take(
                        due > 0,
                        MAX_SLOTS,
                        domain -> reserved.contains(domain)
                                || (ready(domain) && turns.tryTake(domain) && reserved.add(domain)));
        Map<CustodyPlan, List<Entry>> byPlan = new LinkedHashMap<>();
        for (Entry entry : entries) {
            CustodyPlan plan = keys.known(entry.domain()).root().plan();
            byPlan.computeIfAbsent(plan, p -> new ArrayList<>()).add(entry);
            reserved.remove(entry.domain());
            due -= entry.row().foreground() ? 0 : 1;
        }
        turns.giveBack(reserved);
        byPlan.forEach((plan, its) -> {
            running.add(plan);
            workers.execute(() -> round(plan, its));
        });
    }

    private void round(CustodyPlan plan, List<Entry> entries) {
        boolean done = false;
        try {
            done = rounds.erase(entries);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            fatal.accept(e);
        } finally {
            if (done) {
                resting.remove(plan);
            } else {
                resting.put(plan, System.nanoTime() + RETRY_MILLIS * 1_000_000);
            }
            running.remove(plan);
            turns.giveBack(entries.stream().map(Entry::domain).distinct().toList());
            ground.queue().wake();
        }
    }

    /**
     * Does something with a domain's root when it is its turn, on a thread of the gate.
     *
     * @return completed with the problem or fault if there is one; cancelled if the gate closes before
     */
    <T> CompletableFuture<T> inTurn(int domain, Callable<T> work) {
        var answer = new CompletableFuture<T>();
        workers.execute(() -> {
            try {
                if (!turns.take(domain)) {
                    answer.cancel(false);
                    return;
                }
                try {
                    answer.complete(work.call());
                } finally {
                    turns.giveBack(List.of(domain));
                    ground.queue().wake();
                }
            } catch (InterruptedException e) {
                answer.cancel(false);
            } catch (ErasureRounds.UnfinishedException e) {
                answer.completeExceptionally(e);
                fatal.accept(e);
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** For work of the custody watch that may wait for a custodian. */
    void execute(Runnable work) {
        if (!closed) {
            workers.execute(work);
        }
    }

    private long untilWindow(long since) {
        return Math.max(0, window.toMillis() - (System.nanoTime() - since) / 1_000_000);
    }

    /** Until the window, or until a plan that rests may be tried again. */
    private long patience(long since) {
        long patience = untilWindow(since);
        for (long until : resting.values()) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left > 0) {
                patience = Math.min(patience, left + 1);
            }
        }
        return patience;
    }

    private void dropBlobs() {
        try {
            while (!closed) {
                dropSome();
                ground.disk().reached(FaultPoint.ERASE_BLOB_DROPPED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The rows stay: the next start deletes the blobs.
            ground.log().error("dropping erased blobs stops: {}", e.getMessage());
        } catch (Throwable e) {
            fatal.accept(e);
        }
    }

    private void dropSome() throws IOException, InterruptedException {
        try {
            dropped.deleteSome(ground.sequencer(), 200);
        } catch (Problem notNow) {
            ground.log().warn("the dropping of erased blobs waits: {}", notNow.getMessage());
            Thread.sleep(RETRY_MILLIS);
        }
    }

    /** Finishes the rounds under way and stops; what waits is taken up at the next start. */
    @Override
    public void close() {
        closed = true;
        rounds.stop();
        ground.queue().close();
        turns.close();
        try {
            thread.join();
            blobThread.join();
            // Not interrupted: that would close the files beneath a round that is writing them.
            workers.shutdown();
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                ground.log().warn("an erasure still waits for a custodian; the next start finishes it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ground.queue().endWaiting(Refusals.stoppingErasure());
    }

    /** From then on nobody waits for an erasure: a server that stops tells its clients before it leaves them. */
    void endWaitingAfter(Duration patience) {
        Thread.ofVirtual().name("erasure-waiters").start(() -> {
            try {
                Thread.sleep(patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ground.queue().endWaiting(Refusals.stoppingErasure());
        });
    }
}
