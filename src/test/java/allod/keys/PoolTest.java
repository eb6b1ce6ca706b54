package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PoolTest {
    @Test
    void it_keeps_its_limit_of_idle_engines_and_drops_the_one_past_it() {
        var made = new AtomicInteger();
        var pool = new Pool<>(() -> {
            made.incrementAndGet();
            return new Object();
        });
        var taken = new ArrayList<Object>();
        for (int i = 0; i <= Pool.IDLE_MAX; i++) {
            taken.add(pool.take());
        }
        taken.forEach(pool::give);
        Set<Object> again = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i <= Pool.IDLE_MAX; i++) {
            again.add(pool.take());
        }
        assertThat(again).hasSize(Pool.IDLE_MAX + 1);
        assertThat(made).hasValue(Pool.IDLE_MAX + 2);
    }

    @Test
    void no_engine_is_held_by_two_threads() throws Exception {
        var pool = new Pool<>(AtomicBoolean::new);
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> use = () -> {
                boolean alone = true;
                for (int i = 0; i < 5_000; i++) {
                    AtomicBoolean held = pool.take();
                    alone &= held.compareAndSet(false, true);
                    Thread.onSpinWait();
                    held.set(false);
                    pool.give(held);
                }
                return alone;
            };
            for (var result : threads.invokeAll(Collections.nCopies(40, use))) {
                assertThat(result.get()).isTrue();
            }
        }
    }
}
