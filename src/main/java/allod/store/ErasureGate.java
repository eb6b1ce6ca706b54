package allod.store;

import allod.base.FaultPoint;
import allod.base.Problem;
import allod.store.ErasureQueue.Entry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one gate: everything that becomes unreadable goes through here, and no other code drops a slot row or a blob that
 * was ever named. One thread carries out {@link ErasureRounds}; while one runs, what is deleted meanwhile gathers for the
 * next, so many deletes share the syncs of one. A client that waits makes a round begin at once; what nobody waits for
 * gathers for a window. Another thread drops the ciphertext afterwards.
 */
final class ErasureGate implements AutoCloseable {
    /** Slots of one round: its pages and items are one commit. */
    static final int MAX_SLOTS = 8192;

    private static final long RETRY_MILLIS = 1000;

    private final Ground ground;
    private final ErasureRounds rounds;
    private final DroppedBlobs dropped;
    private final Duration window;
    private final Consumer<Throwable> fatal;
    private final Thread thread;
    private final Thread blobThread;
    private volatile boolean closed;

    /**
     * @param window how long what nobody waits for may gather
     * @param fatal told when the gate cannot go on: the process must end
     */
    ErasureGate(Ground ground, ErasureRounds rounds, DroppedBlobs dropped, Duration window, Consumer<Throwable> fatal) {
        this.ground = ground;
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

    private void run() {
        long lastBackground = System.nanoTime();
        try {
            rounds.finishInterrupted();
            while (ground.queue().awaitForeground(untilWindow(lastBackground))) {
                boolean due = untilWindow(lastBackground) == 0;
                if (due) {
                    lastBackground = System.nanoTime();
                    if (ground.queue().needsLoad()) {
                        ground.queue().load(ground.map());
                    }
                }
                List<Entry> entries = ground.queue().take(due, MAX_SLOTS);
                if (!entries.isEmpty() && !rounds.erase(entries)) {
                    Thread.sleep(RETRY_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            // Whatever it was, the next start finishes what is queued; going on without the gate would promise too
            // much.
            fatal.accept(e);
        }
    }

    private long untilWindow(long since) {
        return Math.max(0, window.toMillis() - (System.nanoTime() - since) / 1_000_000);
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

    /** Finishes the round under way and stops; what waits is taken up at the next start. */
    @Override
    public void close() {
        closed = true;
        rounds.stop();
        ground.queue().close();
        try {
            thread.join();
            blobThread.join();
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
