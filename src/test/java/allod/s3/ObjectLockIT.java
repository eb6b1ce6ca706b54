package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DefaultRetention;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Object Lock as an unmodified client meets it. */
class ObjectLockIT {
    private static final String LOCKED = "locked";
    private static Instant later;

    private static TestServer server;
    private static S3Client client;

    @BeforeAll
    static void start() throws IOException {
        later = Instant.now().plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
        server = TestServer.start();
        client = server.client();
        client.createBucket(b -> b.bucket(LOCKED).objectLockEnabledForBucket(true));
        client.createBucket(b -> b.bucket("plain"));
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

    private static String put(String bucket, String key) {
        return client.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString("content"))
                .versionId();
    }

    private static void retain(
            String key, String version, ObjectLockRetentionMode mode, Instant until, boolean bypass) {
        client.putObjectRetention(b -> b.bucket(LOCKED)
                .key(key)
                .versionId(version)
                .bypassGovernanceRetention(bypass ? true : null)
                .retention(r -> r.mode(mode).retainUntilDate(until)));
    }

    private static void delete(String key, String version, boolean bypass) {
        client.deleteObject(
                b -> b.bucket(LOCKED).key(key).versionId(version).bypassGovernanceRetention(bypass ? true : null));
    }

    private static void hold(String key, String version, ObjectLockLegalHoldStatus status) {
        client.putObjectLegalHold(
                b -> b.bucket(LOCKED).key(key).versionId(version).legalHold(h -> h.status(status)));
    }

    @Test
    void a_bucket_made_with_a_lock_is_versioned_for_ever() {
        assertThat(client.getBucketVersioning(b -> b.bucket(LOCKED)).status())
                .isEqualTo(BucketVersioningStatus.ENABLED);
        assertRefused(
                () -> client.putBucketVersioning(
                        b -> b.bucket(LOCKED).versioningConfiguration(c -> c.status(BucketVersioningStatus.SUSPENDED))),
                409,
                "InvalidBucketState");
        assertThat(client.getObjectLockConfiguration(b -> b.bucket(LOCKED))
                        .objectLockConfiguration()
                        .objectLockEnabled())
                .isEqualTo(ObjectLockEnabled.ENABLED);
        assertRefused(
                () -> client.getObjectLockConfiguration(b -> b.bucket("plain")),
                404,
                "ObjectLockConfigurationNotFoundError");
    }

    private static void setStandard(String bucket, DefaultRetention standard) {
        client.putObjectLockConfiguration(b -> b.bucket(bucket)
                .objectLockConfiguration(
                        c -> c.objectLockEnabled(ObjectLockEnabled.ENABLED).rule(r -> r.defaultRetention(standard))));
    }

    @Test
    void a_lock_is_turned_on_later_and_its_standard_locks_what_comes_without_its_own() {
        var standard = DefaultRetention.builder()
                .mode(ObjectLockRetentionMode.GOVERNANCE)
                .days(3)
                .build();
        client.createBucket(b -> b.bucket("later"));
        assertRefused(() -> setStandard("later", standard), 409, "InvalidBucketState");
        client.putBucketVersioning(
                b -> b.bucket("later").versioningConfiguration(c -> c.status(BucketVersioningStatus.ENABLED)));
        setStandard("later", standard);
        assertThat(client.getObjectLockConfiguration(b -> b.bucket("later"))
                        .objectLockConfiguration()
                        .rule()
                        .defaultRetention())
                .isEqualTo(standard);
        put("later", "k");
        HeadObjectResponse head = client.headObject(b -> b.bucket("later").key("k"));
        assertThat(head.objectLockMode()).isEqualTo(ObjectLockMode.GOVERNANCE);
        assertThat(Duration.between(head.lastModified(), head.objectLockRetainUntilDate()))
                .isBetween(Duration.ofDays(3), Duration.ofDays(3).plusSeconds(2));
        client.putObject(
                b -> b.bucket("later")
                        .key("own")
                        .objectLockMode(ObjectLockMode.COMPLIANCE)
                        .objectLockRetainUntilDate(later),
                RequestBody.fromString("content"));
        assertThat(client.headObject(b -> b.bucket("later").key("own")).objectLockRetainUntilDate())
                .isEqualTo(later);
    }

    @ParameterizedTest
    @CsvSource({
        "<ObjectLockEnabled>Disabled</ObjectLockEnabled>, MalformedXML",
        "<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days>"
                + "<Years>1</Years></DefaultRetention></Rule>, MalformedXML",
        "<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>governance</Mode><Days>1</Days>"
                + "</DefaultRetention></Rule>, MalformedXML",
        "<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>0</Days>"
                + "</DefaultRetention></Rule>, InvalidRetentionPeriod",
        "<ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode>"
                + "<Years>-1</Years></DefaultRetention></Rule>, InvalidRetentionPeriod",
    })
    void a_configuration_that_is_none_is_refused(String document, String code) throws IOException {
        byte[] body = ("<ObjectLockConfiguration>" + document + "</ObjectLockConfiguration>")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(withDigest(body)
                        .send("PUT", "/" + LOCKED + "?object-lock", body)
                        .code())
                .isEqualTo(code);
    }

    private static Raw withDigest(byte[] body) {
        return Raw.of(server)
                .header(
                        "Content-MD5",
                        java.util.Base64.getEncoder()
                                .encodeToString(ChecksumKind.digest("MD5").digest(body)));
    }

    @Test
    void compliance_is_extended_and_never_shortened_or_ended() {
        String version = put(LOCKED, "compliance");
        retain("compliance", version, ObjectLockRetentionMode.COMPLIANCE, later, false);
        retain("compliance", version, ObjectLockRetentionMode.COMPLIANCE, later.plusSeconds(60), false);
        for (boolean bypass : new boolean[] {false, true}) {
            assertRefused(
                    () -> retain("compliance", version, ObjectLockRetentionMode.COMPLIANCE, later, bypass),
                    403,
                    "AccessDenied");
            assertRefused(
                    () -> retain(
                            "compliance", version, ObjectLockRetentionMode.GOVERNANCE, later.plusSeconds(90), bypass),
                    403,
                    "AccessDenied");
            assertRefused(() -> delete("compliance", version, bypass), 403, "AccessDenied");
        }
        assertThat(client.getObjectRetention(b -> b.bucket(LOCKED).key("compliance"))
                        .retention())
                .isEqualTo(ObjectLockRetention.builder()
                        .mode(ObjectLockRetentionMode.COMPLIANCE)
                        .retainUntilDate(later.plusSeconds(60))
                        .build());
        put(LOCKED, "compliance");
        assertThat(client.deleteObject(b -> b.bucket(LOCKED).key("compliance")).deleteMarker())
                .isTrue();
        assertRefused(() -> delete("compliance", version, true), 403, "AccessDenied");
    }

    @Test
    void governance_ends_for_who_bypasses_it() throws IOException {
        String version = put(LOCKED, "governance");
        retain("governance", version, ObjectLockRetentionMode.GOVERNANCE, later, false);
        assertRefused(
                () -> retain("governance", version, ObjectLockRetentionMode.GOVERNANCE, later.minusSeconds(60), false),
                403,
                "AccessDenied");
        assertRefused(
                () -> retain("governance", version, ObjectLockRetentionMode.COMPLIANCE, later, false),
                403,
                "AccessDenied");
        retain("governance", version, ObjectLockRetentionMode.GOVERNANCE, later.minusSeconds(60), true);
        assertRefused(() -> delete("governance", version, false), 403, "AccessDenied");
        byte[] nothing = "<Retention/>".getBytes(StandardCharsets.UTF_8);
        String target = "/" + LOCKED + "/governance?retention&versionId=" + version;
        assertThat(withDigest(nothing).send("PUT", target, nothing).code()).isEqualTo("AccessDenied");
        assertThat(Raw.of(server).send("PUT", target, nothing).code()).isEqualTo("InvalidRequest");
        delete("governance", version, true);
        assertRefused(
                () -> client.getObject(b -> b.bucket(LOCKED).key("governance").versionId(version)),
                404,
                "NoSuchVersion");
    }

    @Test
    void a_legal_hold_stands_until_it_is_released_whatever_else() {
        String version = put(LOCKED, "held");
        assertRefused(
                () -> client.getObjectLegalHold(b -> b.bucket(LOCKED).key("held")),
                404,
                "NoSuchObjectLockConfiguration");
        hold("held", version, ObjectLockLegalHoldStatus.ON);
        assertThat(client.getObjectLegalHold(b -> b.bucket(LOCKED).key("held"))
                        .legalHold()
                        .status())
                .isEqualTo(ObjectLockLegalHoldStatus.ON);
        assertRefused(() -> delete("held", version, true), 403, "AccessDenied");
        DeleteObjectsResponse many = client.deleteObjects(b -> b.bucket(LOCKED)
                .bypassGovernanceRetention(true)
                .delete(d -> d.objects(
                        ObjectIdentifier.builder()
                                .key("held")
                                .versionId(version)
                                .build(),
                        ObjectIdentifier.builder().key("free").build())));
        assertThat(many.errors()).singleElement().satisfies(error -> {
            assertThat(error.code()).isEqualTo("AccessDenied");
            assertThat(error.versionId()).isEqualTo(version);
        });
        assertThat(many.deleted())
                .singleElement()
                .satisfies(it -> assertThat(it.key()).isEqualTo("free"));
        hold("held", version, ObjectLockLegalHoldStatus.OFF);
        assertThat(client.getObjectLegalHold(b -> b.bucket(LOCKED).key("held"))
                        .legalHold()
                        .status())
                .isEqualTo(ObjectLockLegalHoldStatus.OFF);
        delete("held", version, false);
    }

    @Test
    void what_locks_comes_with_a_put_a_copy_and_an_upload() {
        client.putObject(
                b -> b.bucket(LOCKED)
                        .key("with-put")
                        .objectLockMode(ObjectLockMode.GOVERNANCE)
                        .objectLockRetainUntilDate(later)
                        .objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON),
                RequestBody.fromString("content"));
        client.copyObject(b -> b.sourceBucket(LOCKED)
                .sourceKey("with-put")
                .destinationBucket(LOCKED)
                .destinationKey("with-copy")
                .objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON));
        String upload = client.createMultipartUpload(b -> b.bucket(LOCKED)
                        .key("with-upload")
                        .objectLockMode(ObjectLockMode.COMPLIANCE)
                        .objectLockRetainUntilDate(later))
                .uploadId();
        String etag = client.uploadPart(
                        b -> b.bucket(LOCKED)
                                .key("with-upload")
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromString("part"))
                .eTag();
        client.completeMultipartUpload(b -> b.bucket(LOCKED)
                .key("with-upload")
                .uploadId(upload)
                .multipartUpload(m ->
                        m.parts(CompletedPart.builder().partNumber(1).eTag(etag).build())));
        HeadObjectResponse put = client.headObject(b -> b.bucket(LOCKED).key("with-put"));
        assertThat(put.objectLockMode()).isEqualTo(ObjectLockMode.GOVERNANCE);
        assertThat(put.objectLockRetainUntilDate()).isEqualTo(later);
        assertThat(put.objectLockLegalHoldStatus()).isEqualTo(ObjectLockLegalHoldStatus.ON);
        HeadObjectResponse copy = client.headObject(b -> b.bucket(LOCKED).key("with-copy"));
        assertThat(copy.objectLockMode()).isNull();
        assertThat(copy.objectLockLegalHoldStatus()).isEqualTo(ObjectLockLegalHoldStatus.ON);
        assertThat(client.headObject(b -> b.bucket(LOCKED).key("with-upload")).objectLockMode())
                .isEqualTo(ObjectLockMode.COMPLIANCE);
    }

    @Test
    void locks_where_there_can_be_none_and_headers_that_are_none_are_refused() throws IOException {
        put("plain", "k");
        assertRefused(
                () -> client.putObjectLegalHold(
                        b -> b.bucket("plain").key("k").legalHold(h -> h.status(ObjectLockLegalHoldStatus.ON))),
                400,
                "InvalidRequest");
        assertRefused(() -> client.getObjectRetention(b -> b.bucket("plain").key("k")), 400, "InvalidRequest");
        assertRefused(
                () -> client.putObject(
                        b -> b.bucket("plain").key("k").objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON),
                        RequestBody.fromString("content")),
                400,
                "InvalidRequest");
        byte[] content = {1};
        assertThat(withDigest(content)
                        .header("x-amz-object-lock-mode", "GOVERNANCE")
                        .send("PUT", "/" + LOCKED + "/bad", content)
                        .code())
                .isEqualTo("InvalidArgument");
        assertThat(withDigest(content)
                        .header("x-amz-object-lock-mode", "GOVERNANCE")
                        .header("x-amz-object-lock-retain-until-date", "2020-01-01T00:00:00Z")
                        .send("PUT", "/" + LOCKED + "/bad", content)
                        .code())
                .isEqualTo("InvalidArgument");
        for (String never : List.of("2226-01-01T00:00:00Z", "+999999999-12-31T23:59:59-18:00")) {
            assertThat(withDigest(content)
                            .header("x-amz-object-lock-mode", "COMPLIANCE")
                            .header("x-amz-object-lock-retain-until-date", never)
                            .send("PUT", "/" + LOCKED + "/bad", content)
                            .code())
                    .isEqualTo("InvalidArgument");
        }
        assertThat(Raw.of(server)
                        .header("x-amz-object-lock-legal-hold", "ON")
                        .send("PUT", "/" + LOCKED + "/bad", content)
                        .code())
                .isEqualTo("InvalidRequest");
        assertThat(Raw.of(server)
                        .header("x-amz-object-lock-legal-hold", "ON")
                        .send("DELETE", "/" + LOCKED + "/bad", new byte[0])
                        .code())
                .isEqualTo("NotImplemented");
    }

    @Test
    void a_marker_is_never_locked_and_always_goes() {
        put(LOCKED, "marked");
        String marker = client.deleteObject(b -> b.bucket(LOCKED).key("marked")).versionId();
        assertRefused(() -> hold("marked", marker, ObjectLockLegalHoldStatus.ON), 405, "MethodNotAllowed");
        assertRefused(
                () -> retain("marked", marker, ObjectLockRetentionMode.GOVERNANCE, later, false),
                405,
                "MethodNotAllowed");
        delete("marked", marker, false);
    }
}
