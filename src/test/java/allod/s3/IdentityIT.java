package allod.s3;

import static allod.s3.TaggingIT.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import allod.TestServer;
import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import allod.store.Identities;
import allod.store.IdentityKind;
import allod.store.NamedIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** What users may do: what their own policies, their groups' and a bucket's let them, as it stands at that moment. */
class IdentityIT {
    private static final TenantId OWNER = new TenantId(1);
    private static final TenantId OTHER = new TenantId(2);
    private static final String SECRET = "a secret of some user's";
    private static final String ACCOUNT = "000000000001";

    private static TestServer server;
    private static S3Client root;
    private static int count;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        root = server.client();
    }

    @AfterAll
    static void stop() throws IOException {
        root.close();
        server.close();
    }

    private static Identities identities() {
        return server.store().identities();
    }

    /** A new bucket of the root's with one object. */
    private static String bucket() {
        String bucket = "identity-bucket-" + ++count;
        root.createBucket(b -> b.bucket(bucket));
        root.putObject(b -> b.bucket(bucket).key("key"), RequestBody.fromString("content"));
        return bucket;
    }

    private static String user(TenantId tenant, String... statements) throws IOException {
        String name = "user-" + ++count;
        identities().add(Principal.ROOT, tenant, IdentityKind.USER, name, new byte[0], 0);
        key(tenant, name);
        if (statements.length > 0) {
            put(tenant, IdentityKind.USER, name, statements);
        }
        return name;
    }

    private static void key(TenantId tenant, String user) throws IOException {
        byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
        server.store()
                .tenants()
                .addKey(Principal.ROOT, tenant, Optional.of(user), new AccessKeyId("AK" + user), secret);
    }

    private static void put(TenantId tenant, IdentityKind kind, String name, String... statements) throws IOException {
        var document = new NamedIdentity.Document("p", policy(statements).getBytes(StandardCharsets.UTF_8));
        identities().putPolicy(Principal.ROOT, tenant, kind, name, document);
    }

    private static String policy(String... statements) {
        return ("{'Version':'2012-10-17','Statement':[" + String.join(",", statements) + "]}").replace('\'', '"');
    }

    private static String allow(String action, String resource) {
        return "{'Effect':'Allow','Action':'" + action + "','Resource':'" + resource + "'}";
    }

    private static S3Client client(String user) {
        return server.client("AK" + user, SECRET);
    }

    private static String arn(String user) {
        return "arn:aws:iam::" + ACCOUNT + ":user/" + user;
    }

    @Test
    void a_user_may_do_what_its_policy_allows_from_when_it_is_put_until_it_is_taken_off() throws IOException {
        String bucket = bucket();
        String user = user(OWNER);
        try (S3Client client = client(user)) {
            assertRefused(() -> client.getObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
            assertRefused(client::listBuckets, 403, "AccessDenied");
            assertThat(server.history(1).getLast())
                    .contains("\"type\":\"access.refused\"", "no statement allows s3:ListAllMyBuckets");
            put(OWNER, IdentityKind.USER, user, allow("s3:GetObject", "arn:aws:s3:::" + bucket + "/*"));
            assertThat(client.getObjectAsBytes(b -> b.bucket(bucket).key("key")).asUtf8String())
                    .isEqualTo("content");
            assertThat(server.history(1).getLast())
                    .contains("\"type\":\"object.get\"", "\"actor\":\"user/" + user + "\"", "\"purpose\":\"owner\"");
            assertRefused(() -> client.deleteObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
            assertThat(server.history(1).getLast())
                    .contains("\"type\":\"access.refused\"", "no statement allows s3:DeleteObject");
            identities().deletePolicy(Principal.ROOT, OWNER, IdentityKind.USER, user, "p");
            assertRefused(() -> client.getObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
        }
    }

    @Test
    void a_user_makes_and_lists_the_buckets_that_its_policy_names() throws IOException {
        String user = user(
                OWNER, allow("s3:CreateBucket", "arn:aws:s3:::team-*"), allow("s3:ListAllMyBuckets", "arn:aws:s3:::*"));
        try (S3Client client = client(user)) {
            client.createBucket(b -> b.bucket("team-bucket"));
            assertRefused(() -> client.createBucket(b -> b.bucket("others-bucket")), 403, "AccessDenied");
            assertThat(client.listBuckets().buckets())
                    .anyMatch(bucket -> bucket.name().equals("team-bucket"));
            assertRefused(() -> client.deleteBucket(b -> b.bucket("team-bucket")), 403, "AccessDenied");
        }
    }

    @Test
    void a_user_has_what_its_groups_have_while_it_is_in_them() throws IOException {
        String bucket = bucket();
        String user = user(OWNER);
        String group = "group-" + ++count;
        identities().add(Principal.ROOT, OWNER, IdentityKind.GROUP, group, new byte[0], 0);
        put(OWNER, IdentityKind.GROUP, group, allow("s3:*", "*"));
        try (S3Client client = client(user)) {
            assertRefused(() -> client.getObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
            identities().setMember(Principal.ROOT, OWNER, group, user, true);
            client.headObject(b -> b.bucket(bucket).key("key"));
            put(OWNER, IdentityKind.USER, user, "{'Effect':'Deny','Action':'s3:GetObject','Resource':'*'}");
            assertRefused(() -> client.getObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
            identities().setMember(Principal.ROOT, OWNER, group, user, false);
            assertRefused(
                    () -> client.putObject(b -> b.bucket(bucket).key("k"), RequestBody.empty()), 403, "AccessDenied");
        }
    }

    @Test
    void a_buckets_policy_names_users_that_there_are() throws IOException {
        String bucket = bucket();
        String user = user(OWNER);
        String other = user(OWNER);
        String statement =
                "{'Effect':'Allow','Principal':{'AWS':'ARN'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::" + bucket
                        + "/*'}";
        for (String unknown : new String[] {
            arn("nobody"), arn("no body"), arn("nöbody"), arn(user).replace("user/", "role/")
        }) {
            assertRefused(
                    () -> root.putBucketPolicy(b -> b.bucket(bucket).policy(policy(statement.replace("ARN", unknown)))),
                    400,
                    "MalformedPolicy");
        }
        root.putBucketPolicy(b -> b.bucket(bucket).policy(policy(statement.replace("ARN", arn(user)))));
        try (S3Client client = client(user);
                S3Client others = client(other)) {
            client.getObjectAsBytes(b -> b.bucket(bucket).key("key"));
            assertRefused(() -> others.getObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
        }
    }

    @Test
    void from_another_account_a_user_needs_leave_of_both() throws IOException {
        String bucket = bucket();
        String stranger = user(OTHER);
        String statement = "{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::000000000002:user/" + stranger
                + "'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::" + bucket + "/*'}";
        try (S3Client client = client(stranger)) {
            root.putBucketPolicy(b -> b.bucket(bucket).policy(policy(statement)));
            assertRefused(() -> client.getObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
            put(OTHER, IdentityKind.USER, stranger, allow("s3:*", "*"));
            client.getObjectAsBytes(b -> b.bucket(bucket).key("key"));
            assertThat(server.history(1).getLast())
                    .contains("\"actor\":\"user/" + stranger + "\"", "\"actor_tenant\":2", "\"purpose\":\"granted\"");
            root.deleteBucketPolicy(b -> b.bucket(bucket));
            assertRefused(() -> client.getObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
        }
    }

    @Test
    void the_owner_of_a_bucket_reads_no_name_of_anothers_policies_but_those_of_its_own() throws IOException {
        String bucket = bucket();
        String denies = "{'Sid':'untilTheDeal','Effect':'Deny','Action':'s3:GetObject','Resource':'*'}";
        String stranger = user(OTHER, denies);
        String own = user(OWNER, denies);
        try (S3Client strangers = client(stranger);
                S3Client owners = client(own)) {
            assertRefused(() -> strangers.getObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
            assertThat(server.history(1).getLast())
                    .contains("\"actor_tenant\":2", "\"why\":\"not allowed by the caller's account\"")
                    .doesNotContain("untilTheDeal");
            assertRefused(() -> owners.getObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
            assertThat(server.history(1).getLast()).contains("denied by statement untilTheDeal of policy p");
            root.putBucketPolicy(b -> b.bucket(bucket)
                    .policy(policy("{'Sid':'closed','Effect':'Deny','Principal':'*','Action':'s3:GetObject',"
                            + "'Resource':'arn:aws:s3:::" + bucket + "/*'}")));
            assertRefused(() -> strangers.getObject(b -> b.bucket(bucket).key("key")), 403, "AccessDenied");
            assertThat(server.history(1).getLast()).contains("denied by statement closed of the bucket's policy");
        }
    }

    @Test
    void a_deleted_user_and_a_disabled_key_are_refused_at_once() throws IOException {
        String bucket = bucket();
        String gone = user(OWNER, allow("s3:*", "*"));
        String disabled = user(OWNER, allow("s3:*", "*"));
        try (S3Client first = client(gone);
                S3Client second = client(disabled)) {
            assertThatCode(() -> first.headObject(b -> b.bucket(bucket).key("key")))
                    .doesNotThrowAnyException();
            second.headObject(b -> b.bucket(bucket).key("key"));
            identities().delete(Principal.ROOT, OWNER, IdentityKind.USER, gone);
            server.store().tenants().disableKey(Principal.ROOT, new AccessKeyId("AK" + disabled));
            assertRefused(() -> first.getObject(b -> b.bucket(bucket).key("key")), 403, "InvalidAccessKeyId");
            assertRefused(() -> second.getObject(b -> b.bucket(bucket).key("key")), 403, "InvalidAccessKeyId");
        }
    }
}
