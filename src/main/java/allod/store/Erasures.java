package allod.store;

import allod.receipt.ReceiptId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one turn of a delete erases: the versions it hides, in the order asked, and then what waited of their keys already.
 * What waits of a key is looked at once, and as it was before the turn, so that many versions of one key cost no more than
 * one version each of as many keys. Of the sequencer's thread in a turn, and between turns of the thread that asked.
 */
final class Erasures {
    /** Entries that waited already and that one commit brings forward; the rest follows in further ones. */
    static final int FORWARD_AT_ONCE = 2000;

    private final Transaction transaction;
    private final BucketRow bucket;
    private final Map<ObjectKey, OfKey> keys = new LinkedHashMap<>();
    private final List<ErasureQueue.Entry> hidden = new ArrayList<>();
    private final List<ErasureQueue.Entry> waiting = new ArrayList<>();
    private int looked;

    Erasures(Transaction transaction, BucketRow bucket) {
        this.transaction = transaction;
        this.bucket = bucket;
    }

    OfKey of(ObjectKey key) {
        OfKey known = keys.get(key);
        if (known == null) {
            byte[] from = MapKey.pendingOf(bucket.domain(), bucket.id(), key.bytes());
            int most = Math.max(1, FORWARD_AT_ONCE - looked);
            known = new OfKey(this, Window.of(transaction.before(), new Rest(from, MapKey.after(from)), most));
            looked += known.first.size();
            keys.put(key, known);
        }
        return known;
    }

    List<ErasureQueue.Entry> inOrder() {
        List<ErasureQueue.Entry> all = new ArrayList<>(hidden);
        all.addAll(waiting);
        return all;
    }

    /** The keys of which more waits than this turn looked at, and something in it is asked for. */
    List<OfKey> unfinished() {
        return keys.values().stream().filter(OfKey::isUnfinished).toList();
    }

    /** Rows of the erasure queue, {@code from} included, up to before {@code to}: what came later is not waited for. */
    private record Rest(byte[] from, byte[] to) {}

    /** The first entries of a range, and the rest of it. */
    private record Window(List<ErasureQueue.Entry> entries, Optional<Rest> rest) {
        static Window of(Transaction transaction, Rest all, int most) {
            List<ErasureQueue.Entry> entries = ErasureQueue.entries(transaction, all.from, all.to, most);
            byte[] last = entries.size() < most ? null : transaction.last(all.from, all.to);
            return new Window(
                    entries,
                    last == null
                            ? Optional.empty()
                            : Optional.of(
                                    new Rest(MapKey.after(entries.getLast().mapKey()), MapKey.after(last))));
        }
    }

    /** What is erased of one key. */
    static final class OfKey {
        private final Erasures erasures;
        private final List<ErasureQueue.Entry> first;
        private final Map<Long, List<ErasureQueue.Entry>> byOrder = new HashMap<>();
        /** What goes with this delete, hidden by it or brought forward. */
        private final Set<ErasureQueue.Ref> going = new LinkedHashSet<>();
        /** Versions that may wait behind what was looked at, and their receipts as they are found. */
        private final Set<Long> sought = new HashSet<>();

        private final Map<Long, ReceiptId> found = new HashMap<>();
        private Optional<Rest> rest;
        private boolean all;

        private OfKey(Erasures erasures, Window window) {
            this.erasures = erasures;
            this.first = window.entries();
            this.rest = window.rest();
            first.forEach(this::remember);
        }

        private void remember(ErasureQueue.Entry entry) {
            byOrder.computeIfAbsent(entry.row().order(), order -> new ArrayList<>(1))
                    .add(entry);
        }

        /** A version is hidden by this turn. */
        void hide(ErasureQueue.Entry entry) {
            erasures.hidden.add(entry);
            going.add(entry.ref());
            remember(entry);
        }

        /**
         * Brings all forward that waited of the key.
         *
         * @return what to wait for, the newest first; where an earlier target of this turn waits for it, nothing more
         */
        List<ErasureQueue.Ref> all() {
            boolean again = all;
            all = true;
            return again ? List.of() : bring(first);
        }

        /** The same for one version, which an earlier target of this turn may have hidden. */
        List<ErasureQueue.Ref> version(long order) {
            return bring(byOrder.getOrDefault(order, List.of()));
        }

        /** One of those that go already, for a target that adds none to them; the first, as its receipt is answered. */
        List<ErasureQueue.Ref> any() {
            return going.stream().limit(1).toList();
        }

        private List<ErasureQueue.Ref> bring(Collection<ErasureQueue.Entry> entries) {
            List<ErasureQueue.Entry> waited = entries.stream()
                    .filter(entry -> !going.contains(entry.ref()))
                    .toList();
            List<ErasureQueue.Entry> forward = ErasureQueue.bringForward(erasures.transaction, waited);
            erasures.waiting.addAll(forward.reversed());
            forward.reversed().forEach(entry -> going.add(entry.ref()));
            return List.copyOf(entries).reversed().stream()
                    .map(ErasureQueue.Entry::ref)
                    .toList();
        }

        /** Has a version looked for in what was not looked at yet. Tells whether there is anything. */
        boolean seek(long order) {
            sought.add(order);
            return rest.isPresent();
        }

        private boolean isUnfinished() {
            return rest.isPresent() && (all || !sought.isEmpty());
        }

        /** The receipt of a version that was sought, once all is looked at. */
        Optional<ReceiptId> found(long order) {
            return Optional.ofNullable(found.get(order));
        }

        /** Brings the next of the rest forward; tells how many were looked at. */
        private int next(Transaction transaction, int most, List<Brought> brought) {
            Window window = Window.of(transaction, rest.orElseThrow(), most);
            rest = window.rest();
            List<ErasureQueue.Entry> asked = window.entries().stream()
                    .filter(entry -> all || sought.contains(entry.row().order()))
                    .toList();
            ErasureQueue.bringForward(transaction, asked).forEach(entry -> brought.add(new Brought(this, entry)));
            return window.entries().size();
        }
    }

    /** An entry that a further turn brought forward. */
    record Brought(OfKey of, ErasureQueue.Entry entry) {
        void erased(ReceiptId receipt) {
            long order = entry.row().order();
            if (of.sought.contains(order)) {
                of.found.putIfAbsent(order, receipt);
            }
        }
    }

    /** A further turn: brings the next of what waits of these keys forward. */
    static List<Brought> forward(Transaction transaction, List<OfKey> unfinished) {
        List<Brought> brought = new ArrayList<>();
        int room = FORWARD_AT_ONCE;
        for (OfKey key : unfinished) {
            if (room > 0) {
                room -= key.next(transaction, room, brought);
            }
        }
        return brought;
    }

    /** Those of which still more waits. */
    static List<OfKey> left(List<OfKey> keys) {
        return keys.stream().filter(OfKey::isUnfinished).toList();
    }
}
