package allod.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Slot numbers for writers, who need one before their turn comes: each bucket takes 256 at a time, so that what is
 * dropped together lies together in the key tree. A number is settled when a row names it or the erasure queue does; the
 * reservation's row stays until all its numbers are. After a crash the unsettled ones are erased.
 */
final class SlotReservations {
    static final int SIZE = 256;

    /** A reservation's row: the numbers from {@code from} to before {@code end}. */
    record Range(byte[] mapKey, int domain, long bucketId, long from, long end) {
        static Range of(byte[] key, byte[] value) {
            var at = new RowReader("x", key);
            at.u8();
            return new Range(
                    key,
                    at.u32(),
                    at.u64(),
                    at.u64(),
                    new RowReader("x", value).format(1).u64());
        }
    }

    /** The reservations whose keys begin so, as the transaction sees them. */
    static List<Range> ranges(Transaction transaction, byte[] prefix) {
        return transaction.all(prefix, MapKey.after(prefix)).stream()
                .map(row -> Range.of(row.getKey(), row.getValue()))
                .toList();
    }

    private record Owner(int domain, long bucketId) {}

    private static final class Reservation {
        final long from;
        long next;
        final Set<Long> unsettled = new HashSet<>();

        Reservation(long from) {
            this.from = from;
            this.next = from;
        }

        boolean isUsedUp() {
            return next == from + SIZE;
        }
    }

    /** One bucket's; its monitor is held for moments only, {@code reserving} while a commit is waited for. */
    private static final class Reservations {
        final List<Reservation> open = new ArrayList<>();
        final ReentrantLock reserving = new ReentrantLock();

        synchronized OptionalLong next() {
            if (open.isEmpty() || open.getLast().isUsedUp()) {
                return OptionalLong.empty();
            }
            Reservation current = open.getLast();
            long slot = current.next++;
            current.unsettled.add(slot);
            return OptionalLong.of(slot);
        }

        synchronized List<Reservation> finished() {
            return open.stream()
                    .filter(old -> old.isUsedUp() && old.unsettled.isEmpty())
                    .toList();
        }

        synchronized void replace(List<Reservation> finished, long from) {
            open.removeAll(finished);
            open.add(new Reservation(from));
        }

        synchronized void settle(long slot) {
            open.forEach(reservation -> reservation.unsettled.remove(slot));
        }

        synchronized List<Long> unsettled() {
            return open.stream().flatMap(it -> it.unsettled.stream()).toList();
        }
    }

    private final Sequencer sequencer;
    private final SlotAllocator allocator;
    private final Map<Owner, Reservations> owners = new ConcurrentHashMap<>();

    SlotReservations(Sequencer sequencer, SlotAllocator allocator) {
        this.sequencer = sequencer;
        this.allocator = allocator;
    }

    /** A number that nobody else has; give it back by {@link #settled}. */
    long take(int domain, long bucketId) throws IOException {
        Reservations mine = owners.computeIfAbsent(new Owner(domain, bucketId), o -> new Reservations());
        OptionalLong slot = mine.next();
        while (slot.isEmpty()) {
            mine.reserving.lock();
            try {
                slot = mine.next();
                if (slot.isEmpty()) {
                    reserve(mine, domain, bucketId);
                    slot = mine.next();
                }
            } finally {
                mine.reserving.unlock();
            }
        }
        return slot.getAsLong();
    }

    /** Reserves more, and closes what is used up and settled in the same commit. */
    private void reserve(Reservations mine, int domain, long bucketId) throws IOException {
        List<Reservation> finished = mine.finished();
        long from = sequencer.submit(transaction -> {
            finished.forEach(old -> transaction.delete(MapKey.reservation(domain, bucketId, old.from)));
            return allocator.reserve(transaction, domain, bucketId, SIZE);
        });
        mine.replace(finished, from);
    }

    /** Says that a row or the erasure queue now names the number. */
    void settled(int domain, long bucketId, long slot) {
        Reservations mine = owners.get(new Owner(domain, bucketId));
        if (mine != null) {
            mine.settle(slot);
        }
    }

    /** Forgets a dropped bucket's numbers; those its writers still hold must be queued for erasure. */
    List<Long> close(int domain, long bucketId) {
        Reservations mine = owners.remove(new Owner(domain, bucketId));
        return mine == null ? List.of() : mine.unsettled();
    }

    /** Closes everything on a clean stop, when no writer is left: numbers not used stay unused for ever. */
    void closeAll() throws IOException {
        sequencer.submit(transaction -> {
            owners.forEach((owner, reservations) -> {
                for (Reservation open : reservations.open) {
                    if (open.unsettled.isEmpty()) {
                        transaction.delete(MapKey.reservation(owner.domain, owner.bucketId, open.from));
                    }
                }
            });
            return true;
        });
    }
}
