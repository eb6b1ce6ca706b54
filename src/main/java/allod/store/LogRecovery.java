package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.CustodyFolder;
import allod.log.Checkpoint;
import allod.log.CompactTree;
import allod.log.DerivedTiles;
import allod.log.MalformedException;
import allod.log.SignedNote;
import allod.log.TiledTree;
import allod.store.engine.Cursor;
import allod.store.engine.Entry;
import allod.store.engine.MetadataEngine;
import allod.store.engine.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether the map is today's: its log must contain the head that custody keeps. An older copy of the data folder fails
 * here, before anything is changed.
 */
final class LogRecovery {
    /** Orders may have run ahead of the clock by this much within one commit. */
    private static final Duration ORDER_MARGIN = Duration.ofMillis(1);

    private final MetadataEngine map;
    private final int log;
    private final String origin;
    private final LogEntries entries;
    private final DerivedTiles tiles;

    LogRecovery(MetadataEngine map, int log, String origin) {
        this.map = map;
        this.log = log;
        this.origin = origin;
        this.entries = new LogEntries(map, log);
        this.tiles = new DerivedTiles(entries, entries);
    }

    LogEntries entries() {
        return entries;
    }

    DerivedTiles tiles() {
        return tiles;
    }

    /** How the map's newest log stands to the head that custody keeps. */
    sealed interface Standing {
        /** The head is in it, or none was ever written. */
        record Contains(Optional<Checkpoints.Signed> signed) implements Standing {}

        /** A restore opened it after this very head, and it was not signed yet. */
        record Reopened(LogHead head) implements Standing {}

        /** Its {@code size} entries do not lead to the head. */
        record MapOlder(LogHead head, long size) implements Standing {}

        record CustodyOlder(LogHead copy, Optional<LogHead> head) implements Standing {}
    }

    Standing standing(CustodyFolder custody) {
        Optional<LogHead> head = custody.logHead().map(LogHead::decode);
        Optional<LogHead> copy =
                Optional.ofNullable(map.get(MapKey.checkpoint(log))).map(LogHead::decode);
        if (copy.isPresent() && (head.isEmpty() || isAhead(copy.get(), head.get()))) {
            return new Standing.CustodyOlder(copy.get(), head);
        }
        if (head.isEmpty()) {
            return new Standing.Contains(Optional.empty());
        }
        LogHead kept = head.get();
        long size = entries.size();
        boolean same = kept.origin().equals(origin) && kept.log() == log;
        if (!same) {
            return opensAfter(kept) ? new Standing.Reopened(kept) : new Standing.MapOlder(kept, size);
        }
        boolean contained =
                size >= kept.size() && new TiledTree(tiles, kept.size()).root().equals(kept.root());
        return contained ? new Standing.Contains(Optional.of(signed(kept))) : new Standing.MapOlder(kept, size);
    }

    /** Of one log the larger is ahead; of two the one that was opened later. */
    private static boolean isAhead(LogHead copy, LogHead head) {
        return copy.log() > head.log() || (copy.log() == head.log() && copy.size() > head.size());
    }

    /** Whether this log's first leaf names the head, after what the map holds of the log before. */
    private boolean opensAfter(LogHead head) {
        OptionalInt before = before(map, log);
        return before.isPresent()
                && entries.size() > 0
                && Arrays.equals(entries.entry(0), ReopenedLeaf.after(map, before.getAsInt(), head.note()));
    }

    /** The log that was closed when this one was opened. */
    static OptionalInt before(Reader map, int log) {
        Entry row = log == 0 ? null : map.floor(MapKey.log(0), MapKey.log(log - 1));
        if (row == null) {
            return OptionalInt.empty();
        }
        var key = new RowReader("L", row.key());
        key.u8();
        return OptionalInt.of(key.u16());
    }

    /**
     * Checks the map against custody's head.
     *
     * @return the last published checkpoint
     * @throws Problem UNUSABLE_FOLDER if the map is an older copy, or custody is
     */
    Optional<Checkpoints.Signed> check(CustodyFolder custody) {
        return switch (standing(custody)) {
            case Standing.Contains(var signed) -> signed;
            case Standing.Reopened(var head) -> Optional.empty();
            case Standing.MapOlder(var head, long size) -> throw mapOlder(head, size);
            case Standing.CustodyOlder(var copy, var head) -> throw custodyOlder(copy, head);
        };
    }

    static Checkpoints.Signed signed(LogHead head) {
        try {
            SignedNote note = SignedNote.parse(head.note().getBytes(StandardCharsets.UTF_8));
            return new Checkpoints.Signed(Checkpoint.parse(note.text()), note);
        } catch (MalformedException e) {
            throw new Problem(
                    Reason.DAMAGED,
                    "The log cannot be read.",
                    "Its head is not a signed checkpoint.",
                    "Check the disk of the custody folder, and of the data folder.",
                    e);
        }
    }

    static Problem custodyOlder(LogHead copy, Optional<LogHead> head) {
        return new Problem(
                Reason.UNUSABLE_FOLDER,
                "The server was not started; nothing was changed.",
                "The custody folder is older than the data folder: its log head has "
                        + head.map(LogHead::size).orElse(0L) + " events, the data folder's " + copy.size() + ".",
                "Put the custody folder back that belongs to this data. An older copy of it undoes erasures.");
    }

    private static Problem mapOlder(LogHead head, long size) {
        long missing = Math.max(0, head.size() - size);
        return new Problem(
                Reason.UNUSABLE_FOLDER,
                "The server was not started; nothing was changed.",
                "The data folder is an older copy: the log had " + head.size() + " signed events, here it has " + size
                        + "; " + missing + " are missing" + (missing == 0 ? ", but others stand in their place" : "")
                        + ".",
                "Put the current data folder back. To go on from the older copy instead: allod restore.");
    }

    /** Where the log goes on. */
    LogState state(Optional<LogHead> head) {
        long size = entries.size();
        CompactTree tree = size == 0 ? new CompactTree() : new TiledTree(tiles, size).compact();
        long lastTime = Math.max(head.map(LogHead::time).orElse(0L), lastRunTime());
        long margin = (lastTime + ORDER_MARGIN.toNanos() / 1000) << 12;
        long lastOrder = Math.max(head.map(LogHead::lastOrder).orElse(0L), size == 0 ? 0 : margin);
        return new LogState(log, origin, tree, lastTime, lastOrder);
    }

    /** The time of the newest event of any tenant: a checkpoint may not have covered it yet. */
    private long lastRunTime() {
        long latest = 0;
        byte[] from = MapKey.family(Family.CHAIN);
        try (Cursor chains = map.scan(from, MapKey.after(from))) {
            while (chains.next()) {
                var key = new RowReader("h", chains.key());
                key.u8();
                var tenant = new allod.base.TenantId(key.u32());
                var last = map.floor(MapKey.run(tenant, 0), MapKey.run(tenant, -1L));
                if (last != null) {
                    latest = Math.max(latest, RunRow.decode(last.value()).time());
                }
            }
        }
        return latest;
    }
}
