package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** Tags of buckets and objects. */
class TaggingIT {
    private static final String BUCKET = "tagged-bucket";

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

    static void assertRefused(ThrowingCallable call, int status, String code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.statusCode()).isEqualTo(status);
        });
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static List<Tag> tags(int count) {
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tags.add(tag("key" + i, "value" + i));
        }
        return tags;
    }

    private static void put(String key, List<Tag> tags) {
        client.putObjectTagging(b -> b.bucket(BUCKET).key(key).tagging(t -> t.tagSet(tags)));
    }

    private static Map<String, String> tagsOf(String key) {
        return client.getObjectTagging(b -> b.bucket(BUCKET).key(key)).tagSet().stream()
                .collect(Collectors.toMap(Tag::key, Tag::value));
    }

    private static void putObject(String key) {
        client.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString("content"));
    }

    @Test
    void an_objects_tags_are_put_counted_replaced_and_deleted_and_its_content_stays() {
        putObject("mine");
        assertThat(tagsOf("mine")).isEmpty();
        assertThat(client.headObject(b -> b.bucket(BUCKET).key("mine")).tagCount())
                .isNull();
        put("mine", List.of(tag("Grün", "ja: nein/vielleicht@x"), tag("empty", "")));
        assertThat(tagsOf("mine"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("Grün", "ja: nein/vielleicht@x", "empty", ""));
        assertThat(client.headObject(b -> b.bucket(BUCKET).key("mine")).tagCount())
                .isEqualTo(2);
        put("mine", List.of(tag("one", "1")));
        var content = client.getObjectAsBytes(b -> b.bucket(BUCKET).key("mine"));
        assertThat(content.asUtf8String()).isEqualTo("content");
        assertThat(content.response().tagCount()).isEqualTo(1);
        client.deleteObjectTagging(b -> b.bucket(BUCKET).key("mine"));
        assertThat(tagsOf("mine")).isEmpty();
        assertRefused(() -> tagsOf("absent"), 404, "NoSuchKey");
        assertRefused(() -> put("absent", tags(1)), 404, "NoSuchKey");
    }

    @Test
    void a_new_object_has_the_tags_of_its_header_and_an_upload_those_of_its_beginning() {
        client.putObject(b -> b.bucket(BUCKET).key("at-once").tagging("a=b&c=d%20e"), RequestBody.fromString("x"));
        assertThat(tagsOf("at-once")).containsExactlyInAnyOrderEntriesOf(Map.of("a", "b", "c", "d e"));
        String upload = client.createMultipartUpload(
                        b -> b.bucket(BUCKET).key("in-parts").tagging("part=whole"))
                .uploadId();
        String etag = client.uploadPart(
                        b -> b.bucket(BUCKET).key("in-parts").uploadId(upload).partNumber(1),
                        RequestBody.fromString("x"))
                .eTag();
        client.completeMultipartUpload(b -> b.bucket(BUCKET)
                .key("in-parts")
                .uploadId(upload)
                .multipartUpload(m ->
                        m.parts(CompletedPart.builder().partNumber(1).eTag(etag).build())));
        assertThat(tagsOf("in-parts")).isEqualTo(Map.of("part", "whole"));
    }

    @Test
    void a_copy_takes_its_sources_tags_unless_it_brings_its_own() {
        client.putObject(b -> b.bucket(BUCKET).key("source").tagging("a=b"), RequestBody.fromString("x"));
        client.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey("source")
                .destinationBucket(BUCKET)
                .destinationKey("copied"));
        assertThat(tagsOf("copied")).isEqualTo(Map.of("a", "b"));
        client.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey("source")
                .destinationBucket(BUCKET)
                .destinationKey("replaced")
                .taggingDirective(TaggingDirective.REPLACE)
                .tagging("c=d"));
        assertThat(tagsOf("replaced")).isEqualTo(Map.of("c", "d"));
        assertRefused(
                () -> client.copyObject(b -> b.sourceBucket(BUCKET)
                        .sourceKey("source")
                        .destinationBucket(BUCKET)
                        .destinationKey("x")
                        .taggingDirective("OTHER")),
                400,
                "InvalidArgument");
    }

    @Test
    void tags_are_many_and_long_up_to_the_limit_and_not_past_it() {
        putObject("limits");
        put("limits", tags(10));
        assertThat(tagsOf("limits")).hasSize(10);
        assertRefused(() -> put("limits", tags(11)), 400, "BadRequest");
        put("limits", List.of(tag("k".repeat(128), "v".repeat(256))));
        assertRefused(() -> put("limits", List.of(tag("k".repeat(129), "v"))), 400, "InvalidTag");
        assertRefused(() -> put("limits", List.of(tag("k", "v".repeat(257)))), 400, "InvalidTag");
        assertRefused(() -> put("limits", List.of(tag("same", "1"), tag("same", "2"))), 400, "InvalidTag");
        assertRefused(() -> put("limits", List.of(tag("aws:own", "1"))), 400, "InvalidTag");
        assertRefused(() -> put("limits", List.of(tag("a#b", "1"))), 400, "InvalidTag");
        assertThat(tagsOf("limits")).containsOnlyKeys("k".repeat(128));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=b&a=c", "%zz=b"})
    void a_header_that_is_no_list_of_tags_is_refused(String header) {
        assertRefused(
                () -> client.putObject(b -> b.bucket(BUCKET).key("bad").tagging(header), RequestBody.fromString("x")),
                400,
                "InvalidArgument");
    }

    @Test
    void a_buckets_tags_are_put_and_deleted() {
        String bucket = "bucket-with-tags";
        client.createBucket(b -> b.bucket(bucket));
        assertRefused(() -> client.getBucketTagging(b -> b.bucket(bucket)), 404, "NoSuchTagSet");
        client.putBucketTagging(b -> b.bucket(bucket).tagging(t -> t.tagSet(tags(50))));
        assertThat(client.getBucketTagging(b -> b.bucket(bucket)).tagSet()).containsExactlyElementsOf(tags(50));
        assertRefused(
                () -> client.putBucketTagging(b -> b.bucket(bucket).tagging(t -> t.tagSet(tags(51)))),
                400,
                "BadRequest");
        client.deleteBucketTagging(b -> b.bucket(bucket));
        assertRefused(() -> client.getBucketTagging(b -> b.bucket(bucket)), 404, "NoSuchTagSet");
    }

    @Test
    void another_owner_sees_and_changes_no_tags() {
        putObject("private");
        try (S3Client other = server.client(TestServer.OTHER_KEY, TestServer.OTHER_SECRET)) {
            assertRefused(() -> other.getObjectTagging(b -> b.bucket(BUCKET).key("private")), 403, "AccessDenied");
            assertRefused(
                    () -> other.putObjectTagging(
                            b -> b.bucket(BUCKET).key("private").tagging(t -> t.tagSet(tags(1)))),
                    403,
                    "AccessDenied");
            assertRefused(() -> other.getBucketTagging(b -> b.bucket(BUCKET)), 403, "AccessDenied");
        }
    }

    @Test
    void a_document_of_another_form_is_malformed() throws IOException {
        putObject("form");
        for (String document :
                List.of("", "<Tagging/>", "<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>")) {
            assertThat(Raw.of(server)
                            .send("PUT", "/" + BUCKET + "/form?tagging", document.getBytes(StandardCharsets.UTF_8))
                            .code())
                    .isEqualTo("MalformedXML");
        }
    }
}
