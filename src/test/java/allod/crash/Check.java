package allod.crash;

import allod.base.AccessKeyId;
import allod.base.Disk;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.CustodyLease;
import allod.keys.ErasableCustodian;
import allod.log.Checkpoint;
import allod.log.LogFsck;
import allod.log.LogResource;
import allod.log.SignedNote;
import allod.log.WitnessPolicy;
import allod.receipt.Outcome;
import allod.receipt.Receipt;
import allod.receipt.ReceiptCheck;
import allod.store.BucketName;
import allod.store.Caller;
import allod.store.ListRequest;
import allod.store.ObjectKey;
import allod.store.PartInfo;
import allod.store.ReadAnswer;
import allod.store.ReadRequest;
import allod.store.Store;
import allod.store.StoreInspection;
import allod.store.StoreOpening;
import allod.store.StoreSettings;
import allod.store.UploadId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** Opens the folders after a crash, as a start does, and holds what is there against the ledger. */
final class Check {
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final int RECEIPTS = 40;

    private final Path folder;
    private final Keepers keepers;
    private final Ledger ledger;
    private final List<String> wrong = new ArrayList<>();

    Check(Path folder, Keepers keepers, Ledger ledger) {
        this.folder = folder;
        this.keepers = keepers;
        this.ledger = ledger;
    }

    static StoreSettings settings(Path folder) {
        return settings(folder, List.of(folder.resolve("custody")), List.of());
    }

    private static StoreSettings settings(Path folder, List<Path> custody, List<ErasableCustodian> custodians) {
        return new StoreSettings(
                folder.resolve("data"),
                custody,
                false,
                custodians,
                CustodyLease.STANDARD,
                Optional.empty(),
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                Duration.ofDays(1),
                16 << 20,
                0,
                32 << 20,
                Optional.empty(),
                Path.of("target", "native").toAbsolutePath());
    }

    /** Everything that is not as the clients were told; what was open is settled as it is found. */
    List<String> run() throws IOException, InterruptedException {
        var fatal = new AtomicReference<String>();
        List<ErasableCustodian> custodians = keepers.open();
        try (Store store = StoreOpening.open(
                settings(folder, keepers.custody(), custodians),
                Disk.real(),
                InstantSource.system(),
                new SecureRandom(),
                fault -> fatal.set(String.valueOf(fault)))) {
            if (store.tenants().list().stream().noneMatch(t -> t.name().equals("default"))) {
                // The first start came no further: nothing was acknowledged.
                require(ledger.objects().isEmpty(), "the tenant is gone");
            } else {
                clients(store);
            }
            drain(store);
            wrong.addAll(StoreInspection.check(store, ledger.blobsInFlight().get()));
            wrong.addAll(StoreInspection.checkCustodians(store, custodians));
            log(store);
        } finally {
            for (ErasableCustodian custodian : custodians) {
                if (custodian instanceof AutoCloseable closing) {
                    close(closing);
                }
            }
        }
        wrong.addAll(StoreInspection.checkCustody(keepers.custody()));
        Optional.ofNullable(fatal.get()).ifPresent(wrong::add);
        wrong.addAll(ledger.faults());
        return wrong;
    }

    private static void close(AutoCloseable closing) throws IOException {
        try {
            closing.close();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            wrong.add(what);
        }
    }

    private static void drain(Store store) throws InterruptedException {
        long end = System.nanoTime() + DRAIN.toNanos();
        while (StoreInspection.waiting(store) > 0 && System.nanoTime() < end) {
            Thread.sleep(20);
        }
    }

    private void clients(Store store) throws IOException, InterruptedException {
        TenantId tenant = store.tenants().byName("default").id();
        var caller = new Caller(
                tenant, new Principal("root"), new AccessKeyId(CrashServer.ACCESS_KEY), "127.0.0.1", "check");
        keys(store);
        buckets(store, caller);
        objects(store, caller);
        lists(store, caller);
        uploads(store, caller);
        receipts(store, caller);
    }

    private void keys(Store store) {
        ledger.keys().forEach((id, fate) -> {
            boolean there = store.tenants().find(new AccessKeyId(id)).isPresent();
            require(fate.allows(there), (there ? "enabled: " : "not enabled: ") + fate);
            fate.settle(there);
        });
    }

    private void buckets(Store store, Caller caller) throws IOException {
        List<String> there = store.objects().listBuckets(caller, "", Optional.empty(), 1000).buckets().stream()
                .map(bucket -> bucket.name().value())
                .toList();
        ledger.buckets().forEach((name, fate) -> {
            boolean exists = there.contains(name);
            require(fate.allows(exists), (exists ? "exists: " : "does not exist: ") + fate);
            fate.settle(exists);
        });
        there.forEach(name -> require(ledger.buckets().containsKey(name), "nobody made bucket " + name));
    }

    private void objects(Store store, Caller caller) throws IOException {
        for (Map.Entry<Ledger.Place, Fate<Optional<Content>>> one :
                ledger.objects().entrySet()) {
            Fate<Optional<Content>> fate = one.getValue();
            Optional<byte[]> bytes = read(store, caller, one.getKey());
            Optional<Optional<Content>> found = bytes.isEmpty()
                    ? Optional.of(Optional.empty())
                    : fate.states().stream()
                            .filter(state -> state.filter(it -> Arrays.equals(it.bytes(), bytes.get()))
                                    .isPresent())
                            .findFirst();
            require(
                    found.filter(fate::allows).isPresent(),
                    "found " + bytes.map(b -> b.length + " bytes").orElse("nothing") + " at " + fate);
            found.ifPresent(fate::settle);
        }
    }

    private static Optional<byte[]> read(Store store, Caller caller, Ledger.Place place) throws IOException {
        try {
            ReadAnswer answer = store.objects()
                    .read(
                            caller,
                            new BucketName(place.bucket()),
                            ObjectKey.of(place.key().getBytes(StandardCharsets.UTF_8)),
                            ReadRequest.of(ReadRequest.Kind.GET));
            var out = new ByteArrayOutputStream();
            try (var content = (ReadAnswer.Content) answer) {
                content.transferTo(out::write);
            }
            return Optional.of(out.toByteArray());
        } catch (Problem problem) {
            if (problem.reason() == Reason.NO_SUCH_KEY || problem.reason() == Reason.NO_SUCH_BUCKET) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    private void lists(Store store, Caller caller) throws IOException {
        if (!ledger.bucket(Load.SHARED).known()) {
            return;
        }
        var request = new ListRequest(new byte[0], Optional.empty(), Optional.empty(), 1000);
        long listed = store.objects()
                .list(caller, new BucketName(Load.SHARED), request)
                .items()
                .size();
        long known = ledger.objects().entrySet().stream()
                .filter(one -> one.getKey().bucket().equals(Load.SHARED)
                        && one.getValue().known().isPresent())
                .count();
        require(listed == known, "the list has " + listed + " names, the clients know of " + known);
    }

    private void uploads(Store store, Caller caller) throws IOException {
        for (Ledger.Upload upload : ledger.uploads().values()) {
            Optional<Map<Integer, String>> parts = parts(store, caller, upload);
            require(upload.open().allows(parts.isPresent()), (parts.isPresent() ? "open: " : "gone: ") + upload.open());
            upload.open().settle(parts.isPresent());
            parts.ifPresent(there -> upload.parts()
                    .forEach((number, part) -> require(
                            part.etag().equals('"' + there.getOrDefault(number, "") + '"'),
                            "part " + number + " of " + upload.id() + " is " + there.get(number) + ", not "
                                    + part.etag())));
        }
        ledger.uploads().values().removeIf(upload -> !upload.open().known());
    }

    private static Optional<Map<Integer, String>> parts(Store store, Caller caller, Ledger.Upload upload)
            throws IOException {
        try {
            return Optional.of(store
                    .objects()
                    .listParts(
                            caller,
                            new BucketName(upload.place().bucket()),
                            ObjectKey.of(upload.place().key().getBytes(StandardCharsets.UTF_8)),
                            UploadId.parse(upload.id()).orElseThrow(),
                            OptionalInt.empty(),
                            1000)
                    .parts()
                    .stream()
                    .collect(Collectors.toMap(PartInfo::number, PartInfo::etag, (a, b) -> a, TreeMap::new)));
        } catch (Problem gone) {
            if (gone.reason() == Reason.NO_SUCH_UPLOAD) {
                return Optional.empty();
            }
            throw gone;
        }
    }

    /** The newest receipts of acknowledged deletes; older ones were checked in their own round. */
    private void receipts(Store store, Caller caller) throws IOException, InterruptedException {
        while (ledger.erased().size() > RECEIPTS) {
            ledger.erased().remove();
        }
        WitnessPolicy policy = WitnessPolicy.ofLogs(List.of(store.verifierKey()));
        for (Ledger.Erased one : ledger.erased()) {
            try {
                Receipt receipt = store.receipts().fetch(caller, one.receipt());
                Outcome outcome = ReceiptCheck.check(receipt.encode(), policy);
                require(outcome instanceof Outcome.Holds, "receipt " + one + ": " + outcome);
                String key = new String(receipt.item().key(), StandardCharsets.UTF_8);
                require(key.equals(one.place().key()), "receipt " + one + " is of " + key);
            } catch (Problem problem) {
                wrong.add("receipt " + one + ": " + problem.getMessage());
            }
        }
    }

    /** The log as it is served holds together, and every checkpoint ever seen is of this very log. */
    private void log(Store store) throws IOException, InterruptedException {
        Thread.sleep(150);
        Optional<SignedNote> latest = store.log().checkpoint();
        if (latest.isEmpty()) {
            require(ledger.checkpoints().isEmpty(), "the log has no checkpoint any more");
            return;
        }
        var report =
                LogFsck.check((path, most) -> LogResource.parse(path).flatMap(store.log()::read), store.verifierKey());
        require(report.isConsistent(), "the log does not hold together: " + report);
        Checkpoint now = Checkpoint.parse(latest.get().text());
        List<Checkpoint> seen = ledger.checkpoints();
        for (Checkpoint old : seen.subList(Math.max(0, seen.size() - 30), seen.size())) {
            boolean same = old.size() <= now.size()
                    && old.origin().equals(now.origin())
                    && StoreInspection.rootAt(store, old.size()).equals(old.root());
            require(same, "the log forked: it showed " + old + ", now it is " + now);
        }
        ledger.saw(now);
    }
}
