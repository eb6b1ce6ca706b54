package allod.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.FaultPointDisk;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.CustodyLease;
import allod.keys.CustodyPlan;
import allod.keys.Domain;
import allod.keys.ErasableCustodian;
import allod.keys.MemoryCustodian;
import allod.keys.pkcs11.Pkcs11Custodian;
import allod.keys.pkcs11.SoftHsm;
import allod.keys.transit.TransitCustodian;
import allod.keys.transit.TransitTarget;
import allod.log.WitnessPolicy;
import allod.receipt.Outcome;
import allod.receipt.Receipt;
import allod.receipt.ReceiptCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever holds the root, and whatever step of an erasure a crash follows: the next start makes an end of it. */
@Tag("crash")
class ErasureUnderFireTest {
    private static final Custody.Target OWNER = new Custody.Target(Optional.of("owner"), Optional.empty());
    private static final Principal ADMIN = new Principal("admin/test");

    /** Who holds the root. */
    enum Kind {
        FILE,
        MIRRORS,
        MEMORY_2_OF_3,
        TRANSIT,
        PKCS11,
        FILE_TRANSIT_PKCS11_2_OF_3
    }

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (FaultPoint point : FaultPoint.values()) {
                if (point.name().startsWith("ERASE_") && point != FaultPoint.ERASE_BLOB_DROPPED) {
                    cases.add(Arguments.of(kind, point));
                }
            }
        }
        return cases;
    }

    @TempDir
    Path folder = Path.of("replaced");

    private final List<AutoCloseable> closing = new ArrayList<>();
    private final List<ErasableCustodian> custodians = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : closing.reversed()) {
            one.close();
        }
    }

    /** Sets up what a kind needs; empty where the custody folder holds the root alone. */
    private Optional<CustodyPlan> plan(Kind kind) throws IOException, InterruptedException {
        return switch (kind) {
            case FILE -> Optional.empty();
            case MIRRORS -> {
                Files.createDirectory(folder.resolve("custody2"));
                yield Optional.empty();
            }
            case MEMORY_2_OF_3 -> {
                custodians.addAll(
                        List.of(new MemoryCustodian("a"), new MemoryCustodian("b"), new MemoryCustodian("c")));
                yield Optional.of(new CustodyPlan(2, List.of("a", "b", "c")));
            }
            case TRANSIT -> {
                transit();
                yield Optional.of(CustodyPlan.whole("vault-eu"));
            }
            case PKCS11 -> {
                token();
                yield Optional.of(CustodyPlan.whole("hsm-1"));
            }
            case FILE_TRANSIT_PKCS11_2_OF_3 -> {
                transit();
                token();
                yield Optional.of(new CustodyPlan(2, List.of("file", "vault-eu", "hsm-1")));
            }
        };
    }

    private void transit() throws IOException {
        TransitTarget target = TransitTarget.standIn();
        closing.add(target);
        TransitCustodian custodian =
                target.custodian(target.mount("allod"), Files.createDirectory(folder.resolve("transit")));
        closing.add(custodian);
        custodians.add(custodian);
    }

    private void token() throws IOException, InterruptedException {
        var hsm = new SoftHsm(folder.resolve("hsm"));
        hsm.token("allod");
        Pkcs11Custodian custodian = hsm.custodian("allod", folder);
        closing.add(custodian);
        custodians.add(custodian);
    }

    private OpenStore open(Disk disk) throws IOException {
        return OpenStore.with(folder, disk, CustodyLease.STANDARD, custodians);
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("given up waiting").isLessThan(end);
            Thread.sleep(10);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_next_start_makes_an_end_of_it(Kind kind, FaultPoint point) throws Exception {
        Optional<CustodyPlan> plan = plan(kind);
        BucketName bucket = OpenStore.name("fire");
        try (OpenStore open = open(Disk.real())) {
            open.put(open.bucket("fire"), "gone", "content");
            open.put(bucket, "kept", "content");
            if (plan.isPresent()) {
                open.store.custody().attach(ADMIN, OWNER, plan.get());
            }
        }
        crash(bucket, point);

        try (OpenStore open = open(Disk.real())) {
            until(() -> open.keys(Family.PENDING).isEmpty());
            var gone = catchThrowableOfType(Problem.class, () -> open.get(bucket, "gone"));
            assertThat(gone.reason()).isEqualTo(Reason.NO_SUCH_KEY);
            assertThat(open.get(bucket, "kept")).isEqualTo("content".getBytes(StandardCharsets.UTF_8));
            assertOneKeyEach(open, bucket);
            assertThat(receiptsThatHold(open)).isEqualTo(1);
            assertThat(open.delete(bucket, "kept").getFirst()).isInstanceOf(DeleteAnswer.Erased.class);
            assertOneKeyEach(open, bucket);
            assertThat(receiptsThatHold(open)).isEqualTo(2);
        }
    }

    private void crash(BucketName bucket, FaultPoint point) throws Exception {
        var reached = new AtomicBoolean();
        Disk disk = FaultPointDisk.running(Disk.real(), point, 1, () -> {
            reached.set(true);
            throw new IllegalStateException("stopped at " + point);
        });
        try (OpenStore crashed = open(disk)) {
            Thread deleting = Thread.ofVirtual().start(() -> {
                try {
                    crashed.delete(bucket, "gone");
                } catch (Problem | IOException | IllegalStateException nobodyAnswers) {
                    assertThat(nobodyAnswers).isNotNull();
                }
            });
            until(reached::get);
            if (crashed.faults.isEmpty()) {
                deleting.join(5000);
            }
        }
    }

    /** Of the whole domain each custodian that holds it has the current key and no other. */
    private void assertOneKeyEach(OpenStore open, BucketName bucket) {
        int number = open.row(bucket).domain();
        DomainRow row = DomainRow.decode(
                java.util.Objects.requireNonNull(open.ground().map().get(MapKey.root(number))));
        var domain = new Domain(number, row.root().domain());
        assertThat(row.replaced()).isEmpty();
        for (ErasableCustodian custodian : custodians) {
            List<String> handles = row.root().wrapOf(custodian.id()).stream()
                    .map(wrap -> wrap.handle())
                    .toList();
            assertThat(custodian.list(domain)).as(custodian.id()).containsExactlyElementsOf(handles);
        }
    }

    private static int receiptsThatHold(OpenStore open) throws IOException, InterruptedException {
        WitnessPolicy policy = WitnessPolicy.ofLogs(List.of(open.store.verifierKey()));
        var receipts = open.store.receipts().list(open.owner, Optional.empty(), 10);
        for (Receipts.Summary summary : receipts) {
            Receipt receipt = open.store.receipts().fetch(open.owner, summary.id());
            assertThat(ReceiptCheck.check(receipt.encode(), policy)).isInstanceOf(Outcome.Holds.class);
        }
        return receipts.size();
    }
}
