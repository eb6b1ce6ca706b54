package allod.store;

import allod.base.Problem;
import allod.keys.CustodyFolder;
import allod.keys.KeyRing;
import allod.keys.RootChoice;
import allod.keys.RootRecord;
import allod.store.engine.MetadataEngine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How an old map stands to today's custody. Found without changing either. */
record RestoreFinding(
        KeyRing keys,
        FormatRow format,
        LogRow log,
        LogRecovery recovery,
        LogRecovery.Standing standing,
        Map<Integer, RootChoice> choices,
        Optional<RestoreRow> begun) {

    /**
     * Looks.
     *
     * @throws Problem UNUSABLE_FOLDER if custody is older than the map, or the map holds no log
     */
    static RestoreFinding of(MetadataEngine map, FormatRow format, CustodyFolder custody, KeyRing keys) {
        byte[] row = map.get(MapKey.log(format.log()));
        if (row == null) {
            throw Folders.unusable(
                    "Its map was copied before the first start of the server was done: it has no log.",
                    "Use another backup.");
        }
        LogRow log = LogRow.decode(row);
        var recovery = new LogRecovery(map, format.log(), log.origin());
        LogRecovery.Standing standing = recovery.standing(custody);
        if (standing instanceof LogRecovery.Standing.CustodyOlder(LogHead copy, Optional<LogHead> head)) {
            throw LogRecovery.custodyOlder(copy, head);
        }
        Map<Integer, RootChoice> choices = DomainRoots.choose(custody, keys, DomainRoots.read(map));
        for (RootChoice choice : choices.values()) {
            if (choice instanceof RootChoice.CustodyOlder older) {
                throw DomainRoots.refused(older.text());
            }
        }
        Optional<RestoreRow> begun =
                Optional.ofNullable(map.get(MapKey.RESTORE)).map(RestoreRow::decode);
        return new RestoreFinding(keys, format, log, recovery, standing, choices, begun);
    }

    /** Whether there is nothing to restore. */
    boolean isCurrent() {
        return begun.isEmpty()
                && !isLossy()
                && choices.values().stream().noneMatch(RootChoice.MapOlder.class::isInstance);
    }

    /** Whether events that were signed are missing. */
    boolean isLossy() {
        return standing instanceof LogRecovery.Standing.MapOlder;
    }

    /** What can be known of what is lost. */
    List<String> lost() {
        List<String> lost = new ArrayList<>();
        if (standing instanceof LogRecovery.Standing.MapOlder(LogHead head, long size)) {
            LogState state = recovery.state(Optional.empty());
            lost.add("The log " + head.origin() + " was signed with " + head.size() + " events, the last of "
                    + time(head.time()) + "; the copy is of " + log.origin() + " and holds " + size
                    + (size == 0 ? "." : ", the last of " + time(state.lastTime()) + "."));
            lost.add(
                    "Every object, bucket, upload, delete marker, lock, legal hold, setting, policy, tenant and access key"
                            + " made or changed after the copy is lost, with the events that tell of it. Whatever was sealed since is erased for good.");
        }
        choices.forEach((domain, choice) -> {
            if (choice instanceof RootChoice.MapOlder(RootRecord root, Optional<RootRecord> map)) {
                lost.add(lost(domain, root, map));
            }
        });
        return lost;
    }

    private static String lost(int domain, RootRecord root, Optional<RootRecord> map) {
        return map.map(old -> "Domain " + domain + ": " + (root.generation() - old.generation())
                        + " erasures are newer than the copy (generations " + (old.generation() + 1) + " to "
                        + root.generation() + "). They stay done; receipts of them that nobody fetched are lost.")
                .orElse("Domain " + domain + " was made after the copy: its tenant and all of its data are lost; its"
                        + " keys are kept.");
    }

    private static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
    }
}
