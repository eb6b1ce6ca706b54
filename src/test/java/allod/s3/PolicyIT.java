package allod.s3;

import static allod.s3.TaggingIT.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.TestServer;
import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import allod.store.BucketName;
import allod.store.Caller;
import allod.store.ConfigurationKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** Who reaches a bucket by its policy: nobody but its owner, another owner, everybody. */
class PolicyIT {
    private static final byte[] NOTHING = {};

    private static TestServer server;
    private static S3Client client;
    private static S3Client other;
    private static int buckets;

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

    /** A new bucket with one object. */
    private static String bucket() {
        String bucket = "policy-bucket-" + ++buckets;
        client.createBucket(b -> b.bucket(bucket));
        client.putObject(b -> b.bucket(bucket).key("key").tagging("level=open"), RequestBody.fromString("content"));
        return bucket;
    }

    private static void policy(String bucket, String... statements) {
        client.putBucketPolicy(b -> b.bucket(bucket).policy(json(bucket, statements)));
    }

    private static String json(String bucket, String... statements) {
        return ("{'Version':'2012-10-17','Statement':[" + String.join(",", statements) + "]}")
                .replace("BUCKET", "arn:aws:s3:::" + bucket)
                .replace('\'', '"');
    }

    private static String allow(String principal, String action, String resource) {
        return "{'Effect':'Allow','Principal':" + principal + ",'Action':'" + action + "','Resource':'" + resource
                + "'}";
    }

    private static Raw.Answer anonymous(String method, String target) throws IOException {
        return Raw.of(server).unsigned().send(method, target, NOTHING);
    }

    private static List<String> history() throws IOException {
        return server.history(1);
    }

    @Test
    void a_policy_comes_back_as_it_was_put_until_it_is_deleted() {
        String bucket = bucket();
        assertRefused(() -> client.getBucketPolicy(b -> b.bucket(bucket)), 404, "NoSuchBucketPolicy");
        policy(bucket, allow("'*'", "s3:GetObject", "BUCKET/*"));
        assertThat(client.getBucketPolicy(b -> b.bucket(bucket)).policy())
                .isEqualTo(json(bucket, allow("'*'", "s3:GetObject", "BUCKET/*")));
        assertThat(client.getBucketPolicyStatus(b -> b.bucket(bucket))
                        .policyStatus()
                        .isPublic())
                .isTrue();
        client.deleteBucketPolicy(b -> b.bucket(bucket));
        assertRefused(() -> client.getBucketPolicy(b -> b.bucket(bucket)), 404, "NoSuchBucketPolicy");
        assertThat(client.getBucketPolicyStatus(b -> b.bucket(bucket))
                        .policyStatus()
                        .isPublic())
                .isFalse();
    }

    @Test
    void everybody_reads_what_a_policy_opens_and_nothing_else_and_leaves_an_event() throws IOException {
        String bucket = bucket();
        assertThat(anonymous("GET", "/" + bucket + "/key").code()).isEqualTo("AccessDenied");
        policy(bucket, allow("'*'", "s3:GetObject", "BUCKET/k*"));
        assertThat(anonymous("GET", "/" + bucket + "/key").text()).isEqualTo("content");
        assertThat(history().getLast())
                .contains("\"type\":\"object.get\"", "\"actor\":\"anonymous\"", "\"purpose\":\"granted\"");
        assertThat(anonymous("HEAD", "/" + bucket + "/key").status()).isEqualTo(200);
        assertThat(anonymous("GET", "/" + bucket).status()).isEqualTo(403);
        assertThat(anonymous("PUT", "/" + bucket + "/key").status()).isEqualTo(403);
        assertThat(anonymous("DELETE", "/" + bucket + "/key").status()).isEqualTo(403);
        assertThat(anonymous("GET", "/" + bucket + "?policy").status()).isEqualTo(403);
        assertThat(anonymous("PUT", "/" + bucket + "?tagging").status()).isEqualTo(403);
        assertThat(anonymous("GET", "/").status()).isEqualTo(403);
        assertThat(anonymous("PUT", "/made-by-nobody").status()).isEqualTo(403);
    }

    @Test
    void who_may_not_list_does_not_learn_what_is_missing() throws IOException {
        String bucket = bucket();
        policy(bucket, allow("'*'", "s3:GetObject", "BUCKET/*"));
        assertThat(anonymous("GET", "/" + bucket + "/missing").code()).isEqualTo("AccessDenied");
        policy(bucket, allow("'*'", "s3:GetObject", "BUCKET/*"), allow("'*'", "s3:ListBucket", "BUCKET"));
        assertThat(anonymous("GET", "/" + bucket + "/missing").code()).isEqualTo("NoSuchKey");
        assertThat(anonymous("GET", "/" + bucket + "?list-type=2").text()).contains("<Key>key</Key>");
        assertThat(anonymous("GET", "/no-such-bucket-at-all").code()).isEqualTo("NoSuchBucket");
    }

    @Test
    void everybody_writes_where_a_policy_lets_and_the_bucket_keeps_its_owner() throws IOException {
        String bucket = bucket();
        policy(bucket, allow("'*'", "s3:PutObject", "BUCKET/in/*"));
        Raw.Answer put = Raw.of(server)
                .unsigned()
                .send("PUT", "/" + bucket + "/in/box", "letter".getBytes(StandardCharsets.UTF_8));
        assertThat(put.status()).isEqualTo(200);
        assertThat(client.getObjectAsBytes(b -> b.bucket(bucket).key("in/box")).asUtf8String())
                .isEqualTo("letter");
    }

    @Test
    void another_owner_is_let_by_its_account_and_refused_with_an_event() throws IOException {
        String bucket = bucket();
        assertRefused(() -> other.getObjectAsBytes(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
        assertThat(history().getLast())
                .contains("\"type\":\"access.refused\"", "\"actor_tenant\":2", "\"action\":\"s3:GetObject\"");
        policy(
                bucket,
                allow("{'AWS':'arn:aws:iam::000000000002:root'}", "s3:GetObject", "BUCKET/*"),
                allow("{'AWS':'000000000002'}", "s3:ListBucket", "BUCKET"));
        assertThat(other.getObjectAsBytes(b -> b.bucket(bucket).key("key")).asUtf8String())
                .isEqualTo("content");
        assertThat(history().getLast()).contains("\"actor_tenant\":2", "\"purpose\":\"granted\"");
        assertThat(other.listObjectsV2(b -> b.bucket(bucket).fetchOwner(true))
                        .contents()
                        .getFirst()
                        .owner()
                        .id())
                .endsWith("01");
        assertRefused(
                () -> other.putObject(b -> b.bucket(bucket).key("x"), RequestBody.fromString("x")),
                403,
                "AccessDenied");
        assertThat(anonymous("GET", "/" + bucket + "/key").status()).isEqualTo(403);
    }

    @Test
    void a_deny_keeps_even_the_owner_away_but_never_from_the_policy_itself() {
        String bucket = bucket();
        policy(
                bucket,
                "{'Sid':'nobody','Effect':'Deny','Principal':'*','Action':'s3:*','Resource':['BUCKET','BUCKET/*']}");
        assertRefused(() -> client.getObjectAsBytes(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
        assertRefused(() -> client.listObjectsV2(b -> b.bucket(bucket)), 403, "AccessDenied");
        assertThat(client.getBucketPolicy(b -> b.bucket(bucket)).policy()).contains("nobody");
        client.deleteBucketPolicy(b -> b.bucket(bucket));
        client.getObjectAsBytes(b -> b.bucket(bucket).key("key"));
    }

    @Test
    void conditions_look_at_the_request_and_at_the_object() throws IOException {
        String bucket = bucket();
        client.putObject(b -> b.bucket(bucket).key("closed").tagging("level=secret"), RequestBody.fromString("x"));
        policy(
                bucket,
                "{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'BUCKET/*',"
                        + "'Condition':{'StringEquals':{'s3:ExistingObjectTag/level':'open'}}}",
                "{'Effect':'Allow','Principal':'*','Action':'s3:ListBucket','Resource':'BUCKET',"
                        + "'Condition':{'StringEquals':{'s3:prefix':'k'},'NumericLessThanEquals':{'s3:max-keys':10}}}",
                "{'Effect':'Allow','Principal':'*','Action':['s3:PutObject','s3:PutObjectTagging'],'Resource':'BUCKET/*',"
                        + "'Condition':{'StringEquals':{'s3:RequestObjectTag/by':'anyone'},"
                        + "'ForAllValues:StringEquals':{'s3:RequestObjectTagKeys':['by','level']}}}");
        assertThat(anonymous("GET", "/" + bucket + "/key").status()).isEqualTo(200);
        assertThat(anonymous("GET", "/" + bucket + "/closed").status()).isEqualTo(403);
        assertThat(anonymous("GET", "/" + bucket + "?prefix=k&max-keys=10").status())
                .isEqualTo(200);
        assertThat(anonymous("GET", "/" + bucket + "?prefix=k&max-keys=11").status())
                .isEqualTo(403);
        assertThat(anonymous("GET", "/" + bucket + "?prefix=c&max-keys=10").status())
                .isEqualTo(403);
        for (String header : List.of("by=anyone", "by=other", "by=anyone&more=x")) {
            assertThat(Raw.of(server)
                            .unsigned()
                            .header("x-amz-tagging", header)
                            .send("PUT", "/" + bucket + "/new", NOTHING)
                            .status())
                    .isEqualTo(header.equals("by=anyone") ? 200 : 403);
        }
    }

    @Test
    void a_copy_needs_leave_of_both_its_ends() {
        String bucket = bucket();
        String target = "target-of-other-" + buckets;
        other.createBucket(b -> b.bucket(target));
        assertRefused(
                () -> other.copyObject(b -> b.sourceBucket(bucket)
                        .sourceKey("key")
                        .destinationBucket(target)
                        .destinationKey("copy")),
                403,
                "AccessDenied");
        policy(bucket, allow("{'AWS':'000000000002'}", "s3:GetObject", "BUCKET/*"));
        // The source has tags, and to copy them is to read them.
        assertRefused(
                () -> other.copyObject(b -> b.sourceBucket(bucket)
                        .sourceKey("key")
                        .destinationBucket(target)
                        .destinationKey("copy")),
                403,
                "AccessDenied");
        policy(bucket, allow("{'AWS':'000000000002'}", "s3:GetObject*", "BUCKET/*"));
        other.copyObject(b -> b.sourceBucket(bucket)
                .sourceKey("key")
                .destinationBucket(target)
                .destinationKey("copy"));
        assertThat(other.getObjectAsBytes(b -> b.bucket(target).key("copy")).asUtf8String())
                .isEqualTo("content");
    }

    @Test
    void deletes_of_many_are_decided_key_by_key() {
        String bucket = bucket();
        client.putObject(b -> b.bucket(bucket).key("mine"), RequestBody.fromString("x"));
        policy(bucket, allow("{'AWS':'000000000002'}", "s3:DeleteObject", "BUCKET/k*"));
        var answer = other.deleteObjects(b -> b.bucket(bucket)
                .delete(d -> d.objects(
                        ObjectIdentifier.builder().key("key").build(),
                        ObjectIdentifier.builder().key("mine").build())));
        assertThat(answer.deleted()).extracting(d -> d.key()).containsExactly("key");
        assertThat(answer.errors()).extracting(e -> e.key() + " " + e.code()).containsExactly("mine AccessDenied");
        assertRefused(() -> client.getObjectAsBytes(b -> b.bucket(bucket).key("key")), 404, "NoSuchKey");
        client.getObjectAsBytes(b -> b.bucket(bucket).key("mine"));
    }

    @Test
    void a_policy_that_cannot_be_carried_out_is_refused_with_its_name() {
        String bucket = bucket();
        for (String statement : List.of(
                allow("'*'", "s3:Gobble", "BUCKET/*"),
                allow("'*'", "s3:GetObject", "arn:aws:s3:::other/*"),
                allow("{'AWS':'000000000099'}", "s3:GetObject", "BUCKET/*"),
                "{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'BUCKET/*',"
                        + "'Condition':{'StringEquals':{'aws:SourceVpc':'x'}}}")) {
            assertRefused(
                    () -> client.putBucketPolicy(b -> b.bucket(bucket).policy(json(bucket, statement))),
                    400,
                    "MalformedPolicy");
        }
        try {
            client.putBucketPolicy(b -> b.bucket(bucket).policy(json(bucket, allow("'*'", "s3:Gobble", "BUCKET/*"))));
        } catch (S3Exception e) {
            assertThat(e.awsErrorDetails().errorMessage()).contains("s3:Gobble");
        }
        assertRefused(() -> client.getBucketPolicy(b -> b.bucket(bucket)), 404, "NoSuchBucketPolicy");
    }

    @Test
    void a_caller_adds_nothing_that_a_policy_decides_by() throws IOException {
        String bucket = bucket();
        policy(
                bucket,
                "{'Effect':'Allow','Principal':'*','Action':'s3:*','Resource':['BUCKET','BUCKET/*'],"
                        + "'Condition':{'StringLike':{'s3:prefix':'home/*'}}}",
                "{'Effect':'Allow','Principal':'*','Action':'s3:*','Resource':'BUCKET/*',"
                        + "'Condition':{'StringEquals':{'s3:RequestObjectTag/a':'b'}}}",
                "{'Effect':'Allow','Principal':'*','Action':'s3:PutObject','Resource':'BUCKET/*',"
                        + "'Condition':{'StringLike':{'s3:x-amz-copy-source':'" + bucket + "/ok/*'}}}");
        assertThat(anonymous("GET", "/" + bucket + "?prefix=home/x").status()).isEqualTo(200);
        for (String method : List.of("GET", "PUT", "DELETE")) {
            assertThat(anonymous(method, "/" + bucket + "/key?prefix=home/x").status())
                    .isEqualTo(403);
        }
        assertThat(anonymous("DELETE", "/" + bucket + "?policy&prefix=home/x").status())
                .isEqualTo(403);
        assertThat(Raw.of(server)
                        .unsigned()
                        .header("x-amz-tagging", "a=b")
                        .send("GET", "/" + bucket + "/key", NOTHING)
                        .status())
                .isEqualTo(403);
        assertThat(anonymous("PUT", "/" + bucket + "/new?x-amz-copy-source=/" + bucket + "/ok/a")
                        .code())
                .isEqualTo("InvalidArgument");
        assertRefused(
                () -> policy(
                        bucket,
                        "{'Effect':'Deny','Principal':'*','Action':'s3:DeleteObject','Resource':'BUCKET/*',"
                                + "'Condition':{'StringEquals':{'s3:ExistingObjectTag/level':'open'}}}"),
                400,
                "MalformedPolicy");
    }

    @Test
    void a_policy_gives_nobody_outside_the_account_what_says_who_has_the_bucket() throws IOException {
        String bucket = bucket();
        policy(bucket, allow("'*'", "s3:*", "BUCKET"));
        String deny = json(bucket, allow("'*'", "s3:*", "BUCKET").replace("Allow", "Deny"));
        Raw.Answer put =
                Raw.of(server).unsigned().send("PUT", "/" + bucket + "?policy", deny.getBytes(StandardCharsets.UTF_8));
        assertThat(put.status() + " " + put.code()).isEqualTo("405 MethodNotAllowed");
        assertRefused(() -> other.deleteBucketPolicy(b -> b.bucket(bucket)), 405, "MethodNotAllowed");
        assertThat(history().getLast())
                .contains("\"type\":\"access.refused\"", "\"action\":\"s3:DeleteBucketPolicy\"", "only the account");
        assertRefused(() -> other.getBucketPolicy(b -> b.bucket(bucket)), 405, "MethodNotAllowed");
        assertRefused(
                () -> other.putPublicAccessBlock(
                        b -> b.bucket(bucket).publicAccessBlockConfiguration(c -> c.blockPublicPolicy(true))),
                405,
                "MethodNotAllowed");
        client.listObjectsV2(b -> b.bucket(bucket));
    }

    @Test
    void a_copy_has_the_tags_that_it_was_decided_by() {
        String bucket = bucket();
        String own = "source-of-other-" + buckets;
        other.createBucket(b -> b.bucket(own));
        other.putObject(b -> b.bucket(own).key("secret").tagging("level=secret"), RequestBody.fromString("x"));
        policy(
                bucket,
                "{'Effect':'Allow','Principal':{'AWS':'000000000002'},'Action':['s3:PutObject','s3:PutObjectTagging'],"
                        + "'Resource':'BUCKET/*','Condition':{'StringEqualsIfExists':{'s3:RequestObjectTag/level':'open'}}}");
        assertRefused(
                () -> other.copyObject(b -> b.sourceBucket(own)
                        .sourceKey("secret")
                        .destinationBucket(bucket)
                        .destinationKey("in")
                        .tagging("level=open")),
                400,
                "InvalidArgument");
        assertRefused(
                () -> other.copyObject(b -> b.sourceBucket(own)
                        .sourceKey("secret")
                        .destinationBucket(bucket)
                        .destinationKey("in")),
                403,
                "AccessDenied");
        other.copyObject(b -> b.sourceBucket(own)
                .sourceKey("secret")
                .destinationBucket(bucket)
                .destinationKey("in")
                .taggingDirective(TaggingDirective.REPLACE)
                .tagging("level=open"));
        assertThat(client.getObjectTagging(b -> b.bucket(bucket).key("in")).tagSet())
                .containsExactly(Tag.builder().key("level").value("open").build());
    }

    @Test
    void an_event_says_granted_in_the_chain_of_another_owner_alone() throws IOException {
        String bucket = bucket();
        String own = "copies-of-other-" + buckets;
        other.createBucket(b -> b.bucket(own));
        policy(bucket, allow("{'AWS':'000000000002'}", "s3:Get*", "BUCKET/*"));
        other.copyObject(b ->
                b.sourceBucket(bucket).sourceKey("key").destinationBucket(own).destinationKey("copy"));
        assertThat(history().getLast()).contains("\"actor_tenant\":2", "\"purpose\":\"granted\"");
        assertThat(server.history(2).getLast())
                .startsWith(
                        "{\"type\":\"object.copy\",\"actor\":\"root\",\"access_key\":\"OTHERKEY\",\"purpose\":\"owner\"")
                .contains("\"from_bucket\":\"" + bucket + "\"", "\"bucket\":\"" + own + "\"");
    }

    @Test
    void whether_a_tag_matches_is_told_to_who_may_read() throws IOException {
        String bucket = bucket();
        policy(bucket, allow("'*'", "s3:PutObject", "BUCKET/*"), allow("'*'", "s3:DeleteObject", "BUCKET/*"));
        String tag = client.headObject(b -> b.bucket(bucket).key("key")).eTag();
        for (String guess : List.of(tag, "\"00000000000000000000000000000000\"")) {
            assertRefused(
                    () -> other.putObject(
                            b -> b.bucket(bucket).key("key").ifMatch(guess), RequestBody.fromString("content")),
                    403,
                    "AccessDenied");
            assertRefused(
                    () -> other.deleteObject(b -> b.bucket(bucket).key("key").ifMatch(guess)), 403, "AccessDenied");
            assertThat(other.deleteObjects(b -> b.bucket(bucket)
                                    .delete(d -> d.objects(ObjectIdentifier.builder()
                                            .key("key")
                                            .eTag(guess)
                                            .build())))
                            .errors())
                    .extracting(e -> e.code())
                    .containsExactly("AccessDenied");
        }
        other.putObject(b -> b.bucket(bucket).key("key").ifMatch("*"), RequestBody.fromString("content"));
        policy(bucket, allow("'*'", "s3:*Object", "BUCKET/*"));
        other.deleteObject(b -> b.bucket(bucket).key("key").ifMatch(tag));
    }

    @Test
    void who_does_not_sign_gets_content_as_it_was_put() throws IOException {
        String bucket = bucket();
        policy(bucket, allow("'*'", "s3:GetObject", "BUCKET/*"));
        String page = "/" + bucket + "/key?response-content-type=text/html";
        Raw.Answer answer = anonymous("GET", page);
        assertThat(answer.code()).isEqualTo("InvalidRequest");
        assertThat(answer.text())
                .contains("Request specific response headers cannot be used for anonymous GET requests.");
        assertThat(anonymous("HEAD", page).status()).isEqualTo(400);
        assertThat(Raw.of(server).send("GET", page, NOTHING).headers()).containsEntry("content-type", "text/html");
    }

    @Test
    void refusals_of_many_keys_take_bounded_work_and_are_all_recorded() throws IOException {
        String bucket = bucket();
        String stars = "'" + "BUCKET/*" + "a".repeat(500) + "b'";
        policy(
                bucket,
                "{'Effect':'Allow','Principal':'*','Action':'s3:DeleteObject','Resource':["
                        + String.join(",", Collections.nCopies(30, stars)) + "]}");
        int before = history().size();
        List<ObjectIdentifier> keys = IntStream.range(100, 400)
                .mapToObj(i ->
                        ObjectIdentifier.builder().key("a".repeat(1000) + i).build())
                .toList();
        assertThat(other.deleteObjects(b -> b.bucket(bucket).delete(d -> d.objects(keys)))
                        .errors())
                .hasSize(300)
                .allMatch(error -> error.code().equals("AccessDenied"));
        List<String> events = history().subList(before, history().size());
        assertThat(events).hasSize(300).allMatch(event -> event.contains("\"type\":\"access.refused\""));
        assertThat(events.getLast()).contains("too much work");
    }

    @Test
    void a_stored_policy_that_is_not_understood_keeps_all_but_its_owner_away() throws IOException {
        String bucket = bucket();
        var owner = new Caller(new TenantId(1), new Principal("root"), new AccessKeyId("KEY"), "local", "test");
        server.store()
                .objects()
                .putConfiguration(
                        owner, new BucketName(bucket), ConfigurationKind.POLICY, "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(anonymous("GET", "/" + bucket + "/key").status()).isEqualTo(403);
        assertRefused(() -> client.getObjectAsBytes(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
        assertThat(client.getBucketPolicy(b -> b.bucket(bucket)).policy()).isEqualTo("{}");
        client.deleteBucketPolicy(b -> b.bucket(bucket));
        client.getObjectAsBytes(b -> b.bucket(bucket).key("key"));
    }

    @Test
    void a_public_access_block_wins_over_policies() throws IOException {
        String bucket = bucket();
        assertRefused(
                () -> client.getPublicAccessBlock(b -> b.bucket(bucket)), 404, "NoSuchPublicAccessBlockConfiguration");
        policy(bucket, allow("'*'", "s3:GetObject", "BUCKET/*"));
        client.putPublicAccessBlock(b -> b.bucket(bucket)
                .publicAccessBlockConfiguration(
                        c -> c.restrictPublicBuckets(true).blockPublicPolicy(true)));
        assertThat(anonymous("GET", "/" + bucket + "/key").status()).isEqualTo(403);
        assertRefused(() -> other.getObjectAsBytes(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
        client.getObjectAsBytes(b -> b.bucket(bucket).key("key"));
        assertRefused(() -> policy(bucket, allow("'*'", "s3:ListBucket", "BUCKET")), 403, "AccessDenied");
        String nobody = allow("'*'", "s3:GetObject", "BUCKET/*")
                .replace("'}", "','Condition':" + "{'StringEquals':{'aws:userid':'anonymous'}}}");
        assertRefused(() -> policy(bucket, nobody), 403, "AccessDenied");
        policy(bucket, allow("{'AWS':'000000000002'}", "s3:GetObject", "BUCKET/*"));
        other.getObjectAsBytes(b -> b.bucket(bucket).key("key"));
        var block = client.getPublicAccessBlock(b -> b.bucket(bucket)).publicAccessBlockConfiguration();
        assertThat(List.of(
                        block.blockPublicAcls(),
                        block.ignorePublicAcls(),
                        block.blockPublicPolicy(),
                        block.restrictPublicBuckets()))
                .containsExactly(false, false, true, true);
        client.deletePublicAccessBlock(b -> b.bucket(bucket));
        assertRefused(
                () -> client.getPublicAccessBlock(b -> b.bucket(bucket)), 404, "NoSuchPublicAccessBlockConfiguration");
    }

    @Test
    void the_expected_owner_is_that_of_the_bucket() {
        String bucket = bucket();
        policy(bucket, allow("{'AWS':'000000000002'}", "s3:GetObject", "BUCKET/*"));
        other.getObjectAsBytes(b -> b.bucket(bucket).key("key").expectedBucketOwner("000000000001"));
        assertRefused(
                () -> other.getObjectAsBytes(b -> b.bucket(bucket).key("key").expectedBucketOwner("000000000002")),
                403,
                "AccessDenied");
    }
}
