package allod.store;

import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Disk;
import allod.receipt.ErasureReason;
import allod.store.LifecycleRule.Expiring;
import allod.store.LifecycleRule.Filter;
import allod.store.LifecycleRule.Form;
import allod.store.LifecycleRule.Noncurrent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lifecycle rules end, when, and what withstands them. The clock begins at noon of March 29, 2026. */
class LifecycleTest {
    private static final Filter ALL =
            new Filter(Form.FILTER, Optional.empty(), Map.of(), OptionalLong.empty(), OptionalLong.empty());
    private static final Expiring A_DAY = new Expiring(OptionalInt.of(1), Optional.empty(), Optional.empty());
    private static final Expiring MARKERS = new Expiring(OptionalInt.empty(), Optional.empty(), Optional.of(true));
    private static final Noncurrent A_DAY_BELOW = new Noncurrent(OptionalInt.of(1), OptionalInt.empty());

    private OpenStore open;
    private BucketName bucket;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        open = OpenStore.in(folder, Disk.real(), Duration.ofMillis(20));
        bucket = open.bucket("lifecycle");
    }

    @AfterEach
    void stop() throws IOException {
        assertThat(open.faults).isEmpty();
        open.close();
    }

    private static Filter prefixed(String prefix) {
        return new Filter(Form.FILTER, Optional.of(prefix), Map.of(), OptionalLong.empty(), OptionalLong.empty());
    }

    private static LifecycleRule rule(Filter filter, Expiring expiring, Noncurrent noncurrent) {
        return new LifecycleRule("rule one", true, filter, expiring, noncurrent, OptionalInt.empty());
    }

    private void rules(LifecycleRule... rules) throws IOException {
        open.objects()
                .putConfiguration(
                        open.owner, bucket, ConfigurationKind.LIFECYCLE, new LifecycleRules(List.of(rules)).encode());
    }

    private void version(Versioning versioning) throws IOException {
        open.objects().setVersioning(open.owner, bucket, versioning);
    }

    /** Everything that is due now. */
    private void run() throws IOException {
        while (open.store.parts().lifecycle().step()) {
            assertThat(open.faults).isEmpty();
        }
    }

    private void passed(Duration time) throws IOException {
        open.clock.step(time);
        run();
    }

    private List<String> keys() throws IOException {
        return open
                .objects()
                .list(open.owner, bucket, new ListRequest(new byte[0], Optional.empty(), Optional.empty(), 1000))
                .items()
                .stream()
                .map(item -> ((ListPage.Listed) item).key().toString())
                .toList();
    }

    private List<VersionPage.Item> versions() throws IOException {
        return open.objects()
                .listVersions(
                        open.owner,
                        bucket,
                        new VersionPage.Request(new byte[0], Optional.empty(), Optional.empty(), 1000))
                .items();
    }

    private List<String> events(String type) throws IOException {
        return open.history().stream()
                .map(OpenStore::body)
                .filter(body -> body.contains("\"type\":\"" + type + "\""))
                .toList();
    }

    /** Why what was erased of the owner's was erased, as its receipts say. */
    private List<ErasureReason> reasons() throws IOException {
        return open.store.receipts().list(open.owner, Optional.empty(), 1000).stream()
                .map(receipt -> receipt.item().reason())
                .toList();
    }

    private void put(String key, Map<String, String> tags, int size) throws IOException {
        byte[] content = new byte[size];
        try (ObjectWriter writer = open.objects().write(open.owner, bucket, ObjectKey.of(key))) {
            writer.write(content, 0, size);
            writer.commit(new PutTerms(
                    ObjectMetadata.NONE.withTags(tags),
                    OpenStore.etag(content),
                    Optional.empty(),
                    WriteCondition.NONE,
                    Optional.empty(),
                    ObjectLock.NONE));
        }
    }

    @Test
    void an_object_ends_at_the_midnight_after_its_days_through_the_erasure_gate() throws Exception {
        rules(rule(ALL, A_DAY, Noncurrent.NONE));
        Instant end = Instant.parse("2026-03-31T00:00:00Z");
        assertThat(open.put(bucket, "k", "content").expiration()).contains(new Expiration(end, "rule one"));
        try (ReadAnswer.Content read = open.open(bucket, "k")) {
            assertThat(read.info().expiration()).contains(new Expiration(end, "rule one"));
        }
        passed(Duration.ofHours(36).minusMillis(1));
        assertThat(keys()).containsExactly("k");
        passed(Duration.ofMillis(1));
        assertThat(keys()).isEmpty();
        open.drained();
        assertThat(open.keys(Family.DUE)).isEmpty();
        assertThat(events("object.expire"))
                .singleElement()
                .asString()
                .contains(
                        "\"actor\":\"lifecycle\"", "\"rule\":\"rule one\"", "\"key\":\"k\"", "\"outcome\":\"erasing\"");
        assertThat(reasons()).containsExactly(ErasureReason.EXPIRED);
    }

    @Test
    void a_rule_is_for_the_keys_tags_and_sizes_that_it_names() throws Exception {
        var small =
                new Filter(Form.AND, Optional.of("a/"), Map.of("keep", "no"), OptionalLong.of(10), OptionalLong.of(20));
        rules(rule(small, A_DAY, Noncurrent.NONE));
        put("a/fits", Map.of("keep", "no", "other", "tag"), 11);
        put("a/too-small", Map.of("keep", "no"), 10);
        put("a/too-large", Map.of("keep", "no"), 20);
        put("a/kept", Map.of("keep", "yes"), 15);
        put("b/elsewhere", Map.of("keep", "no"), 15);
        passed(Duration.ofDays(3));
        assertThat(keys()).containsExactly("a/kept", "a/too-large", "a/too-small", "b/elsewhere");
    }

    @Test
    void a_tag_that_comes_later_makes_a_rule_fit_at_the_next_day() throws Exception {
        var tagged = new Filter(
                Form.FILTER, Optional.empty(), Map.of("end", "yes"), OptionalLong.empty(), OptionalLong.empty());
        rules(rule(tagged, A_DAY, Noncurrent.NONE));
        open.put(bucket, "k", "content");
        passed(Duration.ofDays(5));
        assertThat(keys()).containsExactly("k");
        open.objects()
                .describe(
                        open.owner,
                        bucket,
                        ObjectKey.of("k"),
                        Optional.empty(),
                        "object.tagging.put",
                        metadata -> metadata.withTags(Map.of("end", "yes")));
        passed(Duration.ofDays(1));
        assertThat(keys()).isEmpty();
    }

    @Test
    void rules_reach_what_is_there_already_in_steps_of_a_bounded_size() throws Exception {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < LifecycleRounds.KEYS + 20; i++) {
            keys.add(String.format("%03d", i));
            open.put(bucket, keys.getLast(), "content");
        }
        open.clock.step(Duration.ofDays(3));
        rules(rule(ALL, A_DAY, Noncurrent.NONE));
        assertThat(open.store.parts().lifecycle().step()).isTrue();
        assertThat(keys()).hasSize(20);
        run();
        assertThat(keys()).isEmpty();
        assertThat(open.keys(Family.DUE)).isEmpty();
    }

    @Test
    void a_date_ends_what_is_there_at_it_and_what_comes_after() throws Exception {
        var date =
                new Expiring(OptionalInt.empty(), Optional.of(Instant.parse("2026-04-01T00:00:00Z")), Optional.empty());
        rules(rule(ALL, date, Noncurrent.NONE));
        open.put(bucket, "before", "content");
        passed(Duration.ofDays(2));
        assertThat(keys()).containsExactly("before");
        passed(Duration.ofHours(12));
        assertThat(keys()).isEmpty();
        open.put(bucket, "after", "content");
        run();
        assertThat(keys()).isEmpty();
    }

    @Test
    void a_disabled_rule_and_rules_that_were_deleted_end_nothing() throws Exception {
        rules(new LifecycleRule("off", false, ALL, A_DAY, Noncurrent.NONE, OptionalInt.empty()));
        open.put(bucket, "a", "content");
        rules(rule(ALL, A_DAY, Noncurrent.NONE));
        open.put(bucket, "b", "content");
        open.objects().deleteConfiguration(open.owner, bucket, ConfigurationKind.LIFECYCLE);
        passed(Duration.ofDays(9));
        assertThat(keys()).containsExactly("a", "b");
        assertThat(open.keys(Family.DUE)).isEmpty();
    }

    @Test
    void in_a_versioned_bucket_a_marker_comes_then_the_version_goes_and_then_the_marker() throws Exception {
        version(Versioning.ENABLED);
        rules(
                rule(ALL, A_DAY, Noncurrent.NONE),
                rule(ALL, Expiring.NONE, A_DAY_BELOW),
                rule(ALL, MARKERS, Noncurrent.NONE));
        open.put(bucket, "k", "content");
        passed(Duration.ofHours(36));
        assertThat(versions()).hasSize(2).first().isInstanceOf(VersionPage.DeleteMarker.class);
        assertThat(open.keys(Family.PENDING)).isEmpty();
        passed(Duration.ofHours(23));
        assertThat(versions()).hasSize(2);
        passed(Duration.ofHours(1));
        assertThat(versions()).isEmpty();
        assertThat(events("object.expire")).hasSize(3);
        open.drained();
        assertThat(reasons()).containsExactly(ErasureReason.EXPIRED);
    }

    @Test
    void the_newest_versions_below_are_kept_however_old_until_newer_ones_come() throws Exception {
        version(Versioning.ENABLED);
        rules(rule(ALL, Expiring.NONE, new Noncurrent(OptionalInt.of(1), OptionalInt.of(2))));
        for (int i = 0; i < 5; i++) {
            open.put(bucket, "k", "content " + i);
        }
        passed(Duration.ofDays(30));
        assertThat(versions()).hasSize(3);
        open.put(bucket, "k", "newest");
        passed(Duration.ofDays(1));
        assertThat(versions()).hasSize(3);
        assertThat(new String(open.get(bucket, "k"), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("newest");
    }

    @Test
    void where_versioning_is_suspended_the_null_version_is_erased_under_a_null_marker() throws Exception {
        open.put(bucket, "k", "null version");
        version(Versioning.ENABLED);
        version(Versioning.SUSPENDED);
        rules(rule(ALL, A_DAY, Noncurrent.NONE));
        passed(Duration.ofDays(2));
        assertThat(versions())
                .singleElement()
                .isInstanceOfSatisfying(
                        VersionPage.DeleteMarker.class,
                        marker -> assertThat(marker.version()).isEqualTo(VersionId.NULL));
        open.drained();
        assertThat(reasons()).containsExactly(ErasureReason.EXPIRED);
    }

    @Test
    void a_key_with_more_rows_than_a_look_takes_is_gone_through_in_several() throws Exception {
        version(Versioning.ENABLED);
        rules(rule(ALL, A_DAY, A_DAY_BELOW));
        run();
        String[] same = Collections.nCopies(KeyLook.ROWS + 30, "k").toArray(String[]::new);
        open.put(bucket, "k", "content");
        open.delete(bucket, same);
        assertThat(open.keys(Family.NONCURRENT)).hasSize(KeyLook.ROWS + 31);
        open.clock.step(Duration.ofDays(3));
        assertThat(open.store.parts().lifecycle().step()).isTrue();
        assertThat(open.keys(Family.NONCURRENT)).hasSize(32);
        run();
        assertThat(open.keys(Family.NONCURRENT)).isEmpty();
        assertThat(open.keys(Family.DUE)).isEmpty();
    }

    @Test
    void an_upload_that_is_not_completed_is_aborted() throws Exception {
        rules(new LifecycleRule("uploads", true, prefixed("a"), Expiring.NONE, Noncurrent.NONE, OptionalInt.of(2)));
        ObjectStore objects = open.objects();
        UploadId upload =
                objects.createUpload(open.owner, bucket, ObjectKey.of("a"), ObjectMetadata.NONE, Optional.empty());
        objects.createUpload(open.owner, bucket, ObjectKey.of("b"), ObjectMetadata.NONE, Optional.empty());
        UploadsTest.part(open, objects, bucket, ObjectKey.of("a"), upload, 1, new byte[70_000]);
        passed(Duration.ofHours(59));
        assertThat(open.keys(Family.UPLOAD)).hasSize(2);
        passed(Duration.ofHours(1));
        assertThat(open.keys(Family.UPLOAD)).hasSize(1);
        assertThat(open.keys(Family.PART)).isEmpty();
        assertThat(events("upload.expire"))
                .singleElement()
                .asString()
                .contains(upload.toString(), "\"rule\":\"uploads\"");
        open.drained();
        assertThat(open.blobs()).isZero();
    }

    @Test
    void a_clock_that_is_put_forward_ends_nothing() throws Exception {
        rules(rule(ALL, A_DAY, Noncurrent.NONE));
        open.put(bucket, "k", "content");
        open.clock.jump(Duration.ofDays(400));
        run();
        assertThat(keys()).containsExactly("k");
    }

    @Test
    void what_a_stop_left_is_done_at_the_next_start() throws Exception {
        for (int i = 0; i < LifecycleRounds.KEYS + 5; i++) {
            open.put(bucket, String.format("%03d", i), "content");
        }
        rules(rule(ALL, A_DAY, Noncurrent.NONE));
        open.clock.step(Duration.ofDays(3));
        open.store.parts().lifecycle().step();
        assertThat(keys()).hasSize(5);
        open = open.reopen();
        run();
        assertThat(keys()).isEmpty();
        open.drained();
        assertThat(reasons()).hasSize(LifecycleRounds.KEYS + 5).containsOnly(ErasureReason.EXPIRED);
    }

    @Test
    void a_note_of_a_bucket_that_is_gone_is_dropped_and_reaches_no_other_of_its_name() throws Exception {
        rules(rule(ALL, A_DAY, Noncurrent.NONE));
        open.put(bucket, "k", "content");
        open.delete(bucket, "k");
        open.objects().deleteBucket(open.owner, bucket);
        open.bucket("lifecycle");
        open.put(bucket, "k", "content");
        passed(Duration.ofDays(9));
        assertThat(keys()).containsExactly("k");
        assertThat(open.keys(Family.DUE)).isEmpty();
    }

    @Test
    void rules_come_back_from_their_row_as_they_went_in() {
        var all = new LifecycleRules(List.of(
                rule(ALL, A_DAY, new Noncurrent(OptionalInt.of(3), OptionalInt.of(100))),
                new LifecycleRule(
                        "x".repeat(255),
                        false,
                        new Filter(
                                Form.AND,
                                Optional.of("p/\u00e9"),
                                Map.of("a", "b", "c", ""),
                                OptionalLong.of(0),
                                OptionalLong.of(Long.MAX_VALUE)),
                        new Expiring(
                                OptionalInt.empty(),
                                Optional.of(Instant.parse("2030-01-01T00:00:00Z")),
                                Optional.empty()),
                        Noncurrent.NONE,
                        OptionalInt.of(Integer.MAX_VALUE)),
                rule(prefixed(""), MARKERS, Noncurrent.NONE)));
        assertThat(LifecycleRules.decode(all.encode())).isEqualTo(all);
    }
}
