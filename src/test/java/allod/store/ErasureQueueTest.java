package allod.store;

import static org.assertj.core.api.Assertions.assertThat;

import allod.receipt.ErasureReason;
import allod.receipt.ReceiptId;
import allod.store.ErasureQueue.Entry;
import allod.store.engine.MetadataEngine;
import allod.store.engine.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErasureQueueTest {
    private final ErasureQueue queue = new ErasureQueue(new TrustedTime(java.time.Instant.EPOCH, () -> 0));

    private static Entry entry(long slot, String key, boolean foreground) {
        var row = new PendingRow(ErasureReason.DELETED, foreground, 0, 0, "request", "bucket", List.of());
        return new Entry(1, 2, key.getBytes(java.nio.charset.StandardCharsets.UTF_8), slot, row);
    }

    private void load(Entry... entries) throws IOException {
        try (MetadataEngine map = MetadataEngine.memory()) {
            List<Write> writes = new ArrayList<>();
            for (Entry entry : entries) {
                writes.add(new Write.Put(entry.mapKey(), entry.row().encode()));
            }
            map.commit(List.of(), writes);
            queue.load(map);
        }
    }

    private static List<Long> slots(List<Entry> entries) {
        return entries.stream().map(Entry::slot).toList();
    }

    @Test
    void the_foreground_goes_first_and_the_background_when_it_is_due() throws IOException {
        load(entry(1, "a", false), entry(2, "b", true), entry(3, "c", false), entry(4, "d", true));
        assertThat(slots(queue.take(false, 10, domain -> true))).containsExactly(2L, 4L);
        assertThat(slots(queue.take(false, 10, domain -> true))).isEmpty();
        assertThat(slots(queue.take(true, 1, domain -> true))).containsExactly(1L);
        assertThat(slots(queue.take(true, 10, domain -> true))).containsExactly(3L);
    }

    @Test
    void what_is_due_and_was_not_taken_is_taken_as_soon_as_its_domain_is_ready() throws Exception {
        load(entry(1, "a", false), entry(2, "b", false), entry(3, "c", false));
        assertThat(queue.background(domain -> domain == 1)).isEqualTo(3);
        assertThat(queue.background(domain -> domain == 2)).isZero();
        List<Entry> taken = queue.take(true, 1, domain -> true);
        assertThat(queue.background(domain -> true)).isEqualTo(2);
        // An hour's patience would end the test's own.
        assertThat(queue.awaitWork(() -> 3_600_000, domain -> true, true)).isTrue();
        assertThat(queue.awaitWork(() -> 0, domain -> true, false)).isTrue();
        queue.giveBack(taken, Refusals.stoppingErasure());
        assertThat(queue.background(domain -> true)).isEqualTo(3);
        assertThat(queue.take(true, 10, domain -> true)).hasSize(3);
        assertThat(queue.background(domain -> true)).isZero();
    }

    @Test
    void a_slot_with_two_rows_is_erased_once_and_both_rows_are_closed() throws Exception {
        load(entry(1, "", false), entry(1, "k", false));
        List<Entry> first = queue.take(true, 10, domain -> true);
        assertThat(first).hasSize(1);
        assertThat(queue.take(true, 10, domain -> true)).isEmpty();
        queue.done(Map.of(first.getFirst().ref(), new ReceiptId(1, 2, 0)), first);
        List<Entry> second = queue.take(true, 10, domain -> true);
        assertThat(second).hasSize(1);
        assertThat(second.getFirst().mapKey()).isNotEqualTo(first.getFirst().mapKey());
        queue.done(Map.of(), second);
        assertThat(queue.take(true, 10, domain -> true)).isEmpty();
    }

    @Test
    void who_waits_for_a_slot_without_a_receipt_is_told_so() throws Exception {
        load(entry(1, "k", true));
        var watcher = queue.watch(new ErasureQueue.Ref(1, 1));
        List<Entry> taken = queue.take(false, 10, domain -> true);
        queue.done(Map.of(), taken);
        assertThat(watcher).isCompletedExceptionally();
    }

    @Test
    void what_does_not_fit_in_memory_is_taken_up_later_and_none_twice() throws IOException {
        int all = ErasureQueue.MAX_KNOWN + 1500;
        try (MetadataEngine map = MetadataEngine.memory()) {
            List<Write> writes = new ArrayList<>();
            for (int slot = 0; slot < all; slot++) {
                Entry entry = entry(slot, "k", false);
                writes.add(new Write.Put(entry.mapKey(), entry.row().encode()));
            }
            map.commit(List.of(), writes);
            queue.load(map);
            assertThat(queue.backgroundSize()).isBetween(ErasureQueue.MAX_KNOWN, all - 1);
            var seen = new java.util.HashSet<Long>();
            for (int load = 0; load < 3; load++) {
                List<Entry> taken = queue.take(true, all, domain -> true);
                taken.forEach(entry -> assertThat(seen.add(entry.slot())).isTrue());
                List<Write> gone = new ArrayList<>();
                taken.forEach(entry -> gone.add(new Write.Delete(entry.mapKey())));
                map.commit(List.of(), gone);
                queue.done(Map.of(), taken);
                if (queue.needsLoad()) {
                    queue.load(map);
                }
            }
            assertThat(seen).hasSize(all);
            assertThat(queue.needsLoad()).isFalse();
        }
    }

    @Test
    void what_is_given_back_is_taken_again() throws IOException {
        load(entry(1, "a", true), entry(2, "b", false));
        List<Entry> taken = queue.take(true, 10, domain -> true);
        var watcher = queue.watch(new ErasureQueue.Ref(1, 1));
        queue.giveBack(taken, Refusals.erasedBefore());
        assertThat(watcher).isCompletedExceptionally();
        assertThat(slots(queue.take(true, 10, domain -> true))).containsExactly(1L, 2L);
    }
}
