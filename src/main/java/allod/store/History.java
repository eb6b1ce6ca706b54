package allod.store;

import allod.base.TenantId;
import allod.keys.SecretBox;
import allod.log.Commitments;
import allod.log.EventLeaf;
import allod.log.Frame;
import allod.log.Hash;
import allod.store.engine.Cursor;
import allod.store.engine.Entry;
import allod.store.engine.MetadataEngine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tenant's events in the order of its chain, opened with the keys of their periods. */
final class History {
    private final MetadataEngine map;
    private final PeriodKeys periods;

    History(MetadataEngine map, PeriodKeys periods) {
        this.map = map;
        this.periods = periods;
    }

    /** Up to {@code limit} events with numbers above {@code after}. */
    List<EventRecord> read(TenantId tenant, long after, int limit) {
        List<EventRecord> records = new ArrayList<>();
        byte[] from = MapKey.run(tenant, 0);
        Entry start = map.floor(from, MapKey.run(tenant, after + 1));
        byte[] end = MapKey.after(Arrays.copyOf(from, 5));
        Hash previous = commitmentOf(tenant, after);
        try (Cursor cursor = map.scan(start == null ? from : start.key(), end)) {
            while (records.size() < limit && cursor.next()) {
                long firstSeq = firstSeq(cursor.key());
                RunRow run = RunRow.decode(cursor.value());
                if (firstSeq + run.indices().size() <= after + 1) {
                    continue;
                }
                String origin = origin(run.log());
                Map<Long, EventRecord.Opened> opened = open(tenant, run, origin);
                for (int i = 0; i < run.indices().size() && records.size() < limit; i++) {
                    long seq = firstSeq + i;
                    if (seq > after) {
                        long index = run.indices().get(i);
                        var frame = new Frame(origin, Batch.tenantBytes(tenant), seq, previous, run.time());
                        records.add(new EventRecord(frame, index, Optional.ofNullable(opened.get(seq))));
                        previous = commitment(run.log(), index);
                    }
                }
            }
        }
        return records;
    }

    private static long firstSeq(byte[] key) {
        var row = new RowReader("H", key);
        row.raw(5);
        return row.u64();
    }

    private byte @Nullable [] periodKey(RunRow.Block block, long day) {
        byte[] row = map.get(MapKey.period(block.domain(), block.kind(), day));
        return row == null ? null : periods.forReading(block.domain(), block.kind(), day, row);
    }

    private String origin(int log) {
        byte[] row = map.get(MapKey.log(log));
        if (row == null) {
            throw new IllegalStateException("there is no log " + log);
        }
        return LogRow.decode(row).origin();
    }

    /** A run's events by their number; those whose period's key was erased are missing. */
    private Map<Long, EventRecord.Opened> open(TenantId tenant, RunRow run, String origin) {
        Map<Long, EventRecord.Opened> opened = new HashMap<>();
        for (RunRow.Block block : run.blocks()) {
            byte[] rowKey = MapKey.events(block.domain(), block.kind(), run.log(), block.firstIndex());
            byte[] value = map.get(rowKey);
            byte[] key = periodKey(block, PeriodKeys.day(run.time()));
            if (value != null && key != null) {
                var row = new RowReader("e", value).format(1);
                int dictionary = row.u8();
                row.u32();
                byte[] box = row.raw(value.length - 6);
                byte[] plain = SecretBox.EVENTS.open(key, RowWriter.place(origin, rowKey), box);
                var openings = new Commitments.Openings(key, origin);
                for (PlacedEvent event : EventBlock.decode(dictionary, plain)) {
                    if (event.tenant().equals(tenant)) {
                        byte[] opening = openings.opening(event.index());
                        opened.put(event.seq(), new EventRecord.Opened(event.body(), opening));
                    }
                }
            }
        }
        return opened;
    }

    /** C of an event by its number in the chain; 32 zero bytes before the first. */
    private Hash commitmentOf(TenantId tenant, long seq) {
        Entry row = seq <= 0 ? null : map.floor(MapKey.run(tenant, 0), MapKey.run(tenant, seq));
        if (row == null) {
            return Hash.ZERO;
        }
        RunRow run = RunRow.decode(row.value());
        int place = (int) Math.min(seq - firstSeq(row.key()), run.indices().size() - 1L);
        return commitment(run.log(), run.indices().get(place));
    }

    private Hash commitment(int log, long index) {
        byte[] entry = new LogEntries(map, log).entry(index);
        return Hash.of(Arrays.copyOfRange(entry, 1, EventLeaf.LENGTH));
    }
}
