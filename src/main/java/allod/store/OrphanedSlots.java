package allod.store;

import allod.receipt.ErasureReason;
import allod.store.engine.Cursor;
import allod.store.engine.Reader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;

/**
 * Slots that writers held when the last run ended without a stop: what was sealed under them must not stay openable.
 */
final class OrphanedSlots {
    private OrphanedSlots() {}

    /** The reservations of the run before, read before this one makes its own. */
    static List<SlotReservations.Range> left(Reader map) {
        List<SlotReservations.Range> left = new ArrayList<>();
        scan(map, Family.RESERVATION, (key, value) -> {
            if (key.length > MapKey.highWater(0).length) {
                left.add(SlotReservations.Range.of(key, value));
            }
        });
        return List.copyOf(left);
    }

    /**
     * Queues those that are not queued yet in the background lane and closes the reservations; once for each domain.
     *
     * @param left the reservations of the run before; those of this run have writers
     * @param domains those that are open
     */
    static void queue(Ground ground, List<SlotReservations.Range> left, IntPredicate domains) throws IOException {
        Set<ErasureQueue.Ref> queued = new HashSet<>();
        scan(
                ground.map(),
                Family.PENDING,
                (key, value) -> queued.add(ErasureQueue.entry(key, value).ref()));
        var pending = new PendingRow(ErasureReason.ORPHAN, false, 0, 0, "recovery", "", List.of());
        for (SlotReservations.Range range : left) {
            if (!domains.test(range.domain())) {
                continue;
            }
            SlotSecrets.Reader secrets = ground.secrets().reader(range.domain());
            ground.sequencer().submit(transaction -> {
                for (long slot = range.from(); slot < range.end(); slot++) {
                    boolean open = !queued.contains(new ErasureQueue.Ref(range.domain(), slot))
                            && transaction.get(MapKey.slot(range.domain(), slot)) == null
                            && secrets.secret(slot).isPresent();
                    if (open) {
                        transaction.put(
                                MapKey.pending(range.domain(), range.bucketId(), new byte[0], slot), pending.encode());
                    }
                }
                transaction.delete(range.mapKey());
                return true;
            });
        }
    }

    private static void scan(Reader map, Family family, BiConsumer<byte[], byte[]> visitor) {
        byte[] from = MapKey.family(family);
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                visitor.accept(cursor.key(), cursor.value());
            }
        }
    }
}
