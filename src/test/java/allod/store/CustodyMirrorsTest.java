package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Disk;
import allod.base.FailingDisk;
import allod.base.FaultPoint;
import allod.base.FaultPointDisk;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.WrappedDisk;
import allod.keys.AssuranceClass;
import allod.keys.CustodyMirror;
import allod.receipt.Outcome;
import allod.receipt.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on two custody mirrors of which one is lost, away, or given up. */
class CustodyMirrorsTest {
    @TempDir
    Path folder;

    private OpenStore open(Disk disk) throws IOException {
        Files.createDirectories(folder.resolve("custody2"));
        return OpenStore.in(folder, disk, OpenStore.NEVER);
    }

    private static void lose(Path path) throws IOException {
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static CustodyMirror missing(OpenStore open) {
        return open.store.custodyMirrors().list().stream()
                .filter(mirror -> mirror.state() == CustodyMirror.State.MISSING)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void losing_either_mirror_loses_nothing_and_erasure_waits_until_it_is_given_up() throws Exception {
        String slot = "kept";
        try (OpenStore open = open(Disk.real())) {
            BucketName bucket = open.bucket("mirrored");
            open.put(bucket, slot, "content");
            open.put(bucket, "gone", "content");
            open.put(bucket, "early", "content");
            assertThat(open.delete(bucket, "early").getFirst()).isInstanceOf(DeleteAnswer.Erased.class);
        }
        lose(folder.resolve("custody"));
        BucketName bucket = OpenStore.name("mirrored");
        try (OpenStore open = open(Disk.real())) {
            assertThat(open.store.custodyMirrors().warnings()).hasSize(1);
            assertThat(open.get(bucket, slot)).asString().isEqualTo("content");
            open.put(bucket, "written meanwhile", "more");
            assertRefused(Reason.CUSTODIAN_AWAY, () -> open.delete(bucket, "gone"));
            assertRefused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "gone"));
            String id = missing(open).id();
            open.store.custodyMirrors().forget(OpenStore.ROOT, id);
            KeyStructure keys =
                    open.store.keyStructure(open.owner, bucket, ObjectKey.of(slot), java.util.Optional.empty());
            assertThat(keys.survivors()).singleElement().asString().contains(id);
            DeleteAnswer answer = open.delete(bucket, "gone").getFirst();
            Receipt receipt = open.store.receipts().fetch(open.owner, ((DeleteAnswer.Erased) answer).receipt());
            assertThat(receipt.evidence().survivingCopies()).singleElement().satisfies(copy -> {
                assertThat(copy.what()).contains(id);
                assertThat(copy.assuranceClass()).isEqualTo(AssuranceClass.E0);
            });
            assertThat(receipt.evidence().assuranceClass()).isEqualTo(AssuranceClass.E0);
            assertThat(StoreReceipts.check(open, receipt.encode())).isInstanceOf(Outcome.Holds.class);
            assertThat(open.store.parts().history().read(allod.base.TenantId.SYSTEM, 0, 1000))
                    .anySatisfy(event -> assertThat(OpenStore.body(event)).contains("custody.mirror.forget", id));
        }
        // An empty folder in the lost one's place is a new mirror, and then the other may be lost.
        Files.createDirectory(folder.resolve("custody"));
        open(Disk.real()).close();
        lose(folder.resolve("custody2"));
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            assertThat(open.get(bucket, slot)).asString().isEqualTo("content");
            assertThat(open.get(bucket, "written meanwhile")).asString().isEqualTo("more");
            assertRefused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "gone"));
        }
    }

    @Test
    void a_mirror_that_comes_back_is_overwritten_and_receipts_name_it_no_longer() throws Exception {
        BucketName bucket;
        try (OpenStore open = open(Disk.real())) {
            bucket = open.bucket("returning");
            for (String key : new String[] {"a", "b", "c"}) {
                open.put(bucket, key, key);
            }
        }
        Files.move(folder.resolve("custody2"), folder.resolve("away"));
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            open.store.custodyMirrors().forget(OpenStore.ROOT, missing(open).id());
            assertThat(open.delete(bucket, "a").getFirst()).isInstanceOf(DeleteAnswer.Erased.class);
        }
        Files.move(folder.resolve("away"), folder.resolve("custody2"));
        try (OpenStore open = open(Disk.real())) {
            assertThat(open.store.custodyMirrors().list())
                    .hasSize(2)
                    .allMatch(mirror -> mirror.state() == CustodyMirror.State.PRESENT);
            DeleteAnswer answer = open.delete(bucket, "b").getFirst();
            Receipt receipt = open.store.receipts().fetch(open.owner, ((DeleteAnswer.Erased) answer).receipt());
            assertThat(receipt.evidence().survivingCopies()).isEmpty();
        }
        Files.move(folder.resolve("custody"), folder.resolve("away"));
        try (OpenStore open = open(Disk.real())) {
            assertThat(open.get(bucket, "c")).asString().isEqualTo("c");
        }
    }

    private static void readIfServed(OpenStore open, BucketName bucket) {
        try {
            open.get(bucket, "other");
        } catch (Problem | IOException stopped) {
            assertThat(stopped).isNotNull();
        }
    }

    @Test
    void a_mirror_that_fails_is_missing_and_the_last_one_ends_the_process() throws Exception {
        var full = new AtomicBoolean();
        var disk = new FailingDisk(new WrappedDisk(Disk.real()) {
            @Override
            public long usableSpace(Path path) throws IOException {
                return full.get() && path.startsWith(folder.resolve("custody2")) ? -1 : super.usableSpace(path);
            }
        });
        OpenStore open = open(disk);
        BucketName bucket = open.bucket("failing");
        open.put(bucket, "k", "content");
        full.set(true);
        open.clock.step(Duration.ofSeconds(1));
        assertRefused(Reason.NO_SPACE, () -> open.put(bucket, "other", "content"));
        disk.failAfter(FailingDisk.Operation.WRITE, 0, path -> path.startsWith(folder.resolve("custody2")));
        assertRefused(Reason.CUSTODIAN_AWAY, () -> open.delete(bucket, "k"));
        assertThat(missing(open).path()).endsWith("custody2");
        // What is missing takes no writes, so that it is full holds up none.
        open.clock.step(Duration.ofSeconds(1));
        open.put(bucket, "other", "content");
        assertThat(open.get(bucket, "other")).asString().isEqualTo("content");
        assertThat(open.faults).isEmpty();
        disk.failAfter(FailingDisk.Operation.WRITE, 0, path -> path.startsWith(folder.resolve("custody")));
        // Each read is an event, and its checkpoint a write: the one before may have been written already.
        for (int i = 0; i < 200 && open.faults.isEmpty(); i++) {
            readIfServed(open, bucket);
            Thread.sleep(20);
        }
        assertThat(open.faults).isNotEmpty();
        disk.heal();
        open.close();
    }

    @Test
    void an_erasure_cut_after_its_commit_is_finished_when_the_mirror_is_given_up() throws Exception {
        var stop = new AtomicBoolean();
        Disk disk = FaultPointDisk.running(Disk.real(), FaultPoint.ERASE_COMMITTED, 1, () -> {
            stop.set(true);
            throw new IllegalStateException("stopped here");
        });
        OpenStore cut = open(disk);
        BucketName bucket = cut.bucket("interrupted");
        cut.put(bucket, "k", "content");
        cut.put(bucket, "other", "content");
        Thread client = Thread.ofVirtual().start(() -> {
            try {
                cut.delete(bucket, "k");
            } catch (Exception expected) {
                // Its server goes.
            }
        });
        for (int i = 0; i < 200 && cut.faults.isEmpty(); i++) {
            Thread.sleep(20);
        }
        cut.close();
        client.join();
        Files.move(folder.resolve("custody2"), folder.resolve("away"));
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            assertThat(open.get(bucket, "other")).asString().isEqualTo("content");
            assertThat(open.keys(Family.PENDING)).hasSize(1);
            assertRefused(Reason.CUSTODIAN_AWAY, () -> open.delete(bucket, "other"));
            open.store.custodyMirrors().forget(OpenStore.ROOT, missing(open).id());
            for (int i = 0; i < 500 && !open.keys(Family.PENDING).isEmpty(); i++) {
                Thread.sleep(20);
            }
            assertThat(open.keys(Family.PENDING)).isEmpty();
            assertThat(open.store.receipts().list(open.owner, java.util.Optional.empty(), 10))
                    .hasSize(2);
        }
    }
}
