package allod.store;

import allod.receipt.ErasureReason;
import allod.store.engine.Cursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Slots that writers held when the last run ended without a stop: what was sealed under them must not stay openable.
 */
final class OrphanedSlots {
    private OrphanedSlots() {}

    /** Queues those that are not queued yet in the background lane and closes the reservations; once, at start. */
    static void queue(Ground ground) throws IOException {
        Set<ErasureQueue.Ref> queued = new HashSet<>();
        scan(
                ground,
                Family.PENDING,
                (key, value) -> queued.add(ErasureQueue.entry(key, value).ref()));
        List<SlotReservations.Range> reservations = new ArrayList<>();
        scan(ground, Family.RESERVATION, (key, value) -> {
            if (key.length > MapKey.highWater(0).length) {
                reservations.add(SlotReservations.Range.of(key, value));
            }
        });
        var pending = new PendingRow(ErasureReason.ORPHAN, false, 0, 0, "recovery", "", List.of());
        for (SlotReservations.Range range : reservations) {
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

    private static void scan(Ground ground, Family family, BiConsumer<byte[], byte[]> visitor) {
        byte[] from = MapKey.family(family);
        try (Cursor cursor = ground.map().scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                visitor.accept(cursor.key(), cursor.value());
            }
        }
    }
}
