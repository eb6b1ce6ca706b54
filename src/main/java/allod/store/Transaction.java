package allod.store;

import allod.base.Problem;
import allod.base.TenantId;
import allod.store.engine.Cursor;
import allod.store.engine.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One request's turn in the sequencer's batch: the map as the batch before it will leave it, and what this request adds.
 * Nothing of it stands before the whole batch is durable.
 */
final class Transaction implements Rows {
    /** A deleted key in an overlay; no value is empty, as each begins with its format. */
    private static final byte[] GONE = {};

    private final Batch batch;
    private final TreeMap<byte[], byte[]> staged = new TreeMap<>(Arrays::compareUnsigned);
    private final List<Event> events = new ArrayList<>(1);
    private final List<Runnable> onDurable = new ArrayList<>(0);
    private final List<ErasureQueue.Entry> queued = new ArrayList<>(0);
    private long lastOrder;
    private @Nullable Problem refusal;

    Transaction(Batch batch) {
        this.batch = batch;
        this.lastOrder = batch.lastOrder();
    }

    static boolean isGone(byte[] value) {
        return value.length == 0;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        byte[] mine = staged.get(key);
        if (mine == null) {
            mine = batch.overlay().get(key);
        }
        if (mine != null) {
            return isGone(mine) ? null : mine;
        }
        return batch.map().get(key);
    }

    /** The map as it was before this turn, to be looked at only: what the turn itself staged does not show. */
    Transaction before() {
        return new Transaction(batch);
    }

    @Override
    public Optional<Map.Entry<byte[], byte[]>> first(byte[] from, byte[] to) {
        byte[] at = from;
        try (Cursor cursor = batch.map().scan(from, to)) {
            byte[] stored = cursor.next() ? cursor.key() : null;
            while (true) {
                byte[] least =
                        least(least(staged.ceilingKey(at), batch.overlay().ceilingKey(at)), stored);
                if (least == null || Arrays.compareUnsigned(least, to) >= 0) {
                    return Optional.empty();
                }
                byte[] mine = staged.get(least);
                byte[] changed = mine == null ? batch.overlay().get(least) : mine;
                if (changed == null) {
                    return Optional.of(Map.entry(least, cursor.value()));
                }
                if (!isGone(changed)) {
                    return Optional.of(Map.entry(least, changed));
                }
                at = Arrays.copyOf(least, least.length + 1);
                if (Arrays.equals(stored, least)) {
                    stored = cursor.next() ? cursor.key() : null;
                }
            }
        }
    }

    private static byte @Nullable [] least(byte @Nullable [] one, byte @Nullable [] other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Arrays.compareUnsigned(one, other) <= 0 ? one : other;
    }

    /** All keys of a short range, with their values. */
    List<Map.Entry<byte[], byte[]>> all(byte[] from, byte[] to) {
        return first(from, to, Integer.MAX_VALUE);
    }

    /** The first keys of a range, at most so many, with their values. */
    List<Map.Entry<byte[], byte[]>> first(byte[] from, byte[] to, int most) {
        TreeMap<byte[], byte[]> changed = new TreeMap<>(batch.overlay().subMap(from, to));
        changed.putAll(staged.subMap(from, to));
        List<Map.Entry<byte[], byte[]>> found = new ArrayList<>();
        try (Cursor cursor = batch.map().scan(from, to)) {
            while (found.size() < most && cursor.next()) {
                byte[] key = cursor.key();
                takeUpTo(key, changed, found);
                if (!changed.containsKey(key)) {
                    found.add(Map.entry(key, cursor.value()));
                }
            }
        }
        takeUpTo(to, changed, found);
        return found.size() <= most ? found : List.copyOf(found.subList(0, most));
    }

    /** Moves the changed rows before a key, less those that are gone. */
    private static void takeUpTo(
            byte[] key, NavigableMap<byte[], byte[]> changed, List<Map.Entry<byte[], byte[]>> found) {
        var before = changed.headMap(key, false);
        before.forEach((changedKey, value) -> {
            if (!isGone(value)) {
                found.add(Map.entry(changedKey, value));
            }
        });
        before.clear();
    }

    /** The last key of a range; null where it is empty. A key that this batch deletes counts. */
    byte @Nullable [] last(byte[] from, byte[] to) {
        byte[] last = null;
        for (NavigableMap<byte[], byte[]> changes : List.of(batch.overlay(), staged)) {
            byte[] candidate = changes.lowerKey(to);
            if (candidate != null
                    && Arrays.compareUnsigned(candidate, from) >= 0
                    && (last == null || Arrays.compareUnsigned(candidate, last) > 0)) {
                last = candidate;
            }
        }
        Entry floor = batch.map().floor(from, to);
        if (floor != null && (last == null || Arrays.compareUnsigned(floor.key(), last) > 0)) {
            last = floor.key();
        }
        return last;
    }

    void put(byte[] key, byte[] value) {
        if (value.length == 0) {
            throw new IllegalArgumentException("every value begins with its format");
        }
        staged.put(key, value);
    }

    /** Whether this very transaction changes the key: then it is not sure yet to stand. */
    boolean wrote(byte[] key) {
        return staged.containsKey(key);
    }

    void delete(byte[] key) {
        staged.put(key, GONE);
    }

    /** The time of this batch: of its events, and the day of their keys. */
    Instant now() {
        return batch.now();
    }

    /** An order above every earlier one. */
    long nextOrder() {
        lastOrder = Order.next(lastOrder, batch.now());
        return lastOrder;
    }

    /** Adds an event to its tenant's chain; it stands where it says if this turn is not refused by a throw. */
    Event.Position append(Event event) {
        events.add(event);
        return batch.positionOf(event, events);
    }

    /** Takes a slot of a domain, to be named by a row of this very transaction. */
    long allocateSlot(int domain) {
        return batch.slots().allocate(this, domain);
    }

    /** The key of today's period of a domain and class; makes it if this is its first use. */
    byte[] periodKey(int domain, EventClass kind) {
        return batch.periodKey(this, domain, kind);
    }

    /**
     * Answers this problem once what was staged is durable: a refusal that is itself an event.
     *
     * @return the problem, for {@code throw}s the compiler wants to see
     */
    Problem refuse(Problem problem) {
        refusal = problem;
        return problem;
    }

    /** Runs on the sequencer's thread once the batch is durable, before any answer. */
    void whenDurable(Runnable action) {
        onDurable.add(action);
    }

    /** What this turn queues for erasure; the queue's own account. */
    List<ErasureQueue.Entry> queued() {
        return queued;
    }

    @Nullable
    Problem refusal() {
        return refusal;
    }

    NavigableMap<byte[], byte[]> staged() {
        return staged;
    }

    List<Event> events() {
        return events;
    }

    List<Runnable> onDurable() {
        return onDurable;
    }

    long lastOrder() {
        return lastOrder;
    }

    /** How many events of a tenant stand before the last one added. */
    static int earlierOf(TenantId tenant, List<Event> events) {
        int count = 0;
        for (int i = 0; i < events.size() - 1; i++) {
            if (events.get(i).tenant().equals(tenant)) {
                count++;
            }
        }
        return count;
    }
}
