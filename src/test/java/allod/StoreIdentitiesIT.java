package allod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.admin.IdentityAdministration.Explanation;
import allod.admin.IdentityAdministration.Named;
import allod.admin.IdentityAdministration.Question;
import allod.admin.IdentityAdministration.RoleTerms;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.s3.PolicyCheck;
import allod.store.IdentityKind;
import allod.store.Store;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** What an operator puts on users and roles is read before it is kept, and a question is answered as a request would be. */
class StoreIdentitiesIT {
    private static final Principal OPERATOR = new Principal("admin/test");
    private static final String BUCKET = "checked-bucket";
    private static final String TRUST =
            "{\"Statement\":{\"Sid\":\"who\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"000000000001\"},"
                    + "\"Action\":\"sts:AssumeRole\"}}";

    private static TestServer server;
    private static StoreIdentities identities;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        Store store = server.store();
        InstantSource clock = InstantSource.system();
        var directory = new StoreDirectory(store.tenants(), store.identities());
        identities = new StoreIdentities(
                store.tenants(),
                store.identities(),
                directory,
                new PolicyCheck(store.objects().facts(), directory, clock),
                clock);
        try (S3Client root = server.client()) {
            root.createBucket(b -> b.bucket(BUCKET));
            root.putObject(
                    b -> b.bucket(BUCKET).key("tagged").tagging("level=open"), RequestBody.fromString("content"));
            root.putBucketPolicy(b -> b.bucket(BUCKET)
                    .policy("{\"Statement\":{\"Sid\":\"secret\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":"
                            + "\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::checked-bucket/secret/*\"}}"));
        }
        identities.add(OPERATOR, user("ann"), Optional.empty());
        identities.putPolicy(
                OPERATOR,
                user("ann"),
                "reads",
                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"near\",\"Effect\":\"Allow\",\"Action\":"
                        + "\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::checked-bucket/*\",\"Condition\":"
                        + "{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/24\"}}},{\"Sid\":\"tagged\",\"Effect\":"
                        + "\"Allow\",\"Action\":\"s3:GetObjectTagging\",\"Resource\":\"*\",\"Condition\":"
                        + "{\"StringEquals\":{\"s3:ExistingObjectTag/level\":\"open\"}}}]}");
        identities.add(OPERATOR, role("taken"), Optional.of(new RoleTerms(TRUST, 3600)));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static Named user(String name) {
        return new Named("owner", IdentityKind.USER, name);
    }

    private static Named role(String name) {
        return new Named("owner", IdentityKind.ROLE, name);
    }

    private static void assertInvalid(ThrowingCallable call, String why) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.reason()).isEqualTo(Reason.INVALID_ARGUMENT);
            assertThat(problem.why()).contains(why);
        });
    }

    private static Explanation check(String principal, String action, String resource, String... conditions) {
        Optional<String> tenant = principal.equals("anonymous") ? Optional.empty() : Optional.of("owner");
        return identities.check(OPERATOR, new Question(tenant, principal, action, resource, List.of(conditions)));
    }

    @Test
    void what_is_not_carried_out_in_full_is_not_kept() {
        assertInvalid(() -> identities.putPolicy(OPERATOR, user("ann"), "p", "{}"), "Missing required field Statement");
        assertInvalid(
                () -> identities.putPolicy(
                        OPERATOR,
                        user("ann"),
                        "p",
                        "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:Nothing\",\"Resource\":\"*\"}}"),
                "s3:Nothing");
        assertInvalid(
                () -> identities.putTrust(OPERATOR, "owner", "taken", TRUST.replace("000000000001", "000000000099")),
                "there is no account 000000000099");
        assertInvalid(() -> identities.add(OPERATOR, user("a b"), Optional.empty()), "1 to 64 letters");
        assertInvalid(() -> identities.add(OPERATOR, role("r"), Optional.empty()), "trust policy");
        assertInvalid(
                () -> identities.add(OPERATOR, user("u"), Optional.of(new RoleTerms(TRUST, 3600))), "trust policy");
        for (int seconds : new int[] {3599, 43_201}) {
            assertInvalid(
                    () -> identities.add(OPERATOR, role("r"), Optional.of(new RoleTerms(TRUST, seconds))), "43,200");
        }
        for (int seconds : new int[] {3600, 43_200}) {
            assertThat(identities
                            .add(OPERATOR, role("r" + seconds), Optional.of(new RoleTerms(TRUST, seconds)))
                            .maxSessionSeconds())
                    .isEqualTo(seconds);
        }
        assertThat(identities.getTrust(OPERATOR, "owner", "taken")).isEqualTo(TRUST);
    }

    @Test
    void a_question_is_answered_with_the_statement_that_decides() {
        String object = "arn:aws:s3:::checked-bucket/k";
        assertThat(check("user/ann", "s3:GetObject", object, "aws:SourceIp=192.0.2.9"))
                .isEqualTo(new Explanation(
                        true,
                        "allowed by statement near of policy reads of the user ann",
                        List.of("allow near of policy reads of the user ann")));
        assertThat(check("user/ann", "s3:GetObject", object, "aws:SourceIp=198.51.100.9"))
                .isEqualTo(new Explanation(false, "no statement allows s3:GetObject", List.of()));
        assertThat(check("user/ann", "s3:GetObject", "arn:aws:s3:::checked-bucket/secret/k", "aws:sourceip=192.0.2.9"))
                .isEqualTo(new Explanation(
                        false,
                        "denied by statement secret of the bucket's policy",
                        List.of("deny secret of the bucket's policy", "allow near of policy reads of the user ann")));
        assertThat(check("root", "s3:GetObject", object).allowed()).isTrue();
        assertThat(check("anonymous", "s3:GetObject", object).allowed()).isFalse();
        assertThat(check("root", "s3:CreateBucket", "arn:aws:s3:::to-be-made").allowed())
                .isTrue();
        assertThat(check("user/ann", "s3:ListAllMyBuckets", "*").allowed()).isFalse();
    }

    @Test
    void an_action_in_another_case_is_that_action() {
        String bucket = "arn:aws:s3:::checked-bucket";
        assertThat(check("root", "S3:createbucket", "arn:aws:s3:::to-be-made").allowed())
                .isTrue();
        assertThat(check("user/ann", "s3:putbucketpolicy", bucket).why())
                .isEqualTo("no statement allows s3:PutBucketPolicy");
        assertThat(check("root", "STS:assumerole", "arn:aws:iam::000000000001:role/taken")
                        .allowed())
                .isTrue();
    }

    @Test
    void the_tags_of_the_object_that_stands_there_are_asked() {
        assertThat(check("user/ann", "s3:GetObjectTagging", "arn:aws:s3:::checked-bucket/tagged")
                        .allowed())
                .isTrue();
        assertThat(check("user/ann", "s3:GetObjectTagging", "arn:aws:s3:::checked-bucket/other")
                        .allowed())
                .isFalse();
    }

    @Test
    void a_question_about_a_role_is_answered_by_its_trust_and_the_askers_own_policies() {
        String role = "arn:aws:iam::000000000001:role/taken";
        assertThat(check("root", "sts:AssumeRole", role).why())
                .isEqualTo("allowed by statement who of the role's trust policy");
        assertThat(check("user/ann", "sts:AssumeRole", role).why())
                .contains("no policy of arn:aws:iam::000000000001:user/ann");
    }

    @Test
    void a_question_about_what_there_is_not_is_refused() {
        String object = "arn:aws:s3:::checked-bucket/k";
        assertInvalid(() -> check("user/nobody", "s3:GetObject", object), "there is no user/nobody");
        assertInvalid(() -> check("root", "s3:Nothing", object), "there is no action s3:Nothing");
        assertInvalid(() -> check("root", "s3:GetObject", "arn:aws:s3:::no-such-bucket/k"), "no bucket no-such-bucket");
        assertInvalid(() -> check("root", "s3:GetObject", "checked-bucket"), "a resource is");
        assertInvalid(() -> check("root", "s3:GetObject", object, "aws:Nothing=1"), "aws:Nothing");
        assertInvalid(() -> check("root", "s3:GetObject", object, "nonsense"), "KEY=VALUE");
        assertInvalid(() -> check("root", "sts:AssumeRole", "arn:aws:iam::000000000001:role/none"), "no role");
        assertInvalid(() -> check("root", "sts:AssumeRole", "arn:aws:iam::1:role/taken"), "12 digits");
    }
}
