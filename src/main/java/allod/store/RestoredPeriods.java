package allod.store;

import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import allod.store.engine.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Periods of an old map that go on being written and whose slot is empty now: their row goes, so that the next event
 * makes a new one, and with it the records that only the old key opened. They were erased already; under another key
 * they would look like damage.
 */
final class RestoredPeriods {
    private final MetadataEngine map;
    private final SlotSecrets secrets;

    RestoredPeriods(MetadataEngine map, SlotSecrets secrets) {
        this.map = map;
        this.secrets = secrets;
    }

    /** @param firstDay the earliest day that is written from now on */
    void makeWay(long firstDay) throws IOException {
        List<Write> writes = new ArrayList<>();
        byte[] from = MapKey.family(Family.PERIOD);
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                var key = new RowReader("P", cursor.key());
                key.u8();
                int domain = key.u32();
                EventClass kind = key.code(EventClass::of);
                long day = Integer.toUnsignedLong(key.u32());
                boolean erased = day >= firstDay
                        && secrets.secret(domain, PeriodKeys.slotOf(cursor.value()))
                                .isEmpty();
                if (erased) {
                    dropRecords(domain, kind, day, writes);
                    writes.add(new Write.Delete(cursor.key()));
                }
            }
        }
        map.commit(List.of(), writes);
    }

    private void dropRecords(int domain, EventClass kind, long day, List<Write> writes) {
        byte[] events = new RowWriter(6)
                .u8(Family.EVENTS.code)
                .u32(domain)
                .u8(kind.code)
                .toBytes();
        try (Cursor cursor = map.scan(events, MapKey.after(events))) {
            while (cursor.next()) {
                var row = new RowReader("e", cursor.value()).format(1);
                row.u8();
                if (Integer.toUnsignedLong(row.u32()) == day) {
                    writes.add(new Write.Delete(cursor.key()));
                }
            }
        }
        if (kind == EventClass.EVIDENCE) {
            dropItems(domain, day, writes);
        }
    }

    /** Batch and items of one erasure are of one day, which each begins with. */
    private void dropItems(int domain, long day, List<Write> writes) {
        byte[] receipts = MapKey.receiptsOf(domain);
        try (Cursor cursor = map.scan(receipts, MapKey.after(receipts))) {
            while (cursor.next()) {
                var key = new RowReader("r", cursor.key());
                key.raw(13);
                boolean item = key.u32() != 0;
                var row = new RowReader("r", cursor.value()).format(1);
                long its = item
                        ? Integer.toUnsignedLong(row.u32())
                        : BatchRow.decode(cursor.value()).day();
                if (its == day) {
                    writes.add(new Write.Delete(cursor.key()));
                }
            }
        }
    }
}
