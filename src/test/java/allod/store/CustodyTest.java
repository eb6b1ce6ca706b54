package allod.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.FaultPointDisk;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.CustodyLease;
import allod.keys.CustodyPlan;
import allod.keys.ErasableCustodian;
import allod.keys.MemoryCustodian;
import allod.keys.OutstandingShare;
import allod.keys.RootRecord;
import allod.receipt.BatchEvidence;
import allod.receipt.CustodyDrill;
import allod.receipt.ProvenEvents;
import allod.receipt.Receipt;
import allod.receipt.Unreached;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store whose domains several custodians hold, one of which goes away, lies, or comes back. */
class CustodyTest {
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final CustodyPlan TWO_OF_THREE = new CustodyPlan(2, List.of("a", "b", "c"));
    private static final Principal ADMIN = new Principal("admin/test");
    private static final Custody.Target OWNER = new Custody.Target(Optional.of("owner"), Optional.empty());

    @TempDir
    Path folder = Path.of("replaced");

    private final MemoryCustodian a = new MemoryCustodian("a");
    private final MemoryCustodian b = new MemoryCustodian("b");
    private final MemoryCustodian c = new MemoryCustodian("c");
    private final List<ErasableCustodian> three = List.of(a, b, c);

    private OpenStore open() throws IOException {
        return OpenStore.with(folder, Disk.real(), LEASE, three);
    }

    private static Custody custody(OpenStore open) {
        return open.store.custody();
    }

    private static Custody.Target bucket(String name) {
        return new Custody.Target(Optional.empty(), Optional.of(OpenStore.name(name)));
    }

    private static Problem refused(Reason reason, ThrowingCallable call) {
        Problem problem = catchThrowableOfType(Problem.class, call);
        assertThat(problem.reason()).isEqualTo(reason);
        return problem;
    }

    private static Custody.State state(OpenStore open, BucketName bucket) {
        int domain = open.row(bucket).domain();
        return custody(open).show(-1, 100).stream()
                .filter(state -> state.domain() == domain)
                .findFirst()
                .orElseThrow();
    }

    /** Waits for what the watch does by itself. */
    private static void until(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 1500; i++) {
            if (condition.call()) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("it did not come about by itself");
    }

    private static List<String> systemEvents(OpenStore open) throws IOException {
        return open.store.parts().history().read(TenantId.SYSTEM, 0, Integer.MAX_VALUE).stream()
                .map(OpenStore::body)
                .toList();
    }

    private static Receipt receipt(OpenStore open, DeleteAnswer answer) throws Exception {
        return open.store.receipts().fetch(open.owner, ((DeleteAnswer.Erased) answer).receipt());
    }

    @Test
    void a_tenant_goes_from_the_folder_to_three_custodians_and_on_without_its_content_being_touched() throws Exception {
        try (OpenStore open = open()) {
            BucketName bucket = open.bucket("moving");
            open.put(bucket, "k", "content");
            int blobs = open.blobs();
            Custody.Changed attached = custody(open).attach(ADMIN, OWNER, TWO_OF_THREE);
            assertThat(attached.state().custodians())
                    .extracting(Custody.Holder::id)
                    .containsExactly("a", "b", "c");
            assertThat(attached.notes()).anyMatch(note -> note.startsWith("a: "));
            BatchEvidence evidence = attached.evidence().orElseThrow();
            assertThat(evidence.custodians().getFirst().custodian()).isEqualTo("file");
            assertThat(evidence.custodians().getFirst().liveHandles()).isEmpty();
            assertThat(open.get(bucket, "k")).isEqualTo("content".getBytes(StandardCharsets.UTF_8));

            refused(Reason.INVALID_ARGUMENT, () -> custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("a")));
            refused(Reason.INVALID_ARGUMENT, () -> custody(open).migrate(ADMIN, OWNER, TWO_OF_THREE));
            refused(Reason.INVALID_ARGUMENT, () -> custody(open).migrate(ADMIN, OWNER, CustodyPlan.whole("nobody")));
            custody(open).migrate(ADMIN, OWNER, CustodyPlan.whole("c"));
            assertThat(a.keys() + b.keys()).isZero();
            long generation = state(open, bucket).generation();
            custody(open).rotate(ADMIN, OWNER);
            assertThat(state(open, bucket).generation()).isEqualTo(generation + 1);
            assertThat(c.keys()).isEqualTo(1);
            assertThat(open.get(bucket, "k")).isEqualTo("content".getBytes(StandardCharsets.UTF_8));
            assertThat(open.blobs()).isEqualTo(blobs);
            assertThat(open.history().stream().map(OpenStore::body))
                    .anyMatch(body -> body.contains("\"custody.attach\"") && body.contains("\"to\":\"2 of a, b, c\""))
                    .anyMatch(body -> body.contains("\"custody.migrate\"") && body.contains("\"evidence_hash\""))
                    .anyMatch(body -> body.contains("\"custody.rotate\"") && body.contains("admin/test"));
        }
        try (OpenStore again = open()) {
            assertThat(again.get(OpenStore.name("moving"), "k")).isEqualTo("content".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void a_delete_with_one_of_three_away_is_acknowledged_and_all_is_made_good_when_it_is_back() throws Exception {
        try (OpenStore open = open()) {
            BucketName bucket = open.bucket("shared");
            open.put(bucket, "k", "one");
            open.put(bucket, "l", "two");
            custody(open).attach(ADMIN, OWNER, TWO_OF_THREE);
            c.goAway();
            Receipt receipt = receipt(open, open.delete(bucket, "k").getFirst());
            assertThat(receipt.evidence().custodians()).hasSize(2);
            assertThat(receipt.evidence().outstanding())
                    .extracting(Unreached::custodian)
                    .containsExactly("c");
            Custody.State degraded = state(open, bucket);
            assertThat(degraded.degraded()).isTrue();
            assertThat(degraded.outstanding())
                    .extracting(Custody.Outstanding::custodian)
                    .contains("c");
            assertThat(degraded.custodians().getLast().status()).startsWith("away");
            assertThat(open.get(bucket, "l")).isEqualTo("two".getBytes(StandardCharsets.UTF_8));

            c.comeBack();
            until(() -> !state(open, bucket).degraded()
                    && state(open, bucket).outstanding().isEmpty());
            assertThat(a.keys() + b.keys() + c.keys()).isEqualTo(3);
            assertThat(open.history().stream().map(OpenStore::body))
                    .anyMatch(body -> body.contains("\"custody.repaired\""));
            assertThat(open.get(bucket, "l")).isEqualTo("two".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void a_share_at_a_custodian_that_the_domain_has_left_is_destroyed_when_it_is_back() throws Exception {
        try (OpenStore open = open()) {
            BucketName bucket = open.bucket("left");
            custody(open).attach(ADMIN, OWNER, TWO_OF_THREE);
            c.goAway();
            custody(open).migrate(ADMIN, OWNER, CustodyPlan.whole("file"));
            assertThat(state(open, bucket).outstanding()).hasSize(1);
            assertThat(c.keys()).isEqualTo(1);
            c.comeBack();
            until(() -> state(open, bucket).outstanding().isEmpty());
            assertThat(c.keys()).isZero();
            assertThat(open.history().stream().map(OpenStore::body))
                    .anyMatch(body -> body.contains("\"custody.share.destroyed\"") && body.contains("unwrap refused"));
        }
    }

    @Test
    void without_its_custodian_a_domain_fails_closed_at_the_end_of_the_lease_and_no_other_does() throws Exception {
        try (OpenStore open = open()) {
            BucketName bucket = open.bucket("leased");
            open.put(bucket, "k", new byte[200_000]);
            custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("a"));
            open.objects().createBucket(open.other, OpenStore.name("others"), java.util.Map.of());
            ReadAnswer.Content running = open.open(bucket, "k");
            a.goAway();
            open.clock.step(LEASE.minusMillis(1));
            assertThat(open.get(bucket, "k")).hasSize(200_000);
            open.clock.step(Duration.ofMillis(1));
            until(() -> systemEvents(open).stream().anyMatch(body -> body.contains("\"custody.away\"")));
            assertThat(refused(Reason.CUSTODIAN_AWAY, () -> open.get(bucket, "k"))
                            .why())
                    .contains("a");
            refused(Reason.CUSTODIAN_AWAY, () -> open.put(bucket, "new", "content"));
            refused(Reason.CUSTODIAN_AWAY, () -> open.delete(bucket, "k"));
            assertThatThrownBy(() -> OpenStore.bytes(running)).isInstanceOf(IOException.class);
            running.close();
            // The step ended all leases; the custody folder is asked again at the watch's next look.
            until(() -> state(open, OpenStore.name("others")).held());
            assertThat(open.objects()
                            .listBuckets(open.other, "", Optional.empty(), 10)
                            .buckets())
                    .hasSize(1);

            a.comeBack();
            until(() -> state(open, bucket).held());
            assertThat(open.get(bucket, "k")).hasSize(200_000);
            refused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "new"));
            until(() -> systemEvents(open).stream().anyMatch(body -> body.contains("\"custody.back\"")));
            assertThat(systemEvents(open))
                    .anyMatch(body -> body.contains("\"custody.refused\"") && body.contains("\"requests\":3"));
        }
    }

    /** The fence and the lease are two things: an erasure cuts its own readers at once, and nobody's keys are given up. */
    @Test
    void an_erasure_cuts_its_readers_at_once_however_long_the_lease_and_leaves_all_others() throws Exception {
        try (OpenStore open = open()) {
            BucketName bucket = open.bucket("fenced");
            open.put(bucket, "k", new byte[200_000]);
            open.put(bucket, "l", new byte[200_000]);
            custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("a"));
            ReadAnswer.Content cut = open.open(bucket, "k");
            ReadAnswer.Content other = open.open(bucket, "l");
            assertThat(open.delete(bucket, "k").getFirst()).isInstanceOf(DeleteAnswer.Erased.class);
            assertThatThrownBy(() -> OpenStore.bytes(cut)).isInstanceOf(IOException.class);
            assertThat(OpenStore.bytes(other)).hasSize(200_000);
            assertThat(state(open, bucket).held()).isTrue();
            assertThat(systemEvents(open)).noneMatch(body -> body.contains("\"custody.away\""));
            cut.close();
            other.close();
        }
    }

    @Test
    void a_lease_is_renewed_ahead_and_never_ends_while_the_custodian_answers() throws Exception {
        try (OpenStore open = open()) {
            BucketName bucket = open.bucket("renewed");
            open.put(bucket, "k", "content");
            custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("a"));
            for (int i = 0; i < 4; i++) {
                int asked = a.unwraps();
                open.clock.step(LEASE.dividedBy(2));
                until(() -> a.unwraps() > asked);
                until(() -> state(open, bucket).leaseLeft().compareTo(LEASE.dividedBy(2)) > 0);
                assertThat(open.get(bucket, "k")).hasSize(7);
            }
            assertThat(systemEvents(open)).noneMatch(body -> body.contains("\"custody.away\""));
        }
    }

    @Test
    void without_a_lease_each_request_asks() throws Exception {
        try (OpenStore open = OpenStore.with(folder, Disk.real(), Duration.ZERO, three)) {
            BucketName bucket = open.bucket("asking");
            open.put(bucket, "k", "content");
            custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("a"));
            int asked = a.unwraps();
            open.get(bucket, "k");
            assertThat(a.unwraps()).isGreaterThan(asked);
            a.goAway();
            assertThat(refused(Reason.CUSTODIAN_AWAY, () -> open.get(bucket, "k"))
                            .why())
                    .contains("a");
            a.comeBack();
            until(() -> state(open, bucket).held());
            assertThat(open.get(bucket, "k")).hasSize(7);
        }
    }

    @Test
    void a_custodian_that_is_away_at_the_start_holds_up_nobody_else_and_what_waits_is_done_when_it_is_back()
            throws Exception {
        try (OpenStore open = open()) {
            open.bucket("waiting");
            open.put(OpenStore.name("waiting"), "k", "content");
            open.objects().createBucket(open.other, OpenStore.name("others"), java.util.Map.of());
            custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("a"));
        }
        a.goAway();
        try (OpenStore open = open()) {
            BucketName bucket = OpenStore.name("waiting");
            assertThat(refused(Reason.CUSTODIAN_AWAY, () -> open.get(bucket, "k"))
                            .why())
                    .contains("a");
            try (ObjectWriter writer = open.objects().write(open.other, OpenStore.name("others"), ObjectKey.of("x"))) {
                writer.write(new byte[] {1}, 0, 1);
                writer.commit(OpenStore.terms(new byte[] {1}, WriteCondition.NONE));
            }
            assertThat(open.objects()
                            .delete(
                                    open.other,
                                    OpenStore.name("others"),
                                    List.of(new DeleteTarget(ObjectKey.of("x"), WriteCondition.NONE)))
                            .getFirst())
                    .isInstanceOf(DeleteAnswer.Erased.class);
            a.comeBack();
            until(() -> state(open, bucket).held());
            assertThat(open.get(bucket, "k")).hasSize(7);
            assertThat(open.delete(bucket, "k").getFirst()).isInstanceOf(DeleteAnswer.Erased.class);
        }
    }

    @Test
    void a_bucket_can_have_a_domain_of_its_own_when_it_is_new_or_empty() throws Exception {
        try (OpenStore open = open()) {
            BucketName empty = open.bucket("empty");
            BucketName full = open.bucket("full");
            open.put(full, "k", "content");
            Custody.Changed made = custody(open).attach(ADMIN, bucket("empty"), CustodyPlan.whole("b"));
            assertThat(open.row(empty).domain())
                    .isEqualTo(made.state().domain())
                    .isNotEqualTo(open.row(full).domain());
            refused(Reason.BUCKET_NOT_EMPTY, () -> custody(open).attach(ADMIN, bucket("full"), CustodyPlan.whole("b")));
            refused(Reason.INVALID_ARGUMENT, () -> custody(open).rotate(ADMIN, bucket("full")));
            refused(
                    Reason.INVALID_ARGUMENT,
                    () -> custody(open).attach(ADMIN, bucket("unowned"), CustodyPlan.whole("b")));
            custody(open)
                    .attach(
                            ADMIN,
                            new Custody.Target(Optional.of("owner"), Optional.of(OpenStore.name("fresh"))),
                            new CustodyPlan(2, List.of("a", "b")));

            BucketName fresh = OpenStore.name("fresh");
            open.put(empty, "k", "one");
            open.put(fresh, "k", "two");
            b.goAway();
            open.clock.step(LEASE);
            until(() -> !state(open, empty).held() && !state(open, fresh).held());
            refused(Reason.CUSTODIAN_AWAY, () -> open.get(empty, "k"));
            refused(Reason.CUSTODIAN_AWAY, () -> open.get(fresh, "k"));
            assertThat(open.get(full, "k")).hasSize(7);
            b.comeBack();
            until(() -> state(open, empty).held() && state(open, fresh).held());
            Receipt receipt = receipt(open, open.delete(fresh, "k").getFirst());
            assertThat(receipt.evidence().custodians()).hasSize(2);
            custody(open).migrate(ADMIN, bucket("fresh"), CustodyPlan.whole("file"));
            custody(open).rotate(ADMIN, bucket("fresh"));
            assertThat(open.get(empty, "k")).isEqualTo("one".getBytes(StandardCharsets.UTF_8));
        }
        try (OpenStore again = open()) {
            assertThat(again.get(OpenStore.name("empty"), "k")).hasSize(3);
        }
    }

    /** One that confirms and still unwraps: alone it holds the receipt back, among three it is named. */
    @Test
    void a_custodian_that_lies_gets_no_receipt_for_the_erasure() throws Exception {
        try (OpenStore open = open()) {
            BucketName bucket = open.bucket("lied");
            open.put(bucket, "k", "content");
            open.put(bucket, "l", "content");
            custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("a"));
            a.lie();
            Problem problem = refused(Reason.CUSTODIAN_AWAY, () -> open.delete(bucket, "k"));
            assertThat(problem.why()).contains("confirmed").contains("still opens");
            assertThat(open.store.receipts().list(open.owner, Optional.empty(), 10))
                    .isEmpty();
            a.beHonest();
            until(() ->
                    open.store.receipts().list(open.owner, Optional.empty(), 10).size() == 1);

            custody(open).migrate(ADMIN, OWNER, TWO_OF_THREE);
            c.lie();
            Receipt receipt = receipt(open, open.delete(bucket, "l").getFirst());
            assertThat(receipt.evidence().outstanding())
                    .singleElement()
                    .satisfies(share ->
                            assertThat(share.why()).contains("confirmed").contains("still opens"));
        }
    }

    /** One restored from a snapshot has its old key again; the next start finds it and destroys it. */
    @Test
    void a_custodian_that_comes_back_with_its_old_key_loses_it_at_the_next_start() throws Exception {
        Runnable old;
        try (OpenStore open = open()) {
            BucketName bucket = open.bucket("back");
            open.put(bucket, "k", "content");
            custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("a"));
            old = a.snapshot();
            open.delete(bucket, "k");
        }
        old.run();
        assertThat(a.keys()).isEqualTo(2);
        try (OpenStore open = open()) {
            assertThat(a.keys()).isEqualTo(1);
            refused(Reason.NO_SUCH_KEY, () -> open.get(OpenStore.name("back"), "k"));
        }
    }

    /** Whatever step the crash follows, and with one custodian away after it, the next start makes an end of it. */
    @ParameterizedTest
    @EnumSource(
            names = {"ERASE_INTENT", "ERASE_PENDING_SYNCED", "ERASE_COMMITTED", "ERASE_CURRENT_SYNCED", "ERASE_DONE"})
    void a_crash_in_an_erasure_with_three_custodians_is_made_good_while_one_is_away(FaultPoint point) throws Exception {
        try (OpenStore open = open()) {
            open.put(open.bucket("crashing"), "k", "content");
            custody(open).attach(ADMIN, OWNER, TWO_OF_THREE);
        }
        BucketName bucket = OpenStore.name("crashing");
        Disk disk = FaultPointDisk.running(Disk.real(), point, 1, () -> {
            throw new IllegalStateException("stopped at " + point);
        });
        try (OpenStore crashed = OpenStore.with(folder, disk, LEASE, three)) {
            Thread.ofVirtual().start(() -> {
                try {
                    crashed.delete(bucket, "k");
                } catch (Problem | IOException nobodyAnswers) {
                    assertThat(nobodyAnswers).isNotNull();
                }
            });
            until(() -> !crashed.faults.isEmpty());
        }
        b.goAway();
        try (OpenStore open = open()) {
            until(() -> open.keys(Family.PENDING).isEmpty());
            refused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "k"));
            b.comeBack();
            until(() -> !state(open, bucket).degraded()
                    && state(open, bucket).outstanding().isEmpty());
            assertThat(a.keys() + b.keys() + c.keys()).isEqualTo(3);
        }
    }

    /** Each gave a root to a custodian that then went away; custody's folder remembers only the last of them. */
    @Test
    void attempts_that_were_given_up_are_remembered_over_a_restart_until_their_keys_are_gone() throws Exception {
        Disk disk = FaultPointDisk.running(
                FaultPointDisk.running(Disk.real(), FaultPoint.ERASE_HANDLE_PREPARED, 1, a::goAway),
                FaultPoint.ERASE_HANDLE_PREPARED,
                2,
                b::goAway);
        try (OpenStore open = OpenStore.with(folder, disk, LEASE, three)) {
            open.put(open.bucket("remembered"), "k", "content");
            refused(Reason.CUSTODIAN_AWAY, () -> custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("a")));
            refused(Reason.CUSTODIAN_AWAY, () -> custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("b")));
        }
        BucketName bucket = OpenStore.name("remembered");
        try (OpenStore open = open()) {
            assertThat(open.get(bucket, "k")).hasSize(7);
            assertThat(refused(Reason.CUSTODIAN_AWAY, () -> open.delete(bucket, "k"))
                            .getMessage())
                    .contains("a");
            b.comeBack();
            refused(Reason.CUSTODIAN_AWAY, () -> open.delete(bucket, "k"));
            assertThat(a.keys()).isEqualTo(1);
            a.comeBack();
            until(() ->
                    open.store.receipts().list(open.owner, Optional.empty(), 10).size() == 1);
            assertThat(a.keys() + b.keys()).isZero();
        }
        try (OpenStore open = open()) {
            DomainRow row = DomainRow.decode(java.util.Objects.requireNonNull(
                    open.ground().map().get(MapKey.root(open.row(bucket).domain()))));
            assertThat(row.abandoned()).isEmpty();
            assertThat(row.outstanding()).isEmpty();
        }
    }

    @Test
    void the_list_of_outstanding_shares_stays_short_however_often_a_custodian_fails() {
        List<OutstandingShare> shares = List.of();
        for (int generation = 1; generation <= 100; generation++) {
            List<OutstandingShare> more = new java.util.ArrayList<>(shares);
            var wrap = Optional.of(new RootRecord.Wrap("a", "handle-" + generation, new byte[60]));
            more.add(new OutstandingShare("a", generation, wrap, new byte[104], "it confirmed and still opens"));
            more.add(more.getLast());
            shares = StoredShares.bounded(more);
            assertThat(shares).hasSize(Math.min(generation, StoredShares.MAX_OF_A_CUSTODIAN + 1));
        }
        assertThat(shares.getFirst().wrap()).isEmpty();
        assertThat(shares.getFirst().generation()).isEqualTo(92);
        assertThat(shares.getFirst().why()).isEqualTo("this and older generations: it confirmed and still opens");
        assertThat(shares.getLast().generation()).isEqualTo(100);
    }

    @Test
    void a_drill_shows_reading_fail_within_the_lease_and_work_again_and_leaves_proof() throws Exception {
        try (OpenStore open = OpenStore.with(folder, Disk.real(), Duration.ofSeconds(1), three)) {
            BucketName bucket = open.bucket("drilled");
            open.put(bucket, "k", "content");
            custody(open).attach(ADMIN, OWNER, CustodyPlan.whole("a"));
            int domain = open.row(bucket).domain();
            CustodyDrills drills = custody(open).drills();
            assertThat(drills.begin(ADMIN, domain).domain()).isEqualTo(domain);
            refused(Reason.CONFLICT, () -> drills.begin(ADMIN, domain));
            open.clock.step(Duration.ofSeconds(1));
            until(() -> drills.standing(domain).refused());
            assertThat(refused(Reason.CUSTODIAN_AWAY, () -> open.get(bucket, "k"))
                            .why())
                    .contains("drill");
            CustodyDrills.Ended ended = drills.end(ADMIN, domain);
            assertThat(ended.passed()).isTrue();
            assertThat(ended.before()).contains("drilled/k");
            assertThat(open.get(bucket, "k")).hasSize(7);
            byte[] file = drills.evidence(domain, ended.seq());
            assertThat(ProvenEvents.isOne(file)).isTrue();
            CustodyDrill drill = CustodyDrill.of(ProvenEvents.parse(file));
            assertThat(drill.begun().custodians()).isEqualTo("a");
            assertThat(drill.ended().passed()).isTrue();
            assertThat(drill.ended().requestsRefused()).isPositive();
            assertThat(drill.refusedInTime()).isTrue();
            refused(Reason.INVALID_ARGUMENT, () -> drills.evidence(domain, ended.seq() - 1));
            refused(Reason.INVALID_ARGUMENT, () -> drills.evidence(domain, ended.seq() + 100));
            refused(Reason.INVALID_ARGUMENT, () -> drills.end(ADMIN, domain));
            refused(Reason.INVALID_ARGUMENT, () -> drills.begin(ADMIN, Domains.SYSTEM));
        }
    }

    @Test
    void a_lease_has_its_limits() {
        for (Duration wrong : List.of(
                CustodyLease.SHORTEST.minusMillis(1), CustodyLease.LONGEST.plusMillis(1), Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> new CustodyLease(wrong, java.time.InstantSource.system(), System::nanoTime))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
