package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.Headers;
import allod.http.Query;
import allod.store.BucketName;
import allod.store.ObjectKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private static final Router ROUTER = new Router(List.of("s3.example.com", "localhost"));

    private static Endpoint route(String method, String target, String... headers) {
        return route(ROUTER, method, target, "127.0.0.1:9000", headers);
    }

    private static Endpoint route(Router router, String method, String target, String host, String... headers) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        Query query = Query.parse(mark < 0 ? "" : target.substring(mark + 1));
        return router.route(method, path, query, Headers.of(headers), host);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, ListBuckets",
        "GET, /?prefix=a&max-buckets=3, ListBuckets",
        "PUT, /bucket?versioning, PutBucketVersioning",
        "GET, /bucket?versioning, GetBucketVersioning",
        "GET, /bucket?versions&prefix=a, ListObjectVersions",
        "GET, /bucket?object-lock, GetObjectLockConfiguration",
        "PUT, /bucket?object-lock, PutObjectLockConfiguration",
        "GET, /bucket/key?retention&versionId=x, GetObjectRetention",
        "PUT, /bucket/key?retention, PutObjectRetention",
        "GET, /bucket/key?legal-hold, GetObjectLegalHold",
        "PUT, /bucket/key?legal-hold, PutObjectLegalHold",
        "PUT, /bucket, CreateBucket",
        "PUT, /bucket/, CreateBucket",
        "HEAD, /bucket, HeadBucket",
        "GET, /bucket?location, GetBucketLocation",
        "GET, /bucket?location=, GetBucketLocation",
        "DELETE, /bucket, DeleteBucket",
        "GET, /bucket, ListObjects",
        "GET, /bucket/?prefix=a, ListObjects",
        "GET, /bucket?list-type=2, ListObjectsV2",
        "GET, /bucket?uploads, ListMultipartUploads",
        "POST, /bucket?delete, DeleteObjects",
        "PUT, /bucket/key, PutObject",
        "GET, /bucket/key, GetObject",
        "HEAD, /bucket/key, HeadObject",
        "DELETE, /bucket/key, DeleteObject",
        "POST, /bucket/key?uploads, CreateMultipartUpload",
        "PUT, /bucket/key?partNumber=1&uploadId=u, UploadPart",
        "PUT, /bucket/key?partNumber=1, UploadPart",
        "POST, /bucket/key?uploadId=u, CompleteMultipartUpload",
        "DELETE, /bucket/key?uploadId=u, AbortMultipartUpload",
        "GET, /bucket/key?uploadId=u, ListParts",
        "GET, /bucket/key?attributes, GetObjectAttributes",
        "GET, /bucket/key?location, GetObject",
        "OPTIONS, /bucket/key, OptionsObject",
        "OPTIONS, /bucket, OptionsObject",
        "GET, /bucket?tagging, GetBucketTagging",
        "PUT, /bucket?tagging, PutBucketTagging",
        "DELETE, /bucket?tagging, DeleteBucketTagging",
        "GET, /bucket?cors, GetBucketCors",
        "GET, /bucket?policy, GetBucketPolicy",
        "PUT, /bucket?policy, PutBucketPolicy",
        "DELETE, /bucket?policy, DeleteBucketPolicy",
        "GET, /bucket?policyStatus, GetBucketPolicyStatus",
        "GET, /bucket?publicAccessBlock, GetPublicAccessBlock",
        "PUT, /bucket?publicAccessBlock, PutPublicAccessBlock",
        "DELETE, /bucket?publicAccessBlock, DeletePublicAccessBlock",
        "GET, /bucket?ownershipControls, GetBucketOwnershipControls",
        "PUT, /bucket?ownershipControls, PutBucketOwnershipControls",
        "DELETE, /bucket?ownershipControls, DeleteBucketOwnershipControls",
        "PUT, /bucket?cors, PutBucketCors",
        "DELETE, /bucket?cors, DeleteBucketCors",
        "GET, /bucket/key?tagging, GetObjectTagging",
        "PUT, /bucket/key?tagging, PutObjectTagging",
        "DELETE, /bucket/key?tagging, DeleteObjectTagging",
        "PUT, /bucket/key?x-id=PutObject, PutObject",
    })
    void a_core_operation_is_found_by_method_path_and_subresource(String method, String target, String operation) {
        assertThat(route(method, target).operation()).isEqualTo(operation);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /bucket?acl, GetBucketAcl",
        "GET, /bucket/key?acl, GetObjectAcl",
        "GET, /bucket?analytics, ListBucketAnalyticsConfigurations",
        "GET, /bucket?analytics&id=x, GetBucketAnalyticsConfiguration",
        "GET, /bucket/key?annotation, ListObjectAnnotations",
        "GET, /bucket/key?annotation&annotationName=a, GetObjectAnnotation",
        "POST, /bucket/key?select&select-type=2, SelectObjectContent",
        "POST, /, AssumeRole",
        "POST, /WriteGetObjectResponse, WriteGetObjectResponse",
        "GET, /?x-id=ListDirectoryBuckets, ListDirectoryBuckets",
    })
    void an_operation_that_is_not_served_is_found_by_its_name(String method, String target, String operation) {
        Endpoint endpoint = route(method, target);
        assertThat(endpoint).isInstanceOf(Endpoint.NotServed.class);
        assertThat(endpoint.operation()).isEqualTo(operation);
    }

    @Test
    void a_header_tells_a_copy_from_a_put() {
        assertThat(route("PUT", "/bucket/key", "x-amz-copy-source", "a/b").operation())
                .isEqualTo("CopyObject");
        assertThat(route("PUT", "/bucket/key?partNumber=1&uploadId=u", "X-Amz-Copy-Source", "a/b")
                        .operation())
                .isEqualTo("UploadPartCopy");
        assertThat(route("POST", "/bucket", "Content-Type", "multipart/form-data; boundary=x")
                        .operation())
                .isEqualTo("PostObject");
    }

    @Test
    void every_operation_that_is_not_served_can_be_reached() {
        Set<Unserved> reached =
                EnumSet.of(Unserved.LIST_DIRECTORY_BUCKETS, Unserved.ASSUME_ROLE, Unserved.WRITE_GET_OBJECT_RESPONSE);
        for (boolean ofObject : new boolean[] {false, true}) {
            Subresources.unserved(ofObject)
                    .forEach((method, names) -> names.forEach((name, unserved) -> {
                        String path = ofObject ? "/bucket/key?" : "/bucket?";
                        for (String more : List.of("", "&id=1", "&annotationName=a")) {
                            assertThat(route(method, path + name + more)).isInstanceOf(Endpoint.NotServed.class);
                            reached.add(((Endpoint.NotServed) route(method, path + name + more)).what());
                        }
                        assertThat(((Endpoint.NotServed) route(method, path + name)).what())
                                .isEqualTo(unserved);
                    }));
        }
        assertThat(reached).containsExactlyInAnyOrder(Unserved.values());
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /bucket?acl",
        "DELETE, /bucket?versioning",
        "DELETE, /bucket?location",
        "PUT, /bucket?delete",
        "PUT, /bucket?uploads",
        "PUT, /bucket?versions",
        "HEAD, /bucket?policy",
        "DELETE, /bucket/key?acl",
        "PUT, /bucket/key?uploads",
        "HEAD, /bucket/key?uploadId=u",
        "POST, /bucket/key",
        "PATCH, /bucket/key",
        "DELETE, /",
        "PUT, /",
    })
    void a_method_that_a_subresource_does_not_have_is_not_taken_for_another(String method, String target) {
        assertThatThrownBy(() -> route(method, target))
                .isInstanceOfSatisfying(
                        S3Refusal.class, refusal -> assertThat(refusal.error()).isEqualTo(S3Error.METHOD_NOT_ALLOWED));
    }

    @Test
    void two_subresources_at_once_are_refused() {
        assertThatThrownBy(() -> route("GET", "/bucket?acl&tagging"))
                .isInstanceOfSatisfying(
                        S3Refusal.class, refusal -> assertThat(refusal.error()).isEqualTo(S3Error.INVALID_ARGUMENT));
    }

    @ParameterizedTest
    @CsvSource({
        "/bucket/a//b, a//b",
        "/bucket/a/../b, a/../b",
        "/bucket/., .",
        "/bucket//, /",
        "/bucket/%2F, /",
        "/bucket/a+b, a+b",
        "/bucket/a%2Bb, a+b",
        "/bucket/a%20b, a b",
        "/bucket/%C3%A4, ä",
        "/bucket/a%3Fb, a?b",
        "/bucket/a%25b, a%b",
        "/bucket/a/, a/",
    })
    void a_key_reaches_the_store_as_it_was_meant(String path, String key) {
        assertThat(route("GET", path)).isEqualTo(new Endpoint.GetObject(new BucketName("bucket"), ObjectKey.of(key)));
    }

    @Test
    void a_key_may_hold_a_zero_byte() {
        assertThat(((Endpoint.GetObject) route("GET", "/bucket/a%00b")).key().utf8())
                .containsExactly('a', 0, 'b');
    }

    @Test
    void a_key_has_at_most_1024_bytes() {
        assertThat(route("GET", "/bucket/" + "a".repeat(1024)).operation()).isEqualTo("GetObject");
        assertThatThrownBy(() -> route("GET", "/bucket/" + "a".repeat(1025)))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.reason()).isEqualTo(Reason.KEY_TOO_LONG));
        assertThat(route("GET", "/bucket/" + "%C3%A4".repeat(512)).operation()).isEqualTo("GetObject");
        assertThatThrownBy(() -> route("GET", "/bucket/" + "%C3%A4".repeat(512) + "a"))
                .isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bucket/%", "/bucket/%2", "/bucket/%zz", "/%ff"})
    void a_path_that_is_not_percent_encoded_is_refused(String path) {
        assertThatThrownBy(() -> route("GET", path))
                .isInstanceOfSatisfying(
                        S3Refusal.class, refusal -> assertThat(refusal.error()).isEqualTo(S3Error.INVALID_URI));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/Bucket", "/ab", "/a_b", "//key", "/192.168.0.1"})
    void a_bucket_that_cannot_be_is_refused_by_its_name(String path) {
        assertThatThrownBy(() -> route("GET", path))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.reason()).isEqualTo(Reason.INVALID_BUCKET_NAME));
    }

    @ParameterizedTest
    @CsvSource({
        "photos.s3.example.com, /a/b, GetObject",
        "photos.s3.example.com:9000, /a/b, GetObject",
        "PHOTOS.S3.Example.com, /a/b, GetObject",
        "my.dotted.name.s3.example.com, /a, GetObject",
        "photos.localhost:9000, /, ListObjects",
        "s3.example.com, /photos/a, GetObject",
        "s3.example.com, /, ListBuckets",
        "example.com, /photos, ListObjects",
        "[::1]:9000, /photos, ListObjects",
    })
    void a_host_under_a_domain_names_the_bucket(String host, String path, String operation) {
        assertThat(route(ROUTER, "GET", path, host).operation()).isEqualTo(operation);
    }

    @Test
    void a_host_gives_the_bucket_and_the_whole_path_the_key() {
        assertThat(route(ROUTER, "GET", "/a/b", "my.dotted.name.s3.example.com:80"))
                .isEqualTo(new Endpoint.GetObject(new BucketName("my.dotted.name"), ObjectKey.of("a/b")));
        assertThat(route(new Router(List.of()), "GET", "/aaa/b1", "my.s3.example.com"))
                .isInstanceOf(Endpoint.class)
                .satisfies(endpoint -> assertThat(endpoint.operation()).isEqualTo("GetObject"));
    }
}
