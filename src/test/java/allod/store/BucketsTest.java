package allod.store;

import static allod.store.OpenStore.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BucketsTest {
    private OpenStore open;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        open = OpenStore.in(folder);
    }

    @AfterAll
    void stop() throws IOException {
        open.close();
        assertThat(open.faults).isEmpty();
    }

    static void assertRefused(Reason reason, ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.reason()).isEqualTo(reason));
    }

    @Test
    void a_bucket_is_created_once() throws IOException {
        BucketName name = open.bucket("once");
        assertThat(open.objects().bucket(open.owner, name, "bucket.head").name())
                .isEqualTo(name);
        assertRefused(Reason.BUCKET_OWNED_BY_CALLER, () -> open.objects().createBucket(open.owner, name));
        assertRefused(Reason.BUCKET_EXISTS, () -> open.objects().createBucket(open.other, name));
    }

    @Test
    void another_owner_reaches_nothing_of_it() throws IOException {
        BucketName name = open.bucket("private");
        open.put(name, "k", "content");
        ObjectKey key = ObjectKey.of("k");
        var list = new ListRequest(new byte[0], Optional.empty(), Optional.empty(), 10);
        assertRefused(Reason.ACCESS_DENIED, () -> open.objects().bucket(open.other, name, "bucket.head"));
        assertRefused(Reason.ACCESS_DENIED, () -> open.objects().write(open.other, name, key));
        assertRefused(
                Reason.ACCESS_DENIED,
                () -> open.objects().read(open.other, name, key, ReadRequest.of(ReadRequest.Kind.GET)));
        assertRefused(
                Reason.ACCESS_DENIED,
                () -> open.objects().delete(open.other, name, List.of(new DeleteTarget(key, WriteCondition.NONE))));
        assertRefused(Reason.ACCESS_DENIED, () -> open.objects().list(open.other, name, list));
        assertRefused(Reason.ACCESS_DENIED, () -> open.objects().deleteBucket(open.other, name));
        assertRefused(
                Reason.ACCESS_DENIED,
                () -> open.objects().createUpload(open.other, name, key, ObjectMetadata.NONE, Optional.empty()));
        assertThat(open.get(name, "k")).asString().isEqualTo("content");
        List<EventRecord> history = open.history();
        assertThat(history.subList(history.size() - 8, history.size() - 1))
                .allSatisfy(event -> assertThat(OpenStore.body(event))
                        .contains("refused: ACCESS_DENIED", "\"access_key\":\"KEYother\""));
    }

    @Test
    void only_an_empty_bucket_is_deleted() throws IOException {
        BucketName name = open.bucket("leaving");
        open.put(name, "k", "content");
        assertRefused(Reason.BUCKET_NOT_EMPTY, () -> open.objects().deleteBucket(open.owner, name));
        open.delete(name, "k");
        UploadId upload =
                open.objects().createUpload(open.owner, name, ObjectKey.of("u"), ObjectMetadata.NONE, Optional.empty());
        assertRefused(Reason.BUCKET_NOT_EMPTY, () -> open.objects().deleteBucket(open.owner, name));
        open.objects().abortUpload(open.owner, name, ObjectKey.of("u"), upload);
        open.objects().deleteBucket(open.owner, name);
        assertRefused(Reason.NO_SUCH_BUCKET, () -> open.objects().bucket(open.owner, name, "bucket.head"));
        assertRefused(Reason.NO_SUCH_BUCKET, () -> open.objects().deleteBucket(open.owner, name));
        BucketName again = open.bucket("leaving");
        assertRefused(Reason.NO_SUCH_KEY, () -> open.get(again, "k"));
    }

    @Test
    void a_writer_whose_bucket_goes_commits_nothing_and_leaves_no_key() throws Exception {
        BucketName name = open.bucket("vanishing");
        BucketRow row = open.row(name);
        byte[] content = new byte[100_000];
        try (ObjectWriter writer = open.objects().write(open.owner, name, ObjectKey.of("k"))) {
            writer.write(content, 0, content.length);
            open.objects().deleteBucket(open.owner, name);
            assertRefused(Reason.NO_SUCH_BUCKET, () -> writer.commit(OpenStore.terms(content, WriteCondition.NONE)));
        }
        open.drained();
        assertThat(open.blobs()).isZero();
        assertThat(open.keys(Family.RESERVATION))
                .noneMatch(key -> key.length > 5
                        && new RowReader("x", key).raw(13).length > 0
                        && java.util.Arrays.equals(
                                java.util.Arrays.copyOfRange(key, 5, 13),
                                new RowWriter(8).u64(row.id()).toBytes()));
    }

    @Test
    void a_deleted_bucket_queues_only_slots_that_no_row_names() throws Exception {
        BucketName name = open.bucket("spent");
        for (int i = 0; i < 3; i++) {
            open.put(name, "k" + i, "content");
        }
        open.delete(name, "k0", "k1", "k2");
        open.objects().deleteBucket(open.owner, name);
        open.drained();
        assertThat(open.ground().queue().backgroundSize()).isZero();
    }

    @Test
    void an_owner_lists_its_buckets_page_by_page() throws IOException {
        Caller caller = newOwner("lister");
        List<String> names = List.of("page-a", "page-aa", "page-b", "page-c", "pbge");
        for (String name : names) {
            open.objects().createBucket(caller, name(name));
        }
        for (int limit = 1; limit <= 6; limit++) {
            assertThat(paged(caller, "", limit)).isEqualTo(names);
            assertThat(paged(caller, "page-", limit)).isEqualTo(names.subList(0, 4));
        }
        assertThat(open.objects().listBuckets(caller, "", Optional.empty(), 0).buckets())
                .isEmpty();
    }

    private List<String> paged(Caller caller, String prefix, int limit) throws IOException {
        List<String> found = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            BucketPage page = open.objects().listBuckets(caller, prefix, after, limit);
            assertThat(page.buckets()).hasSizeLessThanOrEqualTo(limit);
            page.buckets().forEach(bucket -> found.add(bucket.name().value()));
            after = page.next();
        } while (after.isPresent());
        return found;
    }

    private Caller newOwner(String name) throws IOException {
        return OpenStore.caller(
                name, open.store.tenants().add(OpenStore.ROOT, name).id().value());
    }

    @Test
    void an_owner_has_a_thousand_buckets_and_not_one_more() throws Exception {
        Caller caller = newOwner("collector");
        List<Callable<Bucket>> creations = new ArrayList<>();
        for (int i = 0; i < ObjectStore.MAX_BUCKETS_PER_TENANT; i++) {
            BucketName name = name("collected-" + i);
            creations.add(() -> open.objects().createBucket(caller, name));
        }
        OpenStore.together(creations);
        assertRefused(Reason.TOO_MANY_BUCKETS, () -> open.objects().createBucket(caller, name("one-too-many")));
        open.objects().deleteBucket(caller, name("collected-0"));
        open.objects().createBucket(caller, name("one-too-many"));
    }
}
