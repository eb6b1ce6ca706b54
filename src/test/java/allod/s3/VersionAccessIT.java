package allod.s3;

import static allod.s3.TaggingIT.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.TestServer;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.S3Error;

/** What policies say of versions and of locks, each action by its own name. */
class VersionAccessIT {
    private static final byte[] NOTHING = {};
    private static final String OTHER = "{'AWS':'arn:aws:iam::000000000002:root'}";

    private static TestServer server;
    private static S3Client client;
    private static S3Client other;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        client = server.client();
        other = server.client(TestServer.OTHER_KEY, TestServer.OTHER_SECRET);
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        other.close();
        server.close();
    }

    private static void policy(String bucket, String... actions) {
        StringBuilder statements = new StringBuilder();
        for (String action : actions) {
            String what = action.contains("Bucket") && !action.equals("s3:BypassGovernanceRetention")
                    ? "arn:aws:s3:::" + bucket
                    : "arn:aws:s3:::" + bucket + "/*";
            statements
                    .append(statements.isEmpty() ? "" : ",")
                    .append("{'Effect':'Allow','Principal':" + OTHER + ",'Action':'" + action + "','Resource':'" + what
                            + "'}");
        }
        String document = ("{'Version':'2012-10-17','Statement':[" + statements + "]}").replace('\'', '"');
        client.putBucketPolicy(b -> b.bucket(bucket).policy(document));
    }

    private static String versioned(String bucket) {
        client.createBucket(b -> b.bucket(bucket));
        client.putBucketVersioning(
                b -> b.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        return bucket;
    }

    private static String put(String bucket, String content) {
        return client.putObject(
                        b -> b.bucket(bucket).key("key").tagging("level=" + content), RequestBody.fromString(content))
                .versionId();
    }

    @Test
    void to_read_an_older_version_needs_the_action_of_versions() {
        String bucket = versioned("access-read");
        String older = put(bucket, "older");
        put(bucket, "newer");
        policy(bucket, "s3:GetObject");
        assertThat(other.getObjectAsBytes(b -> b.bucket(bucket).key("key")).asUtf8String())
                .isEqualTo("newer");
        assertRefused(
                () -> other.getObjectAsBytes(b -> b.bucket(bucket).key("key").versionId(older)), 403, "AccessDenied");
        assertRefused(() -> other.listObjectVersions(b -> b.bucket(bucket)), 403, "AccessDenied");
        assertRefused(
                () -> other.copyObject(b -> b.sourceBucket(bucket)
                        .sourceKey("key")
                        .sourceVersionId(older)
                        .destinationBucket(bucket)
                        .destinationKey("copy")),
                403,
                "AccessDenied");
        policy(bucket, "s3:GetObjectVersion", "s3:ListBucketVersions");
        assertThat(other.getObjectAsBytes(b -> b.bucket(bucket).key("key").versionId(older))
                        .asUtf8String())
                .isEqualTo("older");
        assertRefused(() -> other.getObjectAsBytes(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
        assertThat(other.listObjectVersions(b -> b.bucket(bucket)).versions()).hasSize(2);
    }

    @Test
    void what_locks_content_is_told_to_who_may_ask_for_it_alone() {
        String bucket = "access-lock-told";
        client.createBucket(b -> b.bucket(bucket).objectLockEnabledForBucket(true));
        client.putObject(
                b -> b.bucket(bucket)
                        .key("key")
                        .objectLockMode(ObjectLockMode.GOVERNANCE)
                        .objectLockRetainUntilDate(Instant.now().plus(Duration.ofHours(1))),
                RequestBody.fromString("content"));
        policy(bucket, "s3:GetObject");
        assertThat(other.headObject(b -> b.bucket(bucket).key("key")).objectLockMode())
                .isNull();
        policy(bucket, "s3:GetObject", "s3:GetObjectRetention");
        assertThat(other.headObject(b -> b.bucket(bucket).key("key")).objectLockMode())
                .isEqualTo(ObjectLockMode.GOVERNANCE);
    }

    @Test
    void a_condition_is_about_the_version_that_is_asked_for() {
        String bucket = versioned("access-conditions");
        String older = put(bucket, "older");
        String newer = put(bucket, "newer");
        String document = ("{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':" + OTHER
                        + ",'Action':'s3:GetObjectVersion','Resource':'arn:aws:s3:::" + bucket
                        + "/*','Condition':{'StringEquals':{'s3:ExistingObjectTag/level':'older'}}}"
                        + ",{'Effect':'Allow','Principal':" + OTHER
                        + ",'Action':'s3:GetObjectVersionTagging','Resource':'arn:aws:s3:::" + bucket
                        + "/*','Condition':{'StringEquals':{'s3:VersionId':'" + newer + "'}}}]}")
                .replace('\'', '"');
        client.putBucketPolicy(b -> b.bucket(bucket).policy(document));
        assertThat(other.getObjectAsBytes(b -> b.bucket(bucket).key("key").versionId(older))
                        .asUtf8String())
                .isEqualTo("older");
        assertRefused(
                () -> other.getObjectAsBytes(b -> b.bucket(bucket).key("key").versionId(newer)), 403, "AccessDenied");
        assertThat(other.getObjectTagging(b -> b.bucket(bucket).key("key").versionId(newer))
                        .tagSet())
                .hasSize(1);
        assertRefused(
                () -> other.getObjectTagging(b -> b.bucket(bucket).key("key").versionId(older)), 403, "AccessDenied");
    }

    @Test
    void to_delete_a_version_needs_more_than_to_put_a_marker_in_a_document_of_many_too() {
        String bucket = versioned("access-delete");
        String version = put(bucket, "content");
        policy(bucket, "s3:DeleteObject");
        assertRefused(
                () -> other.deleteObject(b -> b.bucket(bucket).key("key").versionId(version)), 403, "AccessDenied");
        DeleteObjectsResponse some = other.deleteObjects(b -> b.bucket(bucket)
                .delete(d -> d.objects(
                        ObjectIdentifier.builder().key("key").versionId(version).build(),
                        ObjectIdentifier.builder().key("key").build())));
        assertThat(some.errors()).extracting(S3Error::versionId).containsExactly(version);
        assertThat(some.errors()).extracting(S3Error::code).containsExactly("AccessDenied");
        assertThat(some.deleted())
                .singleElement()
                .satisfies(one -> assertThat(one.deleteMarker()).isTrue());
        policy(bucket, "s3:DeleteObjectVersion");
        other.deleteObject(b -> b.bucket(bucket).key("key").versionId(version));
        assertRefused(() -> other.deleteObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
        assertThat(client.listObjectVersions(b -> b.bucket(bucket)).versions()).isEmpty();
    }

    @Test
    void who_may_not_list_does_not_learn_that_a_marker_hides_an_object() throws IOException {
        String bucket = versioned("access-marker");
        put(bucket, "content");
        client.deleteObject(b -> b.bucket(bucket).key("key"));
        policy(bucket, "s3:GetObject");
        assertRefused(() -> other.getObjectAsBytes(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
        policy(bucket, "s3:GetObject", "s3:ListBucket");
        assertRefused(() -> other.getObjectAsBytes(b -> b.bucket(bucket).key("key")), 404, "NoSuchKey");
    }

    @Test
    void a_governance_retention_ends_early_for_who_asks_and_may_bypass_it() {
        String bucket = "access-governance";
        client.createBucket(b -> b.bucket(bucket).objectLockEnabledForBucket(true));
        List<String> versions = List.of(locked(bucket), locked(bucket));
        policy(bucket, "s3:DeleteObjectVersion", "s3:PutObjectRetention");
        assertRefused(() -> bypass(bucket, versions.get(0)), 403, "AccessDenied");
        DeleteObjectsResponse many = other.deleteObjects(b -> b.bucket(bucket)
                .bypassGovernanceRetention(true)
                .delete(d -> d.objects(ObjectIdentifier.builder()
                        .key("key")
                        .versionId(versions.get(1))
                        .build())));
        assertThat(many.errors()).extracting(S3Error::code).containsExactly("AccessDenied");
        assertRefused(
                () -> other.putObjectRetention(b -> b.bucket(bucket)
                        .key("key")
                        .versionId(versions.get(0))
                        .bypassGovernanceRetention(true)
                        .retention(r -> {})),
                403,
                "AccessDenied");
        assertThat(client.listObjectVersions(b -> b.bucket(bucket)).versions()).hasSize(2);
        policy(bucket, "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention");
        bypass(bucket, versions.get(0));
        assertThat(other.deleteObjects(b -> b.bucket(bucket)
                                .bypassGovernanceRetention(true)
                                .delete(d -> d.objects(ObjectIdentifier.builder()
                                        .key("key")
                                        .versionId(versions.get(1))
                                        .build())))
                        .deleted())
                .hasSize(1);
    }

    private static void bypass(String bucket, String version) {
        other.deleteObject(b -> b.bucket(bucket).key("key").versionId(version).bypassGovernanceRetention(true));
    }

    private static String locked(String bucket) {
        return client.putObject(
                        b -> b.bucket(bucket)
                                .key("key")
                                .objectLockMode(ObjectLockMode.GOVERNANCE)
                                .objectLockRetainUntilDate(Instant.now().plus(Duration.ofDays(1))),
                        RequestBody.fromString("content"))
                .versionId();
    }

    @Test
    void to_lock_what_one_writes_needs_the_action_of_the_lock() {
        String bucket = "access-lock";
        client.createBucket(b -> b.bucket(bucket).objectLockEnabledForBucket(true));
        policy(bucket, "s3:PutObject");
        other.putObject(b -> b.bucket(bucket).key("free"), RequestBody.fromBytes(NOTHING));
        assertRefused(
                () -> other.putObject(
                        b -> b.bucket(bucket).key("held").objectLockLegalHoldStatus("ON"),
                        RequestBody.fromBytes(NOTHING)),
                403,
                "AccessDenied");
        policy(bucket, "s3:PutObject", "s3:PutObjectLegalHold");
        other.putObject(
                b -> b.bucket(bucket).key("held").objectLockLegalHoldStatus("ON"), RequestBody.fromBytes(NOTHING));
        assertRefused(() -> other.getObjectLockConfiguration(b -> b.bucket(bucket)), 403, "AccessDenied");
        policy(bucket, "s3:GetBucketObjectLockConfiguration");
        assertThat(other.getObjectLockConfiguration(b -> b.bucket(bucket))
                        .objectLockConfiguration()
                        .objectLockEnabledAsString())
                .isEqualTo("Enabled");
    }

    @Test
    void a_condition_on_a_lock_looks_at_the_documents_that_ask_for_it_too() {
        String bucket = "access-lock-terms";
        client.createBucket(b -> b.bucket(bucket).objectLockEnabledForBucket(true));
        client.putObject(b -> b.bucket(bucket).key("key"), RequestBody.fromBytes(NOTHING));
        terms(
                bucket,
                OTHER,
                "'Allow','Action':'s3:*'",
                "'Deny','Action':'s3:PutObjectRetention','Condition':{'NumericGreaterThan':"
                        + "{'s3:object-lock-remaining-retention-days':'10'}}",
                "'Deny','Action':'s3:PutObjectRetention','Condition':{'StringEquals':"
                        + "{'s3:object-lock-mode':'COMPLIANCE'}}",
                "'Deny','Action':'s3:PutObjectLegalHold','Condition':{'StringEquals':"
                        + "{'s3:object-lock-legal-hold':'OFF'}}");
        assertRefused(() -> retain(bucket, "GOVERNANCE", 12), 403, "AccessDenied");
        assertRefused(() -> retain(bucket, "COMPLIANCE", 5), 403, "AccessDenied");
        retain(bucket, "GOVERNANCE", 5);
        hold(bucket, "ON");
        assertRefused(() -> hold(bucket, "OFF"), 403, "AccessDenied");
        terms(
                bucket,
                OTHER,
                "'Allow','Action':'s3:PutObjectRetention','Condition':{'DateLessThan':"
                        + "{'s3:object-lock-retain-until-date':'"
                        + Instant.now().plus(Duration.ofDays(8)) + "'}}");
        assertRefused(() -> retain(bucket, "GOVERNANCE", 9), 403, "AccessDenied");
        retain(bucket, "GOVERNANCE", 7);
    }

    /** A policy of statements on all objects. */
    private static void terms(String bucket, String principal, String... effects) {
        String statements = Stream.of(effects)
                .map(effect -> "{'Effect':" + effect + ",'Principal':" + principal + ",'Resource':'arn:aws:s3:::"
                        + bucket + "/*'}")
                .collect(Collectors.joining(","));
        String document = ("{'Version':'2012-10-17','Statement':[" + statements + "]}").replace('\'', '"');
        client.putBucketPolicy(b -> b.bucket(bucket).policy(document));
    }

    private static void retain(String bucket, String mode, int days) {
        other.putObjectRetention(b -> b.bucket(bucket)
                .key("key")
                .retention(r -> r.mode(mode).retainUntilDate(Instant.now().plus(Duration.ofDays(days)))));
    }

    private static void hold(String bucket, String status) {
        other.putObjectLegalHold(b -> b.bucket(bucket).key("key").legalHold(h -> h.status(status)));
    }

    @Test
    void a_date_is_decided_by_however_it_is_written() throws Exception {
        String bucket = "access-lock-date";
        client.createBucket(b -> b.bucket(bucket).objectLockEnabledForBucket(true));
        terms(
                bucket,
                "'*'",
                "'Deny','Action':'s3:PutObjectRetention','Condition':{'NumericGreaterThan':"
                        + "{'s3:object-lock-remaining-retention-days':'10'}}");
        for (String date : List.of("2099-01-01T00:00:00Z", "2099-01-01T00:00Z", "2099-01-01T01:00+01:00")) {
            assertThat(putUntil(bucket, date)).as(date).isEqualTo(403);
        }
        assertThat(putUntil(bucket, "2099-01-01")).isEqualTo(400);
        assertThat(putUntil(bucket, "")).isEqualTo(400);
        assertThat(client.listObjectVersions(b -> b.bucket(bucket)).versions()).isEmpty();
    }

    private static int putUntil(String bucket, String date) throws Exception {
        String md5 = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(NOTHING));
        return Raw.of(server)
                .header("Content-MD5", md5)
                .header(LockHeaders.MODE, "GOVERNANCE")
                .header(LockHeaders.UNTIL, date)
                .send("PUT", "/" + bucket + "/key", NOTHING)
                .status();
    }
}
