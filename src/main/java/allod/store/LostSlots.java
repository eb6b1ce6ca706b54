package allod.store;

import allod.receipt.ErasureReason;
import allod.store.engine.Cursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Slots that were given out after the copy and that nothing names now: whatever was sealed under them must not stay
 * openable. They are queued for erasure in ranges, each of which begins with a slot that is not erased; so a range is
 * done when its first slot is empty.
 */
final class LostSlots {
    private static final int ROWS_A_COMMIT = 1000;

    private final Ground ground;
    private final List<ErasureQueue.Entry> staged = new ArrayList<>();
    private long queued;

    LostSlots(Ground ground) {
        this.ground = ground;
    }

    /** @return how many slots it queued, used and unused ones */
    long queue(Iterable<Integer> domains) throws IOException {
        for (int domain : domains) {
            queue(domain);
        }
        commit();
        return queued;
    }

    private void queue(int domain) throws IOException {
        byte[] marks = ground.map().get(MapKey.highWater(domain));
        if (marks == null) {
            return;
        }
        long end = new RowReader("x", marks).format(1).u64();
        long[] waiting = waiting(domain);
        int nextWaiting = 0;
        long from = 0;
        byte[] rows = new RowWriter(5).u8(Family.SLOT.code).u32(domain).toBytes();
        try (Cursor cursor = ground.map().scan(rows, MapKey.after(rows))) {
            boolean more = cursor.next();
            while (more || nextWaiting < waiting.length) {
                long named = more ? slotOf(cursor.key()) : Long.MAX_VALUE;
                long queuedAlready = nextWaiting < waiting.length ? waiting[nextWaiting] : Long.MAX_VALUE;
                long taken = Math.min(named, queuedAlready);
                gap(domain, from, Math.min(taken, end));
                from = Math.max(from, taken + 1);
                if (more && named == taken) {
                    more = cursor.next();
                }
                if (queuedAlready == taken) {
                    nextWaiting++;
                }
            }
        }
        gap(domain, from, end);
    }

    private static long slotOf(byte[] key) {
        var at = new RowReader("s", key);
        at.raw(5);
        return at.u64();
    }

    /** The slots that wait in the queue already, in order. */
    private long[] waiting(int domain) {
        LongStream.Builder slots = LongStream.builder();
        byte[] rows = new RowWriter(5).u8(Family.PENDING.code).u32(domain).toBytes();
        try (Cursor cursor = ground.map().scan(rows, MapKey.after(rows))) {
            while (cursor.next()) {
                ErasureQueue.entry(cursor.key(), cursor.value()).slots().forEach(slots);
            }
        }
        return slots.build().sorted().distinct().toArray();
    }

    private void gap(int domain, long from, long end) throws IOException {
        SlotSecrets.Reader secrets = ground.secrets().reader(domain);
        long at = from;
        while (at < end) {
            if (secrets.secret(at).isEmpty()) {
                at++;
                continue;
            }
            long last = Math.min(end, at + PendingRow.MAX_SLOTS);
            stage(domain, at, (int) (last - at));
            at = last;
        }
    }

    private void stage(int domain, long first, int slots) throws IOException {
        var row = new PendingRow(ErasureReason.LOST_IN_RESTORE, false, 0, 0, "restore", "", List.of(), slots);
        staged.add(new ErasureQueue.Entry(domain, 0, new byte[0], first, row));
        queued += slots;
        if (staged.size() == ROWS_A_COMMIT) {
            commit();
        }
    }

    private void commit() throws IOException {
        ground.sequencer().submitPatiently(transaction -> {
            staged.forEach(entry -> ErasureQueue.stageUnbound(transaction, entry));
            return true;
        });
        staged.clear();
    }
}
