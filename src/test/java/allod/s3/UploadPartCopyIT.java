package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.TestServer;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/** Uploads whose parts are copied from objects. */
class UploadPartCopyIT {
    private static final String BUCKET = "part-copies";
    private static final int PART = 5 << 20;
    private static final byte[] SOURCE = new byte[PART + 1000];

    private static TestServer server;
    private static S3Client client;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(S3Settings.defaults().withMaxPutBytes(SOURCE.length));
        client = server.client();
        new Random(1).nextBytes(SOURCE);
        client.createBucket(b -> b.bucket(BUCKET));
        client.putObject(b -> b.bucket(BUCKET).key("source +ä"), RequestBody.fromBytes(SOURCE));
        client.putObject(b -> b.bucket(BUCKET).key("ten"), RequestBody.fromString("0123456789"));
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
    }

    private static String create(String key) {
        return client.createMultipartUpload(b -> b.bucket(BUCKET).key(key)).uploadId();
    }

    private static UploadPartCopyResponse copy(String id, String source, int number, @Nullable String range) {
        return client.uploadPartCopy(b -> b.sourceBucket(BUCKET)
                .sourceKey(source)
                .copySourceRange(range)
                .destinationBucket(BUCKET)
                .destinationKey("target")
                .uploadId(id)
                .partNumber(number));
    }

    private static CompletedPart part(int number, CopyPartResult result) {
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(result.eTag())
                .checksumCRC32(result.checksumCRC32())
                .build();
    }

    private static void assertRefused(ThrowingCallable call, int status, String code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, e -> {
            assertThat(e.statusCode()).isEqualTo(status);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
        });
    }

    @Test
    void ranges_of_an_object_become_parts_with_the_uploads_checksum() {
        String id = client.createMultipartUpload(
                        b -> b.bucket(BUCKET).key("target").checksumAlgorithm(ChecksumAlgorithm.CRC32))
                .uploadId();
        CopyPartResult first = copy(id, "source +ä", 1, "bytes=0-" + (PART - 1)).copyPartResult();
        CopyPartResult last = copy(id, "source +ä", 2, "bytes=" + PART + "-" + (SOURCE.length - 1))
                .copyPartResult();
        assertThat(first.eTag()).matches("\"[0-9a-f]{32}\"");
        assertThat(first.checksumCRC32()).isNotEmpty();
        assertThat(first.lastModified()).isNotNull();
        client.completeMultipartUpload(b -> b.bucket(BUCKET)
                .key("target")
                .uploadId(id)
                .multipartUpload(m -> m.parts(part(1, first), part(2, last))));
        byte[] whole =
                client.getObjectAsBytes(b -> b.bucket(BUCKET).key("target")).asByteArray();
        assertThat(Arrays.equals(whole, SOURCE)).isTrue();
    }

    @Test
    void a_whole_object_becomes_a_part() {
        String id = create("target");
        CopyPartResult only = copy(id, "ten", 10_000, null).copyPartResult();
        assertThat(only.checksumCRC32()).isNull();
        assertRefused(() -> copy(id, "ten", 10_001, null), 400, "InvalidArgument");
        client.completeMultipartUpload(
                b -> b.bucket(BUCKET).key("target").uploadId(id).multipartUpload(m -> m.parts(part(10_000, only))));
        assertThat(client.getObjectAsBytes(b -> b.bucket(BUCKET).key("target")).asUtf8String())
                .isEqualTo("0123456789");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes=0-10", "bytes=10-10", "bytes=10-11", "bytes=5-4", "bytes=5-", "bytes=-5", "5-6", "x"})
    void a_range_that_is_not_within_the_source_is_refused(String range) {
        String id = create("target");
        assertRefused(() -> copy(id, "ten", 1, range), 400, "InvalidArgument");
        assertThat(client.listParts(b -> b.bucket(BUCKET).key("target").uploadId(id))
                        .parts())
                .isEmpty();
    }

    @Test
    void a_range_up_to_the_last_byte_is_taken() {
        assertThat(copy(create("target"), "ten", 1, "bytes=9-9")
                        .copyPartResult()
                        .eTag())
                .isEqualTo("\"45c48cce2e2d7fbdea1afc51c7c6ad26\"");
    }

    @Test
    void the_source_keeps_its_conditions() {
        String id = create("target");
        String tag = client.headObject(b -> b.bucket(BUCKET).key("ten")).eTag();
        assertRefused(() -> conditional(id, "\"other\"", null), 412, "PreconditionFailed");
        assertRefused(() -> conditional(id, null, tag), 412, "PreconditionFailed");
        assertThat(conditional(id, tag, "\"other\"").copyPartResult().eTag()).isEqualTo(tag);
    }

    private static UploadPartCopyResponse conditional(String id, @Nullable String match, @Nullable String noneMatch) {
        return client.uploadPartCopy(b -> b.sourceBucket(BUCKET)
                .sourceKey("ten")
                .copySourceIfMatch(match)
                .copySourceIfNoneMatch(noneMatch)
                .destinationBucket(BUCKET)
                .destinationKey("target")
                .uploadId(id)
                .partNumber(1));
    }

    @Test
    void what_is_not_there_is_named() {
        assertRefused(() -> copy(create("target"), "absent", 1, null), 404, "NoSuchKey");
        String gone = create("target");
        client.abortMultipartUpload(b -> b.bucket(BUCKET).key("target").uploadId(gone));
        assertRefused(() -> copy(gone, "ten", 1, null), 404, "NoSuchUpload");
        assertRefused(() -> copy("nonsense", "ten", 1, null), 404, "NoSuchUpload");
    }

    @Test
    void the_range_of_a_part_is_refused_to_a_copy_of_an_object() throws IOException {
        Raw.Answer answer = Raw.of(server)
                .header("x-amz-copy-source", BUCKET + "/ten")
                .header("x-amz-copy-source-range", "bytes=0-1")
                .send("PUT", "/" + BUCKET + "/other", new byte[0]);
        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.text()).contains("<Header>x-amz-copy-source-range</Header>");
    }

    @Test
    void a_source_of_the_limit_is_copied_and_one_byte_more_only_by_range() {
        String joined = create("target");
        CopyPartResult first = copy(joined, "source +ä", 1, null).copyPartResult();
        CopyPartResult second = copy(joined, "ten", 2, "bytes=0-0").copyPartResult();
        client.completeMultipartUpload(b -> b.bucket(BUCKET)
                .key("target")
                .uploadId(joined)
                .multipartUpload(m -> m.parts(part(1, first), part(2, second))));
        String id = create("target");
        assertRefused(() -> copy(id, "target", 1, null), 400, "InvalidRequest");
        assertRefused(() -> copy(id, "target", 1, "bytes=0-" + SOURCE.length), 400, "InvalidRequest");
        assertThat(copy(id, "target", 1, "bytes=1-" + SOURCE.length)
                        .copyPartResult()
                        .eTag())
                .isNotEmpty();
    }

    @Test
    void a_slow_copy_is_answered_with_signs_of_life() throws IOException {
        var clock = new AtomicLong();
        try (TestServer slow = TestServer.start(
                        S3Settings.defaults(),
                        () -> Instant.ofEpochSecond(clock.addAndGet(PatientAnswer.PATIENCE.toSeconds())));
                S3Client here = slow.client()) {
            here.createBucket(b -> b.bucket("slow"));
            here.putObject(b -> b.bucket("slow").key("source"), RequestBody.fromBytes(new byte[300_000]));
            String id = here.createMultipartUpload(b -> b.bucket("slow").key("target"))
                    .uploadId();
            var copied = here.uploadPartCopy(b -> b.sourceBucket("slow")
                    .sourceKey("source")
                    .destinationBucket("slow")
                    .destinationKey("target")
                    .uploadId(id)
                    .partNumber(1));
            assertThat(copied.sdkHttpResponse().firstMatchingHeader("Content-Length"))
                    .isEmpty();
            assertThat(copied.copyPartResult().eTag()).matches("\"[0-9a-f]{32}\"");
        }
    }
}
