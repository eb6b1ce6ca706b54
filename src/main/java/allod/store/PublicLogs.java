package allod.store;

import allod.store.engine.Cursor;
import allod.store.engine.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All logs of an installation: the one that is written now, and those that restores closed. */
public final class PublicLogs {
    private final PublicLog current;
    private final List<PublicLog> all;

    private PublicLogs(PublicLog current, List<PublicLog> all) {
        this.current = current;
        this.all = List.copyOf(all);
    }

    static PublicLogs of(Reader map, PublicLog current) {
        List<PublicLog> all = new ArrayList<>();
        byte[] from = MapKey.family(Family.LOG);
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                var key = new RowReader("L", cursor.key());
                key.u8();
                int number = key.u16();
                if (number != current.number()) {
                    all.add(PublicLog.closed(map, number, LogRow.decode(cursor.value())));
                }
            }
        }
        all.add(current);
        return new PublicLogs(current, all);
    }

    /** The log that is written now. */
    public PublicLog current() {
        return current;
    }

    /** In the order they were opened, the current one last. */
    public List<PublicLog> all() {
        return all;
    }

    /** The log of a name. */
    Optional<PublicLog> of(String origin) {
        return all.stream().filter(log -> log.origin().equals(origin)).findFirst();
    }

    /** The log of a number. */
    public Optional<PublicLog> log(int number) {
        return all.stream().filter(log -> log.number() == number).findFirst();
    }

    /** Whether an event stands after the last checkpoint of a log that a restore closed. */
    public boolean isNeverProven(String origin, long index) {
        return all.stream().filter(log -> log.origin().equals(origin)).anyMatch(log -> log.isNeverProven(index));
    }
}
