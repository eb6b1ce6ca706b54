package allod.keys;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Idle cryptographic engines, because looking one up with its provider costs as much as using it. Never blocks and is
 * bounded: an empty pool makes a new engine, a full one drops what it is given. Made for virtual threads, which come and
 * go too quickly to keep an engine each.
 */
final class Pool<T> {
    /** The number of engines kept; a power of two. */
    static final int IDLE_MAX = 32;

    private final AtomicReferenceArray<@Nullable T> idle = new AtomicReferenceArray<>(IDLE_MAX);
    private final Supplier<T> maker;

    Pool(Supplier<T> maker) {
        this.maker = maker;
    }

    /** An engine that nobody else holds. */
    T take() {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < IDLE_MAX; i++) {
            int place = (start + i) & (IDLE_MAX - 1);
            if (idle.getPlain(place) != null) {
                T engine = idle.getAndSet(place, null);
                if (engine != null) {
                    return engine;
                }
            }
        }
        return maker.get();
    }

    /** Takes an engine back. The caller must not touch it again. */
    void give(T engine) {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < IDLE_MAX; i++) {
            int place = (start + i) & (IDLE_MAX - 1);
            if (idle.getPlain(place) == null && idle.compareAndSet(place, null, engine)) {
                return;
            }
        }
    }
}
