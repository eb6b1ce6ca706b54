package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.log.CompactTree;
import allod.store.engine.Cursor;
import allod.store.engine.Entry;
import allod.store.engine.Guard;
import allod.store.engine.MetadataEngine;
import allod.store.engine.Snapshot;
import allod.store.engine.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SequencerTest {
    private static final TenantId TENANT = new TenantId(1);

    private final FailingMap map = new FailingMap(MetadataEngine.memory());
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private final List<Long> marks = new CopyOnWriteArrayList<>();
    private Sequencer sequencer = open();

    /** Secrets that depend on nothing but the slot. */
    static final class PlainSecrets implements SlotSecrets {
        @Override
        public Optional<byte[]> secret(int domain, long slot) {
            return Optional.of(
                    new RowWriter(32).u64(domain).u64(slot).u64(1).u64(2).toBytes());
        }

        @Override
        public Reader reader(int domain) {
            return slot -> secret(domain, slot);
        }

        @Override
        public void reread(int domain, long slot) {}

        @Override
        public byte[] domainId(int domain) {
            return new byte[16];
        }
    }

    /** A map whose next commit fails when a test says so. */
    static final class FailingMap implements MetadataEngine {
        private final MetadataEngine map;
        volatile boolean failing;
        final AtomicInteger commits = new AtomicInteger();
        final AtomicInteger largest = new AtomicInteger();

        FailingMap(MetadataEngine map) {
            this.map = map;
        }

        @Override
        public void commit(List<Guard> guards, List<Write> writes) throws IOException {
            if (failing) {
                throw new IOException("Input/output error");
            }
            for (Write write : writes) {
                if (write instanceof Write.Put put) {
                    largest.accumulateAndGet(put.value().length, Math::max);
                }
            }
            commits.incrementAndGet();
            map.commit(guards, writes);
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return map.get(key);
        }

        @Override
        public Cursor scan(byte[] from, byte[] to) {
            return map.scan(from, to);
        }

        @Override
        public @Nullable Entry floor(byte[] from, byte[] key) {
            return map.floor(from, key);
        }

        @Override
        public Snapshot snapshot() {
            return map.snapshot();
        }

        @Override
        public long syncedCommits() {
            return map.syncedCommits();
        }

        @Override
        public Map<String, Long> metrics() {
            return map.metrics();
        }

        @Override
        public void close() throws IOException {
            map.close();
        }
    }

    private Sequencer open() {
        var state = new LogState(0, "log.example", new CompactTree(), 0, 0);
        var slots = new SlotAllocator((domain, mark) -> marks.add(mark));
        var periods = new PeriodKeys(new PlainSecrets());
        return new Sequencer(
                map, slots, periods, state, new SteppedClock(), new SecureRandom(), Disk.real(), faults::add);
    }

    @BeforeEach
    void start() {
        sequencer.start();
    }

    @AfterEach
    void stop() {
        sequencer.close();
    }

    private static Event event(String body) {
        return new Event(TENANT, 1, EventClass.ACCESS, body.getBytes(StandardCharsets.UTF_8));
    }

    private List<EventRecord> history() {
        // The log's row names its origin; without one there is no history.
        try {
            map.map.commit(
                    List.of(),
                    List.of(new Write.Put(MapKey.log(0), new LogRow("log.example", "", 0, new byte[0], "").encode())));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new History(map, new PeriodKeys(new PlainSecrets())).read(TENANT, 0, Integer.MAX_VALUE);
    }

    private static final byte[] KEY = {'o', 1};
    private static final byte[] VALUE = {1};

    @Test
    void a_refusal_changes_nothing_and_leaves_no_gap() throws IOException {
        sequencer.submit(transaction -> transaction.append(event("first")));
        assertRefused(
                Reason.NO_SUCH_KEY,
                () -> sequencer.submit(transaction -> {
                    transaction.put(KEY, VALUE);
                    transaction.append(event("never"));
                    throw Refusals.noSuchKey();
                }));
        Event.Position second = sequencer.submit(transaction -> transaction.append(event("second")));
        assertThat(second.seq()).isEqualTo(2);
        assertThat(second.index()).isEqualTo(1);
        assertThat(map.get(KEY)).isNull();
        assertThat(history()).extracting(OpenStore::body).containsExactly("first", "second");
    }

    @Test
    void a_recorded_refusal_is_durable_before_it_is_thrown() {
        assertRefused(
                Reason.NO_SUCH_KEY,
                () -> sequencer.submit(transaction -> {
                    transaction.append(event("refused"));
                    return transaction.refuse(Refusals.noSuchKey());
                }));
        assertThat(history()).extracting(OpenStore::body).containsExactly("refused");
    }

    @Test
    void a_plans_bug_harms_only_itself() throws Exception {
        List<Callable<String>> requests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int number = i;
            requests.add(() -> {
                try {
                    sequencer.submit(transaction -> {
                        transaction.append(event("e" + number));
                        if (number % 4 == 0) {
                            throw new IllegalStateException("a bug");
                        }
                        return true;
                    });
                    return "done";
                } catch (Problem refused) {
                    return refused.reason().toString();
                }
            });
        }
        List<String> answers = OpenStore.together(requests);
        assertThat(answers).filteredOn("INTERNAL"::equals).hasSize(10);
        assertThat(answers).filteredOn("done"::equals).hasSize(30);
        assertThat(history()).hasSize(30);
        assertThat(faults).isEmpty();
    }

    @Test
    void requests_of_one_batch_see_each_other() throws Exception {
        List<Callable<Integer>> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            requests.add(() -> sequencer.submit(transaction -> {
                byte[] before = transaction.get(KEY);
                int count = before == null ? 1 : before[0] + 1;
                transaction.put(KEY, new byte[] {(byte) count});
                return count;
            }));
        }
        assertThat(new HashSet<>(OpenStore.together(requests))).hasSize(100);
        assertThat(map.get(KEY)).containsExactly(100);
    }

    @Test
    void a_failed_commit_is_told_once_and_ends_all_writing() {
        map.failing = true;
        assertThatThrownBy(() -> sequencer.submit(transaction -> transaction.append(event("lost"))))
                .isInstanceOf(IOException.class);
        map.failing = false;
        while (faults.isEmpty()) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 3; i++) {
            assertRefused(Reason.BUSY, () -> sequencer.submit(transaction -> transaction.append(event("late"))));
            assertRefused(
                    Reason.BUSY, () -> sequencer.submitPatiently(transaction -> transaction.append(event("late"))));
        }
        assertThat(faults).hasSize(1);
        assertThat(map.commits).hasValue(0);
    }

    @Test
    void a_full_queue_answers_busy_and_one_that_waits_for_a_place_gets_it() throws Exception {
        var held = new CountDownLatch(1);
        var holding = new CountDownLatch(1);
        var done = new AtomicInteger();
        Plan<Boolean> holder = transaction -> {
            holding.countDown();
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        };
        List<Thread> waiting = new ArrayList<>();
        waiting.add(submit(holder, done));
        holding.await();
        for (int i = 0; i < Sequencer.MAX_WAITING; i++) {
            waiting.add(submit(transaction -> true, done));
        }
        while (sequencer.waiting() < Sequencer.MAX_WAITING) {
            Thread.onSpinWait();
        }
        assertRefused(Reason.BUSY, () -> sequencer.submit(transaction -> true));
        var patient = Thread.ofVirtual().start(() -> {
            try {
                sequencer.submitPatiently(transaction -> done.incrementAndGet());
            } catch (IOException e) {
                faults.add(e);
            }
        });
        held.countDown();
        for (Thread thread : waiting) {
            thread.join();
        }
        patient.join();
        assertThat(done).hasValue(Sequencer.MAX_WAITING + 2);
        assertThat(faults).isEmpty();
    }

    private Thread submit(Plan<Boolean> plan, AtomicInteger done) {
        return Thread.ofVirtual().start(() -> {
            try {
                sequencer.submit(plan);
                done.incrementAndGet();
            } catch (IOException e) {
                faults.add(e);
            }
        });
    }

    @Test
    void a_batch_ends_where_its_events_grow_too_large_for_one_row() throws Exception {
        var random = new java.util.Random(7);
        List<Callable<Event.Position>> requests = new ArrayList<>();
        for (int i = 0; i < 160; i++) {
            byte[] body = new byte[Event.MAX_BODY];
            random.nextBytes(body);
            requests.add(() ->
                    sequencer.submit(transaction -> transaction.append(new Event(TENANT, 1, EventClass.CHANGE, body))));
        }
        var holding = new CountDownLatch(1);
        Thread holder = submit(
                transaction -> {
                    holding.countDown();
                    while (sequencer.waiting() < 160) {
                        Thread.onSpinWait();
                    }
                    return true;
                },
                new AtomicInteger());
        holding.await();
        assertThat(OpenStore.together(requests)).hasSize(160);
        holder.join();
        assertThat(map.largest.get()).isLessThan(Sequencer.MAX_EVENT_BYTES + 2 * Event.MAX_BODY);
        assertThat(faults).isEmpty();
        assertThat(history()).hasSize(160);
    }

    @Test
    void a_body_has_a_limit() {
        assertThat(new Event(TENANT, 1, EventClass.ACCESS, new byte[Event.MAX_BODY]).body())
                .hasSize(Event.MAX_BODY);
        assertThatThrownBy(() -> new Event(TENANT, 1, EventClass.ACCESS, new byte[Event.MAX_BODY + 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void slots_are_never_given_twice_not_even_after_a_restart() throws IOException {
        Set<Long> given = new HashSet<>();
        for (int restart = 0; restart < 4; restart++) {
            for (int i = 0; i < 50; i++) {
                long slot = sequencer.submit(transaction -> transaction.allocateSlot(3));
                assertThat(given.add(slot)).isTrue();
            }
            var slots = new SlotAllocator((domain, mark) -> marks.add(mark));
            long from = sequencer.submit(transaction -> slots.reserve(transaction, 3, 9, 256));
            for (long slot = from; slot < from + 256; slot++) {
                assertThat(given.add(slot)).isTrue();
            }
            sequencer.close();
            sequencer = open();
            sequencer.start();
        }
        assertThat(marks).containsExactly(SlotAllocator.RAISE);
        assertThat(given).allMatch(slot -> slot < SlotAllocator.RAISE);
    }

    @Test
    void a_mark_is_raised_before_its_last_slot_is_passed() throws IOException {
        var slots = new SlotAllocator((domain, mark) -> marks.add(mark));
        int most = (int) SlotAllocator.RAISE;
        long first = sequencer.submit(transaction -> slots.reserve(transaction, 3, 9, most));
        assertThat(first).isZero();
        assertThat(marks).containsExactly(SlotAllocator.RAISE);
        long next = sequencer.submit(transaction -> transaction.allocateSlot(3));
        assertThat(next).isEqualTo(SlotAllocator.RAISE);
        assertThat(marks).containsExactly(SlotAllocator.RAISE, 2 * SlotAllocator.RAISE);
    }

    @Test
    void a_custody_that_takes_no_mark_gives_no_slot_and_ends_all_writing() {
        var slots = new SlotAllocator((domain, mark) -> {
            throw new UncheckedIOException(new IOException("Input/output error"));
        });
        assertThatThrownBy(() -> sequencer.submit(transaction -> slots.allocate(transaction, 3)))
                .isInstanceOf(IOException.class);
        assertThat(map.get(MapKey.highWater(3))).isNull();
        assertRefused(Reason.BUSY, () -> sequencer.submit(transaction -> true));
    }

    @Test
    void a_range_is_seen_as_the_batch_leaves_it() throws IOException {
        byte[] from = {'o'};
        byte[] to = {'p'};
        sequencer.submit(transaction -> {
            transaction.put(new byte[] {'o', 2}, VALUE);
            transaction.put(new byte[] {'o', 4}, VALUE);
            return true;
        });
        List<Integer> seen = sequencer.submit(transaction -> {
            transaction.delete(new byte[] {'o', 2});
            transaction.put(new byte[] {'o', 3}, VALUE);
            assertThat(transaction.first(from, to).orElseThrow().getKey()).containsExactly('o', 3);
            transaction.put(new byte[] {'o', 1}, VALUE);
            assertThat(transaction.first(from, to).orElseThrow().getKey()).containsExactly('o', 1);
            return transaction.all(from, to).stream()
                    .map(row -> (int) row.getKey()[1])
                    .toList();
        });
        assertThat(seen).containsExactly(1, 3, 4);
        assertThat(map.get(new byte[] {'o', 2})).isNull();
    }
}
