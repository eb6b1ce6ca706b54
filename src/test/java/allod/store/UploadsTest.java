package allod.store;

import static allod.store.BucketsTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Uploads, with parts of any size where only the order of things matters. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UploadsTest {
    static final CompleteRequest.Joiner JOINER = (parts, plan) -> {
        var md5s = ByteBuffer.allocate(16 * parts.size());
        parts.forEach(part -> md5s.put(part.md5()));
        return new CompleteRequest.Joined(new ETag(OpenStore.md5(md5s.array()), parts.size()), Optional.empty());
    };

    private OpenStore open;
    private ObjectStore tiny;
    private BucketName bucket;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        open = OpenStore.in(folder);
        tiny = new EmbeddedObjectStore(
                open.ground(),
                open.store.parts().dropped(),
                VersionIds.open(open.ground()),
                Duration.ofDays(1),
                open.clock,
                1);
        bucket = open.bucket("uploads");
    }

    @AfterAll
    void stop() throws IOException {
        open.close();
        assertThat(open.faults).isEmpty();
    }

    static PartInfo part(
            OpenStore open,
            ObjectStore objects,
            BucketName bucket,
            ObjectKey key,
            UploadId upload,
            int number,
            byte[] content)
            throws IOException {
        try (PartWriter writer = objects.writePart(open.owner, bucket, key, upload, number)) {
            writer.write(content, 0, content.length);
            return writer.commit(OpenStore.md5(content), Optional.empty());
        }
    }

    static PutAnswer complete(
            OpenStore open,
            ObjectStore objects,
            BucketName bucket,
            ObjectKey key,
            UploadId upload,
            List<Integer> numbers,
            List<byte[]> contents)
            throws IOException {
        List<CompleteRequest.NamedPart> named = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            named.add(new CompleteRequest.NamedPart(
                    numbers.get(i), OpenStore.etag(contents.get(i)).toString(), Optional.empty()));
        }
        var request = new CompleteRequest(named, WriteCondition.NONE, Optional.empty(), OptionalLong.empty());
        return objects.completeUpload(open.owner, bucket, key, upload, request, JOINER);
    }

    private UploadId begin(ObjectKey key) throws IOException {
        return tiny.createUpload(open.owner, bucket, key, ObjectMetadata.NONE, Optional.empty());
    }

    private PartInfo part(ObjectKey key, UploadId upload, int number, byte[] content) throws IOException {
        return part(open, tiny, bucket, key, upload, number, content);
    }

    private PutAnswer complete(ObjectKey key, UploadId upload, List<Integer> numbers, List<byte[]> contents)
            throws IOException {
        return complete(open, tiny, bucket, key, upload, numbers, contents);
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    @Test
    void listed_parts_make_the_object_and_all_else_is_gone() throws Exception {
        ObjectKey key = ObjectKey.of("joined");
        UploadId upload = begin(key);
        open.drained();
        int blobs = open.blobs();
        byte[] one = content(65_505);
        byte[] four = content(100_000);
        byte[] nine = content(7);
        part(key, upload, 1, content(50_000));
        part(key, upload, 1, one);
        part(key, upload, 3, content(33_000));
        part(key, upload, 4, four);
        part(key, upload, 9, nine);
        PutAnswer put = complete(key, upload, List.of(1, 4, 9), List.of(one, four, nine));
        byte[] whole = ByteBuffer.allocate(165_512).put(one).put(four).put(nine).array();
        assertThat(put.etag().parts()).isEqualTo(3);
        assertThat(open.get(bucket, "joined")).isEqualTo(whole);
        for (int at : new int[] {0, 65_503, 65_504, 65_505, 65_506, 165_504, 165_505, 165_511}) {
            assertThat(open.get(bucket, "joined", range(at, at + 70_000)))
                    .isEqualTo(Arrays.copyOfRange(whole, at, Math.min(whole.length, at + 70_001)));
            assertThat(open.get(bucket, "joined", range(at, at))).containsExactly(whole[at]);
        }
        open.drained();
        assertThat(open.blobs()).isEqualTo(blobs + 3);
        assertThat(open.get(bucket, "joined")).isEqualTo(whole);
        assertRefused(Reason.NO_SUCH_UPLOAD, () -> part(key, upload, 1, one));
        open.delete(bucket, "joined");
        open.drained();
        assertThat(open.blobs()).isEqualTo(blobs);
    }

    private static ReadRequest range(long first, long last) {
        return new ReadRequest(
                ReadRequest.Kind.GET,
                Optional.empty(),
                Optional.of(new ReadRequest.ByteRange.Span(first, last)),
                List.of(),
                false,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void a_completion_must_name_the_parts_as_they_are() throws IOException {
        ObjectKey key = ObjectKey.of("strict");
        UploadId upload = begin(key);
        byte[] a = content(10);
        byte[] b = content(11);
        part(key, upload, 1, a);
        part(key, upload, 2, b);
        assertRefused(Reason.INVALID_PART, () -> complete(key, upload, List.of(1, 2), List.of(a, a)));
        assertRefused(Reason.INVALID_PART, () -> complete(key, upload, List.of(1, 3), List.of(a, b)));
        assertRefused(Reason.INVALID_PART_ORDER, () -> complete(key, upload, List.of(2, 1), List.of(b, a)));
        assertRefused(Reason.INVALID_PART_ORDER, () -> complete(key, upload, List.of(1, 1), List.of(a, a)));
        assertRefused(Reason.INVALID_ARGUMENT, () -> part(key, upload, 0, a));
        assertRefused(Reason.INVALID_ARGUMENT, () -> part(key, upload, 10_001, a));
        assertRefused(
                Reason.PART_TOO_SMALL,
                () -> complete(open, open.objects(), bucket, key, upload, List.of(1, 2), List.of(a, b)));
        assertThat(complete(key, upload, List.of(1, 2), List.of(a, b)).size()).isEqualTo(21);
    }

    @Test
    void the_last_part_alone_may_be_small() throws IOException {
        ObjectKey key = ObjectKey.of("least");
        byte[] large = content((int) ObjectStore.MIN_PART_BYTES);
        byte[] less = content((int) ObjectStore.MIN_PART_BYTES - 1);
        byte[] last = {};
        UploadId upload = begin(key);
        part(key, upload, 1, less);
        part(key, upload, 2, large);
        part(key, upload, 3, last);
        assertRefused(
                Reason.PART_TOO_SMALL,
                () -> complete(open, open.objects(), bucket, key, upload, List.of(1, 3), List.of(less, last)));
        complete(open, open.objects(), bucket, key, upload, List.of(2, 3), List.of(large, last));
        assertThat(open.get(bucket, "least")).isEqualTo(large);
    }

    @Test
    void the_manifest_of_many_parts_lies_in_a_blob() throws Exception {
        for (int count : new int[] {Manifest.INLINE_PARTS, Manifest.INLINE_PARTS + 1}) {
            ObjectKey key = ObjectKey.of("parts-" + count);
            UploadId upload = begin(key);
            int before = open.blobs();
            List<Callable<PartInfo>> stores = new ArrayList<>();
            List<Integer> numbers = new ArrayList<>();
            List<byte[]> contents = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                // The last number that S3 knows is among them.
                int number = ObjectStore.MAX_PARTS - count + 1 + i;
                byte[] content = {(byte) i, (byte) (i >> 8)};
                numbers.add(number);
                contents.add(content);
                stores.add(() -> part(key, upload, number, content));
            }
            OpenStore.together(stores);
            complete(key, upload, numbers, contents);
            assertThat(open.blobs()).isEqualTo(before + count + (count > Manifest.INLINE_PARTS ? 1 : 0));
            byte[] whole = open.get(bucket, "parts-" + count);
            for (int i = 0; i < count; i++) {
                assertThat(whole[2 * i]).isEqualTo((byte) i);
                assertThat(whole[2 * i + 1]).isEqualTo((byte) (i >> 8));
            }
            open.delete(bucket, "parts-" + count);
            open.drained();
            assertThat(open.blobs()).isEqualTo(before);
        }
    }

    @Test
    void an_aborted_upload_is_erased_with_its_parts() throws Exception {
        ObjectKey key = ObjectKey.of("aborted");
        int blobs = open.blobs();
        UploadId upload = begin(key);
        byte[] row = java.util.Objects.requireNonNull(
                open.ground().map().get(MapKey.upload(open.row(bucket).id(), key, upload)));
        long slot = UploadRow.decode(row).slot();
        part(key, upload, 1, content(40_000));
        part(key, upload, 2, content(40_000));
        try (PartWriter late = tiny.writePart(open.owner, bucket, key, upload, 3)) {
            late.write(content(50_000), 0, 50_000);
            tiny.abortUpload(open.owner, bucket, key, upload);
            open.drained();
            assertRefused(Reason.NO_SUCH_UPLOAD, () -> late.commit(OpenStore.md5(content(50_000)), Optional.empty()));
        }
        open.drained();
        assertThat(open.blobs()).isEqualTo(blobs);
        assertThat(open.ground().secrets().secret(open.row(bucket).domain(), slot))
                .isEmpty();
        assertRefused(Reason.NO_SUCH_UPLOAD, () -> tiny.abortUpload(open.owner, bucket, key, upload));
        assertRefused(Reason.NO_SUCH_UPLOAD, () -> part(key, upload, 1, content(1)));
    }

    @Test
    void a_completion_that_races_with_a_part_takes_the_part_as_it_was_named() throws Exception {
        for (int round = 0; round < 8; round++) {
            ObjectKey key = ObjectKey.of("racing");
            UploadId upload = begin(key);
            byte[] named = content(1000 + round);
            byte[] other = content(2000 + round);
            part(key, upload, 1, named);
            List<Callable<Boolean>> racers = new ArrayList<>();
            racers.add(() -> {
                try {
                    return complete(key, upload, List.of(1), List.of(named)).size() > 0;
                } catch (allod.base.Problem lost) {
                    assertThat(lost.reason()).isEqualTo(Reason.INVALID_PART);
                    return false;
                }
            });
            for (int i = 0; i < 3; i++) {
                int number = 2 + i;
                racers.add(() -> {
                    try {
                        part(key, upload, number, other);
                        return true;
                    } catch (allod.base.Problem over) {
                        assertThat(over.reason()).isEqualTo(Reason.NO_SUCH_UPLOAD);
                        return false;
                    }
                });
            }
            assertThat(OpenStore.together(racers).getFirst()).isTrue();
            assertThat(open.get(bucket, "racing")).isEqualTo(named);
        }
    }

    @Test
    void of_many_completions_one_wins() throws Exception {
        ObjectKey key = ObjectKey.of("completed");
        UploadId upload = begin(key);
        byte[] content = content(100);
        part(key, upload, 1, content);
        List<Callable<Boolean>> racers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            racers.add(() -> {
                try {
                    complete(key, upload, List.of(1), List.of(content));
                    return true;
                } catch (allod.base.Problem over) {
                    assertThat(over.reason()).isEqualTo(Reason.NO_SUCH_UPLOAD);
                    return false;
                }
            });
        }
        assertThat(OpenStore.together(racers)).filteredOn(won -> won).hasSize(1);
        assertThat(open.get(bucket, "completed")).isEqualTo(content);
    }

    @Test
    void parts_are_listed_page_by_page() throws IOException {
        ObjectKey key = ObjectKey.of("listed");
        UploadId upload = begin(key);
        List<PartInfo> stored = new ArrayList<>();
        for (int number : new int[] {1, 2, 5, 255, 256, 10_000}) {
            stored.add(part(key, upload, number, content(number % 7)));
        }
        for (int limit = 1; limit <= 7; limit++) {
            List<PartInfo> found = new ArrayList<>();
            OptionalInt after = OptionalInt.empty();
            do {
                PartPage page = tiny.listParts(open.owner, bucket, key, upload, after, limit);
                found.addAll(page.parts());
                after = page.next();
            } while (after.isPresent());
            assertThat(found).isEqualTo(stored);
        }
        assertThat(tiny.listParts(open.owner, bucket, key, upload, OptionalInt.of(100_000), 5)
                        .parts())
                .isEmpty();
        assertThat(tiny.listParts(open.owner, bucket, key, upload, OptionalInt.empty(), 0)
                        .next())
                .isEmpty();
    }

    @Test
    void uploads_are_listed_page_by_page() throws IOException {
        BucketName mine = open.bucket("upload-list");
        List<String> expected = new ArrayList<>();
        for (String key : List.of("a", "a/b", "a/c", "b", "b", "b", "c/d")) {
            UploadId id = tiny.createUpload(open.owner, mine, ObjectKey.of(key), ObjectMetadata.NONE, Optional.empty());
            expected.add(key + " " + id);
        }
        expected.sort(null);
        for (int limit = 1; limit <= 8; limit++) {
            assertThat(pagedUploads(mine, Optional.empty(), limit)).isEqualTo(expected);
            List<String> rolled = pagedUploads(mine, Optional.of(new byte[] {'/'}), limit);
            assertThat(rolled).hasSize(6).contains("a/", "c/");
        }
        var after = new UploadPage.Request(
                new byte[0],
                Optional.empty(),
                Optional.of(new UploadPage.Marker(new byte[] {'b'}, Optional.empty())),
                10);
        assertThat(tiny.listUploads(open.owner, mine, after).items()).hasSize(1);
    }

    private List<String> pagedUploads(BucketName name, Optional<byte[]> delimiter, int limit) throws IOException {
        List<String> found = new ArrayList<>();
        Optional<UploadPage.Marker> after = Optional.empty();
        do {
            UploadPage page =
                    tiny.listUploads(open.owner, name, new UploadPage.Request(new byte[0], delimiter, after, limit));
            for (UploadPage.Item item : page.items()) {
                found.add(
                        switch (item) {
                            case UploadPage.Listed listed -> listed.key() + " " + listed.id();
                            case UploadPage.CommonPrefix group ->
                                new String(group.bytes(), java.nio.charset.StandardCharsets.UTF_8);
                        });
            }
            after = page.next();
        } while (after.isPresent());
        return found;
    }
}
