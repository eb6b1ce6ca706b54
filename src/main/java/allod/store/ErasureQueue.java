package allod.store;

import allod.base.Problem;
import allod.keys.KeyRing;
import allod.receipt.ErasureReason;
import allod.receipt.ReceiptId;
import allod.store.engine.BlobName;
import allod.store.engine.Cursor;
import allod.store.engine.Reader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be erased: the rows {@code q}, and in memory who waits for which. Foreground entries have a client
 * waiting and go at once; background ones wait for their window. Safe for use by many threads.
 */
final class ErasureQueue {
    /** Background entries kept in memory; more stand in the map and are read again when these are gone. */
    static final int MAX_KNOWN = 100_000;

    /** Entries that one step of a load takes into memory; between two the queue serves others. */
    private static final int LOADED_AT_ONCE = 1000;

    /** A slot that is to be destroyed. */
    record Ref(int domain, long slot) {}

    /** What is to be destroyed, as its row says. */
    record Entry(int domain, long bucketId, byte[] key, long slot, PendingRow row) {
        Ref ref() {
            return new Ref(domain, slot);
        }

        /** All slots it stands for. */
        LongStream slots() {
            return LongStream.range(slot, slot + row.slots());
        }

        byte[] mapKey() {
            return MapKey.pending(domain, bucketId, key, slot);
        }
    }

    /** An entry whose client waits, with the number of the turn that queued it. */
    private record Awaited(Entry entry, long turn) {}

    private final TrustedTime time;
    private final Map<Ref, Awaited> foreground = new LinkedHashMap<>();
    private final Map<Ref, Entry> background = new LinkedHashMap<>();
    /** How many of them each domain has. */
    private final Map<Integer, Integer> backgroundOf = new HashMap<>();

    private final Map<Ref, Entry> underway = new HashMap<>();
    private final Map<Ref, CompletableFuture<ReceiptId>> watched = new HashMap<>();
    /** Slots whose destruction has begun; touched on the sequencer's thread only. */
    private final Set<Ref> begun = new HashSet<>();

    /** Further rows of slots that are queued already: taken up when the slot is erased, to be closed. */
    private final Map<Ref, List<Entry>> doubles = new HashMap<>();

    private long turn;
    private boolean moreInMap;
    /** Where the next load goes on; from the beginning where it is the family's first key. */
    private byte[] loadFrom = MapKey.family(Family.PENDING);

    private boolean closed;
    private @Nullable Problem stopping;

    /** @param time by which retention ends */
    ErasureQueue(TrustedTime time) {
        this.time = time;
    }

    /**
     * Takes up what an earlier run left and what did not fit, as far as there is room; the foreground first, although
     * nobody waits for it any more. Called where no entry can be done meanwhile: at start, and by the gate between rounds.
     */
    void load(Reader map) {
        byte[] end = MapKey.after(MapKey.family(Family.PENDING));
        boolean fromTheBeginning = loadFrom.length == 1;
        List<Entry> found = new ArrayList<>(LOADED_AT_ONCE);
        boolean room = true;
        try (Cursor cursor = map.scan(loadFrom, end)) {
            while (room && cursor.next()) {
                found.add(entry(cursor.key(), cursor.value()));
                if (found.size() == LOADED_AT_ONCE) {
                    loadFrom = MapKey.after(cursor.key());
                    room = takeIn(found);
                    found.clear();
                }
            }
        }
        takeIn(found);
        synchronized (this) {
            if (room) {
                loadFrom = MapKey.family(Family.PENDING);
                moreInMap = !fromTheBeginning;
            } else {
                moreInMap = true;
            }
            notifyAll();
        }
    }

    /** Whether there is room for more. */
    private synchronized boolean takeIn(List<Entry> found) {
        found.forEach(this::remember);
        return foreground.size() < MAX_KNOWN && background.size() < MAX_KNOWN;
    }

    static Entry entry(byte[] key, byte[] value) {
        var row = new RowReader("q", key);
        row.u8();
        int domain = row.u32();
        long bucketId = row.u64();
        byte[] object = row.objectKey();
        long slot = row.u64();
        row.end();
        return new Entry(domain, bucketId, object, slot, PendingRow.decode(value));
    }

    /** Stages an entry's row; it is in the queue once the transaction is durable. */
    Entry add(Transaction transaction, int domain, long bucketId, byte[] key, long slot, PendingRow row) {
        Entry entry = stage(transaction, new Entry(domain, bucketId, key, slot, row), false);
        enqueueWhenDurable(transaction, List.of(entry));
        return entry;
    }

    /** Queues numbers that no row of this map names, in ranges. */
    void addUnnamed(Transaction transaction, int domain, long from, long end) {
        List<Entry> entries = new ArrayList<>();
        for (long slot = from; slot < end; slot += PendingRow.MAX_SLOTS) {
            int count = (int) Math.min(PendingRow.MAX_SLOTS, end - slot);
            var row = new PendingRow(ErasureReason.ORPHAN, false, 0, 0, "recovery", "", List.of(), count);
            entries.add(stageUnbound(transaction, new Entry(domain, 0, new byte[0], slot, row)));
        }
        enqueueWhenDurable(transaction, entries);
    }

    /**
     * Stages an entry's row, to be enqueued in an order of the caller's. Everything that is to be erased comes through here,
     * so here is where a lock holds, whoever asks: the version's name row as it was before this turn says what binds it.
     *
     * @param bypassGovernance whether who asks may end a governance retention
     * @throws Problem OBJECT_LOCKED if the version must stay
     */
    Entry stage(Transaction transaction, Entry entry, boolean bypassGovernance) {
        Optional<Problem> locked = refusal(transaction, entry, bypassGovernance);
        if (locked.isPresent()) {
            throw locked.get();
        }
        return restage(transaction, entry);
    }

    /** Why an entry cannot be queued, if it cannot. */
    Optional<Problem> refusal(Transaction transaction, Entry entry, boolean bypassGovernance) {
        if (entry.key.length == 0) {
            // A number that no version was ever written under.
            return Optional.empty();
        }
        Rows before = transaction.before();
        Instant now = time.trust(transaction.now());
        return KeyVersions.naming(before, entry.bucketId, ObjectKey.stored(entry.key), entry.row.order(), entry.slot)
                .filter(it -> it.row().lock().forbidsErasure(now, bypassGovernance))
                .map(it -> Refusals.locked(it.row().lock()));
    }

    /** Stages an entry that no lock can bind: numbers that no version has, or a version whose key is gone already. */
    static Entry stageUnbound(Transaction transaction, Entry entry) {
        return restage(transaction, entry);
    }

    private static Entry restage(Transaction transaction, Entry entry) {
        transaction.put(entry.mapKey(), entry.row.encode());
        return entry;
    }

    /** All that waits of one object key, as the transaction sees it. */
    static List<Entry> waiting(Transaction transaction, int domain, long bucketId, byte[] key) {
        byte[] from = MapKey.pendingOf(domain, bucketId, key);
        return entries(transaction, from, MapKey.after(from), Integer.MAX_VALUE);
    }

    /** The first of what waits in a range of rows. */
    static List<Entry> entries(Transaction transaction, byte[] from, byte[] to, int most) {
        List<Entry> entries = new ArrayList<>(0);
        for (Map.Entry<byte[], byte[]> row : transaction.first(from, to, most)) {
            entries.add(entry(row.getKey(), row.getValue()));
        }
        return entries;
    }

    /** Stages entries that wait already as what a client waits for. */
    static List<Entry> bringForward(Transaction transaction, List<Entry> entries) {
        return entries.stream()
                .map(e -> e.row.foreground()
                        ? e
                        : restage(transaction, new Entry(e.domain, e.bucketId, e.key, e.slot, e.row.inForeground())))
                .toList();
    }

    /** What one transaction queues enters the queue at once, so that a round takes all of it or nothing. */
    void enqueueWhenDurable(Transaction transaction, List<Entry> entries) {
        if (transaction.queued().isEmpty() && !entries.isEmpty()) {
            transaction.whenDurable(() -> enqueue(transaction.queued()));
        }
        transaction.queued().addAll(entries);
    }

    /** From here on reads of these slots start over; on the sequencer's thread. */
    void begin(Collection<Entry> entries) {
        entries.forEach(entry -> begun.add(entry.ref()));
    }

    /** The round is over, or was given up; on the sequencer's thread. */
    void end(Collection<Entry> entries) {
        entries.forEach(entry -> begun.remove(entry.ref()));
    }

    /**
     * Whether a reader who came before an overwrite may finish: the slot waits in the background and its destruction has
     * not begun. Asked on the sequencer's thread.
     */
    boolean mayStillRead(Transaction transaction, int domain, long bucketId, byte[] key, long slot) {
        byte[] row = transaction.get(MapKey.pending(domain, bucketId, key, slot));
        return row != null && !PendingRow.decode(row).foreground() && !begun.contains(new Ref(domain, slot));
    }

    /** An entry's row as it stands now, naming these blobs besides its own. */
    static PendingRow withBlobs(Transaction transaction, Entry entry, List<BlobName> more) {
        byte[] value = transaction.get(entry.mapKey());
        PendingRow row = value == null ? entry.row : PendingRow.decode(value);
        List<BlobName> all = new ArrayList<>(row.blobs());
        all.addAll(more);
        return row.withBlobs(all);
    }

    private synchronized void enqueue(List<Entry> entries) {
        turn++;
        entries.forEach(this::remember);
        notifyAll();
    }

    private void remember(Entry entry) {
        Ref ref = entry.ref();
        Entry running = underway.get(ref);
        Awaited awaited = foreground.get(ref);
        Entry first = running != null ? running : awaited != null ? awaited.entry : background.get(ref);
        if (first != null && !Arrays.equals(first.mapKey(), entry.mapKey())) {
            boolean overtakes = running == null && awaited == null && entry.row.foreground();
            setAside(overtakes ? first : entry);
            if (!overtakes) {
                return;
            }
        }
        if (running != null || awaited != null) {
            return;
        }
        if (entry.row.foreground()) {
            if (background.remove(ref) != null) {
                backgroundOf.merge(ref.domain(), -1, Integer::sum);
            }
            foreground.put(ref, new Awaited(entry, turn));
        } else if (background.size() < MAX_KNOWN) {
            if (background.put(entry.ref(), entry) == null) {
                backgroundOf.merge(entry.domain(), 1, Integer::sum);
            }
        } else {
            moreInMap = true;
        }
    }

    private void setAside(Entry entry) {
        List<Entry> others = doubles.computeIfAbsent(entry.ref(), r -> new ArrayList<>(1));
        if (others.stream().noneMatch(other -> Arrays.equals(other.mapKey(), entry.mapKey()))) {
            others.add(entry);
        }
    }

    /** The receipt of an entry, when its key is gone; called on the sequencer's thread, before the entry can be done. */
    synchronized CompletableFuture<ReceiptId> watch(Ref ref) {
        Problem end = stopping;
        if (end != null) {
            return CompletableFuture.failedFuture(end);
        }
        return watched.computeIfAbsent(ref, r -> new CompletableFuture<>());
    }

    /** How many wait in the background in some domains. */
    synchronized int background(IntPredicate domains) {
        int count = 0;
        for (Map.Entry<Integer, Integer> of : backgroundOf.entrySet()) {
            count += of.getValue() > 0 && domains.test(of.getKey()) ? of.getValue() : 0;
        }
        return count;
    }

    synchronized int backgroundSize() {
        return background.size();
    }

    synchronized int foregroundSize() {
        return foreground.size();
    }

    /**
     * Waits until there is something for a round or the time is over.
     *
     * @param atMost milliseconds from now on; asked again whenever something changed
     * @param ready the domains in which a round may begin now
     * @param alsoBackground whether what nobody waits for is due
     * @return whether the queue still serves
     */
    synchronized boolean awaitWork(LongSupplier atMost, IntPredicate ready, boolean alsoBackground)
            throws InterruptedException {
        long left = atMost.getAsLong();
        while (!closed && left > 0 && !anyReady(ready) && !(alsoBackground && background(ready) > 0)) {
            wait(left);
            left = atMost.getAsLong();
        }
        return !closed;
    }

    private boolean anyReady(IntPredicate ready) {
        Set<Integer> looked = new HashSet<>();
        for (Awaited awaited : foreground.values()) {
            if (looked.add(awaited.entry.domain()) && ready.test(awaited.entry.domain())) {
                return true;
            }
        }
        return false;
    }

    /** Looks again which domains are ready. */
    synchronized void wake() {
        notifyAll();
    }

    /** Tells whoever waits for an erasure in a domain why it cannot be done now; the entries wait on. */
    void tellDomain(int domain, Problem why) {
        List<Entry> waiting = new ArrayList<>();
        synchronized (this) {
            foreground.values().stream()
                    .map(Awaited::entry)
                    .filter(entry -> entry.domain() == domain)
                    .forEach(waiting::add);
        }
        tellWaiting(waiting, why);
    }

    /** Takes what one round erases; those entries are under way until {@link #done} or {@link #giveBack}. */
    synchronized List<Entry> take(boolean alsoBackground, int most, IntPredicate ready) {
        List<Entry> taken = takeForeground(most, ready);
        long slots = taken.size();
        var others = background.values().iterator();
        while (alsoBackground && taken.size() < most && others.hasNext()) {
            Entry next = others.next();
            if (!ready.test(next.domain())) {
                continue;
            }
            slots += next.row.slots();
            if (slots > KeyRing.MAX_SLOTS) {
                break;
            }
            taken.add(next);
            others.remove();
            backgroundOf.merge(next.domain(), -1, Integer::sum);
        }
        taken.forEach(entry -> underway.put(entry.ref(), entry));
        return taken;
    }

    /** Whole turns as long as they fit; one that is larger than a round alone is divided. */
    private List<Entry> takeForeground(int most, IntPredicate ready) {
        List<Entry> taken = new ArrayList<>();
        int whole = 0;
        long last = -1;
        boolean more = false;
        for (Awaited next : foreground.values()) {
            if (!ready.test(next.entry.domain())) {
                continue;
            }
            if (next.turn != last) {
                whole = taken.size();
                last = next.turn;
            }
            if (taken.size() == most) {
                more = true;
                break;
            }
            taken.add(next.entry);
        }
        if (!more) {
            whole = taken.size();
        }
        List<Entry> round = new ArrayList<>(taken.subList(0, whole == 0 ? taken.size() : whole));
        round.forEach(entry -> foreground.remove(entry.ref()));
        return round;
    }

    /** Whether entries stand in the map that memory does not know of. */
    synchronized boolean needsLoad() {
        return moreInMap && background.isEmpty();
    }

    /** The entries are erased: whoever watched gets the receipt, or where there is none is told to look again. */
    void done(Map<Ref, ReceiptId> receipts, Collection<Entry> entries) {
        List<Runnable> answers = new ArrayList<>();
        synchronized (this) {
            for (Entry entry : entries) {
                underway.remove(entry.ref());
                ReceiptId receipt = receipts.get(entry.ref());
                CompletableFuture<ReceiptId> watcher = watched.remove(entry.ref());
                if (watcher != null && receipt != null) {
                    answers.add(() -> watcher.complete(receipt));
                } else if (watcher != null) {
                    answers.add(() -> watcher.completeExceptionally(Refusals.erasedBefore()));
                }
                List<Entry> others = doubles.remove(entry.ref());
                if (others != null) {
                    others.forEach(this::remember);
                }
            }
        }
        answers.forEach(Runnable::run);
    }

    /** Tells whoever waits that the entries' keys are not yet destroyed; the entries stay under way. */
    void tellWaiting(Collection<Entry> entries, Problem why) {
        List<CompletableFuture<ReceiptId>> watchers = new ArrayList<>();
        synchronized (this) {
            for (Entry entry : entries) {
                CompletableFuture<ReceiptId> watcher = watched.remove(entry.ref());
                if (watcher != null) {
                    watchers.add(watcher);
                }
            }
        }
        watchers.forEach(watcher -> watcher.completeExceptionally(why));
    }

    /** Tells whoever waits, for whatever, that it is not yet destroyed. */
    void tellEveryone(Problem why) {
        List<CompletableFuture<ReceiptId>> watchers;
        synchronized (this) {
            watchers = List.copyOf(watched.values());
            watched.clear();
        }
        watchers.forEach(watcher -> watcher.completeExceptionally(why));
    }

    /** From here on nobody waits any more: whoever does is told why, and so is whoever comes. */
    void endWaiting(Problem why) {
        synchronized (this) {
            stopping = why;
        }
        tellEveryone(why);
    }

    /** The round failed before its commit: the entries wait on, and whoever watched is told why. */
    void giveBack(Collection<Entry> entries, Problem why) {
        synchronized (this) {
            for (Entry entry : entries) {
                underway.remove(entry.ref());
                remember(entry);
            }
        }
        tellWaiting(entries, why);
    }

    /** Wakes the gate to end. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
