package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.AccessKeyId;
import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.FaultPointDisk;
import allod.base.Problem;
import allod.base.Reason;
import allod.log.LogResource;
import allod.log.VerifierKey;
import allod.log.WitnessPolicy;
import allod.pact.Party;
import allod.receipt.Outcome;
import allod.receipt.Receipt;
import allod.receipt.ReceiptCheck;
import allod.receipt.ReceiptId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An old copy of the data beside the custody folder of today. */
class RestoreTest {
    private static final AccessKeyId KEY = new AccessKeyId("AKDISABLED");
    private static final byte[] SECRET = "a-secret-of-sixteen".getBytes(StandardCharsets.UTF_8);

    /** The X25519 public key of RFC 7748, section 6.1. */
    private static final String RECIPIENT = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=";

    /** The folders as every test begins with them: today's, and the copies of then. */
    @TempDir
    static Path prepared = Path.of("");

    private static @Nullable Before found;

    @TempDir
    Path folder = Path.of("");

    private static synchronized Before prepared() throws Exception {
        if (found == null) {
            found = prepare(prepared);
        }
        return found;
    }

    static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    static void remove(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void goBackTo(String copy) throws IOException {
        remove(folder.resolve("data"));
        copy(folder.resolve(copy), folder.resolve("data"));
    }

    private RestoreReport restore(boolean acceptLoss) throws IOException {
        return restore(Disk.real(), acceptLoss);
    }

    private RestoreReport restore(Disk disk, boolean acceptLoss) throws IOException {
        return StoreRestore.run(
                OpenStore.settings(folder, OpenStore.NEVER),
                disk,
                new SteppedClock(),
                new SecureRandom(),
                new StoreRestore.Accepted(acceptLoss, List.of()));
    }

    /** All files of a folder, by name. */
    private static Map<String, byte[]> bytes(Path tree) throws IOException {
        Map<String, byte[]> bytes = new HashMap<>();
        try (var files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes.put(tree.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return bytes;
    }

    private static Receipt fetch(OpenStore open, ReceiptId id) throws Exception {
        return open.store.receipts().fetch(open.owner, id);
    }

    private static ReceiptId erased(DeleteAnswer answer) {
        return ((DeleteAnswer.Erased) answer).receipt();
    }

    private static void assertHolds(Receipt receipt, VerifierKey key) {
        WitnessPolicy policy = WitnessPolicy.parse(("log " + key + "\nquorum none\n").getBytes(StandardCharsets.UTF_8));
        assertThat(ReceiptCheck.check(receipt.encode(), policy)).isInstanceOf(Outcome.Holds.class);
    }

    /** What the copy holds: of each sort one thing that stays and one that is erased after it. */
    private record Before(BucketName bucket, VerifierKey key, Receipt receipt, long seq) {}

    private Before copied() throws Exception {
        Before before = prepared();
        copy(prepared, folder);
        return before;
    }

    private static Before prepare(Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("restored");
            open.put(bucket, "keep", "kept content");
            open.put(bucket, "large", new byte[100_000]);
            open.put(bucket, "gone", "content that is deleted");
            open.put(bucket, "large-gone", new byte[50_000]);
            open.put(bucket, "over", "first");
            open.put(bucket, "early", "deleted before the copy");
            open.store.tenants().addKey(OpenStore.ROOT, open.owner.tenant(), KEY, SECRET);
            ReceiptId id = erased(open.delete(bucket, "early").getFirst());
            Receipt receipt = fetch(open, id);
            open.store.close();
            copy(folder.resolve("data"), folder.resolve("old"));
            copy(folder.resolve("custody"), folder.resolve("old-custody"));
            try (OpenStore again = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
                long seq = again.history().getLast().frame().seq();
                again.delete(bucket, "gone", "large-gone");
                again.put(bucket, "over", "second");
                again.delete(bucket, "over");
                again.store.tenants().disableKey(OpenStore.ROOT, KEY);
                again.put(bucket, "later", "made after the copy");
                again.store.tenants().add(OpenStore.ROOT, "later");
                fetch(
                        again,
                        again.store
                                .receipts()
                                .list(again.owner, Optional.empty(), 10)
                                .getLast()
                                .id());
                return new Before(bucket, again.store.verifierKey(), receipt, seq);
            }
        }
    }

    @Test
    void an_old_copy_beside_current_custody_brings_nothing_back_that_was_erased() throws Exception {
        Before before = copied();
        goBackTo("old");
        assertThatThrownBy(() -> OpenStore.in(folder))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("allod restore");
        assertLossIsAskedFor();

        RestoreReport report = restore(true);
        assertThat(report.outcome()).isEqualTo(RestoreReport.Outcome.RESTORED);
        assertThat(report.lost()).anyMatch(line -> line.contains("made after the copy: its tenant"));
        try (OpenStore open = OpenStore.in(folder)) {
            BucketName bucket = before.bucket;
            assertThat(open.get(bucket, "keep")).asString().isEqualTo("kept content");
            assertThat(open.get(bucket, "large")).isEqualTo(new byte[100_000]);
            for (String key : List.of("gone", "large-gone", "over", "early", "later")) {
                assertRefused(Reason.NO_SUCH_KEY, () -> open.get(bucket, key));
            }
            assertThat(open.store.tenants().find(KEY)).isEmpty();
            assertThat(open.store.tenants().listKeys()).anyMatch(key -> key.id().equals(KEY) && !key.enabled());
            assertTheLogGoesOn(open, before);
            open.drained();
            assertThat(StoreInspection.check(open.store, 0)).isEmpty();
        }
        assertThat(StoreInspection.checkCustody(List.of(folder.resolve("custody"))))
                .isEmpty();
        assertThat(restore(true).outcome()).isEqualTo(RestoreReport.Outcome.CURRENT);
        assertThat(restore(false).outcome()).isEqualTo(RestoreReport.Outcome.CURRENT);
    }

    private void assertLossIsAskedFor() throws IOException {
        Map<String, byte[]> custody = bytes(folder.resolve("custody"));
        var rows = StoreInspection.rowsOf(folder.resolve("data/map"));
        RestoreReport asked = restore(false);
        assertThat(asked.outcome()).isEqualTo(RestoreReport.Outcome.LOSS_NOT_ACCEPTED);
        assertThat(asked.lost()).anyMatch(line -> line.contains("was signed with"));
        assertThat(asked.lost()).anyMatch(line -> line.contains("erasures are newer than the copy"));
        assertThat(StoreInspection.rowsOf(folder.resolve("data/map"))).isEqualTo(rows);
        assertThat(bytes(folder.resolve("custody"))).containsAllEntriesOf(custody);
    }

    /** Chains are unbroken, old receipts hold under the old key, new ones under the new, the old log ends and is read. */
    private void assertTheLogGoesOn(OpenStore open, Before before) throws Exception {
        VerifierKey key = open.store.verifierKey();
        assertThat(key.name()).isEqualTo("log.example/test/r1");
        assertHolds(before.receipt, before.key);
        assertHolds(fetch(open, before.receipt.id()), before.key);
        List<EventRecord> history = open.history();
        for (int i = 0; i < history.size(); i++) {
            assertThat(history.get(i).frame().seq()).isEqualTo(i + 1L);
        }
        EventRecord restored = history.get((int) before.seq);
        assertThat(OpenStore.body(restored)).contains("log.restored", "\"last_seq\":\"" + before.seq + "\"");
        assertThat(restored.frame().origin()).isEqualTo(key.name());
        assertThat(history.stream().filter(e -> OpenStore.body(e).contains("erase.found")))
                .hasSize(3);
        for (var found : open.store.receipts().list(open.owner, Optional.empty(), 100)) {
            boolean old = found.id().equals(before.receipt.id());
            assertHolds(fetch(open, found.id()), old ? before.key : key);
        }
        open.put(before.bucket, "new", "new");
        assertHolds(fetch(open, erased(open.delete(before.bucket, "new").getFirst())), key);

        PublicLogs logs = open.store.logs();
        assertThat(logs.all()).extracting(PublicLog::prefix).containsExactly("/log/", "/log/r1/");
        PublicLog closed = logs.log(0).orElseThrow();
        assertThat(closed.isClosed()).isTrue();
        assertThat(closed.verifierKey()).isEqualTo(before.key);
        assertThat(closed.read(new LogResource.LatestCheckpoint())).isPresent();
    }

    @Test
    void an_old_copy_beside_the_custody_folder_of_then_opens_everything_as_the_receipt_warns() throws Exception {
        Before before = copied();
        goBackTo("old");
        remove(folder.resolve("custody"));
        copy(folder.resolve("old-custody"), folder.resolve("custody"));
        try (OpenStore open = OpenStore.in(folder)) {
            for (String key : List.of("keep", "gone", "over")) {
                assertThat(open.get(before.bucket, key)).isNotEmpty();
            }
            assertThat(open.store.tenants().find(KEY)).isPresent();
        }
    }

    @Test
    void where_only_unsigned_events_are_missing_the_log_goes_on_under_its_own_key() throws Exception {
        StoreSettings settings = OpenStore.settings(folder, OpenStore.NEVER);
        var rarely = new StoreSettings(
                settings.data(),
                settings.custody(),
                false,
                List.of(),
                settings.custodyLease(),
                settings.origin(),
                Duration.ofHours(1),
                OpenStore.NEVER,
                settings.lifecycleDay(),
                0,
                4096,
                settings.engineMemory(),
                settings.timeReached(),
                settings.nativeFolder());
        BucketName bucket;
        VerifierKey key;
        try (OpenStore open = OpenStore.in(folder)) {
            bucket = open.bucket("tail");
            open.put(bucket, "gone", "deleted in the tail");
            open.put(bucket, "keep", "kept");
            key = open.store.verifierKey();
        }
        copy(folder.resolve("data"), folder.resolve("old"));
        try (Store store = StoreOpening.open(rarely, Disk.real(), new SteppedClock(), new SecureRandom(), e -> {})) {
            var target = new DeleteTarget(ObjectKey.of("gone"), WriteCondition.NONE);
            store.objects().delete(OpenStore.caller("owner", 1), bucket, List.of(target));
            copy(folder.resolve("custody"), folder.resolve("custody-unsigned"));
        }
        remove(folder.resolve("custody"));
        copy(folder.resolve("custody-unsigned"), folder.resolve("custody"));
        goBackTo("old");
        assertThatThrownBy(() -> OpenStore.in(folder)).hasMessageContaining("allod restore");
        assertThat(restore(false).outcome()).isEqualTo(RestoreReport.Outcome.RESTORED);
        try (OpenStore open = OpenStore.in(folder)) {
            assertThat(open.store.verifierKey()).isEqualTo(key);
            assertThat(open.get(bucket, "keep")).asString().isEqualTo("kept");
            assertRefused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "gone"));
            for (var receipt : open.store.receipts().list(open.owner, Optional.empty(), 10)) {
                assertHolds(fetch(open, receipt.id()), key);
            }
        }
    }

    @Test
    void a_second_loss_opens_another_log_and_a_period_that_was_lost_is_begun_anew() throws Exception {
        BucketName bucket;
        try (OpenStore open = OpenStore.in(folder)) {
            bucket = open.bucket("twice");
        }
        copy(folder.resolve("data"), folder.resolve("first"));
        try (OpenStore open = OpenStore.in(folder)) {
            // The first access and the first erasure of the day: their periods' slots are lost by the next restore.
            open.put(bucket, "k", "k");
            open.get(bucket, "k");
            open.put(bucket, "deleted", "deleted");
            open.delete(bucket, "deleted");
        }
        copy(folder.resolve("data"), folder.resolve("second"));
        goBackTo("first");
        restore(true);
        try (OpenStore open = OpenStore.in(folder)) {
            open.drained();
            open.put(bucket, "between", "between");
        }
        goBackTo("second");
        assertThat(restore(true).outcome()).isEqualTo(RestoreReport.Outcome.RESTORED);
        try (OpenStore open = OpenStore.in(folder)) {
            assertThat(open.store.verifierKey().name()).isEqualTo("log.example/test/r2");
            assertThat(open.store.logs().all()).extracting(PublicLog::prefix).containsExactly("/log/", "/log/r2/");
            // What was lost by the first restore is not brought back by the second.
            assertRefused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "k"));
            assertThat(open.history()).isNotEmpty();
            assertHolds(fetchLast(open), open.store.verifierKey());
            open.drained();
            assertThat(StoreInspection.check(open.store, 0)).isEmpty();
        }
    }

    private static Receipt fetchLast(OpenStore open) throws Exception {
        return fetch(
                open,
                open.store
                        .receipts()
                        .list(open.owner, Optional.empty(), 100)
                        .getLast()
                        .id());
    }

    @Test
    void nothing_is_made_where_a_folder_is_mistyped() {
        assertThatThrownBy(() -> restore(true)).isInstanceOf(Problem.class).hasMessageContaining("--from");
        assertThat(folder.resolve("custody")).doesNotExist();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void a_versions_envelope_in_escrow_goes_with_it_and_an_escrow_that_may_have_ended_is_ended() throws Exception {
        BucketName bucket;
        String escrow;
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            bucket = open.bucket("escrowed");
            var scope = new Escrow.Scope.OfBucket(bucket);
            escrow = open.store
                    .escrows()
                    .add(OpenStore.ROOT, scope, Party.in("DE", "Agency"), RECIPIENT)
                    .id();
            open.put(bucket, "keep", "kept");
            open.put(bucket, "gone", "deleted after the copy");
        }
        copy(folder.resolve("data"), folder.resolve("old"));
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            open.delete(bucket, "gone");
            open.store.escrows().remove(OpenStore.ROOT, escrow);
            fetchLast(open);
        }
        goBackTo("old");
        RestoreReport report = restore(true);
        assertThat(report.done()).anyMatch(line -> line.contains(escrow) && line.contains("is ended"));
        try (OpenStore open = OpenStore.in(folder)) {
            assertThat(open.get(bucket, "keep")).asString().isEqualTo("kept");
            assertRefused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "gone"));
            var receipts = open.store.receipts().list(open.owner, Optional.empty(), 10);
            assertThat(receipts).hasSize(1);
            Receipt receipt = fetch(open, receipts.getFirst().id());
            assertThat(receipt.item().slots()).hasSize(2);
            assertHolds(receipt, open.store.verifierKey());
            assertThat(open.store.escrows().list()).extracting(Escrow::inForce).containsExactly(false);
            open.drained();
            // The version that was kept has its envelope, and its slot.
            assertThat(open.keys(Family.SLOT).stream()
                            .map(key -> open.ground().map().get(key))
                            .map(row -> SlotRow.decode(java.util.Objects.requireNonNull(row)))
                            .filter(row -> row.kind() == SlotKind.SHARE))
                    .hasSize(1);
            assertThat(StoreInspection.check(open.store, 0)).isEmpty();
        }
    }

    private static VersionId put(OpenStore open, BucketName bucket, String key, String content, ObjectLock lock)
            throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try (ObjectWriter writer = open.objects().write(open.owner, bucket, ObjectKey.of(key))) {
            writer.write(bytes, 0, bytes.length);
            var terms = new PutTerms(
                    ObjectMetadata.NONE,
                    OpenStore.etag(bytes),
                    Optional.empty(),
                    WriteCondition.NONE,
                    Optional.empty(),
                    lock);
            return writer.commit(terms).version().orElseThrow();
        }
    }

    private static DeleteAnswer erase(OpenStore open, BucketName bucket, String key, VersionId version)
            throws IOException {
        var target = new DeleteTarget(ObjectKey.of(key), version).bypassingGovernance();
        return open.objects().delete(open.owner, bucket, List.of(target)).getFirst();
    }

    @Test
    void versions_stand_as_they_did_without_those_that_were_erased_and_locks_hold_on() throws Exception {
        BucketName bucket = OpenStore.name("versioned");
        var held = new ObjectLock(Optional.empty(), ObjectLock.Hold.ON);
        VersionId older;
        VersionId top;
        VersionId governed;
        VersionId kept;
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            open.objects().createBucket(open.owner, bucket, true, Map.of());
            var retention = new Retention(
                    Retention.Mode.GOVERNANCE, open.clock.instant().plus(Duration.ofDays(30)));
            put(open, bucket, "k", "first", ObjectLock.NONE);
            older = put(open, bucket, "k", "second", ObjectLock.NONE);
            put(open, bucket, "k", "third", ObjectLock.NONE);
            top = put(open, bucket, "k", "fourth", ObjectLock.NONE);
            governed =
                    put(open, bucket, "g", "governed", new ObjectLock(Optional.of(retention), ObjectLock.Hold.UNSET));
            kept = put(open, bucket, "held", "held", held);
            put(open, bucket, "marked", "hidden by a marker after the copy", ObjectLock.NONE);
        }
        copy(folder.resolve("data"), folder.resolve("old"));
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            assertThat(erase(open, bucket, "k", older)).isInstanceOf(DeleteAnswer.Erased.class);
            assertThat(erase(open, bucket, "k", top)).isInstanceOf(DeleteAnswer.Erased.class);
            assertThat(erase(open, bucket, "g", governed)).isInstanceOf(DeleteAnswer.Erased.class);
            assertThat(open.delete(bucket, "marked").getFirst()).isInstanceOf(DeleteAnswer.Marker.class);
            fetchLast(open);
        }
        goBackTo("old");
        assertThat(restore(true).outcome()).isEqualTo(RestoreReport.Outcome.RESTORED);
        try (OpenStore open = OpenStore.in(folder)) {
            // Two versions are gone, and the one below the top is current.
            assertThat(open.get(bucket, "k")).asString().isEqualTo("third");
            assertThat(open.keys(Family.NONCURRENT)).hasSize(1);
            assertRefused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "g"));
            assertThat(open.get(bucket, "marked")).asString().startsWith("hidden");
            assertThat(erase(open, bucket, "held", kept))
                    .isInstanceOfSatisfying(
                            DeleteAnswer.Refused.class,
                            it -> assertThat(it.problem().reason()).isEqualTo(Reason.OBJECT_LOCKED));
            assertThat(open.store.receipts().list(open.owner, Optional.empty(), 10))
                    .hasSize(3);
            open.drained();
            assertThat(StoreInspection.check(open.store, 0)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultPoint.class,
            names = {
                "RESTORE_KEYS_TAKEN_OVER",
                "RESTORE_LOG_REOPENED",
                "ERASE_COMMITTED",
                "LOG_HEAD_SYNCED",
                "RESTORE_FINISHED"
            })
    void a_restore_that_a_crash_cut_is_repeated(FaultPoint point) throws Exception {
        cutAndRepeated(point);
    }

    @ParameterizedTest
    @Tag("crash")
    @EnumSource(
            value = FaultPoint.class,
            names = {
                "RESTORE_BEGUN",
                "ERASE_INTENT",
                "ERASE_PENDING_SYNCED",
                "ERASE_CURRENT_SYNCED",
                "ERASE_HANDLES_DESTROYED",
                "ERASE_DONE",
                "RESTORE_ROWS_CLOSED",
                "RESTORE_HEAD_SIGNED"
            })
    void a_restore_that_a_crash_cut_elsewhere_is_repeated(FaultPoint point) throws Exception {
        cutAndRepeated(point);
    }

    private void cutAndRepeated(FaultPoint point) throws Exception {
        Before before = copied();
        goBackTo("old");
        var cut = new AtomicBoolean();
        Disk disk = FaultPointDisk.running(Disk.real(), point, 1, () -> {
            cut.set(true);
            throw new IllegalStateException("cut at " + point);
        });
        assertThatThrownBy(() -> restore(disk, true)).isInstanceOf(Exception.class);
        assertThat(cut).isTrue();
        if (point != FaultPoint.RESTORE_FINISHED) {
            assertThatThrownBy(() -> OpenStore.in(folder))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("not finished");
            // What was accepted once need not be accepted again.
            assertThat(restore(false).outcome()).isEqualTo(RestoreReport.Outcome.RESTORED);
        }
        try (OpenStore open = OpenStore.in(folder)) {
            assertThat(open.get(before.bucket, "keep")).asString().isEqualTo("kept content");
            for (String key : List.of("gone", "large-gone", "over", "later")) {
                assertRefused(Reason.NO_SUCH_KEY, () -> open.get(before.bucket, key));
            }
            assertTheLogGoesOn(open, before);
            open.drained();
            assertThat(StoreInspection.check(open.store, 0)).isEmpty();
        }
        assertThat(StoreInspection.checkCustody(List.of(folder.resolve("custody"))))
                .isEmpty();
    }
}
