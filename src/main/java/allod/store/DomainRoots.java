package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.CustodyFolder;
import allod.keys.Domain;
import allod.keys.KeyRing;
import allod.keys.RootChoice;
import allod.keys.RootRecord;
import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which root each domain has at start, told from map and custody. */
final class DomainRoots {
    private static final Logger LOG = LoggerFactory.getLogger(DomainRoots.class);

    private DomainRoots() {}

    /** The rows of all domains that the map knows, by number. */
    static Map<Integer, DomainRow> read(MetadataEngine map) {
        Map<Integer, DomainRow> rows = new TreeMap<>();
        byte[] from = MapKey.family(Family.ROOT);
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                var key = new RowReader("K", cursor.key());
                key.u8();
                rows.put(key.u32(), DomainRow.decode(cursor.value()));
            }
        }
        return rows;
    }

    /** Which root each domain has that map or custody knows; changes nothing. */
    static Map<Integer, RootChoice> choose(CustodyFolder custody, KeyRing keys, Map<Integer, DomainRow> rows) {
        var numbers = new TreeSet<>(rows.keySet());
        custody.domains().stream().map(Domain::number).forEach(numbers::add);
        Map<Integer, RootChoice> choices = new TreeMap<>();
        for (int number : numbers) {
            Optional<RootRecord> root = Optional.ofNullable(rows.get(number)).map(DomainRow::root);
            choices.put(number, keys.choose(number, root));
        }
        return choices;
    }

    /**
     * Opens each domain at its root, and finds those whose erasure a crash interrupted.
     *
     * @throws Problem UNUSABLE_FOLDER if a root is not today's, before any is opened
     */
    static Map<Integer, DomainRow> open(
            MetadataEngine map, CustodyFolder custody, KeyRing keys, Map<Integer, DomainRow> rows) {
        Map<Integer, RootChoice> choices = choose(custody, keys, rows);
        choices.values().forEach(DomainRoots::requireToday);
        Map<Integer, DomainRow> interrupted = new TreeMap<>();
        choices.forEach((number, choice) -> {
            DomainRow row = rows.get(number);
            if (row != null) {
                open(map, keys, number, row);
                if (choice instanceof RootChoice.Redo || row.replaced().isPresent()) {
                    interrupted.put(number, row);
                }
            }
        });
        return interrupted;
    }

    /** A domain whose custodians are away waits for them, and holds up no other; without the system's own nothing goes. */
    private static void open(MetadataEngine map, KeyRing keys, int number, DomainRow row) {
        try {
            keys.open(number, row.root(), Domains.pages(map, number));
        } catch (Problem away) {
            if (away.reason() != Reason.CUSTODIAN_AWAY || number == Domains.SYSTEM) {
                throw away;
            }
            LOG.warn("domain {} waits for its custodians: {}", number, away.getMessage());
            keys.await(number, row.root(), Domains.pages(map, number), away);
        }
        keys.remember(number, row.abandoned());
        keys.known(number).settle(!row.root().degraded() && row.outstanding().isEmpty());
    }

    private static void requireToday(RootChoice choice) {
        switch (choice) {
            case RootChoice.NoDomain none -> LOG.debug("{}", none.text());
            case RootChoice.Agreed agreed -> LOG.debug("{}", agreed.text());
            case RootChoice.Redo redo -> LOG.info("{}", redo.text());
            case RootChoice.MapOlder older -> throw refused(older.text());
            case RootChoice.CustodyOlder older -> throw refused(older.text());
        }
    }

    static Problem refused(String why) {
        return new Problem(
                Reason.UNUSABLE_FOLDER,
                "The server was not started; nothing was changed.",
                why,
                "Start with the data folder and the custody folder that belong together.");
    }
}
