package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Versions as an unmodified client meets them. */
class VersioningIT {
    private static TestServer server;
    private static S3Client client;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        client = server.client();
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
    }

    private static void assertRefused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, int status, String code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, e -> {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(e.statusCode()).isEqualTo(status);
        });
    }

    private static String bucket(String name) {
        client.createBucket(b -> b.bucket(name));
        version(name, BucketVersioningStatus.ENABLED);
        return name;
    }

    private static void version(String bucket, BucketVersioningStatus status) {
        client.putBucketVersioning(b -> b.bucket(bucket).versioningConfiguration(c -> c.status(status)));
    }

    private static String put(String bucket, String key, String content) {
        return client.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString(content))
                .versionId();
    }

    private static String get(String bucket, String key, String version) {
        return client.getObjectAsBytes(b -> b.bucket(bucket).key(key).versionId(version))
                .asUtf8String();
    }

    @Test
    void versioning_is_off_until_it_is_enabled_and_then_enabled_or_suspended() throws IOException {
        client.createBucket(b -> b.bucket("states"));
        assertThat(client.getBucketVersioning(b -> b.bucket("states")).status()).isNull();
        assertThat(put("states", "k", "1")).isNull();
        version("states", BucketVersioningStatus.ENABLED);
        assertThat(client.getBucketVersioning(b -> b.bucket("states")).status())
                .isEqualTo(BucketVersioningStatus.ENABLED);
        assertThat(client.headObject(b -> b.bucket("states").key("k")).versionId())
                .isEqualTo("null");
        assertThat(put("states", "k", "2")).hasSize(32);
        version("states", BucketVersioningStatus.SUSPENDED);
        assertThat(client.getBucketVersioning(b -> b.bucket("states")).status())
                .isEqualTo(BucketVersioningStatus.SUSPENDED);
        assertThat(put("states", "k", "3")).isEqualTo("null");
        assertThat(get("states", "k", "null")).isEqualTo("3");
        for (String document : List.of(
                "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>",
                "<VersioningConfiguration><Status>Enabled</Status><Other/></VersioningConfiguration>",
                "<Versioning/>")) {
            assertThat(put(document)).isEqualTo("MalformedXML");
        }
        assertThat(put("<VersioningConfiguration/>")).isEqualTo("IllegalVersioningConfigurationException");
        assertThat(put("<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>"
                        + "</VersioningConfiguration>"))
                .isEqualTo("NotImplemented");
    }

    private static String put(String document) throws IOException {
        return Raw.of(server)
                .send("PUT", "/states?versioning", document.getBytes(StandardCharsets.UTF_8))
                .code();
    }

    @Test
    void a_version_is_read_by_its_id_and_a_wrong_id_is_refused() {
        String bucket = bucket("by-id");
        String first = put(bucket, "k", "one");
        String second = put(bucket, "k", "two");
        assertThat(get(bucket, "k", first)).isEqualTo("one");
        assertThat(client.headObject(b -> b.bucket(bucket).key("k")).versionId())
                .isEqualTo(second);
        assertThat(client.headObject(b -> b.bucket(bucket).key("k").versionId(first))
                        .versionId())
                .isEqualTo(first);
        assertRefused(() -> get(bucket, "k", "0".repeat(32)), 404, "NoSuchVersion");
        assertRefused(() -> get(bucket, "k", "null"), 404, "NoSuchVersion");
        assertRefused(() -> get(bucket, "k", "what-is-this"), 400, "InvalidArgument");
    }

    @Test
    void a_marker_answers_404_on_top_and_405_by_its_id() throws IOException {
        String bucket = bucket("marked");
        String version = put(bucket, "k", "hidden");
        DeleteObjectResponse deleted = client.deleteObject(b -> b.bucket(bucket).key("k"));
        assertThat(deleted.deleteMarker()).isTrue();
        assertThat(deleted.sdkHttpResponse().firstMatchingHeader("x-allod-outcome"))
                .contains("marker");
        assertThat(deleted.sdkHttpResponse().firstMatchingHeader("x-allod-receipt"))
                .isEmpty();
        String marker = deleted.versionId();
        for (String method : List.of("GET", "HEAD")) {
            Raw.Answer hidden = Raw.of(server).send(method, "/" + bucket + "/k", new byte[0]);
            assertThat(hidden.status()).isEqualTo(404);
            assertThat(hidden.headers()).containsEntry("x-amz-delete-marker", "true");
            assertThat(hidden.headers()).containsEntry("x-amz-version-id", marker);
            Raw.Answer itself = Raw.of(server).send(method, "/" + bucket + "/k?versionId=" + marker, new byte[0]);
            assertThat(itself.status()).isEqualTo(405);
            assertThat(itself.headers()).containsEntry("x-amz-delete-marker", "true");
            assertThat(itself.headers()).containsEntry("allow", "DELETE");
            assertThat(itself.headers()).containsKey("last-modified");
        }
        assertThat(get(bucket, "k", version)).isEqualTo("hidden");
        DeleteObjectResponse unmarked =
                client.deleteObject(b -> b.bucket(bucket).key("k").versionId(marker));
        assertThat(unmarked.deleteMarker()).isTrue();
        assertThat(unmarked.versionId()).isEqualTo(marker);
        assertThat(unmarked.sdkHttpResponse().firstMatchingHeader("x-allod-outcome"))
                .contains("unmarked");
        assertThat(client.getObjectAsBytes(b -> b.bucket(bucket).key("k")).asUtf8String())
                .isEqualTo("hidden");
        DeleteObjectResponse erased =
                client.deleteObject(b -> b.bucket(bucket).key("k").versionId(version));
        assertThat(erased.versionId()).isEqualTo(version);
        assertThat(erased.deleteMarker()).isNull();
        assertThat(erased.sdkHttpResponse().firstMatchingHeader("x-allod-outcome"))
                .contains("erased");
        assertThat(erased.sdkHttpResponse().firstMatchingHeader("x-allod-receipt"))
                .isPresent();
        assertThat(client.deleteObject(b -> b.bucket(bucket).key("k").versionId(version))
                        .sdkHttpResponse()
                        .firstMatchingHeader("x-allod-outcome"))
                .contains("nothing");
    }

    @Test
    void many_versions_and_markers_are_deleted_in_one_request() {
        String bucket = bucket("many");
        String one = put(bucket, "a", "1");
        String two = put(bucket, "a", "2");
        put(bucket, "b", "1");
        DeleteObjectsResponse deleted = client.deleteObjects(b -> b.bucket(bucket)
                .delete(d -> d.objects(
                        ObjectIdentifier.builder().key("a").versionId(one).build(),
                        ObjectIdentifier.builder().key("b").build(),
                        ObjectIdentifier.builder()
                                .key("a")
                                .versionId("nonsense")
                                .build())));
        DeletedObject version = deleted.deleted().getFirst();
        assertThat(version.versionId()).isEqualTo(one);
        assertThat(version.deleteMarker()).isNull();
        DeletedObject marker = deleted.deleted().getLast();
        assertThat(marker.deleteMarker()).isTrue();
        assertThat(marker.deleteMarkerVersionId()).hasSize(32);
        assertThat(marker.versionId()).isNull();
        assertThat(deleted.errors()).singleElement().satisfies(error -> {
            assertThat(error.code()).isEqualTo("InvalidArgument");
            assertThat(error.versionId()).isEqualTo("nonsense");
        });
        DeletedObject unmarked = client.deleteObjects(b -> b.bucket(bucket)
                        .delete(d -> d.objects(ObjectIdentifier.builder()
                                .key("b")
                                .versionId(marker.deleteMarkerVersionId())
                                .build())))
                .deleted()
                .getFirst();
        assertThat(unmarked.deleteMarker()).isTrue();
        assertThat(unmarked.versionId()).isEqualTo(marker.deleteMarkerVersionId());
        assertThat(unmarked.deleteMarkerVersionId()).isEqualTo(marker.deleteMarkerVersionId());
        assertThat(client.headObject(b -> b.bucket(bucket).key("a")).versionId())
                .isEqualTo(two);
    }

    @Test
    void the_listing_of_versions_has_all_of_them_in_pages() {
        String bucket = bucket("listed");
        List<String> expected = new ArrayList<>();
        for (String key : List.of("a b", "c/1", "c/2", "d")) {
            String first = put(bucket, key, "one");
            String second = put(bucket, key, "two");
            expected.add(key + second);
            expected.add(key + first);
        }
        client.deleteObject(b -> b.bucket(bucket).key("d"));
        ListObjectVersionsResponse whole = client.listObjectVersions(b -> b.bucket(bucket));
        assertThat(whole.versions().stream().map(v -> v.key() + v.versionId())).isEqualTo(expected);
        assertThat(whole.versions().stream().filter(ObjectVersion::isLatest).map(ObjectVersion::key))
                .containsExactly("a b", "c/1", "c/2");
        DeleteMarkerEntry marker = whole.deleteMarkers().getFirst();
        assertThat(marker.key()).isEqualTo("d");
        assertThat(marker.isLatest()).isTrue();
        assertThat(marker.owner().id()).hasSize(64);
        assertThat(whole.versions().getFirst().owner().id()).hasSize(64);
        assertThat(whole.versions().getFirst().size()).isEqualTo(3);
        assertThat(whole.versions().getFirst().eTag()).isEqualTo("\"b8a9f715dbb64fd5c56e7783c6820a61\"");
        List<String> paged = new ArrayList<>();
        client.listObjectVersionsPaginator(b -> b.bucket(bucket).maxKeys(2))
                .forEach(page -> page.versions().forEach(v -> paged.add(v.key() + v.versionId())));
        assertThat(paged).isEqualTo(expected);
        ListObjectVersionsResponse rolled =
                client.listObjectVersions(b -> b.bucket(bucket).delimiter("/").maxKeys(3));
        assertThat(rolled.versions()).hasSize(2);
        assertThat(rolled.commonPrefixes())
                .singleElement()
                .satisfies(it -> assertThat(it.prefix()).isEqualTo("c/"));
        assertThat(rolled.isTruncated()).isTrue();
        assertThat(rolled.nextKeyMarker()).isEqualTo("c/");
        assertRefused(
                () -> client.listObjectVersions(b -> b.bucket(bucket)
                        .versionIdMarker(whole.versions().getFirst().versionId())),
                400,
                "InvalidArgument");
        assertThat(client.listObjectsV2(b -> b.bucket(bucket)).keyCount()).isEqualTo(3);
    }

    @Test
    void a_copy_reads_the_version_it_names_and_brings_it_back() {
        String bucket = bucket("copied");
        String first = put(bucket, "k", "one");
        put(bucket, "k", "two");
        var back = client.copyObject(b -> b.sourceBucket(bucket)
                .sourceKey("k")
                .sourceVersionId(first)
                .destinationBucket(bucket)
                .destinationKey("k"));
        assertThat(back.copySourceVersionId()).isEqualTo(first);
        assertThat(back.versionId()).isNotEqualTo(first).hasSize(32);
        assertThat(client.getObjectAsBytes(b -> b.bucket(bucket).key("k")).asUtf8String())
                .isEqualTo("one");
        String marker = client.deleteObject(b -> b.bucket(bucket).key("k")).versionId();
        assertRefused(() -> copy(bucket, null), 404, "NoSuchKey");
        assertRefused(() -> copy(bucket, marker), 400, "InvalidRequest");
    }

    private static void copy(String bucket, @org.jspecify.annotations.Nullable String version) {
        client.copyObject(b -> b.sourceBucket(bucket)
                .sourceKey("k")
                .sourceVersionId(version)
                .destinationBucket(bucket)
                .destinationKey("other"));
    }

    @Test
    void an_upload_in_parts_makes_a_version() {
        String bucket = bucket("in-parts");
        String before = put(bucket, "k", "before");
        String upload =
                client.createMultipartUpload(b -> b.bucket(bucket).key("k")).uploadId();
        String etag = client.uploadPart(
                        b -> b.bucket(bucket).key("k").uploadId(upload).partNumber(1), RequestBody.fromString("part"))
                .eTag();
        String joined = client.completeMultipartUpload(b -> b.bucket(bucket)
                        .key("k")
                        .uploadId(upload)
                        .multipartUpload(m -> m.parts(
                                CompletedPart.builder().partNumber(1).eTag(etag).build())))
                .versionId();
        assertThat(get(bucket, "k", joined)).isEqualTo("part");
        assertThat(get(bucket, "k", before)).isEqualTo("before");
    }

    @Test
    void a_write_on_condition_that_nothing_is_there_goes_over_a_marker() {
        String bucket = bucket("conditional");
        put(bucket, "k", "1");
        assertRefused(() -> putIfAbsent(bucket), 412, "PreconditionFailed");
        client.deleteObject(b -> b.bucket(bucket).key("k"));
        assertThat(putIfAbsent(bucket).versionId()).hasSize(32);
    }

    private static PutObjectResponse putIfAbsent(String bucket) {
        return client.putObject(
                b -> b.bucket(bucket).key("k").ifNoneMatch("*"), RequestBody.fromString("only if absent"));
    }
}
