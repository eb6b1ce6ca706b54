package allod.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.FaultPointDisk;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.AssuranceClass;
import allod.keys.CustodyLease;
import allod.keys.CustodyPlan;
import allod.keys.transit.TransitCustodian;
import allod.keys.transit.TransitTarget;
import allod.receipt.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transit engine that lies about what it destroyed, seen from a store: no receipt says more than was seen. */
class CustodianLiesTest {
    private static final Principal ADMIN = new Principal("admin/test");

    @TempDir
    Path folder = Path.of("replaced");

    private final TransitTarget target = TransitTarget.standIn();
    private final AtomicReference<TransitCustodian> custodian = new AtomicReference<>();
    private final BucketName bucket = OpenStore.name("lied");

    @BeforeEach
    void fill() throws IOException {
        custodian.set(target.custodian(target.mount("allod"), Files.createDirectory(folder.resolve("transit"))));
        try (OpenStore open = open(Disk.real())) {
            open.bucket("lied");
            open.put(bucket, "k", "content");
            open.put(bucket, "l", "content");
            open.store
                    .custody()
                    .attach(
                            ADMIN,
                            new Custody.Target(Optional.of("owner"), Optional.empty()),
                            CustodyPlan.whole("vault-eu"));
        }
    }

    @AfterEach
    void close() {
        custodian.get().close();
        target.close();
    }

    private OpenStore open(Disk disk) throws IOException {
        return OpenStore.with(folder, disk, CustodyLease.STANDARD, List.of(custodian.get()));
    }

    private static int receipts(OpenStore open) throws IOException {
        return open.store.receipts().list(open.owner, Optional.empty(), 10).size();
    }

    private static Receipt newest(OpenStore open) throws IOException, InterruptedException {
        return open.store
                .receipts()
                .fetch(
                        open.owner,
                        open.store
                                .receipts()
                                .list(open.owner, Optional.empty(), 10)
                                .getLast()
                                .id());
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("given up waiting").isLessThan(end);
            Thread.sleep(10);
        }
    }

    private void assertWithheld(TransitTarget.TrimLie lie, String why) throws Exception {
        try (OpenStore open = open(Disk.real())) {
            target.lie(lie);
            Problem problem = catchThrowableOfType(Problem.class, () -> open.delete(bucket, "k"));
            assertThat(problem.reason()).isEqualTo(Reason.CUSTODIAN_AWAY);
            assertThat(problem.getMessage()).contains("vault-eu").contains(why);
            assertThat(receipts(open)).isZero();
        }
        try (OpenStore open = open(Disk.real())) {
            assertThat(receipts(open))
                    .as("a start makes no receipt of it either")
                    .isZero();
            target.lie(TransitTarget.TrimLie.NONE);
            until(() -> receipts(open) == 1);
        }
    }

    @Test
    void one_that_raises_min_decryption_version_and_trims_nothing_gets_no_receipt() throws Exception {
        assertWithheld(TransitTarget.TrimLie.HIDES, "min_available_version");
    }

    @Test
    void one_that_shows_a_trim_and_still_unwraps_gets_no_receipt() throws Exception {
        assertWithheld(TransitTarget.TrimLie.KEEPS, "still opens");
    }

    /** Put back from a copy that was taken between an erasure's commit and its destruction. */
    @Test
    void one_that_comes_back_with_an_old_key_loses_it_again_and_its_receipts_say_so_from_then_on() throws Exception {
        AtomicReference<Runnable> copy = new AtomicReference<>();
        Disk copying =
                FaultPointDisk.running(Disk.real(), FaultPoint.ERASE_COMMITTED, 1, () -> copy.set(target.snapshot()));
        try (OpenStore open = open(copying)) {
            open.delete(bucket, "k");
            assertThat(newest(open).evidence().assuranceClass()).isEqualTo(AssuranceClass.E2);
        }
        copy.get().run();
        try (OpenStore open = open(Disk.real())) {
            open.delete(bucket, "l");
            assertThat(receipts(open)).isEqualTo(2);
            var evidence = newest(open).evidence();
            assertThat(evidence.assuranceClass()).isEqualTo(AssuranceClass.E0);
            assertThat(evidence.custodians().getFirst().response()).contains("older copy");
        }
    }
}
