package allod.store;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys under which events stand: one slot a domain, record class and UTC day, made at its first use. Erasing the slot
 * ends the openings of that day, in every copy. Keeps a bounded number of recent ones; safe for use by many threads.
 */
final class PeriodKeys {
    private static final int KEPT = 4096;
    private static final long MICROS_A_DAY = Duration.ofDays(1).toNanos() / 1000;

    private record Period(int domain, EventClass kind, long day) {}

    private final SlotSecrets secrets;
    private final Map<Period, byte[]> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Period, byte[]> eldest) {
            return size() > KEPT;
        }
    };

    PeriodKeys(SlotSecrets secrets) {
        this.secrets = secrets;
    }

    static long day(long micros) {
        return micros / MICROS_A_DAY;
    }

    /** The key for a transaction's events of a day, made in that transaction if it is the first of its period. */
    byte[] forWriting(Transaction transaction, int domain, EventClass kind, long day) {
        secrets.requireHeld(domain);
        var period = new Period(domain, kind, day);
        byte @Nullable [] key = cached(period);
        if (key != null) {
            return key;
        }
        byte[] row = transaction.get(MapKey.period(domain, kind, day));
        if (row != null) {
            key = secret(domain, slotOf(row));
            if (!transaction.wrote(MapKey.period(domain, kind, day))) {
                remember(period, key);
            }
            return key;
        }
        long slot = transaction.allocateSlot(domain);
        transaction.put(MapKey.slot(domain, slot), SlotRow.bare(SlotKind.PERIOD).encode());
        transaction.put(
                MapKey.period(domain, kind, day),
                new RowWriter(9).u8(1).u64(slot).toBytes());
        // Not remembered before it is in the map: this transaction may still be refused.
        return secret(domain, slot);
    }

    /** The key of a period whose row was read; empty once its slot is erased. */
    byte @Nullable [] forReading(int domain, EventClass kind, long day, byte[] periodRow) {
        secrets.requireHeld(domain);
        var period = new Period(domain, kind, day);
        byte @Nullable [] key = cached(period);
        if (key == null) {
            key = secrets.secret(domain, slotOf(periodRow)).orElse(null);
            if (key != null) {
                remember(period, key);
            }
        }
        return key;
    }

    /** Gives up all keys of a domain whose custody lease has ended. */
    synchronized void forget(int domain) {
        known.keySet().removeIf(period -> period.domain == domain);
    }

    private byte[] secret(int domain, long slot) {
        return secrets.secret(domain, slot)
                .orElseThrow(() -> new IllegalStateException("a period's slot was erased while it is written"));
    }

    static long slotOf(byte[] row) {
        var reader = new RowReader("P", row).format(1);
        long slot = reader.u64();
        reader.end();
        return slot;
    }

    private synchronized byte @Nullable [] cached(Period period) {
        return known.get(period);
    }

    private synchronized void remember(Period period, byte[] key) {
        known.put(period, key);
    }
}
