package allod.store;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.Custodians;
import allod.keys.CustodyFolder;
import allod.keys.CustodyLease;
import allod.keys.CustodyPlan;
import allod.keys.ErasableCustodian;
import allod.keys.FileCustodian;
import allod.keys.KeyRing;
import allod.log.Checkpoint;
import allod.log.CheckpointSigner;
import allod.log.CompactTree;
import allod.log.NoteSigner;
import allod.store.engine.BlobStore;
import allod.store.engine.FreeSpace;
import allod.store.engine.MetadataEngine;
import allod.store.engine.RocksOptions;
import allod.store.engine.SpaceReserve;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a store, in the order that recovery demands: locks, engine, format; is the map today's; which root has each
 * domain; then what a crash interrupted is finished, and only then anything is served. A start that is refused has
 * changed nothing.
 */
public final class StoreOpening {
    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);
    private static final int CACHED_PAGES = 4096;

    private final StoreSettings settings;
    private final Disk disk;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final SecureRandom random;
    private final Consumer<Throwable> fatal;
    /** What was opened so far, the last first: closed in this order, whether the start fails or the server stops. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    StoreOpening(
            StoreSettings settings, Disk disk, InstantSource clock, SecureRandom random, Consumer<Throwable> fatal) {
        this(settings, disk, clock, System::nanoTime, random, fatal);
    }

    private StoreOpening(
            StoreSettings settings,
            Disk disk,
            InstantSource clock,
            LongSupplier nanos,
            SecureRandom random,
            Consumer<Throwable> fatal) {
        this.settings = settings;
        this.disk = disk;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.fatal = fatal;
    }

    /**
     * Opens the folders, making them at the first start.
     *
     * @param fatal told when a commit or a sync failed: nothing more is acknowledged, and the process must end
     * @throws Problem UNUSABLE_FOLDER, DAMAGED or CUSTODIAN_AWAY, naming what to do
     */
    public static Store open(
            StoreSettings settings, Disk disk, InstantSource clock, SecureRandom random, Consumer<Throwable> fatal)
            throws IOException {
        return open(settings, disk, clock, System::nanoTime, random, fatal);
    }

    /**
     * The same with a measure of its own of how much time passed, by which a clock that jumps is found out.
     *
     * @param nanos as {@link System#nanoTime}
     */
    static Store open(
            StoreSettings settings,
            Disk disk,
            InstantSource clock,
            LongSupplier nanos,
            SecureRandom random,
            Consumer<Throwable> fatal)
            throws IOException {
        var opening = new StoreOpening(settings, disk, clock, nanos, random, fatal);
        boolean done = false;
        try {
            Store store = opening.run();
            done = true;
            return store;
        } finally {
            if (!done) {
                opening.closeAll();
            }
        }
    }

    <C extends AutoCloseable> C opened(C part) {
        opened.push(part);
        return part;
    }

    void closeAll() throws IOException {
        Exception first = null;
        for (AutoCloseable part : opened) {
            try {
                part.close();
            } catch (Exception e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first instanceof IOException io ? io : new IOException("a part of the store did not close", first);
        }
    }

    private Store run() throws IOException {
        lock();
        Folders.requireNoRestore(settings.data());
        Backups.clear(settings.data());
        CustodyFolder custody = openCustody();
        Folders.requireMap(settings.data(), custody);
        MetadataEngine map = openMap();
        Folders.checkFamilies(map);
        Folders.requireNoRestore(map);
        Optional<FormatRow> format = Folders.match(map, custody, settings.data());
        String origin = origin(map, format, custody);
        int log = format.map(FormatRow::log).orElse(0);
        var recovery = new LogRecovery(map, log, origin);
        Optional<Checkpoints.Signed> signed = recovery.check(custody);
        var custodian = new FileCustodian(custody, settings.assertedInPlace(), random);
        KeyRing keys = keyRing(custody, custodian);
        Map<Integer, DomainRow> rows = DomainRoots.read(map);
        Map<Integer, DomainRow> interrupted = DomainRoots.open(map, custody, keys, rows);

        var domains = new Domains(keys);
        var periods = new PeriodKeys(domains);
        LogState state = recovery.state(custody.logHead().map(LogHead::decode));
        Ground ground = ground(map, custody, domains, periods, state);
        var maker = new DomainMaker(map, keys, custody, ground.sequencer());
        if (format.isEmpty()) {
            byte[] row = new FormatRow(FormatRow.CURRENT, custody.installation(), 0, 0).encode();
            maker.make((transaction, number) -> transaction.put(MapKey.FORMAT, row), number -> {});
        }
        LogRow logRow = LogKey.row(ground, log, origin);
        var tenants = new Tenants(ground, domains, maker);
        tenants.load();
        return assemble(
                ground,
                custody,
                keys,
                domains,
                periods,
                recovery,
                signed,
                logRow,
                tenants,
                maker,
                interrupted,
                custodian.assuranceClass().meaning());
    }

    void lock() throws IOException {
        opened(Folders.Lock.take(disk, settings.data()));
    }

    CustodyFolder openCustody() {
        return opened(CustodyFolder.open(settings.custody(), disk, random));
    }

    MetadataEngine openMap() throws IOException {
        return opened(MetadataEngine.rocks(
                settings.data().resolve("map"), new RocksOptions(settings.engineMemory(), settings.nativeFolder())));
    }

    KeyRing keyRing(CustodyFolder custody, FileCustodian custodian) {
        return keyRing(custody, custodian, settings.custodyLease());
    }

    /** The same with another lease: for how long roots are used before their custodians are asked again. */
    KeyRing keyRing(CustodyFolder custody, FileCustodian custodian, Duration custodyLease) {
        List<ErasableCustodian> custodians = new ArrayList<>(settings.custodians());
        custodians.addFirst(custodian);
        var lease = new CustodyLease(custodyLease, clock, System::nanoTime);
        return new KeyRing(custody, new Custodians(custodians), disk, random, clock, CACHED_PAGES, lease);
    }

    /** What every path stands on, with the sequencer running from this state of the log. */
    Ground ground(MetadataEngine map, CustodyFolder custody, Domains domains, PeriodKeys periods, LogState state)
            throws IOException {
        FreeSpace space = space(custody);
        BlobStore blobs = opened(BlobStore.files(disk, settings.data().resolve("blobs")));
        var time = new TrustedTime(TimeRecord.atStart(map, clock.instant(), settings.timeReached()), nanos);
        var queue = new ErasureQueue(time);
        var slots = new SlotAllocator(new SlotAllocator.HighWater() {
            @Override
            public long mark(int domain) {
                return custody.highWater(domain);
            }

            @Override
            public void leaveOut(Transaction transaction, int domain, long from, long end) {
                queue.addUnnamed(transaction, domain, from, end);
            }

            @Override
            public void raise(int domain, long mark) {
                custody.raiseHighWater(Map.of(domain, mark));
            }
        });
        var sequencer = opened(new Sequencer(map, slots, periods, state, clock, random, disk, fatal));
        sequencer.start();
        return new Ground(
                map,
                blobs,
                disk,
                space,
                domains,
                sequencer,
                new SlotReservations(sequencer, slots),
                queue,
                new ReadTickets(),
                new EscrowRules(map),
                time,
                random,
                LoggerFactory.getLogger(Store.class));
    }

    private FreeSpace space(CustodyFolder custody) {
        List<FreeSpace.Place> places = new ArrayList<>();
        places.add(new FreeSpace.Place(reserve(settings.data()), settings.spaceFloor(), true));
        for (Path mirror : custody.presentFolders()) {
            places.add(new FreeSpace.Place(
                    reserve(mirror), settings.spaceFloor(), false, () -> custody.isPresent(mirror)));
        }
        return new FreeSpace(disk, clock, places);
    }

    private SpaceReserve reserve(Path folder) {
        return new SpaceReserve(disk, folder, settings.spaceReserve());
    }

    /** The log's name: what it was first given, for ever. */
    private String origin(MetadataEngine map, Optional<FormatRow> format, CustodyFolder custody) {
        int log = format.map(FormatRow::log).orElse(0);
        byte[] row = map.get(MapKey.log(log));
        if (row == null) {
            return settings.origin().orElseGet(() -> Folders.defaultOrigin(custody.installation()));
        }
        String origin = LogRow.decode(row).origin();
        String base = LogNames.base(origin, log);
        if (settings.origin().filter(asked -> !asked.equals(base)).isPresent()) {
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "The server was not started.",
                    "The log's origin is " + base + " for ever; the configuration says "
                            + settings.origin().orElseThrow() + ".",
                    "Remove log.origin from the configuration, or set it to " + base + ".");
        }
        return origin;
    }

    private Store assemble(
            Ground ground,
            CustodyFolder custody,
            KeyRing keys,
            Domains domains,
            PeriodKeys periods,
            LogRecovery recovery,
            Optional<Checkpoints.Signed> signed,
            LogRow logRow,
            Tenants tenants,
            DomainMaker maker,
            Map<Integer, DomainRow> interrupted,
            String assurance)
            throws IOException {
        var dropped = new DroppedBlobs(ground.map(), ground.blobs());
        var items = new ReceiptItems(ground, logRow.origin());
        var mirrors = new CustodyMirrors(custody, ground.sequencer(), clock);
        var rounds = new ErasureRounds(ground, keys, dropped, items, domains::ownerOf, mirrors::survivingCopies);
        var gate = new ErasureGate(ground, keys, rounds, dropped, settings.backgroundWindow(), fatal);
        var watch =
                new CustodyWatch(ground, keys, gate, rounds, periods, domains, OrphanedSlots.left(ground.map()), fatal);
        recover(ground, keys, rounds, watch, interrupted);
        ground.queue().load(ground.map());
        dropped.load();

        int log = ground.sequencer().state().log();
        Optional<Checkpoint> last = signed.map(Checkpoints.Signed::checkpoint);
        NoteSigner signer = LogKey.open(ground, log, logRow);
        var checkpoints = new Checkpoints(
                ground.sequencer(),
                new CheckpointSigner(signer, last),
                recovery.tiles(),
                head -> {
                    ground.space().releaseWhereFull();
                    custody.writeLogHead(head);
                },
                signed,
                disk,
                settings.checkpointInterval(),
                fatal);
        var history = new History(ground.map(), periods);
        var logs = PublicLogs.of(
                ground.map(),
                PublicLog.open(log, checkpoints, recovery.entries(), recovery.tiles(), signer.verifierKey()));
        var receipts = new Receipts(ground, tenants, periods, history, logs);
        var ids = VersionIds.open(ground);
        var objects = new EmbeddedObjectStore(ground, dropped, ids, settings.lifecycleDay(), clock);
        var drills = new CustodyDrills(ground, keys, domains, history, logs);
        var custodyOfDomains = new Custody(
                ground,
                keys,
                gate,
                rounds,
                domains,
                tenants,
                new BucketDomains(ground, domains, tenants, maker),
                drills);
        watch.ending(drills::endForgotten);
        countOpening(ground);
        var sweep = new BlobSweep(ground, dropped, clock, BlobSweep.NAMES_A_PASS);
        opened(new TimeRecord(ground.sequencer(), ground.time(), clock)).start();
        gate.start();
        watch.start();
        sweep.start();
        objects.lifecycle().start();
        checkpoints.start();
        inBackground(ground, recovery.entries());
        return new Store(new Store.Parts(
                this::closeAll,
                ground,
                ground.sequencer(),
                gate,
                watch,
                custodyOfDomains,
                dropped,
                sweep,
                objects.lifecycle(),
                checkpoints,
                objects,
                tenants,
                new Sessions(ground, tenants, clock),
                new AuthenticationFailures(ground, tenants, clock, AuthenticationFailures.TENANTS),
                history,
                new HistoryReads(ground, tenants, clock),
                receipts,
                new KeyStructures(ground, new Buckets(ground), ids, mirrors::survivingCopies),
                new Escrows(ground, tenants),
                logs,
                mirrors,
                new Backups(ground, dropped, settings.data(), Backups.LEASE),
                opened(new Scrub(ground, periods, clock, settings.data())),
                assurance));
    }

    /** Finishes what a crash interrupted, domain by domain where remote custodians take part: they may be away. */
    private static void recover(
            Ground ground, KeyRing keys, ErasureRounds rounds, CustodyWatch watch, Map<Integer, DomainRow> interrupted)
            throws IOException {
        Map<Integer, DomainRow> local = new TreeMap<>();
        Set<Integer> open = new TreeSet<>();
        var file = CustodyPlan.whole(FileCustodian.ID);
        for (int number : keys.numbers()) {
            Optional<DomainRow> row = Optional.ofNullable(interrupted.get(number));
            boolean ready = keys.known(number).held();
            if (row.isPresent() && ready && row.get().root().plan().equals(file)) {
                local.put(number, row.get());
            } else if (row.isPresent() && ready) {
                ready = recovered(rounds, Map.of(number, row.get()));
            }
            if (ready) {
                open.add(number);
            } else {
                watch.later(number, row);
            }
        }
        if (!local.isEmpty() && !recovered(rounds, local)) {
            open.removeAll(local.keySet());
            local.forEach((number, row) -> watch.later(number, Optional.of(row)));
        }
        keys.destroyUnmade(keys.numbers());
        rounds.destroyStrays(open);
        OrphanedSlots.queue(ground, watch.leftReserved(), open::contains);
    }

    private static boolean recovered(ErasureRounds rounds, Map<Integer, DomainRow> rows) throws IOException {
        try {
            rounds.recover(rows);
            return true;
        } catch (Problem away) {
            if (away.reason() != Reason.CUSTODIAN_AWAY) {
                throw away;
            }
            return false;
        }
    }

    /** Writes down that the map is open for writing once more. */
    private static void countOpening(Ground ground) throws IOException {
        ground.sequencer().submit(transaction -> {
            byte[] row = java.util.Objects.requireNonNull(transaction.get(MapKey.FORMAT));
            FormatRow format = FormatRow.decode(row);
            var opened = new FormatRow(format.version(), format.installation(), format.epoch() + 1, format.log());
            transaction.put(MapKey.FORMAT, opened.encode());
            return true;
        });
    }

    /** Checks the whole log once more, entry by entry: stored tiles are not believed. And takes the space reserves. */
    private void inBackground(Ground ground, LogEntries entries) {
        LogState state = ground.sequencer().state();
        Thread.ofPlatform().name("log-check").daemon().start(() -> {
            try {
                ground.space().refill();
            } catch (IOException e) {
                LOG.warn("the space reserve could not be taken: {}", e.getMessage());
            }
            try {
                var tree = new CompactTree();
                while (tree.size() < state.size()) {
                    int count = (int) Math.min(256 - tree.size() % 256, state.size() - tree.size());
                    List<byte[]> found = entries.entries(tree.size(), count);
                    if (found.size() != count) {
                        fatal.accept(new IllegalStateException("the log lacks entries from " + tree.size() + " on"));
                        return;
                    }
                    found.forEach(tree::append);
                }
                // A copy: a tree's hashing is for one thread at a time, and another may be signing.
                if (!tree.root().equals(state.tree().copy().root())) {
                    fatal.accept(new IllegalStateException("the log's entries do not give the root they had at start"));
                }
            } catch (Problem damaged) {
                fatal.accept(damaged);
            } catch (RuntimeException stopped) {
                LOG.debug("the check of the log ended early: {}", stopped.getMessage());
            }
        });
    }
}
