package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.CustodyFolder;
import allod.log.Checkpoint;
import allod.log.CompactTree;
import allod.log.DerivedTiles;
import allod.log.Hash;
import allod.log.MalformedException;
import allod.log.SignedNote;
import allod.log.TiledTree;
import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

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

    /**
     * Checks the map against custody's head.
     *
     * @return the last published checkpoint
     * @throws Problem UNUSABLE_FOLDER if the map is an older copy, or custody is
     */
    Optional<Checkpoints.Signed> check(CustodyFolder custody) {
        Optional<LogHead> head = custody.logHead().map(LogHead::decode);
        Optional<LogHead> copy =
                Optional.ofNullable(map.get(MapKey.checkpoint(log))).map(LogHead::decode);
        if (copy.isPresent()
                && (head.isEmpty() || copy.get().size() > head.get().size())) {
            throw custodyOlder(copy.get(), head);
        }
        if (head.isEmpty()) {
            return Optional.empty();
        }
        long size = entries.size();
        if (!head.get().origin().equals(origin)
                || head.get().log() != log
                || size < head.get().size()) {
            throw mapOlder(head.get(), size);
        }
        Hash root = new TiledTree(tiles, head.get().size()).root();
        if (!root.equals(head.get().root())) {
            throw mapOlder(head.get(), size);
        }
        return Optional.of(signed(head.get()));
    }

    private static Checkpoints.Signed signed(LogHead head) {
        try {
            SignedNote note = SignedNote.parse(head.note().getBytes(StandardCharsets.UTF_8));
            return new Checkpoints.Signed(Checkpoint.parse(note.text()), note);
        } catch (MalformedException e) {
            throw new Problem(
                    Reason.DAMAGED,
                    "The server was not started.",
                    "The log head in the custody folder is not a signed checkpoint.",
                    "Check the custody folder's disk.",
                    e);
        }
    }

    private static Problem custodyOlder(LogHead copy, Optional<LogHead> head) {
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
                "Put the current data folder back. Starting from an older copy takes a restore: allod restore.");
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
