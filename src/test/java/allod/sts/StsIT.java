package allod.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.TestServer;
import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import allod.store.Caller;
import allod.store.IdentityKind;
import allod.store.NamedIdentity;
import allod.store.Sessions;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;

/** Sessions as a client of AWS gets and uses them. */
class StsIT {
    private static final TenantId OWNER = new TenantId(1);
    private static final TenantId OTHER = new TenantId(2);
    private static final String BUCKET = "session-bucket";
    private static final String ROLE = "arn:aws:iam::000000000001:role/reader";
    private static final String SECRET = "a secret of some user's";
    private static final AwsCredentials ANN = AwsBasicCredentials.create("AKANN", SECRET);
    private static final AwsCredentials BOB = AwsBasicCredentials.create("AKBOB", SECRET);
    private static final AwsCredentials ROOT = AwsBasicCredentials.create(TestServer.KEY, TestServer.SECRET);
    private static final String NARROW =
            "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":"
                    + "\"arn:aws:s3:::session-bucket/narrow/*\"}}";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        try (S3Client root = s3(ROOT)) {
            root.createBucket(b -> b.bucket(BUCKET));
            root.putObject(b -> b.bucket(BUCKET).key("key"), RequestBody.fromString("content"));
            root.putObject(b -> b.bucket(BUCKET).key("narrow/key"), RequestBody.fromString("narrow"));
        }
        user(OWNER, "ann", "AKANN");
        user(OTHER, "bob", "AKBOB");
        policy(OTHER, IdentityKind.USER, "bob", "sts:AssumeRole");
        role("reader", "{'AWS':['arn:aws:iam::000000000001:user/ann','arn:aws:iam::000000000002:user/bob']}", "");
        policy(OWNER, IdentityKind.ROLE, "reader", "s3:GetObject");
        role("locked", "{'AWS':'arn:aws:iam::000000000001:user/ann'}", "{'StringEquals':{'sts:ExternalId':'right'}}");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static void user(TenantId tenant, String name, String key) throws IOException {
        server.store().identities().add(Principal.ROOT, tenant, IdentityKind.USER, name, new byte[0], 0);
        byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
        server.store().tenants().addKey(Principal.ROOT, tenant, Optional.of(name), new AccessKeyId(key), secret);
    }

    private static void policy(TenantId tenant, IdentityKind kind, String name, String action) throws IOException {
        String json = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"" + action + "\",\"Resource\":\"*\"}}";
        var document = new NamedIdentity.Document("p", json.getBytes(StandardCharsets.UTF_8));
        server.store().identities().putPolicy(Principal.ROOT, tenant, kind, name, document);
    }

    private static void role(String name, String principal, String condition) throws IOException {
        String json = "{'Statement':{'Effect':'Allow','Principal':" + principal + ",'Action':'sts:AssumeRole'"
                + (condition.isEmpty() ? "" : ",'Condition':" + condition) + "}}";
        byte[] trust = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        server.store().identities().add(Principal.ROOT, OWNER, IdentityKind.ROLE, name, trust, 7200);
    }

    private static S3Client s3(AwsCredentials credentials) {
        return S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(server.uri())
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static StsClient sts(AwsCredentials credentials) {
        return StsClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(server.uri())
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static AwsSessionCredentials session(Credentials given) {
        return AwsSessionCredentials.create(given.accessKeyId(), given.secretAccessKey(), given.sessionToken());
    }

    private static AwsSessionCredentials assume(AwsCredentials by, Consumer<AssumeRoleRequest.Builder> more) {
        try (StsClient client = sts(by)) {
            return session(client.assumeRole(b -> {
                        b.roleArn(ROLE).roleSessionName("job");
                        more.accept(b);
                    })
                    .credentials());
        }
    }

    private static void assertRefused(ThrowingCallable call, int status, String code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, refused -> {
            assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(refused.statusCode()).isEqualTo(status);
        });
    }

    @Test
    void a_role_that_is_taken_may_do_what_the_role_may() throws IOException {
        try (StsClient sts = sts(ANN);
                S3Client own = s3(ANN)) {
            assertRefused(() -> own.getObject(b -> b.bucket(BUCKET).key("key")), 403, "AccessDenied");
            var answer = sts.assumeRole(b -> b.roleArn(ROLE).roleSessionName("job"));
            assertThat(answer.assumedRoleUser().arn()).isEqualTo("arn:aws:sts::000000000001:assumed-role/reader/job");
            assertThat(Duration.between(
                            java.time.Instant.now(), answer.credentials().expiration()))
                    .isBetween(Duration.ofMinutes(50), Duration.ofMinutes(61));
            AwsSessionCredentials credentials = session(answer.credentials());
            try (S3Client client = s3(credentials);
                    StsClient who = sts(credentials)) {
                assertThat(client.getObjectAsBytes(b -> b.bucket(BUCKET).key("key"))
                                .asUtf8String())
                        .isEqualTo("content");
                assertThat(server.history(1).getLast())
                        .contains("\"actor\":\"role/reader/job\"", "\"access_key\":\"" + credentials.accessKeyId());
                assertRefused(() -> client.deleteObject(b -> b.bucket(BUCKET).key("key")), 403, "AccessDenied");
                assertThat(who.getCallerIdentity().arn())
                        .isEqualTo(answer.assumedRoleUser().arn());
                assertRefused(who::getSessionToken, 403, "AccessDenied");
            }
        }
    }

    @Test
    void a_session_is_narrowed_by_its_policy() {
        try (S3Client client = s3(assume(ANN, b -> b.policy(NARROW)))) {
            client.getObjectAsBytes(b -> b.bucket(BUCKET).key("narrow/key"));
            assertRefused(() -> client.getObject(b -> b.bucket(BUCKET).key("key")), 403, "AccessDenied");
        }
        assertRefused(() -> assume(ANN, b -> b.policy("{}")), 400, "MalformedPolicyDocument");
        String longest = NARROW + " ".repeat(2048 - NARROW.length());
        assertThat(assume(ANN, b -> b.policy(longest)).sessionToken()).hasSizeLessThanOrEqualTo(Sessions.MAX_TOKEN);
        assertRefused(() -> assume(ANN, b -> b.policy(longest + " ")), 400, "MalformedPolicyDocument");
    }

    @Test
    void who_is_not_trusted_does_not_learn_whether_there_is_a_role() throws IOException {
        assertRefused(() -> assume(ROOT, b -> {}), 403, "AccessDenied");
        assertThat(server.history(1).getLast())
                .contains("\"type\":\"session.begin\"", "no statement of the role's trust policy", "refused");
        assertRefused(() -> assume(ANN, b -> b.roleArn(ROLE + "s")), 403, "AccessDenied");
        String locked = "arn:aws:iam::000000000001:role/locked";
        assertRefused(() -> assume(ANN, b -> b.roleArn(locked)), 403, "AccessDenied");
        assertRefused(() -> assume(ANN, b -> b.roleArn(locked).externalId("wrong")), 403, "AccessDenied");
        assertThat(assume(ANN, b -> b.roleArn(locked).externalId("right")).sessionToken())
                .isNotEmpty();
    }

    @Test
    void one_of_another_account_takes_a_role_that_trusts_it_and_both_owners_read_so() throws IOException {
        try (S3Client client = s3(assume(BOB, b -> {}))) {
            client.getObjectAsBytes(b -> b.bucket(BUCKET).key("key"));
        }
        assertThat(server.history(1))
                .anyMatch(body -> body.contains("\"type\":\"session.begin\"") && body.contains("\"actor_tenant\":2"));
        assertThat(server.history(2))
                .anyMatch(body -> body.contains("\"type\":\"session.begin\"") && body.contains("\"role_tenant\":1"));
    }

    @Test
    void one_of_another_account_that_is_refused_was_granted_nothing() throws IOException {
        AwsCredentials stranger = AwsBasicCredentials.create(TestServer.OTHER_KEY, TestServer.OTHER_SECRET);
        assertRefused(() -> assume(stranger, b -> b.roleSessionName("stranger")), 403, "AccessDenied");
        assertThat(server.history(1))
                .filteredOn(body -> body.contains("role/reader/stranger"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("\"actor_tenant\":2", "\"purpose\":\"none\"", "\"outcome\":\"refused");
        assertThat(server.history(2))
                .filteredOn(body -> body.contains("role/reader/stranger"))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("\"role_tenant\":1", "\"purpose\":\"owner\"", "\"outcome\":\"refused")
                .doesNotContain("trust policy");
    }

    @Test
    void the_owner_of_a_role_reads_no_name_of_anothers_policies() throws IOException {
        user(OTHER, "dan", "AKDAN");
        String denies =
                "{\"Statement\":{\"Sid\":\"untilTheDeal\",\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}";
        var document = new NamedIdentity.Document("p", denies.getBytes(StandardCharsets.UTF_8));
        server.store().identities().putPolicy(Principal.ROOT, OTHER, IdentityKind.USER, "dan", document);
        AwsCredentials dan = AwsBasicCredentials.create("AKDAN", SECRET);
        assertRefused(() -> assume(dan, b -> b.roleSessionName("dans")), 403, "AccessDenied");
        assertThat(server.history(1))
                .anyMatch(body -> body.contains("role/reader/dans"))
                .noneMatch(body -> body.contains("untilTheDeal"));
        assertThat(server.history(2))
                .anyMatch(body -> body.contains("role/reader/dans") && body.contains("untilTheDeal"));
    }

    @Test
    void durations_are_within_their_bounds() {
        assertRefused(() -> assume(ANN, b -> b.durationSeconds(899)), 400, "ValidationError");
        assume(ANN, b -> b.durationSeconds(900));
        assume(ANN, b -> b.durationSeconds(7200));
        assertRefused(() -> assume(ANN, b -> b.durationSeconds(7201)), 400, "ValidationError");
        assertRefused(() -> assume(ANN, b -> b.durationSeconds(43_201)), 400, "ValidationError");
        assertRefused(() -> assume(ANN, b -> b.roleSessionName("x")), 400, "ValidationError");
        assertRefused(() -> assume(ANN, b -> b.sourceIdentity("ann")), 400, "ValidationError");
        try (StsClient sts = sts(ROOT)) {
            assertRefused(() -> sts.getSessionToken(b -> b.durationSeconds(129_601)), 400, "ValidationError");
        }
    }

    @Test
    void a_users_own_session_has_its_rights_and_one_of_the_root_has_all() throws IOException {
        user(OWNER, "cleo", "AKCLEO");
        policy(OWNER, IdentityKind.USER, "cleo", "s3:GetObject");
        AwsCredentials cleo = AwsBasicCredentials.create("AKCLEO", SECRET);
        try (StsClient sts = sts(cleo);
                StsClient roots = sts(ROOT)) {
            AwsSessionCredentials session = session(sts.getSessionToken().credentials());
            try (S3Client client = s3(session);
                    S3Client root = s3(session(roots.getSessionToken().credentials()))) {
                client.getObjectAsBytes(b -> b.bucket(BUCKET).key("key"));
                assertRefused(client::listBuckets, 403, "AccessDenied");
                assertThat(root.listBuckets().buckets()).isNotEmpty();
                server.store().tenants().disableKey(Principal.ROOT, new AccessKeyId("AKCLEO"));
                assertRefused(() -> client.getObject(b -> b.bucket(BUCKET).key("key")), 400, "InvalidToken");
                assertRefused(() -> sts(session).getCallerIdentity(), 403, "InvalidClientTokenId");
            }
        }
    }

    @Test
    void tokens_that_are_over_wrong_or_missing_are_told_apart() throws IOException {
        AwsSessionCredentials good = assume(ANN, b -> {});
        var missing = AwsBasicCredentials.create(good.accessKeyId(), good.secretAccessKey());
        var wrong = AwsSessionCredentials.create(good.accessKeyId(), good.secretAccessKey(), "wrong");
        var others = AwsSessionCredentials.create("AKANN", SECRET, good.sessionToken());
        var forged = AwsSessionCredentials.create(good.accessKeyId(), SECRET, good.sessionToken());
        var caller = new Caller(OWNER, Principal.user("ann"), new AccessKeyId("AKANN"), "local", "test");
        var terms =
                new Sessions.Terms(OWNER, Principal.user("ann"), new AccessKeyId("AKANN"), false, Duration.ZERO, "");
        Sessions.Issued past = server.store().sessions().begin(caller, terms);
        var over = AwsSessionCredentials.create(
                past.session().id().value(),
                new String(past.session().secret(), StandardCharsets.US_ASCII),
                past.token());
        assertHead(good, "");
        assertHead(missing, "InvalidAccessKeyId");
        assertHead(wrong, "InvalidToken");
        assertHead(others, "InvalidToken");
        assertHead(forged, "SignatureDoesNotMatch");
        assertHead(over, "ExpiredToken");
        assertRefused(() -> sts(over).getCallerIdentity(), 403, "ExpiredToken");
        assertRefused(
                () -> sts(AwsBasicCredentials.create("AKNONE", SECRET)).getCallerIdentity(),
                403,
                "InvalidClientTokenId");
        assertRefused(
                () -> sts(AwsBasicCredentials.create("AKANN", SECRET + "x")).getCallerIdentity(),
                403,
                "SignatureDoesNotMatch");
    }

    private static void assertHead(AwsCredentials credentials, String code) {
        try (S3Client client = s3(credentials)) {
            if (code.isEmpty()) {
                client.getObjectAsBytes(b -> b.bucket(BUCKET).key("key"));
            } else {
                int status = code.endsWith("Token") ? 400 : 403;
                assertRefused(() -> client.getObject(b -> b.bucket(BUCKET).key("key")), status, code);
            }
        }
    }

    @Test
    void a_presigned_url_carries_its_token() throws IOException {
        AwsSessionCredentials session = assume(ANN, b -> b.policy(NARROW));
        try (S3Presigner presigner = S3Presigner.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(server.uri())
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .credentialsProvider(StaticCredentialsProvider.create(session))
                .build()) {
            String url = presigner
                    .presignGetObject(b -> b.signatureDuration(Duration.ofMinutes(5))
                            .getObjectRequest(g -> g.bucket(BUCKET).key("narrow/key")))
                    .url()
                    .toString();
            assertThat(url).contains("X-Amz-Security-Token=");
            assertThat(get(url)).isEqualTo("narrow");
            assertThat(get(url.replaceAll("X-Amz-Security-Token=[^&]*", "X-Amz-Security-Token=wrong")))
                    .contains("<Code>InvalidToken</Code>");
        }
    }

    private static String get(String url) throws IOException {
        var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
        InputStream body =
                connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream();
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** A form without a signature, or with one that no client would sign. */
    private static String post(String content) throws IOException {
        var connection = (HttpURLConnection) server.uri().toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        connection.getOutputStream().write(content.getBytes(StandardCharsets.US_ASCII));
        InputStream body =
                connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream();
        return connection.getResponseCode() + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void a_form_is_signed_and_of_a_bounded_size() throws IOException {
        assertThat(post("Action=GetCallerIdentity&Version=2011-06-15"))
                .startsWith("403")
                .contains("<Code>MissingAuthenticationToken</Code>");
        assertThat(post("a".repeat(StsHandler.MAX_CONTENT))).startsWith("403");
        assertThat(post("a".repeat(StsHandler.MAX_CONTENT + 1)))
                .startsWith("413")
                .contains("<Code>RequestEntityTooLarge</Code>");
    }
}
