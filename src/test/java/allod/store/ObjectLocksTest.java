package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Disk;
import allod.base.Reason;
import allod.receipt.ErasureReason;
import allod.store.engine.MetadataEngine;
import allod.store.engine.Snapshot;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A lock keeps a version whatever asks for its erasure: each way to erase there is, against each lock there is. */
class ObjectLocksTest {
    private static final ObjectKey KEY = ObjectKey.of("k");
    private static final Duration MONTH = Duration.ofDays(30);

    private OpenStore open;
    private BucketName bucket;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        open = OpenStore.in(folder, Disk.real(), Duration.ofMillis(20));
        bucket = OpenStore.name("locked");
        open.objects().createBucket(open.owner, bucket, true, Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        assertThat(open.faults).isEmpty();
        open.close();
    }

    enum Binding {
        COMPLIANCE,
        HOLD;

        ObjectLock lock(Instant until) {
            return this == HOLD
                    ? new ObjectLock(Optional.empty(), ObjectLock.Hold.ON)
                    : new ObjectLock(
                            Optional.of(new Retention(Retention.Mode.COMPLIANCE, until)), ObjectLock.Hold.UNSET);
        }
    }

    private Instant inAMonth() {
        return open.clock.instant().plus(MONTH);
    }

    private VersionId put(ObjectLock lock) throws IOException {
        byte[] content = {1, 2, 3};
        try (ObjectWriter writer = open.objects().write(open.owner, bucket, KEY)) {
            writer.write(content, 0, 3);
            return writer.commit(new PutTerms(
                            ObjectMetadata.NONE,
                            OpenStore.etag(content),
                            Optional.empty(),
                            WriteCondition.NONE,
                            Optional.empty(),
                            lock))
                    .version()
                    .orElseThrow();
        }
    }

    private DeleteAnswer delete(VersionId version, boolean bypass) throws IOException {
        return open.objects()
                .delete(
                        open.owner,
                        bucket,
                        List.of(new DeleteTarget(KEY, Optional.of(version), WriteCondition.NONE, bypass)))
                .getFirst();
    }

    private void assertKept(DeleteAnswer answer) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        DeleteAnswer.Refused.class,
                        it -> assertThat(it.problem().reason()).isEqualTo(Reason.OBJECT_LOCKED));
    }

    private KeyVersions.Placed placed() {
        return KeyVersions.find(Rows.of(open.ground().map()), open.row(bucket), KEY, Which.CURRENT)
                .orElseThrow();
    }

    private void assertReadable() throws IOException {
        assertThat(open.get(bucket, "k")).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(Binding.class)
    void no_delete_erases_a_locked_version(Binding binding) throws Exception {
        VersionId version = put(binding.lock(inAMonth()));
        assertKept(delete(version, false));
        assertKept(delete(version, true));
        var many = open.objects()
                .delete(
                        open.owner,
                        bucket,
                        List.of(new DeleteTarget(KEY, version), new DeleteTarget(ObjectKey.of("x"), version)));
        assertKept(many.getFirst());
        assertThat(many.getLast()).isEqualTo(new DeleteAnswer.Nothing());
        assertThat(open.keys(Family.PENDING)).isEmpty();
        assertReadable();
        assertThat(OpenStore.body(open.history().getLast())).isNotNull();
        assertThat(open.history().stream().map(OpenStore::body))
                .anyMatch(body -> body.contains("\"object.delete\"") && body.contains("OBJECT_LOCKED"));
    }

    @ParameterizedTest
    @EnumSource(Binding.class)
    void a_locked_version_is_hidden_by_a_marker_and_by_newer_ones_and_stays(Binding binding) throws Exception {
        VersionId version = put(binding.lock(inAMonth()));
        assertThat(open.delete(bucket, "k").getFirst()).isInstanceOf(DeleteAnswer.Marker.class);
        put(ObjectLock.NONE);
        assertKept(delete(version, true));
        assertRefused(Reason.BUCKET_NOT_EMPTY, () -> open.objects().deleteBucket(open.owner, bucket));
    }

    /** No request leads to a bucket with a lock and without enabled versioning; the gate does not rely on it. */
    private void suspendBehindTheApi() throws IOException {
        open.ground().sequencer().submit(transaction -> {
            byte[] key = MapKey.bucket(bucket);
            BucketRow row = BucketRow.decode(java.util.Objects.requireNonNull(transaction.get(key)));
            transaction.put(key, row.with(Versioning.SUSPENDED).encode());
            return true;
        });
    }

    @ParameterizedTest
    @EnumSource(Binding.class)
    void no_overwrite_of_a_null_version_erases_it_while_it_is_locked(Binding binding) throws Exception {
        suspendBehindTheApi();
        assertThat(put(binding.lock(inAMonth()))).isEqualTo(VersionId.NULL);
        assertRefused(Reason.OBJECT_LOCKED, () -> put(ObjectLock.NONE));
        assertKept(open.delete(bucket, "k").getFirst());
        assertKept(delete(VersionId.NULL, true));
        assertReadable();
        open.drained();
        assertThat(StoreInspection.check(open.store, 0)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Binding.class)
    void nothing_within_the_server_queues_a_locked_version(Binding binding) throws Exception {
        put(binding.lock(inAMonth()));
        NameRow row = placed().row();
        BucketRow at = open.row(bucket);
        for (ErasureReason reason : ErasureReason.values()) {
            ErasureQueue.Entry entry = VersionCommits.entry(at, bucket, KEY, row, reason, false, "test");
            assertRefused(
                    Reason.OBJECT_LOCKED,
                    () -> open.ground().sequencer().submit(transaction -> {
                        KeyVersions.remove(transaction, at, KEY, placed());
                        return open.ground()
                                .queue()
                                .add(transaction, at.domain(), at.id(), KEY.bytes(), row.slot(), entry.row());
                    }));
        }
        assertReadable();
    }

    @Test
    void a_row_in_the_queue_erases_nothing_that_has_a_name() throws Exception {
        put(ObjectLock.NONE);
        NameRow row = placed().row();
        ErasureQueue.Entry entry =
                VersionCommits.entry(open.row(bucket), bucket, KEY, row, ErasureReason.EXPIRED, true, "test");
        open.ground().sequencer().submit(transaction -> {
            transaction.put(entry.mapKey(), entry.row().encode());
            return true;
        });
        open.ground().queue().load(open.ground().map());
        open.drained();
        assertReadable();
    }

    @Test
    void compliance_ends_when_its_time_has_passed_and_not_an_instant_before() throws Exception {
        Instant end = inAMonth();
        VersionId version = put(Binding.COMPLIANCE.lock(end));
        open.clock.step(MONTH.minusNanos(1));
        assertKept(delete(version, true));
        open.clock.step(Duration.ofNanos(1));
        // The time of a commit counts in microseconds.
        assertThat(delete(version, false)).isInstanceOf(DeleteAnswer.Erased.class);
    }

    @Test
    void a_clock_that_jumps_forward_ends_no_retention() throws Exception {
        VersionId version = put(Binding.COMPLIANCE.lock(inAMonth()));
        open.clock.jump(MONTH.plusDays(1));
        assertKept(delete(version, false));
        open.clock.step(MONTH.minus(TrustedTime.ALLOWANCE).minusSeconds(1));
        assertKept(delete(version, false));
        open.clock.step(TrustedTime.ALLOWANCE);
        assertThat(delete(version, false)).isInstanceOf(DeleteAnswer.Erased.class);
    }

    @Test
    void a_restart_with_a_clock_put_forward_ends_no_retention() throws Exception {
        VersionId version = put(Binding.COMPLIANCE.lock(inAMonth()));
        restart(MONTH.plusDays(1), Optional.empty());
        assertKept(delete(version, false));
        assertReadable();
    }

    @Test
    void restarts_with_a_clock_put_forward_gain_nothing() throws Exception {
        VersionId version = put(Binding.COMPLIANCE.lock(open.clock.instant().plus(Duration.ofHours(5))));
        restart(MONTH, Optional.empty());
        for (int i = 0; i < 6; i++) {
            restart(Duration.ZERO, Optional.empty());
        }
        assertKept(delete(version, false));
    }

    @Test
    void a_stop_of_a_week_is_believed_and_a_longer_one_by_the_operators_word() throws Exception {
        VersionId version = put(Binding.COMPLIANCE.lock(open.clock.instant().plus(TrustedTime.LONGEST_STOP)));
        restart(TrustedTime.LONGEST_STOP.minus(TrustedTime.ALLOWANCE.multipliedBy(2)), Optional.empty());
        assertKept(delete(version, false));
        Instant kept = open.clock.instant();
        restart(MONTH, Optional.empty());
        assertKept(delete(version, false));
        restart(Duration.ZERO, Optional.of(kept.plus(MONTH).minus(Duration.ofDays(1))));
        assertThat(delete(version, false)).isInstanceOf(DeleteAnswer.Erased.class);
    }

    private void restart(Duration clockAhead, Optional<Instant> reached) throws IOException {
        open.clock.jump(clockAhead);
        open = open.reopen(reached);
    }

    @Test
    void a_standard_retention_runs_from_a_time_that_can_be_relied_on() throws Exception {
        open.objects()
                .setObjectLock(
                        open.owner,
                        bucket,
                        new BucketLock(Optional.of(
                                new BucketLock.Standard(Retention.Mode.COMPLIANCE, 30, BucketLock.Unit.DAYS))));
        Instant before = open.clock.instant();
        open.clock.jump(Duration.ofDays(3650));
        put(ObjectLock.NONE);
        assertThat(placed().row().lock().retention().orElseThrow().until())
                .isBefore(before.plus(MONTH).plus(TrustedTime.ALLOWANCE).plusSeconds(60));
    }

    @Test
    void a_legal_hold_has_no_end_but_its_release() throws Exception {
        VersionId version = put(Binding.HOLD.lock(inAMonth()));
        open.clock.step(Duration.ofDays(36_500));
        assertKept(delete(version, true));
        open.objects().setLegalHold(open.owner, bucket, KEY, Optional.of(version), ObjectLock.Hold.OFF);
        assertThat(delete(version, false)).isInstanceOf(DeleteAnswer.Erased.class);
    }

    @Test
    void governance_yields_to_a_bypass_alone() throws Exception {
        var retention = new Retention(Retention.Mode.GOVERNANCE, inAMonth());
        VersionId version = put(new ObjectLock(Optional.of(retention), ObjectLock.Hold.UNSET));
        assertKept(delete(version, false));
        assertRefused(Reason.OBJECT_LOCKED, () -> retain(Optional.empty(), false));
        assertRefused(
                Reason.OBJECT_LOCKED,
                () -> retain(
                        Optional.of(new Retention(
                                Retention.Mode.GOVERNANCE, inAMonth().minusSeconds(1))),
                        false));
        retain(Optional.of(new Retention(Retention.Mode.GOVERNANCE, inAMonth().plusSeconds(1))), false);
        assertThat(delete(version, true)).isInstanceOf(DeleteAnswer.Erased.class);
    }

    private void retain(Optional<Retention> retention, boolean bypass) throws IOException {
        open.objects().setRetention(open.owner, bucket, KEY, Optional.empty(), retention, bypass);
    }

    @Test
    void a_lock_is_kept_when_its_version_moves_below_and_comes_up_again() throws Exception {
        VersionId version = put(Binding.COMPLIANCE.lock(inAMonth()));
        VersionId above = put(ObjectLock.NONE);
        assertThat(delete(above, false)).isInstanceOf(DeleteAnswer.Erased.class);
        assertKept(delete(version, true));
        assertThat(placed().row().lock()).isEqualTo(Binding.COMPLIANCE.lock(inAMonth()));
    }

    @Test
    void nothing_is_locked_in_a_bucket_without_a_lock() throws Exception {
        bucket = open.bucket("plain");
        assertRefused(Reason.NO_OBJECT_LOCK, () -> put(Binding.HOLD.lock(inAMonth())));
        assertRefused(
                Reason.NO_OBJECT_LOCK,
                () -> open.objects()
                        .createUpload(
                                open.owner,
                                bucket,
                                KEY,
                                ObjectMetadata.NONE,
                                Optional.empty(),
                                Binding.HOLD.lock(inAMonth()),
                                Optional.empty()));
        open.put(bucket, "k", "content");
        assertRefused(Reason.NO_OBJECT_LOCK, () -> retain(Optional.empty(), true));
    }

    @Test
    void a_version_that_comes_up_while_it_is_looked_for_has_a_name_at_every_moment() throws Exception {
        put(ObjectLock.NONE);
        NameRow below = placed().row();
        ErasureQueue.Entry entry =
                VersionCommits.entry(open.row(bucket), bucket, KEY, below, ErasureReason.EXPIRED, true, "test");
        VersionId above = put(ObjectLock.NONE);
        byte[] top = MapKey.current(open.row(bucket).id(), KEY);
        var once = new AtomicBoolean(true);
        MetadataEngine map = reading(
                MetadataEngine.class,
                open.ground().map(),
                top,
                () -> !once.compareAndSet(true, false) || delete(above, false) instanceof DeleteAnswer.Erased);
        assertThat(ErasureRounds.isNamed(map, entry)).isTrue();
        assertThat(once).isFalse();
        assertThat(placed().row().slot()).isEqualTo(below.slot());
    }

    /** A map in which something happens between the read of one row and its answer. */
    private static <T> T reading(Class<T> type, T real, byte[] key, Callable<Boolean> then) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Object answer = method.invoke(real, arguments);
            if (answer instanceof Snapshot snapshot) {
                return reading(Snapshot.class, snapshot, key, then);
            }
            if (method.getName().equals("get") && Arrays.equals((byte[]) arguments[0], key)) {
                assertThat(then.call()).isTrue();
            }
            return answer;
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @ParameterizedTest
    @EnumSource(Binding.class)
    void no_lifecycle_rule_erases_a_locked_version_until_its_lock_ends(Binding binding) throws Exception {
        var rule = new LifecycleRule(
                "all",
                true,
                new LifecycleRule.Filter(
                        LifecycleRule.Form.FILTER,
                        Optional.empty(),
                        Map.of(),
                        OptionalLong.empty(),
                        OptionalLong.empty()),
                new LifecycleRule.Expiring(OptionalInt.of(1), Optional.empty(), Optional.empty()),
                new LifecycleRule.Noncurrent(OptionalInt.of(1), OptionalInt.empty()),
                OptionalInt.empty());
        open.objects()
                .putConfiguration(
                        open.owner, bucket, ConfigurationKind.LIFECYCLE, new LifecycleRules(List.of(rule)).encode());
        VersionId version = put(binding.lock(inAMonth()));
        for (int day = 0; day < 29; day++) {
            open.clock.step(Duration.ofDays(1));
            runLifecycle();
        }
        ReadRequest asked = ReadRequest.of(ReadRequest.Kind.GET, Optional.of(version));
        assertThat(open.get(bucket, "k", asked)).hasSize(3);
        assertThat(open.history().stream().map(OpenStore::body))
                .filteredOn(body -> body.contains("object.expire") && body.contains("refused: OBJECT_LOCKED"))
                .isNotEmpty()
                .hasSizeLessThan(5);
        if (binding == Binding.HOLD) {
            open.objects().setLegalHold(open.owner, bucket, KEY, Optional.of(version), ObjectLock.Hold.OFF);
        }
        open.clock.step(Duration.ofDays(2));
        runLifecycle();
        assertRefused(Reason.NO_SUCH_VERSION, () -> open.get(bucket, "k", asked));
    }

    private void runLifecycle() throws IOException {
        while (open.store.parts().lifecycle().step()) {
            assertThat(open.faults).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Binding.class)
    void neither_its_buckets_end_nor_what_comes_to_its_key_erases_a_locked_version(Binding binding) throws Exception {
        VersionId version = put(binding.lock(inAMonth()));
        assertRefused(Reason.BUCKET_NOT_EMPTY, () -> open.objects().deleteBucket(open.owner, bucket));
        assertRefused(
                Reason.BUCKET_STATE, () -> open.objects().setVersioning(open.owner, bucket, Versioning.SUSPENDED));
        put(ObjectLock.NONE);
        ObjectStore objects = open.objects();
        UploadId upload = objects.createUpload(open.owner, bucket, KEY, ObjectMetadata.NONE, Optional.empty());
        byte[] part = {7};
        UploadsTest.part(open, objects, bucket, KEY, upload, 1, part);
        UploadsTest.complete(open, objects, bucket, KEY, upload, List.of(1), List.of(part));
        UploadId aborted = objects.createUpload(open.owner, bucket, KEY, ObjectMetadata.NONE, Optional.empty());
        objects.abortUpload(open.owner, bucket, KEY, aborted);
        open.delete(bucket, "k");
        open = open.reopen();
        open.drained();
        ReadRequest asked = ReadRequest.of(ReadRequest.Kind.GET, Optional.of(version));
        assertThat(open.get(bucket, "k", asked)).hasSize(3);
        assertRefused(Reason.BUCKET_NOT_EMPTY, () -> open.objects().deleteBucket(open.owner, bucket));
    }
}
