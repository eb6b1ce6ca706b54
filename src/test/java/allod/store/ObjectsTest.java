package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Problem;
import allod.base.Reason;
import allod.keys.FloeParameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObjectsTest {
    /** The most content that stands in a row: 32 KiB less header and one segment's overhead. */
    private static final int MOST_INLINE = 32 * 1024 - 74 - 32;

    private static final int SEGMENT = 65_504;

    private OpenStore open;
    private BucketName bucket;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        open = OpenStore.in(folder);
        bucket = open.bucket("objects");
    }

    @AfterAll
    void stop() throws IOException {
        open.close();
        assertThat(open.faults).isEmpty();
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private static ReadRequest range(ReadRequest.ByteRange range) {
        return request(ReadRequest.Kind.GET, Optional.of(range), List.of(), false, List.of(), false, null, null);
    }

    @SuppressWarnings("TooManyParameters")
    private static ReadRequest request(
            ReadRequest.Kind kind,
            Optional<ReadRequest.ByteRange> range,
            List<ETag> match,
            boolean matchAny,
            List<ETag> noneMatch,
            boolean noneMatchAny,
            @org.jspecify.annotations.Nullable Instant modified,
            @org.jspecify.annotations.Nullable Instant unmodified) {
        return new ReadRequest(
                kind,
                Optional.empty(),
                range,
                match,
                matchAny,
                noneMatch,
                noneMatchAny,
                Optional.ofNullable(modified),
                Optional.ofNullable(unmodified));
    }

    @Test
    void a_segment_holds_what_these_tests_think() {
        assertThat(FloeParameters.STANDARD.plainSegmentBytes()).isEqualTo(SEGMENT);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                MOST_INLINE - 1,
                MOST_INLINE,
                MOST_INLINE + 1,
                SEGMENT - 1,
                SEGMENT,
                SEGMENT + 1,
                2 * SEGMENT,
                3 * SEGMENT,
                3 * SEGMENT + 1
            })
    void content_comes_back_whole_and_in_every_range(int size) throws IOException {
        byte[] content = content(size);
        String key = "size-" + size;
        PutAnswer put = open.put(bucket, key, content);
        assertThat(put.size()).isEqualTo(size);
        assertThat(open.get(bucket, key)).isEqualTo(content);
        for (int at : new int[] {0, 1, MOST_INLINE, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, size - 1}) {
            if (at >= 0 && at < size) {
                for (int length : new int[] {1, 2, SEGMENT, size - at}) {
                    int end = Math.min(size, at + length);
                    assertThat(open.get(bucket, key, range(new ReadRequest.ByteRange.Span(at, at + length - 1L))))
                            .isEqualTo(Arrays.copyOfRange(content, at, end));
                }
                assertThat(open.get(bucket, key, range(new ReadRequest.ByteRange.From(at))))
                        .isEqualTo(Arrays.copyOfRange(content, at, size));
                assertThat(open.get(bucket, key, range(new ReadRequest.ByteRange.Suffix(size - at))))
                        .isEqualTo(Arrays.copyOfRange(content, at, size));
            }
        }
        assertThat(open.read(bucket, key, range(new ReadRequest.ByteRange.From(size))))
                .isInstanceOf(ReadAnswer.Unsatisfiable.class);
        assertThat(open.get(bucket, key, range(new ReadRequest.ByteRange.Suffix(size + 1L))))
                .isEqualTo(content);
        assertThat(open.read(bucket, key, range(new ReadRequest.ByteRange.Suffix(0))))
                .isInstanceOf(ReadAnswer.Unsatisfiable.class);
    }

    @Test
    void small_content_stands_in_its_row_and_larger_in_a_blob() throws IOException {
        int before = open.blobs();
        open.put(bucket, "inline", content(MOST_INLINE));
        assertThat(open.blobs()).isEqualTo(before);
        open.put(bucket, "blob", content(MOST_INLINE + 1));
        assertThat(open.blobs()).isEqualTo(before + 1);
    }

    @Test
    void a_head_tells_what_a_put_said() throws IOException {
        byte[] content = content(10);
        var metadata = new ObjectMetadata(Map.of("content-type", "text/plain"), Map.of("colour", "blå"));
        var checksum = new Checksum(Checksum.Algorithm.CRC32, Checksum.Type.FULL_OBJECT, "AAAAAA==");
        var terms = new PutTerms(
                metadata, OpenStore.etag(content), Optional.of(checksum), WriteCondition.NONE, Optional.empty());
        try (ObjectWriter writer = open.objects().write(open.owner, bucket, ObjectKey.of("told"))) {
            writer.write(content, 0, 10);
            writer.commit(terms);
        }
        var head = (ReadAnswer.Described)
                open.objects().read(open.owner, bucket, ObjectKey.of("told"), ReadRequest.of(ReadRequest.Kind.HEAD));
        assertThat(head.info().metadata()).isEqualTo(metadata);
        assertThat(head.info().checksum()).contains(checksum);
        assertThat(head.info().etag()).isEqualTo(OpenStore.etag(content));
        assertThat(head.info().size()).isEqualTo(10);
        assertThat(head.info().parts()).isZero();
        assertThat(head.info().lastModified()).isEqualTo(Order.time(head.info().order()));
    }

    @Test
    void user_metadata_has_a_limit() throws IOException {
        byte[] none = {};
        for (int size : new int[] {ObjectMetadata.MAX_USER_BYTES, ObjectMetadata.MAX_USER_BYTES + 1}) {
            var metadata = new ObjectMetadata(Map.of(), Map.of("k", "v".repeat(size - 1)));
            var terms = new PutTerms(
                    metadata, OpenStore.etag(none), Optional.empty(), WriteCondition.NONE, Optional.empty());
            try (ObjectWriter writer = open.objects().write(open.owner, bucket, ObjectKey.of("metadata"))) {
                if (size == ObjectMetadata.MAX_USER_BYTES) {
                    writer.commit(terms);
                } else {
                    assertRefused(Reason.METADATA_TOO_LARGE, () -> writer.commit(terms));
                }
            }
        }
    }

    @Test
    void reads_keep_the_conditions_of_the_protocol() throws IOException {
        byte[] content = content(5);
        PutAnswer put = open.put(bucket, "conditions", content);
        Instant second = put.lastModified().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        ETag mine = put.etag();
        ETag others = OpenStore.etag(new byte[1]);
        var get = ReadRequest.Kind.GET;
        Optional<ReadRequest.ByteRange> whole = Optional.empty();
        Instant before = second.minusSeconds(1);
        assertThat(read(request(get, whole, List.of(others, mine), false, List.of(), false, null, null)))
                .isEqualTo("content");
        assertThat(read(request(get, whole, List.of(others), false, List.of(), false, null, null)))
                .isEqualTo("PRECONDITION_FAILED");
        assertThat(read(request(get, whole, List.of(), true, List.of(), false, null, null)))
                .isEqualTo("content");
        assertThat(read(request(get, whole, List.of(), false, List.of(mine), false, null, null)))
                .isEqualTo("not modified");
        assertThat(read(request(get, whole, List.of(), false, List.of(others), false, null, null)))
                .isEqualTo("content");
        assertThat(read(request(get, whole, List.of(), false, List.of(), true, null, null)))
                .isEqualTo("not modified");
        assertThat(read(request(get, whole, List.of(), false, List.of(), false, second, null)))
                .isEqualTo("not modified");
        assertThat(read(request(get, whole, List.of(), false, List.of(), false, before, null)))
                .isEqualTo("content");
        assertThat(read(request(get, whole, List.of(), false, List.of(), false, null, second)))
                .isEqualTo("content");
        assertThat(read(request(get, whole, List.of(), false, List.of(), false, null, before)))
                .isEqualTo("PRECONDITION_FAILED");
        // If-Match stands above If-Unmodified-Since, If-None-Match above If-Modified-Since.
        assertThat(read(request(get, whole, List.of(mine), false, List.of(), false, null, before)))
                .isEqualTo("content");
        assertThat(read(request(get, whole, List.of(), false, List.of(others), false, second, null)))
                .isEqualTo("content");
        var copy = ReadRequest.Kind.COPY_SOURCE;
        assertThat(read(request(copy, whole, List.of(), false, List.of(mine), false, null, null)))
                .isEqualTo("PRECONDITION_FAILED");
    }

    private String read(ReadRequest request) throws IOException {
        try {
            ReadAnswer answer = open.objects().read(open.owner, bucket, ObjectKey.of("conditions"), request);
            if (answer instanceof ReadAnswer.Content content) {
                content.close();
                return "content";
            }
            return answer instanceof ReadAnswer.NotModified ? "not modified" : "described";
        } catch (Problem refused) {
            return refused.reason().toString();
        }
    }

    @Test
    void of_many_creations_exactly_one_wins() throws Exception {
        var absent = new WriteCondition(true, Optional.empty(), false);
        List<Callable<String>> racers = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            byte[] content = ("writer " + i).getBytes(StandardCharsets.UTF_8);
            racers.add(() -> put("race", content, absent));
        }
        List<String> answers = OpenStore.together(racers);
        assertThat(answers).filteredOn("PRECONDITION_FAILED"::equals).hasSize(23);
        String winner =
                answers.stream().filter(a -> a.startsWith("writer")).findFirst().orElseThrow();
        assertThat(open.get(bucket, "race")).asString().isEqualTo(winner);
    }

    private String put(String key, byte[] content, WriteCondition condition) throws IOException {
        try {
            open.put(bucket, ObjectKey.of(key), content, condition);
            return new String(content, StandardCharsets.UTF_8);
        } catch (Problem refused) {
            return refused.reason().toString();
        }
    }

    @Test
    void of_many_replacements_of_one_state_exactly_one_wins() throws Exception {
        open.put(bucket, "cas", "0");
        for (int round = 0; round < 5; round++) {
            var state = new WriteCondition(false, Optional.of(OpenStore.etag(open.get(bucket, "cas"))), false);
            List<Callable<String>> racers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                byte[] content = (round + "/" + i).getBytes(StandardCharsets.UTF_8);
                racers.add(() -> put("cas", content, state));
            }
            List<String> answers = OpenStore.together(racers);
            assertThat(answers).filteredOn(a -> a.contains("/")).hasSize(1);
            assertThat(answers).contains(new String(open.get(bucket, "cas"), StandardCharsets.UTF_8));
        }
    }

    @Test
    void a_condition_on_an_absent_key_fails() throws IOException {
        var any = new WriteCondition(false, Optional.empty(), true);
        var one = new WriteCondition(false, Optional.of(OpenStore.etag(new byte[1])), false);
        assertThat(put("absent", new byte[1], any)).isEqualTo("NO_SUCH_KEY");
        assertThat(put("absent", new byte[1], one)).isEqualTo("NO_SUCH_KEY");
        assertRefused(Reason.NO_SUCH_KEY, () -> open.get(bucket, "absent"));
    }

    @Test
    void an_overwrite_is_seen_at_once_and_its_forerunner_is_erased_in_the_window() throws Exception {
        open.put(bucket, "twice", content(100_000));
        int blobs = open.blobs();
        open.clock.step(Duration.ofSeconds(1));
        PutAnswer second = open.put(bucket, "twice", content(90_000));
        assertThat(open.get(bucket, "twice")).isEqualTo(content(90_000));
        open.drained();
        assertThat(open.blobs()).isEqualTo(blobs);
        assertThat(open.get(bucket, "twice")).isEqualTo(content(90_000));
        assertThat(open.store.receipts().list(open.owner, Optional.empty(), 1000))
                .anySatisfy(receipt -> {
                    assertThat(receipt.item().key()).asString().isEqualTo("twice");
                    assertThat(receipt.item().version()).isLessThan(second.order());
                });
    }

    @Test
    void a_failed_put_leaves_no_blob_and_no_open_key() throws Exception {
        open.put(bucket, "kept", "kept");
        int blobs = open.blobs();
        int slots = open.keys(Family.SLOT).size();
        assertThat(put("kept", content(100_000), new WriteCondition(true, Optional.empty(), false)))
                .isEqualTo("PRECONDITION_FAILED");
        try (ObjectWriter given_up = open.objects().write(open.owner, bucket, ObjectKey.of("kept"))) {
            given_up.write(content(100_000), 0, 100_000);
        }
        open.drained();
        assertThat(open.blobs()).isEqualTo(blobs);
        assertThat(open.keys(Family.SLOT)).hasSizeLessThanOrEqualTo(slots + 1);
    }

    @Test
    void versions_are_ordered_even_while_the_clock_stands() throws IOException {
        long last = 0;
        for (int i = 0; i < 5; i++) {
            long order = open.put(bucket, "ordered", "v" + i).order();
            assertThat(order).isGreaterThan(last);
            last = order;
        }
    }
}
