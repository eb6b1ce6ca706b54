package allod.store;

import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.CustodyFolder;
import allod.keys.CustodyLease;
import allod.keys.FileCustodian;
import allod.keys.KeyRing;
import allod.log.Checkpoint;
import allod.log.CheckpointSigner;
import allod.receipt.ErasureReason;
import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import allod.store.engine.RocksOptions;
import allod.store.engine.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes an old copy of the data folder usable beside the custody folder as it is today. What was erased after the copy
 * stays erased, because custody's keys count; what was made after it is lost, and that is said first. A row in the map
 * marks a restore that was begun: while it stands nothing is served, and the restore may be repeated after a crash at
 * any point. See docs/backup.md.
 */
public final class StoreRestore {
    private static final Duration SIGNED_WITHIN = Duration.ofSeconds(60);

    private final StoreSettings settings;
    private final Disk disk;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Accepted accepted;
    private final StoreOpening parts;
    private final AtomicReference<Throwable> fault = new AtomicReference<>();

    /**
     * What the operator accepts of a restore.
     *
     * @param loss whether to go on where signed events are missing
     * @param mirrors custody mirrors that are missing and given up: receipts name them as copies that survive
     */
    public record Accepted(boolean loss, List<String> mirrors) {
        public Accepted {
            mirrors = List.copyOf(mirrors);
        }
    }

    private StoreRestore(
            StoreSettings settings, Disk disk, InstantSource clock, SecureRandom random, Accepted accepted) {
        this.settings = settings;
        this.disk = disk;
        this.clock = clock;
        this.random = random;
        this.accepted = accepted;
        this.parts = new StoreOpening(settings, disk, clock, random, fault::set);
    }

    /**
     * Restores the data folder of the settings, which is an older copy, in its place.
     *
     * @param accepted what the operator accepts
     * @throws Problem UNUSABLE_FOLDER, DAMAGED or CUSTODIAN_AWAY, naming what to do
     * @throws IOException if a folder failed; the restore is then to be repeated
     */
    public static RestoreReport run(
            StoreSettings settings, Disk disk, InstantSource clock, SecureRandom random, Accepted accepted)
            throws IOException {
        var restore = new StoreRestore(settings, disk, clock, random, accepted);
        try {
            return restore.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the restore was interrupted; run it again", e);
        } finally {
            restore.parts.closeAll();
        }
    }

    /**
     * What a restore would lose from a map that is not in its place yet. Changes nothing.
     *
     * @return LOSS_NOT_ACCEPTED with what is lost; CURRENT where no signed event is missing
     * @throws Problem UNUSABLE_FOLDER if map and custody do not belong together, or custody is older
     */
    public static RestoreReport lossOf(
            StoreSettings settings, Path map, Disk disk, InstantSource clock, SecureRandom random) throws IOException {
        var restore = new StoreRestore(settings, disk, clock, random, new Accepted(false, List.of()));
        try {
            restore.requireCustody();
            CustodyFolder custody = restore.parts.openCustody();
            MetadataEngine copy = restore.parts.opened(MetadataEngine.rocksForReading(
                    map, new RocksOptions(settings.engineMemory(), settings.nativeFolder())));
            RestoreFinding finding = restore.find(copy, custody);
            return finding.isLossy()
                    ? new RestoreReport(RestoreReport.Outcome.LOSS_NOT_ACCEPTED, finding.lost(), List.of())
                    : new RestoreReport(RestoreReport.Outcome.CURRENT, List.of(), List.of());
        } finally {
            restore.parts.closeAll();
        }
    }

    private RestoreReport run() throws IOException, InterruptedException {
        requireFolders();
        parts.lock();
        CustodyFolder custody = parts.openCustody();
        MetadataEngine map = parts.openMap();
        RestoreFinding finding = find(map, custody);
        KeyRing keys = finding.keys();
        if (finding.isCurrent()) {
            return new RestoreReport(RestoreReport.Outcome.CURRENT, List.of(), List.of());
        }
        boolean loss =
                accepted.loss || finding.begun().map(RestoreRow::lossAccepted).orElse(false);
        if (finding.isLossy() && !loss) {
            return new RestoreReport(RestoreReport.Outcome.LOSS_NOT_ACCEPTED, finding.lost(), List.of());
        }
        map.commit(List.of(), List.of(new Write.Put(MapKey.RESTORE, new RestoreRow(loss).encode())));
        disk.reached(FaultPoint.RESTORE_BEGUN);
        new RestoredKeys(map, custody).takeOver(finding.choices());
        disk.reached(FaultPoint.RESTORE_KEYS_TAKEN_OVER);
        List<String> done = goOn(finding, custody, keys, map, loss);
        return new RestoreReport(RestoreReport.Outcome.RESTORED, finding.lost(), done);
    }

    private RestoreFinding find(MetadataEngine map, CustodyFolder custody) {
        Folders.checkFamilies(map);
        FormatRow format = Folders.match(map, custody, settings.data())
                .orElseThrow(() -> Folders.unusable(
                        "There is no map in " + settings.data() + ", and custody is new.",
                        "Name the folders of the installation."));
        var custodian = new FileCustodian(custody, settings.assertedInPlace(), random);
        return RestoreFinding.of(map, format, custody, parts.keyRing(custody, custodian, CustodyLease.LONGEST));
    }

    /** Nothing is made here by a mistyped name. */
    private void requireFolders() {
        Path map = settings.data().resolve("map").resolve("CURRENT");
        if (!Files.isRegularFile(map)) {
            throw Folders.unusable(
                    "There is no copy of a data folder in " + settings.data() + ".",
                    "Name the backup with --from, or the folder that holds the copy with --data.");
        }
        requireCustody();
    }

    private void requireCustody() {
        for (Path mirror : settings.custody()) {
            if (!Files.isRegularFile(mirror.resolve("mirror"))) {
                throw Folders.unusable(
                        "There is no custody folder in " + mirror + ".",
                        "Name the current custody folder with --custody; without it a copy of the data cannot be read.");
            }
        }
    }

    /** From here on the keys are custody's. */
    private List<String> goOn(
            RestoreFinding finding, CustodyFolder custody, KeyRing keys, MetadataEngine map, boolean loss)
            throws IOException, InterruptedException {
        Map<Integer, DomainRow> rows = DomainRoots.read(map);
        Map<Integer, DomainRow> interrupted = DomainRoots.open(map, custody, keys, rows);
        var domains = new Domains(keys);
        var periods = new PeriodKeys(domains);
        Optional<LogHead> head = custody.logHead().map(LogHead::decode);
        LogState old = finding.recovery().state(head);
        Optional<LogReopening> reopening = reopening(finding, map);
        LogState state = reopening.map(it -> it.state(old)).orElse(old);
        long now = Math.max(state.lastTime(), Order.micros(clock.instant()));
        new RestoredPeriods(map, domains).makeWay(PeriodKeys.day(now));
        Ground ground = parts.ground(map, custody, domains, periods, state);
        List<String> done = new ArrayList<>();
        LogRow log = finding.log();
        if (reopening.isPresent()) {
            log = reopening.get().commit(ground, finding.format());
            done.add("The log " + finding.log().origin() + " is closed. It goes on as " + log.origin()
                    + " with a new key: " + log.verifierKey());
        }
        disk.reached(FaultPoint.RESTORE_LOG_REOPENED);
        new Tenants(ground, domains, new DomainMaker(map, keys, custody, ground.sequencer())).load();
        var dropped = new DroppedBlobs(map, ground.blobs());
        var items = new ReceiptItems(ground, log.origin());
        var mirrors = new CustodyMirrors(custody, ground.sequencer(), clock);
        for (String mirror : accepted.mirrors) {
            mirrors.forget(LogReopening.PRINCIPAL, mirror);
            done.add("The custody mirror " + mirror + " is given up; receipts name it until it is seen again.");
        }
        var rounds = new ErasureRounds(ground, keys, dropped, items, domains::ownerOf, mirrors::survivingCopies);
        rounds.recover(interrupted);
        rounds.destroyStrays(rows.keySet());
        var restored = new RestoredRows(ground, rounds);
        restored.bringIntoLine();
        done.addAll(restored.done());
        if (loss) {
            done.addAll(new RestoredEscrows(ground).endAll());
            long slots = new LostSlots(ground).queue(rows.keySet());
            done.add(slots + " slots that nothing names are queued for erasure; the server erases them.");
        }
        disk.reached(FaultPoint.RESTORE_ROWS_CLOSED);
        finish(ground, custody, finding, log, rounds);
        return done;
    }

    /** The log's next number and first leaf, where it cannot go on under its own name. */
    private static Optional<LogReopening> reopening(RestoreFinding finding, MetadataEngine map) {
        return switch (finding.standing()) {
            case LogRecovery.Standing.MapOlder(LogHead head, long size) ->
                Optional.of(LogReopening.after(
                        finding, head, ReopenedLeaf.after(map, finding.format().log(), head.note())));
            case LogRecovery.Standing.Contains contains -> Optional.empty();
            case LogRecovery.Standing.Reopened reopened -> Optional.empty();
            case LogRecovery.Standing.CustodyOlder older -> throw new IllegalStateException("custody is older");
        };
    }

    /** Custody learns of the log as it is now; then the mark goes, and with it the keys of logs that are closed. */
    private void finish(Ground ground, CustodyFolder custody, RestoreFinding finding, LogRow log, ErasureRounds rounds)
            throws IOException, InterruptedException {
        int number = ground.sequencer().state().log();
        Optional<Checkpoints.Signed> signed =
                finding.standing() instanceof LogRecovery.Standing.Contains(var last) ? last : Optional.empty();
        Optional<Checkpoint> lastSigned = signed.map(Checkpoints.Signed::checkpoint);
        var recovery = new LogRecovery(ground.map(), number, log.origin());
        try (var checkpoints = new Checkpoints(
                ground.sequencer(),
                new CheckpointSigner(LogKey.open(ground, number, log), lastSigned),
                recovery.tiles(),
                custody::writeLogHead,
                signed,
                disk,
                settings.checkpointInterval(),
                fault::set)) {
            checkpoints.start();
            long last = ground.sequencer().state().size() - 1;
            if (last >= 0 && checkpoints.covering(last, SIGNED_WITHIN).isEmpty()) {
                throw notSigned();
            }
            disk.reached(FaultPoint.RESTORE_HEAD_SIGNED);
            List<ErasureQueue.Entry> oldKeys = endMark(ground, finding);
            disk.reached(FaultPoint.RESTORE_FINISHED);
            if (!oldKeys.isEmpty()) {
                // Where this cannot be done now, the server does it: the rows wait in the queue.
                rounds.erase(oldKeys);
            }
        }
        if (fault.get() != null) {
            throw new IOException("the last checkpoint was not signed; start the server or restore again", fault.get());
        }
    }

    private Problem notSigned() {
        Throwable cause = fault.get();
        return new Problem(
                Reason.INTERNAL,
                "The restore is not finished.",
                "The log's checkpoint was not signed: "
                        + (cause == null ? "it took more than " + SIGNED_WITHIN.toSeconds() + " s" : cause) + ".",
                "Run the same restore again.");
    }

    private List<ErasureQueue.Entry> endMark(Ground ground, RestoreFinding finding) throws IOException {
        Set<Long> waiting = new java.util.HashSet<>();
        scan(ground, Family.PENDING, (key, value) -> {
            ErasureQueue.Entry entry = ErasureQueue.entry(key, value);
            if (entry.domain() == Domains.SYSTEM) {
                waiting.add(entry.slot());
            }
        });
        List<ErasureQueue.Entry> oldKeys = new ArrayList<>();
        var pending = new PendingRow(ErasureReason.REVOKED, true, 0, 0, "restore", "", List.of());
        scan(ground, Family.LOG, (key, value) -> {
            LogRow row = LogRow.decode(value);
            boolean open = row.isClosed()
                    && !waiting.contains(row.signerSlot())
                    && ground.secrets().secret(Domains.SYSTEM, row.signerSlot()).isPresent();
            if (open) {
                oldKeys.add(new ErasureQueue.Entry(Domains.SYSTEM, 0, new byte[0], row.signerSlot(), pending));
            }
        });
        byte[] body = EventBody.of("restore.done")
                .text("actor", LogReopening.ACTOR)
                .text("purpose", "restore from an older copy")
                .text("log", finding.isLossy() ? "reopened" : "goes on")
                .outcome("ok")
                .toBytes();
        return ground.sequencer().submitPatiently(transaction -> {
            transaction.delete(MapKey.RESTORE);
            oldKeys.forEach(entry -> ErasureQueue.stageUnbound(transaction, entry));
            transaction.append(new Event(TenantId.SYSTEM, Domains.SYSTEM, EventClass.CHANGE, body));
            return List.copyOf(oldKeys);
        });
    }

    private interface Visitor {
        void visit(byte[] key, byte[] value);
    }

    private static void scan(Ground ground, Family family, Visitor visitor) {
        byte[] from = MapKey.family(family);
        try (Cursor cursor = ground.map().scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                visitor.visit(cursor.key(), cursor.value());
            }
        }
    }
}
