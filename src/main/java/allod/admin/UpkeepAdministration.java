package allod.admin;

import allod.base.Principal;
import allod.base.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What an operator may do to keep the data whole: back it up, read all of it again, look at its rows. */
public interface UpkeepAdministration {
    /**
     * Makes a copy of the map as it is now and holds it, with every blob that it names, for the lease.
     *
     * @throws Problem BUSY if another backup runs
     */
    MapCopy beginBackup(Principal actor);

    /**
     * Holds the copy for another lease.
     *
     * @throws Problem INVALID_ARGUMENT if it is not held any more
     */
    void extendBackup(Principal actor, String id);

    /** Ends the backup; ending it twice changes nothing. */
    void endBackup(Principal actor, String id);

    /**
     * Begins to read all data again and to authenticate it, or goes on where it was stopped.
     *
     * @param bytesPerSecond at most; empty for no limit
     * @param anew whether to begin at the beginning in any case
     * @throws Problem INVALID_ARGUMENT for a rate that is none
     */
    Scrub startScrub(Principal actor, OptionalLong bytesPerSecond, boolean anew);

    /** How far it has come. */
    Scrub scrub(Principal actor);

    /** Stops it; it can be gone on with. */
    Scrub stopScrub(Principal actor);

    /**
     * Rows of the map.
     *
     * @param what a family's letter or name, {@code s3://BUCKET/KEY}, the first bytes of keys in hexadecimal, or nothing
     *     for an overview
     * @param after the last key seen, in hexadecimal; empty to begin
     * @param limit 1 to {@link #MAX_ROWS}
     * @throws Problem INVALID_ARGUMENT, NO_SUCH_BUCKET
     */
    Rows inspect(Principal actor, String what, String after, int limit);

    /** Most rows of one answer. */
    int MAX_ROWS = 100;

    /**
     * Where a scrub stands.
     *
     * @param state {@code NEVER}, {@code RUNNING}, {@code STOPPED} or {@code DONE}
     * @param begun when, as RFC 3339; empty where none was ever begun
     * @param unchecked what nobody here can check, such as content under a customer's key
     * @param damages the first of what is damaged, by name
     */
    record Scrub(
            String state, String begun, long rows, long bytes, long unchecked, long damaged, List<String> damages) {
        public Scrub {
            damages = List.copyOf(damages);
        }
    }

    /**
     * A row of the map.
     *
     * @param key in hexadecimal
     * @param fields by name, in their order
     */
    record Row(String family, String name, String key, Map<String, String> fields) {
        public Row {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /** @param next what to ask for after; empty where there are no more */
    record Rows(List<Row> rows, String next) {
        public Rows {
            rows = List.copyOf(rows);
        }
    }

    /**
     * A copy of the map for a backup.
     *
     * @param map its folder, on the server's machine
     */
    record MapCopy(String id, Path map, Duration lease) {}
}
