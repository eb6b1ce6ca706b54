package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.TestServer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** The core of S3 as an unmodified client meets it. */
class S3CoreIT {
    private static final String BUCKET = "core-bucket";

    private static TestServer server;
    private static S3Client client;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        client = server.client();
        client.createBucket(b -> b.bucket(BUCKET));
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
    }

    private static void put(String key, String content) {
        client.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString(content));
    }

    private static String get(String key) {
        return client.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asUtf8String();
    }

    private static void assertRefused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, int status, String code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, e -> {
            assertThat(e.statusCode()).isEqualTo(status);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.requestId()).hasSize(16);
        });
    }

    @Test
    void a_bucket_lives_from_its_creation_to_its_end() {
        String name = "short-lived.bucket";
        assertThat(client.createBucket(b -> b.bucket(name)).location()).isEqualTo("/" + name);
        assertThat(client.headBucket(b -> b.bucket(name)).bucketRegion()).isEqualTo("us-east-1");
        assertThat(client.getBucketLocation(b -> b.bucket(name)).locationConstraintAsString())
                .isNullOrEmpty();
        assertRefused(() -> client.createBucket(b -> b.bucket(name)), 409, "BucketAlreadyOwnedByYou");
        try (S3Client other = server.client(TestServer.OTHER_KEY, TestServer.OTHER_SECRET)) {
            assertRefused(() -> other.createBucket(b -> b.bucket(name)), 409, "BucketAlreadyExists");
            assertRefused(() -> other.listObjectsV2(b -> b.bucket(name)), 403, "AccessDenied");
            assertThat(other.listBuckets().buckets()).isEmpty();
        }
        client.deleteBucket(b -> b.bucket(name));
        assertThatThrownBy(() -> client.headBucket(b -> b.bucket(name)))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(404));
        assertRefused(() -> client.listObjects(b -> b.bucket(name)), 404, "NoSuchBucket");
    }

    @Test
    void buckets_are_listed_in_pages() {
        for (String name : List.of("page-a", "page-b", "page-c")) {
            client.createBucket(b -> b.bucket(name));
        }
        var names = new ArrayList<String>();
        client.listBucketsPaginator(b -> b.prefix("page-").maxBuckets(1))
                .buckets()
                .forEach(bucket -> names.add(bucket.name()));
        assertThat(names).containsExactly("page-a", "page-b", "page-c");
        assertThat(client.listBuckets().owner().id()).hasSize(64);
    }

    @Test
    void a_region_that_is_not_ours_is_refused() {
        assertRefused(
                () -> client.createBucket(
                        b -> b.bucket("elsewhere").createBucketConfiguration(c -> c.locationConstraint("eu-west-1"))),
                400,
                "IllegalLocationConstraintException");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 65536, 65537, 1 << 20})
    void an_object_comes_back_as_it_went(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        var stored = client.putObject(b -> b.bucket(BUCKET).key("size-" + size), RequestBody.fromBytes(content));
        ResponseBytes<GetObjectResponse> read =
                client.getObjectAsBytes(b -> b.bucket(BUCKET).key("size-" + size));
        assertThat(read.asByteArray()).isEqualTo(content);
        assertThat(read.response().eTag()).isEqualTo(stored.eTag()).matches("\"[0-9a-f]{32}\"");
        assertThat(read.response().serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
        assertThat(stored.serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
        assertThat(read.response().acceptRanges()).isEqualTo("bytes");
        assertThat(read.response().contentType()).isEqualTo("application/octet-stream");
    }

    @Test
    void metadata_and_content_headers_come_back() {
        client.putObject(
                b -> b.bucket(BUCKET)
                        .key("metadata")
                        .contentType("text/plain; charset=utf-8")
                        .cacheControl("max-age=5")
                        .contentDisposition("attachment; filename=\"a.txt\"")
                        .contentEncoding("gzip")
                        .contentLanguage("de, en")
                        .serverSideEncryption(ServerSideEncryption.AES256)
                        .storageClass(StorageClass.STANDARD)
                        .acl(ObjectCannedACL.PRIVATE)
                        .metadata(Map.of("color", "green", "shape", "")),
                RequestBody.fromString("content"));
        HeadObjectResponse head = client.headObject(b -> b.bucket(BUCKET).key("metadata"));
        assertThat(head.contentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(head.cacheControl()).isEqualTo("max-age=5");
        assertThat(head.contentDisposition()).isEqualTo("attachment; filename=\"a.txt\"");
        assertThat(head.contentEncoding()).isEqualTo("gzip");
        assertThat(head.contentLanguage()).isEqualTo("de, en");
        assertThat(head.metadata()).isEqualTo(Map.of("color", "green", "shape", ""));
        assertThat(head.contentLength()).isEqualTo(7);
        GetObjectResponse get = client.getObject(b -> b.bucket(BUCKET)
                        .key("metadata")
                        .responseContentType("text/html")
                        .responseContentDisposition("inline; filename=\"ä\""))
                .response();
        assertThat(get.contentType()).isEqualTo("text/html");
        assertThat(get.cacheControl()).isEqualTo("max-age=5");
    }

    @Test
    void user_metadata_has_2048_bytes_and_not_one_more() {
        client.putObject(
                b -> b.bucket(BUCKET).key("metadata-limit").metadata(Map.of("abc", "v".repeat(2045))),
                RequestBody.empty());
        assertRefused(
                () -> client.putObject(
                        b -> b.bucket(BUCKET).key("metadata-limit").metadata(Map.of("abc", "v".repeat(2046))),
                        RequestBody.empty()),
                400,
                "MetadataTooLarge");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a//b", "a/../b", "../x", ".", "a b", "a+b", "a%2Fb", "ä€😀", "a&b<c>\"'", "trailing/", "/lead"})
    void a_key_is_kept_as_it_is(String key) {
        put(key, "of " + key);
        assertThat(get(key)).isEqualTo("of " + key);
        assertThat(client.listObjectsV2(b -> b.bucket(BUCKET).prefix(key)).contents())
                .extracting(S3Object::key)
                .contains(key);
        client.deleteObject(b -> b.bucket(BUCKET).key(key));
    }

    @Test
    void ranges_are_cut() {
        put("range", "0123456789");
        assertThat(range("bytes=2-4")).isEqualTo("234");
        assertThat(range("bytes=7-")).isEqualTo("789");
        assertThat(range("bytes=-2")).isEqualTo("89");
        assertThat(range("bytes=-20")).isEqualTo("0123456789");
        assertThat(range("bytes=5-99")).isEqualTo("56789");
        assertThat(range("bytes=1-2,4-5")).isEqualTo("0123456789");
        GetObjectResponse part = client.getObject(
                        b -> b.bucket(BUCKET).key("range").range("bytes=2-4"))
                .response();
        assertThat(part.contentRange()).isEqualTo("bytes 2-4/10");
        assertThat(part.sdkHttpResponse().statusCode()).isEqualTo(206);
        assertThat(client.headObject(b -> b.bucket(BUCKET).key("range").range("bytes=2-4"))
                        .contentLength())
                .isEqualTo(3);
        assertRefused(() -> range("bytes=10-"), 416, "InvalidRange");
    }

    @Test
    void a_range_past_the_end_is_answered_with_the_size() throws IOException {
        put("range-size", "0123456789");
        Raw.Answer got =
                Raw.of(server).header("Range", "bytes=10-20").send("GET", "/" + BUCKET + "/range-size", new byte[0]);
        assertThat(got.status()).isEqualTo(416);
        assertThat(got.headers()).containsEntry("content-range", "bytes */10");
        assertThat(got.text())
                .contains("<RangeRequested>bytes=10-20</RangeRequested><ActualObjectSize>10</ActualObjectSize>");
        Raw.Answer head =
                Raw.of(server).header("Range", "bytes=-0").send("HEAD", "/" + BUCKET + "/range-size", new byte[0]);
        assertThat(head.status()).isEqualTo(416);
        assertThat(head.headers()).containsEntry("content-range", "bytes */10");
        assertThat(head.body()).isEmpty();
    }

    private static String range(String range) {
        return client.getObjectAsBytes(b -> b.bucket(BUCKET).key("range").range(range))
                .asUtf8String();
    }

    @Test
    void reads_keep_their_conditions() {
        put("conditional-read", "content");
        HeadObjectResponse head = client.headObject(b -> b.bucket(BUCKET).key("conditional-read"));
        assertThat(client.getObjectAsBytes(
                                b -> b.bucket(BUCKET).key("conditional-read").ifMatch(head.eTag()))
                        .asUtf8String())
                .isEqualTo("content");
        assertRefused(
                () -> client.getObjectAsBytes(
                        b -> b.bucket(BUCKET).key("conditional-read").ifMatch("\"other\"")),
                412,
                "PreconditionFailed");
        assertThatThrownBy(() -> client.getObjectAsBytes(
                        b -> b.bucket(BUCKET).key("conditional-read").ifNoneMatch(head.eTag())))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(304));
        assertThatThrownBy(() -> client.getObjectAsBytes(
                        b -> b.bucket(BUCKET).key("conditional-read").ifModifiedSince(head.lastModified())))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(304));
    }

    @Test
    void writes_keep_their_conditions() {
        put("conditional", "first");
        String tag = client.headObject(b -> b.bucket(BUCKET).key("conditional")).eTag();
        assertRefused(
                () -> client.putObject(
                        b -> b.bucket(BUCKET).key("conditional").ifNoneMatch("*"), RequestBody.fromString("second")),
                412,
                "PreconditionFailed");
        assertRefused(
                () -> client.putObject(
                        b -> b.bucket(BUCKET).key("conditional").ifNoneMatch(tag), RequestBody.fromString("second")),
                501,
                "NotImplemented");
        client.putObject(b -> b.bucket(BUCKET).key("conditional").ifMatch(tag), RequestBody.fromString("second"));
        assertRefused(
                () -> client.putObject(
                        b -> b.bucket(BUCKET).key("conditional").ifMatch(tag), RequestBody.fromString("third")),
                412,
                "PreconditionFailed");
        assertRefused(
                () -> client.deleteObject(
                        b -> b.bucket(BUCKET).key("conditional").ifMatch(tag)),
                412,
                "PreconditionFailed");
        assertThat(get("conditional")).isEqualTo("second");
    }

    @Test
    void an_object_has_no_tags_and_what_is_not_there_has_none_to_tell() {
        put("untagged", "content");
        assertThat(client.getObjectTagging(b -> b.bucket(BUCKET).key("untagged"))
                        .tagSet())
                .isEmpty();
        assertRefused(() -> client.getObjectTagging(b -> b.bucket(BUCKET).key("absent")), 404, "NoSuchKey");
    }

    @Test
    void a_delete_tells_its_outcome_and_receipt() {
        put("deleted", "content");
        var erased = client.deleteObject(b -> b.bucket(BUCKET).key("deleted")).sdkHttpResponse();
        assertThat(erased.statusCode()).isEqualTo(204);
        assertThat(erased.firstMatchingHeader("x-allod-outcome")).contains("erased");
        assertThat(erased.firstMatchingHeader("x-allod-receipt").orElseThrow()).matches("\\d+-\\d+-\\d+");
        assertRefused(() -> get("deleted"), 404, "NoSuchKey");
        var nothing = client.deleteObject(b -> b.bucket(BUCKET).key("deleted")).sdkHttpResponse();
        assertThat(nothing.statusCode()).isEqualTo(204);
        assertThat(nothing.firstMatchingHeader("x-allod-outcome")).contains("nothing");
        assertThat(nothing.firstMatchingHeader("x-allod-receipt")).isEmpty();
    }

    @Test
    void many_keys_are_deleted_at_once_with_their_receipts() {
        put("many-a", "a");
        put("many-c", "c");
        DeleteObjectsResponse answer = client.deleteObjects(b ->
                b.bucket(BUCKET).delete(d -> d.objects(identifiers("many-a", "many-b", "many-c", "k".repeat(1025)))));
        assertThat(answer.deleted()).extracting("key").containsExactly("many-a", "many-b", "many-c");
        assertThat(answer.errors()).hasSize(1).first().extracting("code").isEqualTo("KeyTooLongError");
        assertThat(answer.sdkHttpResponse()
                        .firstMatchingHeader("x-allod-receipt")
                        .orElseThrow())
                .matches("\\d+-\\d+-0\\.\\.1");
        DeleteObjectsResponse quiet = client.deleteObjects(
                b -> b.bucket(BUCKET).delete(d -> d.quiet(true).objects(identifiers("many-a"))));
        assertThat(quiet.deleted()).isEmpty();
    }

    @Test
    void a_thousand_keys_are_deleted_at_once_and_not_one_more() {
        var names = new ArrayList<String>();
        for (int i = 0; i < 1000; i++) {
            names.add("k" + i);
        }
        assertThat(client.deleteObjects(b ->
                                b.bucket(BUCKET).delete(d -> d.objects(identifiers(names.toArray(String[]::new)))))
                        .deleted())
                .hasSize(1000);
        names.add("one-more");
        assertRefused(
                () -> client.deleteObjects(b ->
                        b.bucket(BUCKET).delete(d -> d.objects(identifiers(names.toArray(String[]::new))))),
                400,
                "MalformedXML");
    }

    private static List<ObjectIdentifier> identifiers(String... keys) {
        return java.util.Arrays.stream(keys)
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
    }

    @Test
    void a_copy_keeps_or_replaces_metadata() {
        client.putObject(
                b -> b.bucket(BUCKET)
                        .key("source ä+b")
                        .metadata(Map.of("color", "green"))
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromString("content"));
        var copied = client.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey("source ä+b")
                .destinationBucket(BUCKET)
                .destinationKey("copy"));
        assertThat(copied.copyObjectResult().eTag()).isEqualTo("\"9a0364b9e99bb480dd25e1f0284c8555\"");
        assertThat(copied.copyObjectResult().checksumSHA256()).isNotEmpty();
        assertThat(get("copy")).isEqualTo("content");
        assertThat(client.headObject(b -> b.bucket(BUCKET).key("copy")).metadata())
                .isEqualTo(Map.of("color", "green"));
        client.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey("copy")
                .destinationBucket(BUCKET)
                .destinationKey("copy")
                .metadataDirective(MetadataDirective.REPLACE)
                .metadata(Map.of("color", "red")));
        assertThat(client.headObject(b -> b.bucket(BUCKET).key("copy")).metadata())
                .isEqualTo(Map.of("color", "red"));
        assertRefused(
                () -> client.copyObject(b -> b.sourceBucket(BUCKET)
                        .sourceKey("copy")
                        .destinationBucket(BUCKET)
                        .destinationKey("copy")),
                400,
                "InvalidRequest");
        assertRefused(
                () -> client.copyObject(b -> b.sourceBucket(BUCKET)
                        .sourceKey("copy")
                        .copySourceIfNoneMatch("\"9a0364b9e99bb480dd25e1f0284c8555\"")
                        .destinationBucket(BUCKET)
                        .destinationKey("copy2")),
                412,
                "PreconditionFailed");
        assertRefused(
                () -> client.copyObject(b -> b.sourceBucket(BUCKET)
                        .sourceKey("absent")
                        .destinationBucket(BUCKET)
                        .destinationKey("copy2")),
                404,
                "NoSuchKey");
    }

    @Test
    void a_slow_copy_is_answered_with_signs_of_life() throws IOException {
        var clock = new java.util.concurrent.atomic.AtomicLong();
        try (TestServer slow = TestServer.start(
                        S3Settings.defaults(),
                        () -> java.time.Instant.ofEpochSecond(clock.addAndGet(PatientAnswer.PATIENCE.toSeconds())));
                S3Client here = slow.client()) {
            byte[] content = new byte[300_000];
            here.createBucket(b -> b.bucket("slow"));
            here.putObject(b -> b.bucket("slow").key("source"), RequestBody.fromBytes(content));
            var copied = here.copyObject(b -> b.sourceBucket("slow")
                    .sourceKey("source")
                    .destinationBucket("slow")
                    .destinationKey("copy"));
            assertThat(copied.sdkHttpResponse().firstMatchingHeader("Content-Length"))
                    .isEmpty();
            assertThat(copied.copyObjectResult().eTag()).matches("\"[0-9a-f]{32}\"");
            assertThat(here.getObjectAsBytes(b -> b.bucket("slow").key("copy")).asByteArray())
                    .isEqualTo(content);
            assertThatThrownBy(() -> here.copyObject(b -> b.sourceBucket("slow")
                            .sourceKey("source")
                            .destinationBucket("slow")
                            .destinationKey("copy")
                            .ifNoneMatch("*")))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("PreconditionFailed"));
        }
    }

    @Test
    void listings_come_in_pages_with_prefixes_and_delimiters() {
        String bucket = "list-bucket";
        client.createBucket(b -> b.bucket(bucket));
        for (String key : List.of("a", "b/1", "b/2", "c/1", "d", "e f", "g\u0001h")) {
            client.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString(key));
        }
        var keys = new ArrayList<String>();
        var prefixes = new ArrayList<String>();
        client.listObjectsV2Paginator(
                        b -> b.bucket(bucket).delimiter("/").maxKeys(1).encodingType(EncodingType.URL))
                .forEach(page -> {
                    assertThat(page.keyCount()).isEqualTo(1);
                    page.contents().forEach(object -> keys.add(object.key()));
                    page.commonPrefixes().stream().map(CommonPrefix::prefix).forEach(prefixes::add);
                });
        assertThat(keys).containsExactly("a", "d", "e f", "g\u0001h");
        assertThat(prefixes).containsExactly("b/", "c/");
        var first = client.listObjects(b -> b.bucket(bucket).delimiter("/").maxKeys(2));
        assertThat(first.isTruncated()).isTrue();
        assertThat(first.nextMarker()).isEqualTo("b/");
        assertThat(client.listObjects(b ->
                                b.bucket(bucket).delimiter("/").marker("b/").maxKeys(2))
                        .commonPrefixes())
                .extracting(CommonPrefix::prefix)
                .containsExactly("c/");
        assertThat(client.listObjectsV2(b -> b.bucket(bucket)
                                .encodingType(EncodingType.URL)
                                .startAfter("c/1")
                                .maxKeys(5000)
                                .fetchOwner(true))
                        .contents())
                .extracting(S3Object::key)
                .containsExactly("d", "e f", "g\u0001h");
        assertThat(client.listObjectsV2(b -> b.bucket(bucket).maxKeys(0)).contents())
                .isEmpty();
        assertThat(client.listObjectsV2(b ->
                                b.bucket(bucket).encodingType(EncodingType.URL).maxKeys(5000))
                        .maxKeys())
                .isEqualTo(1000);
        assertRefused(
                () -> client.listObjectsV2(b -> b.bucket(bucket).continuationToken("nonsense")),
                400,
                "InvalidArgument");
        assertRefused(() -> client.deleteBucket(b -> b.bucket(bucket)), 409, "BucketNotEmpty");
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void a_checksum_is_verified_kept_and_returned(ChecksumAlgorithm algorithm) {
        String key = "checksum-" + algorithm;
        var stored = client.putObject(
                b -> b.bucket(BUCKET).key(key).checksumAlgorithm(algorithm), RequestBody.fromString("content"));
        var head = client.headObject(b -> b.bucket(BUCKET).key(key).checksumMode(ChecksumMode.ENABLED));
        assertThat(head.checksumType()).isEqualTo(ChecksumType.FULL_OBJECT);
        assertThat(List.of(
                        stored.sdkHttpResponse().firstMatchingHeader("x-amz-checksum-type"),
                        head.sdkHttpResponse().firstMatchingHeader("x-amz-checksum-type")))
                .allMatch(value -> value.equals(java.util.Optional.of("FULL_OBJECT")));
        assertThat(client.getObjectAsBytes(b -> b.bucket(BUCKET).key(key).checksumMode(ChecksumMode.ENABLED))
                        .asUtf8String())
                .isEqualTo("content");
    }

    @Test
    void a_digest_of_other_content_is_refused_and_nothing_is_stored() {
        String zeros = Base64.getEncoder().encodeToString(new byte[16]);
        assertRefused(
                () -> client.putObject(
                        b -> b.bucket(BUCKET).key("bad-digest").contentMD5(zeros), RequestBody.fromString("content")),
                400,
                "BadDigest");
        assertRefused(
                () -> client.putObject(
                        b -> b.bucket(BUCKET).key("bad-digest").checksumCRC32("AAAAAA=="),
                        RequestBody.fromString("content")),
                400,
                "BadDigest");
        assertRefused(
                () -> client.putObject(
                        b -> b.bucket(BUCKET).key("bad-digest").checksumCRC64NVME("AAAAAAAAAAA="),
                        RequestBody.fromString("content")),
                400,
                "BadDigest");
        assertRefused(() -> get("bad-digest"), 404, "NoSuchKey");
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumType.class,
            names = {"COMPOSITE", "FULL_OBJECT"})
    void an_upload_in_parts_becomes_one_object(ChecksumType type) {
        String key = "multipart-" + type;
        byte[] first = new byte[5 << 20];
        new Random(5).nextBytes(first);
        byte[] last = "the end".getBytes(StandardCharsets.UTF_8);
        String id = client.createMultipartUpload(b -> b.bucket(BUCKET)
                        .key(key)
                        .contentType("text/plain")
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                        .checksumType(type))
                .uploadId();
        UploadPartResponse one = part(key, id, 1, first);
        UploadPartResponse two = part(key, id, 7, last);
        assertThat(client.listMultipartUploads(b -> b.bucket(BUCKET).prefix(key))
                        .uploads())
                .extracting("uploadId")
                .containsExactly(id);
        var parts = client.listParts(b -> b.bucket(BUCKET).key(key).uploadId(id).maxParts(1));
        assertThat(parts.isTruncated()).isTrue();
        assertThat(parts.nextPartNumberMarker()).isEqualTo(1);
        assertThat(parts.checksumType()).isEqualTo(type);
        assertThat(parts.parts().get(0).checksumCRC32()).isEqualTo(one.checksumCRC32());
        var done = client.completeMultipartUpload(b -> b.bucket(BUCKET)
                .key(key)
                .uploadId(id)
                .mpuObjectSize((long) first.length + last.length)
                .multipartUpload(m -> m.parts(
                        CompletedPart.builder()
                                .partNumber(1)
                                .eTag(one.eTag())
                                .checksumCRC32(one.checksumCRC32())
                                .build(),
                        CompletedPart.builder().partNumber(7).eTag(two.eTag()).build())));
        assertThat(done.eTag()).matches("\"[0-9a-f]{32}-2\"");
        assertThat(done.checksumType()).isEqualTo(type);
        byte[] whole = java.util.Arrays.copyOf(first, first.length + last.length);
        System.arraycopy(last, 0, whole, first.length, last.length);
        if (type == ChecksumType.FULL_OBJECT) {
            var crc = new java.util.zip.CRC32();
            crc.update(whole);
            byte[] value =
                    java.nio.ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
            assertThat(done.checksumCRC32()).isEqualTo(Base64.getEncoder().encodeToString(value));
        } else {
            assertThat(done.checksumCRC32()).endsWith("-2");
        }
        assertThat(client.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asByteArray())
                .isEqualTo(whole);
        assertRefused(
                () -> client.abortMultipartUpload(b -> b.bucket(BUCKET).key(key).uploadId(id)), 404, "NoSuchUpload");
    }

    private static UploadPartResponse part(String key, String id, int number, byte[] content) {
        return client.uploadPart(
                b -> b.bucket(BUCKET)
                        .key(key)
                        .uploadId(id)
                        .partNumber(number)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32),
                RequestBody.fromBytes(content));
    }

    @Test
    void an_upload_without_a_checksum_algorithm_takes_parts_with_any() {
        String id = client.createMultipartUpload(b -> b.bucket(BUCKET).key("no-plan"))
                .uploadId();
        UploadPartResponse part = part("no-plan", id, 1, new byte[10]);
        var done = client.completeMultipartUpload(b -> b.bucket(BUCKET)
                .key("no-plan")
                .uploadId(id)
                .multipartUpload(m -> m.parts(CompletedPart.builder()
                        .partNumber(1)
                        .eTag(part.eTag())
                        .checksumCRC32(part.checksumCRC32())
                        .build())));
        assertThat(done.checksumCRC32()).isNull();
        assertThat(client.headObject(b -> b.bucket(BUCKET).key("no-plan")).contentLength())
                .isEqualTo(10);
    }

    @Test
    void a_wrong_part_is_refused() {
        String id = client.createMultipartUpload(
                        b -> b.bucket(BUCKET).key("wrong").checksumAlgorithm(ChecksumAlgorithm.CRC32))
                .uploadId();
        assertRefused(() -> part("wrong", id, 0, new byte[1]), 400, "InvalidArgument");
        assertRefused(() -> part("wrong", id, 10_001, new byte[1]), 400, "InvalidArgument");
        String tag = client.uploadPart(
                        b -> b.bucket(BUCKET).key("wrong").uploadId(id).partNumber(10_000), RequestBody.fromString("x"))
                .eTag();
        assertRefused(
                () -> client.uploadPart(
                        b -> b.bucket(BUCKET)
                                .key("wrong")
                                .uploadId(id)
                                .partNumber(1)
                                .checksumAlgorithm(ChecksumAlgorithm.SHA1),
                        RequestBody.fromString("x")),
                400,
                "InvalidRequest");
        assertRefused(
                () -> client.completeMultipartUpload(b -> b.bucket(BUCKET)
                        .key("wrong")
                        .uploadId(id)
                        .multipartUpload(m -> m.parts(
                                CompletedPart.builder().partNumber(9).eTag(tag).build()))),
                400,
                "InvalidPart");
        client.abortMultipartUpload(b -> b.bucket(BUCKET).key("wrong").uploadId(id));
        assertRefused(() -> part("wrong", id, 1, new byte[1]), 404, "NoSuchUpload");
    }

    @Test
    void a_prefix_is_given_back_encoded_in_both_versions_of_a_listing_that_asks_for_it() throws IOException {
        for (String version : List.of("", "&list-type=2")) {
            String target = "/" + BUCKET + "?encoding-type=url&prefix=a%20%26%2Fb" + version;
            assertThat(Raw.of(server).send("GET", target, new byte[0]).text()).contains("<Prefix>a%20%26/b</Prefix>");
        }
    }

    @Test
    void a_virtual_host_names_the_bucket() throws IOException {
        try (TestServer virtual = TestServer.start(TestServer.withDomain());
                S3Client here = virtual.client()) {
            here.createBucket(b -> b.bucket("hosted"));
            here.putObject(b -> b.bucket("hosted").key("a/b"), RequestBody.fromString("content"));
            URI uri = virtual.uri();
            String host = "hosted.localhost:" + uri.getPort();
            assertThat(Raw.of(virtual)
                            .host(host)
                            .send("GET", "/a/b", new byte[0])
                            .text())
                    .isEqualTo("content");
        }
    }
}
