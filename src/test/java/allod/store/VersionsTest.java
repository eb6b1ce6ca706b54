package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import allod.receipt.ErasureReason;
import allod.receipt.ReceiptId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionsTest {
    private OpenStore open;
    private BucketName bucket;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER);
        bucket = open.bucket("versioned");
        version(Versioning.ENABLED);
    }

    @AfterEach
    void stop() throws IOException {
        assertThat(open.faults).isEmpty();
        open.close();
    }

    private void version(Versioning versioning) throws IOException {
        open.objects().setVersioning(open.owner, bucket, versioning);
    }

    private VersionId put(String key, String content) throws IOException {
        return open.put(bucket, key, content).version().orElseThrow();
    }

    private String get(String key, VersionId version) throws IOException {
        var request = ReadRequest.of(ReadRequest.Kind.GET, Optional.of(version));
        return new String(open.get(bucket, key, request), StandardCharsets.UTF_8);
    }

    private String get(String key) throws IOException {
        return new String(open.get(bucket, key), StandardCharsets.UTF_8);
    }

    private DeleteAnswer delete(String key) throws IOException {
        return open.delete(bucket, key).getFirst();
    }

    private DeleteAnswer delete(String key, VersionId version) throws IOException {
        return open.objects()
                .delete(open.owner, bucket, List.of(new DeleteTarget(ObjectKey.of(key), version)))
                .getFirst();
    }

    private VersionId mark(String key) throws IOException {
        return ((DeleteAnswer.Marker) delete(key)).version();
    }

    /** All versions as {@code key:id}, markers with a minus before, the latest with a star. */
    private List<String> list() throws IOException {
        var request = new VersionPage.Request(new byte[0], Optional.empty(), Optional.empty(), 1000);
        return open.objects().listVersions(open.owner, bucket, request).items().stream()
                .map(item -> switch (item) {
                    case VersionPage.Listed it -> it.key() + ":" + it.version() + (it.latest() ? "*" : "");
                    case VersionPage.DeleteMarker it -> "-" + it.key() + ":" + it.version() + (it.latest() ? "*" : "");
                    case VersionPage.CommonPrefix it -> new String(it.bytes(), StandardCharsets.UTF_8);
                })
                .toList();
    }

    private void assertConsistent() throws IOException {
        assertThat(StoreInspection.check(open.store, 0)).isEmpty();
    }

    @Test
    void every_write_is_a_version_of_its_own_that_stays_readable() throws Exception {
        VersionId first = put("k", "one");
        VersionId second = put("k", "two");
        assertThat(get("k")).isEqualTo("two");
        assertThat(get("k", first)).isEqualTo("one");
        assertThat(get("k", second)).isEqualTo("two");
        assertThat(list()).containsExactly("k:" + second + "*", "k:" + first);
        assertThat(open.keys(Family.PENDING)).isEmpty();
        assertConsistent();
    }

    @Test
    void a_version_id_says_nothing_and_no_other_reads_as_one() throws Exception {
        var ids = new HashSet<VersionId>();
        for (int i = 0; i < 50; i++) {
            ids.add(put("k", "same"));
        }
        assertThat(ids).hasSize(50);
        long leading =
                ids.stream().map(id -> id.text().substring(0, 4)).distinct().count();
        assertThat(leading).isGreaterThan(40);
        assertRefused(Reason.NO_SUCH_VERSION, () -> get("k", new VersionId("0".repeat(32))));
        assertRefused(Reason.NO_SUCH_VERSION, () -> get("other", ids.iterator().next()));
        assertRefused(Reason.NO_SUCH_VERSION, () -> get("k", VersionId.NULL));
    }

    @Test
    void version_ids_are_the_same_after_a_start() throws Exception {
        VersionId first = put("k", "one");
        put("k", "two");
        open = open.reopen();
        assertThat(get("k", first)).isEqualTo("one");
    }

    @Test
    void a_delete_puts_a_marker_and_erases_nothing() throws Exception {
        VersionId version = put("k", "content");
        VersionId marker = mark("k");
        assertRefusedAsMarked("k", Optional.empty(), marker, false);
        assertRefusedAsMarked("k", Optional.of(marker), marker, true);
        assertThat(get("k", version)).isEqualTo("content");
        assertThat(open.keys(Family.PENDING)).isEmpty();
        assertThat(open.store.receipts().list(open.owner, Optional.empty(), 10)).isEmpty();
        assertThat(list()).containsExactly("-k:" + marker + "*", "k:" + version);
        assertConsistent();
        assertThat(delete("k", marker)).isEqualTo(new DeleteAnswer.Unmarked(marker));
        assertThat(get("k")).isEqualTo("content");
        assertConsistent();
    }

    private void assertRefusedAsMarked(String key, Optional<VersionId> asked, VersionId marker, boolean byId)
            throws IOException {
        assertThat(open.read(bucket, key, ReadRequest.of(ReadRequest.Kind.HEAD, asked)))
                .isInstanceOfSatisfying(ReadAnswer.Marker.class, answer -> {
                    assertThat(answer.version()).isEqualTo(marker);
                    assertThat(answer.asked()).isEqualTo(byId);
                });
    }

    @Test
    void a_key_that_never_was_gets_a_marker_too_and_each_delete_its_own() throws Exception {
        VersionId first = mark("k");
        VersionId second = mark("k");
        assertThat(list()).containsExactly("-k:" + second + "*", "-k:" + first);
        assertConsistent();
    }

    @Test
    void the_delete_of_a_version_erases_it_and_what_is_below_comes_up() throws Exception {
        VersionId first = put("k", "one");
        VersionId second = put("k", "two");
        VersionId third = put("k", "three");
        DeleteAnswer erased = delete("k", second);
        assertThat(erased)
                .isInstanceOfSatisfying(
                        DeleteAnswer.Erased.class,
                        it -> assertThat(it.version()).contains(second));
        assertRefused(Reason.NO_SUCH_VERSION, () -> get("k", second));
        assertThat(get("k")).isEqualTo("three");
        assertThat(delete("k", third)).isInstanceOf(DeleteAnswer.Erased.class);
        assertThat(get("k")).isEqualTo("one");
        assertThat(list()).containsExactly("k:" + first + "*");
        assertThat(delete("k", third)).isEqualTo(new DeleteAnswer.Nothing());
        assertThat(open.store.receipts().list(open.owner, Optional.empty(), 10)).hasSize(2);
        assertConsistent();
    }

    @Test
    void a_marker_below_stays_below_when_the_version_above_it_goes() throws Exception {
        put("k", "one");
        VersionId marker = mark("k");
        VersionId above = put("k", "two");
        assertThat(delete("k", above)).isInstanceOf(DeleteAnswer.Erased.class);
        assertRefusedAsMarked("k", Optional.empty(), marker, false);
        assertConsistent();
    }

    @Test
    void what_was_written_before_versioning_is_the_null_version() throws Exception {
        BucketName other = open.bucket("grown-up");
        assertThat(open.put(other, "k", "old").version()).isEmpty();
        open.objects().setVersioning(open.owner, other, Versioning.ENABLED);
        VersionId next = open.put(other, "k", "new").version().orElseThrow();
        var byNull = ReadRequest.of(ReadRequest.Kind.GET, Optional.of(VersionId.NULL));
        assertThat(open.get(other, "k", byNull)).isEqualTo("old".getBytes(StandardCharsets.UTF_8));
        bucket = other;
        assertThat(list()).containsExactly("k:" + next + "*", "k:null");
        assertThat(delete("k", VersionId.NULL)).isInstanceOf(DeleteAnswer.Erased.class);
        assertRefused(Reason.NO_SUCH_VERSION, () -> open.get(other, "k", byNull));
        assertConsistent();
    }

    @Test
    void a_suspended_bucket_overwrites_its_null_version_alone() throws Exception {
        VersionId kept = put("k", "kept");
        version(Versioning.SUSPENDED);
        assertThat(put("k", "null 1")).isEqualTo(VersionId.NULL);
        assertThat(open.keys(Family.PENDING)).isEmpty();
        assertThat(put("k", "null 2")).isEqualTo(VersionId.NULL);
        assertThat(open.keys(Family.PENDING)).hasSize(1);
        assertThat(list()).containsExactly("k:null*", "k:" + kept);
        version(Versioning.ENABLED);
        VersionId above = put("k", "above");
        version(Versioning.SUSPENDED);
        put("k", "null 3");
        assertThat(open.keys(Family.PENDING)).hasSize(2);
        assertThat(list()).containsExactly("k:null*", "k:" + above, "k:" + kept);
        assertThat(get("k")).isEqualTo("null 3");
    }

    @Test
    void a_delete_in_a_suspended_bucket_erases_the_null_version_and_puts_a_null_marker() throws Exception {
        VersionId kept = put("k", "kept");
        version(Versioning.SUSPENDED);
        put("k", "null");
        assertThat(delete("k")).isInstanceOfSatisfying(DeleteAnswer.Marker.class, it -> {
            assertThat(it.version()).isEqualTo(VersionId.NULL);
            assertThat(it.replaced()).isPresent();
        });
        assertThat(list()).containsExactly("-k:null*", "k:" + kept);
        assertThat(delete("k")).isEqualTo(new DeleteAnswer.Marker(VersionId.NULL, Optional.empty()));
        assertThat(list()).containsExactly("-k:null*", "k:" + kept);
        put("k", "over the marker");
        assertThat(list()).containsExactly("k:null*", "k:" + kept);
        assertConsistent();
    }

    @Test
    void a_condition_that_nothing_is_there_holds_above_a_marker() throws Exception {
        var absent = new WriteCondition(true, Optional.empty(), false);
        ObjectKey key = ObjectKey.of("k");
        open.put(bucket, key, new byte[3], absent);
        assertRefused(Reason.PRECONDITION_FAILED, () -> open.put(bucket, key, new byte[3], absent));
        mark("k");
        assertThat(open.put(bucket, key, new byte[3], absent).version()).isPresent();
    }

    private static final ETag JOINED = new ETag(OpenStore.md5(OpenStore.md5(new byte[] {1, 2, 3})), 1);

    /** An object made by an upload of one part. */
    private PutAnswer join(ObjectKey key, UploadId upload) throws IOException {
        byte[] content = {1, 2, 3};
        try (PartWriter part = open.objects().writePart(open.owner, bucket, key, upload, 1)) {
            part.write(content, 0, 3);
            part.commit(OpenStore.md5(content), Optional.empty());
        }
        String etag = open.objects()
                .listParts(open.owner, bucket, key, upload, OptionalInt.empty(), 1)
                .parts()
                .getFirst()
                .etag();
        var request = new CompleteRequest(
                List.of(new CompleteRequest.NamedPart(1, etag, Optional.empty())),
                WriteCondition.NONE,
                Optional.empty(),
                java.util.OptionalLong.empty());
        return open.objects()
                .completeUpload(
                        open.owner,
                        bucket,
                        key,
                        upload,
                        request,
                        (parts, plan) -> new CompleteRequest.Joined(JOINED, Optional.empty()));
    }

    private UploadId begin(ObjectKey key) throws IOException {
        return open.objects().createUpload(open.owner, bucket, key, ObjectMetadata.NONE, Optional.empty());
    }

    @Test
    void a_completed_upload_is_a_version_and_its_erasure_takes_the_uploads_keys_along() throws Exception {
        VersionId before = put("k", "before");
        ObjectKey key = ObjectKey.of("k");
        VersionId joined = join(key, begin(key)).version().orElseThrow();
        assertThat(list()).containsExactly("k:" + joined + "*", "k:" + before);
        assertThat(open.keys(Family.PENDING)).hasSize(1);
        assertThat(delete("k", joined)).isInstanceOf(DeleteAnswer.Erased.class);
        assertThat(open.keys(Family.PENDING)).isEmpty();
        assertThat(get("k")).isEqualTo("before");
    }

    @Test
    void a_completion_is_answered_again_while_its_version_stands_below_newer_ones_and_markers() throws Exception {
        ObjectKey key = ObjectKey.of("k");
        UploadId upload = begin(key);
        PutAnswer joined = join(key, upload);
        assertThat(completed(upload)).contains(joined);
        put("k", "newer");
        assertThat(completed(upload)).contains(joined);
        mark("k");
        assertThat(completed(upload)).contains(joined);
        assertThat(open.objects().completedUpload(open.owner, bucket, key, upload, OpenStore.etag(new byte[1])))
                .isEmpty();
        // A version and a marker stand above it already, and here all are below the top.
        above(CompletedUploads.MOST - 3);
        assertThat(completed(upload)).contains(joined);
        above(1);
        assertThat(completed(upload)).isEmpty();
    }

    @Test
    void a_completion_is_not_answered_again_once_its_version_is_erased() throws Exception {
        ObjectKey key = ObjectKey.of("k");
        UploadId upload = begin(key);
        VersionId joined = join(key, upload).version().orElseThrow();
        put("k", "newer");
        delete("k", joined);
        assertThat(completed(upload)).isEmpty();
    }

    private Optional<PutAnswer> completed(UploadId upload) throws IOException {
        return open.objects().completedUpload(open.owner, bucket, ObjectKey.of("k"), upload, JOINED);
    }

    /** Puts markers on top in one turn. */
    private void above(int markers) throws IOException {
        long bucketId = open.row(bucket).id();
        open.ground().sequencer().submit(transaction -> {
            for (int i = 0; i < markers; i++) {
                NameRow marker = NameRow.marker(transaction.nextOrder(), false);
                KeyVersions.mark(transaction, bucketId, ObjectKey.of("k"), marker);
            }
            return true;
        });
    }

    private List<DeleteAnswer> deleteTogether(List<VersionId> versions) throws IOException {
        ObjectKey key = ObjectKey.of("k");
        return open.objects()
                .delete(
                        open.owner,
                        bucket,
                        versions.stream()
                                .map(version -> new DeleteTarget(key, version))
                                .toList());
    }

    private static List<ReceiptId> receipts(List<DeleteAnswer> answers) {
        return answers.stream()
                .map(answer -> ((DeleteAnswer.Erased) answer).receipt())
                .toList();
    }

    @Test
    void versions_of_one_key_are_erased_together_each_with_its_receipt_in_any_order() throws Exception {
        List<VersionId> versions = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            versions.add(put("k", "" + i));
        }
        VersionId kept = versions.remove(3);
        java.util.Collections.shuffle(versions, new java.util.Random(7));
        versions.add(versions.getFirst());
        List<ReceiptId> receipts = receipts(deleteTogether(versions));
        assertThat(receipts.getLast()).isEqualTo(receipts.getFirst());
        assertThat(new HashSet<>(receipts)).hasSize(11);
        assertThat(list()).containsExactly("k:" + kept + "*");
        assertThat(deleteTogether(versions)).containsOnly(new DeleteAnswer.Nothing());
        assertConsistent();
    }

    /** A row of the queue that nothing else knows of. */
    private ErasureQueue.Entry waiting(Transaction transaction) {
        BucketRow row = open.row(bucket);
        var pending = new PendingRow(ErasureReason.OVERWRITTEN, false, 0, 0, "request", bucket.value(), List.of());
        long slot = transaction.allocateSlot(row.domain());
        return new ErasureQueue.Entry(row.domain(), row.id(), new byte[] {'k'}, slot, pending);
    }

    @Test
    void a_turn_looks_once_at_what_waits_of_a_key_and_not_at_what_it_adds() throws Exception {
        ObjectKey key = ObjectKey.of("k");
        List<ErasureQueue.Ref> awaited = new ArrayList<>();
        List<ErasureQueue.Entry> erased = new ArrayList<>();
        List<Erasures.OfKey> unfinished = new ArrayList<>();
        open.ground().sequencer().submit(transaction -> {
            for (int i = 0; i < 3; i++) {
                ErasureQueue.Entry entry = waiting(transaction);
                transaction.put(entry.mapKey(), entry.row().encode());
            }
            return true;
        });
        assertRefused(
                Reason.BUSY,
                () -> open.ground().sequencer().submit(transaction -> {
                    var erasures = new Erasures(transaction, open.row(bucket));
                    for (int i = 0; i <= Erasures.FORWARD_AT_ONCE; i++) {
                        ErasureQueue.Entry entry = waiting(transaction);
                        transaction.put(entry.mapKey(), entry.row().encode());
                        erasures.of(key).hide(entry);
                        awaited.addAll(erasures.of(key).all());
                    }
                    erased.addAll(erasures.inOrder());
                    unfinished.addAll(erasures.unfinished());
                    throw new Problem(Reason.BUSY, "Nothing was done.", "This is a test.", "Go on.");
                }));
        assertThat(awaited).hasSize(3);
        assertThat(erased).hasSize(Erasures.FORWARD_AT_ONCE + 4);
        assertThat(unfinished).isEmpty();
    }

    @Test
    void erased_versions_are_found_among_very_many_that_wait_and_those_wait_on() throws Exception {
        int waiting = Erasures.FORWARD_AT_ONCE + 1;
        open.ground().sequencer().submit(transaction -> {
            for (int i = 0; i < waiting; i++) {
                ErasureQueue.Entry entry = waiting(transaction);
                transaction.put(entry.mapKey(), entry.row().encode());
            }
            return true;
        });
        List<VersionId> versions = List.of(put("k", "1"), put("k", "2"), put("k", "3"));
        hideBehindTheApi();
        hideBehindTheApi();
        List<DeleteAnswer> answers = deleteTogether(
                List.of(versions.get(2), versions.get(1), new VersionId("0".repeat(32)), versions.get(2)));
        assertThat(answers.get(2)).isEqualTo(new DeleteAnswer.Nothing());
        List<ReceiptId> receipts = receipts(List.of(answers.get(0), answers.get(1), answers.get(3)));
        assertThat(new HashSet<>(receipts)).hasSize(2);
        assertThat(open.keys(Family.PENDING)).hasSize(waiting);
        assertThat(list()).containsExactly("k:" + versions.getFirst() + "*");
    }

    /** Queues what is on top for the background, as nothing in the server does with a version. */
    private void hideBehindTheApi() throws IOException {
        BucketRow row = open.row(bucket);
        ObjectKey key = ObjectKey.of("k");
        open.ground().sequencer().submit(transaction -> {
            KeyVersions.Placed top =
                    KeyVersions.find(transaction, row, key, Which.CURRENT).orElseThrow();
            ErasureQueue.Entry entry =
                    VersionCommits.entry(row, bucket, key, top.row(), ErasureReason.OVERWRITTEN, false, "test");
            KeyVersions.remove(transaction, row, key, top);
            return open.ground()
                    .queue()
                    .add(transaction, row.domain(), row.id(), entry.key(), entry.slot(), entry.row());
        });
    }

    @Test
    void a_bucket_with_versions_or_markers_alone_is_not_empty() throws Exception {
        VersionId version = put("k", "1");
        VersionId marker = mark("k");
        assertRefused(Reason.BUCKET_NOT_EMPTY, () -> open.objects().deleteBucket(open.owner, bucket));
        delete("k", version);
        assertRefused(Reason.BUCKET_NOT_EMPTY, () -> open.objects().deleteBucket(open.owner, bucket));
        delete("k", marker);
        open.objects().deleteBucket(open.owner, bucket);
    }

    @Test
    void a_reader_keeps_its_version_while_others_are_written_above_it() throws Exception {
        put("k", "read me");
        try (var content = open.open(bucket, "k")) {
            put("k", "above");
            assertThat(new String(OpenStore.bytes(content), StandardCharsets.UTF_8))
                    .isEqualTo("read me");
        }
    }

    @Test
    void pages_of_versions_go_on_where_they_ended_and_roll_up() throws Exception {
        List<String> all = new ArrayList<>();
        for (String key : List.of("a", "b/1", "b/2", "c")) {
            VersionId first = put(key, "1");
            VersionId second = put(key, "2");
            all.add(key + ":" + second);
            all.add(key + ":" + first);
        }
        List<String> found = new ArrayList<>();
        Optional<VersionPage.Marker> after = Optional.empty();
        do {
            var request = new VersionPage.Request(new byte[0], Optional.empty(), after, 3);
            VersionPage page = open.objects().listVersions(open.owner, bucket, request);
            page.items().forEach(item -> {
                var version = (VersionPage.Listed) item;
                found.add(version.key() + ":" + version.version());
            });
            after = page.next();
        } while (after.isPresent());
        assertThat(found).isEqualTo(all);
        byte[] slash = {'/'};
        var rolled = new VersionPage.Request(new byte[0], Optional.of(slash), Optional.empty(), 3);
        VersionPage page = open.objects().listVersions(open.owner, bucket, rolled);
        assertThat(page.items()).hasSize(3);
        assertThat(page.items().getLast()).isInstanceOf(VersionPage.CommonPrefix.class);
        var rest = new VersionPage.Request(new byte[0], Optional.of(slash), page.next(), 3);
        assertThat(open.objects().listVersions(open.owner, bucket, rest).items())
                .hasSize(2);
        var ofKey = new VersionPage.Request(
                new byte[0],
                Optional.empty(),
                Optional.of(new VersionPage.Marker(new byte[] {'a'}, Optional.empty())),
                1000);
        assertThat(open.objects().listVersions(open.owner, bucket, ofKey).items())
                .hasSize(6);
    }

    private VersionPage page(Optional<VersionPage.Marker> after, int limit) throws IOException {
        return open.objects()
                .listVersions(open.owner, bucket, new VersionPage.Request(new byte[0], Optional.empty(), after, limit));
    }

    private static List<VersionId> ids(VersionPage page) {
        return page.items().stream()
                .map(item -> ((VersionPage.Listed) item).version())
                .toList();
    }

    @Test
    void a_page_goes_on_below_the_null_version_that_was_erased_since() throws Exception {
        List<VersionId> old =
                List.of(put("k", "3"), put("k", "2"), put("k", "1")).reversed();
        version(Versioning.SUSPENDED);
        put("k", "null");
        version(Versioning.ENABLED);
        VersionId top = put("k", "top");
        VersionPage first = page(Optional.empty(), 2);
        assertThat(ids(first)).containsExactly(top, VersionId.NULL);
        deleteTogether(ids(first));
        assertThat(ids(page(first.next(), 10))).isEqualTo(old);
        version(Versioning.SUSPENDED);
        put("k", "another null");
        assertThat(ids(page(first.next(), 10))).isEqualTo(old);
    }

    @Test
    void a_page_after_a_null_version_that_is_not_there_begins_with_the_key() throws Exception {
        put("j", "before");
        List<VersionId> all = List.of(put("k", "2"), put("k", "1")).reversed();
        var marker = new VersionPage.Marker(new byte[] {'k'}, Optional.of(VersionId.NULL));
        assertThat(ids(page(Optional.of(marker), 10))).isEqualTo(all);
    }
}
