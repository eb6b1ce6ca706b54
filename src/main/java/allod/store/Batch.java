package allod.store;

import allod.base.Problem;
import allod.base.TenantId;
import allod.keys.SecretBox;
import allod.log.Commitments;
import allod.log.CompactTree;
import allod.log.EventLeaf;
import allod.log.Frame;
import allod.log.Hash;
import allod.store.engine.Reader;
import allod.store.engine.Write;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The requests that one commit carries: what they decided so far, laid over the map, and the log with their events
 * appended. Thrown away if the commit fails. Used on the sequencer's thread only.
 */
final class Batch {
    private record Group(int domain, EventClass kind) {}

    private final Reader map;
    private final SlotAllocator slots;
    private final PeriodKeys periods;
    private final LogState before;
    private final CompactTree tree;
    private final long time;
    private final TreeMap<byte[], byte[]> overlay = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<TenantId, ChainRow> chains = new HashMap<>();
    private final Map<Group, List<PlacedEvent>> groups = new LinkedHashMap<>();
    private final Map<Group, byte[]> groupKeys = new HashMap<>();
    private final Map<TenantId, Run> runs = new LinkedHashMap<>();
    private final Map<Group, Commitments.Openings> openings = new HashMap<>();
    private final RowWriter leaves = new RowWriter(64 * EventLeaf.LENGTH);
    private final Commitments commitments;
    private long lastOrder;
    private long eventBytes;

    /** Where one tenant's events of this commit lie. */
    private static final class Run {
        final long firstSeq;
        final List<Long> indices = new ArrayList<>(4);
        final Set<Group> groups = new LinkedHashSet<>(2);

        Run(long firstSeq) {
            this.firstSeq = firstSeq;
        }
    }

    Batch(
            Reader map,
            SlotAllocator slots,
            PeriodKeys periods,
            Commitments commitments,
            LogState before,
            Instant clock) {
        this.map = map;
        this.slots = slots;
        this.periods = periods;
        this.commitments = commitments;
        this.before = before;
        this.tree = before.tree().copy();
        this.time = Math.max(before.lastTime(), Order.micros(clock));
        this.lastOrder = before.lastOrder();
    }

    Reader map() {
        return map;
    }

    SlotAllocator slots() {
        return slots;
    }

    NavigableMap<byte[], byte[]> overlay() {
        return overlay;
    }

    Instant now() {
        return Instant.EPOCH.plus(time, ChronoUnit.MICROS);
    }

    long lastOrder() {
        return lastOrder;
    }

    /** Bytes of all event bodies so far. */
    long eventBytes() {
        return eventBytes;
    }

    byte[] periodKey(Transaction transaction, int domain, EventClass kind) {
        return periods.forWriting(transaction, domain, kind, PeriodKeys.day(time));
    }

    Event.Position positionOf(Event event, List<Event> staged) {
        long seq = chainOf(event.tenant()).seq() + 1 + Transaction.earlierOf(event.tenant(), staged);
        return new Event.Position(tree.size() + staged.size() - 1, seq, time);
    }

    /**
     * Takes a transaction in: its events get their leaves, its writes become part of what the next one sees.
     *
     * @throws Problem if a domain's keys cannot be had; then nothing of it is taken
     */
    void accept(Transaction transaction) {
        List<byte[]> keys = new ArrayList<>(transaction.events().size());
        for (Event event : transaction.events()) {
            keys.add(periodKey(transaction, event.domain(), event.kind()));
        }
        for (int i = 0; i < keys.size(); i++) {
            append(transaction.events().get(i), keys.get(i));
        }
        overlay.putAll(transaction.staged());
        lastOrder = transaction.lastOrder();
    }

    private void append(Event event, byte[] periodKey) {
        long index = tree.size();
        ChainRow chain = chainOf(event.tenant());
        long seq = chain.seq() + 1;
        var group = new Group(event.domain(), event.kind());
        groupKeys.put(group, periodKey);
        byte[] opening = openings.computeIfAbsent(group, g -> new Commitments.Openings(periodKey, before.origin()))
                .opening(index);
        byte[] tenant = tenantBytes(event.tenant());
        var frame = new Frame(before.origin(), tenant, seq, Hash.of(chain.commitment()), time);
        Hash commitment = commitments.commitment(opening, frame, event.body());
        byte[] entry = EventLeaf.entry(commitment);
        eventBytes += event.body().length;
        tree.append(entry);
        leaves.raw(entry);
        chains.put(event.tenant(), new ChainRow(seq, commitment.bytes()));
        groups.computeIfAbsent(group, g -> new ArrayList<>())
                .add(new PlacedEvent(index, event.tenant(), seq, time, event.body()));
        Run run = runs.computeIfAbsent(event.tenant(), t -> new Run(seq));
        run.indices.add(index);
        run.groups.add(group);
    }

    /** A tenant as the frame of its events names it: its number in four bytes. */
    static byte[] tenantBytes(TenantId tenant) {
        return ByteBuffer.allocate(4).putInt(tenant.value()).array();
    }

    private ChainRow chainOf(TenantId tenant) {
        return chains.computeIfAbsent(tenant, t -> {
            byte[] row = map.get(MapKey.chain(t));
            return row == null ? ChainRow.EMPTY : ChainRow.decode(row);
        });
    }

    /** All rows of the commit: what the requests staged, and their events. */
    List<Write> writes(EventBlock blocks, SecureRandom random) {
        List<Write> writes = new ArrayList<>(overlay.size() + 8);
        overlay.forEach((key, value) ->
                writes.add(Transaction.isGone(value) ? new Write.Delete(key) : new Write.Put(key, value)));
        if (tree.size() == before.size()) {
            return writes;
        }
        writes.add(new Write.Put(MapKey.leaves(before.log(), before.size()), leaves.toBytes()));
        groups.forEach((group, events) -> writes.add(sealed(group, events, blocks, random)));
        runs.forEach((tenant, run) -> {
            writes.add(new Write.Put(MapKey.run(tenant, run.firstSeq), row(run).encode()));
            writes.add(new Write.Put(MapKey.chain(tenant), chainOf(tenant).encode()));
        });
        return writes;
    }

    private Write sealed(Group group, List<PlacedEvent> events, EventBlock blocks, SecureRandom random) {
        byte[] key = MapKey.events(
                group.domain, group.kind, before.log(), events.getFirst().index());
        byte[] periodKey = groupKeys.get(group);
        if (periodKey == null) {
            throw new IllegalStateException("events without a period key");
        }
        byte[] aad = RowWriter.place(before.origin(), key);
        byte[] box = SecretBox.EVENTS.seal(periodKey, aad, blocks.encode(events), random);
        byte[] value = new RowWriter(box.length + 6)
                .u8(1)
                .u8(EventBlock.DICTIONARY)
                .u32((int) PeriodKeys.day(time))
                .raw(box)
                .toBytes();
        return new Write.Put(key, value);
    }

    private RunRow row(Run run) {
        List<RunRow.Block> blocks = run.groups.stream()
                .map(group -> new RunRow.Block(group.domain, group.kind, firstOf(group)))
                .toList();
        return new RunRow(before.log(), time, run.indices, blocks);
    }

    private long firstOf(Group group) {
        return groups.getOrDefault(group, List.of()).getFirst().index();
    }

    LogState after() {
        long lastTime = tree.size() == before.size() ? before.lastTime() : time;
        return new LogState(before.log(), before.origin(), tree, lastTime, lastOrder);
    }
}
