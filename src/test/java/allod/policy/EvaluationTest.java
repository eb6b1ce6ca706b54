package allod.policy;

import static allod.policy.Policies.ALICE;
import static allod.policy.Policies.OTHER;
import static allod.policy.Policies.OWNER;
import static allod.policy.Policies.bucket;
import static allod.policy.Policies.get;
import static allod.policy.Policies.identity;
import static allod.policy.Policies.named;
import static allod.policy.Policies.statement;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How policies decide together. */
class EvaluationTest {
    private static final Evaluation NO_POLICIES =
            new Evaluation(OWNER, Optional.empty(), true, List.of(), Optional.empty(), Optional::empty);
    private static final String EVERYONE = "'*'";
    private static final Policy READ =
            identity("{'Sid':'read','Effect':'Allow','Action':'s3:Get*','Resource':'arn:aws:s3:::b/*'}");

    private static boolean allowed(Evaluation evaluation, Request request) {
        return evaluation.decide(request).allowed();
    }

    @Test
    void nothing_is_allowed_but_to_the_owners_root() {
        assertThat(allowed(NO_POLICIES, get(Who.root(OWNER)))).isTrue();
        assertThat(allowed(NO_POLICIES, get(Who.root(OTHER)))).isFalse();
        assertThat(allowed(NO_POLICIES, get(ALICE))).isFalse();
        assertThat(allowed(NO_POLICIES, get(Who.role(OWNER, "r", "s")))).isFalse();
        assertThat(allowed(NO_POLICIES, get(Who.ANONYMOUS))).isFalse();
    }

    @Test
    void an_explicit_deny_wins_wherever_it_stands() {
        Policy allow = bucket(statement("Allow", EVERYONE, "s3:*", ""));
        Policy deny = bucket(statement("Allow", EVERYONE, "s3:*", ""), statement("Deny", EVERYONE, "s3:GetObject", ""));
        assertThat(allowed(Policies.of(allow), get(Who.ANONYMOUS))).isTrue();
        assertThat(allowed(Policies.of(deny), get(Who.ANONYMOUS))).isFalse();
        assertThat(allowed(Policies.of(deny), get(Who.root(OWNER)))).isFalse();
        Policy never = identity("{'Effect':'Deny','Action':'*','Resource':'*'}");
        assertThat(Policies.of(allow, List.of(named(READ), named(never))).decide(get(ALICE)))
                .isEqualTo(Evaluation.Decision.denied("statement #1 of the policy 'test'", Evaluation.Words.ASKERS));
    }

    @Test
    void a_bucket_policy_never_locks_the_owners_root_out_of_itself() {
        Policy deny = bucket(statement("Deny", EVERYONE, "s3:*", ""));
        for (String action : List.of("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")) {
            var request = new Request(Who.root(OWNER), action, Request.arn("b"), key -> List.of());
            assertThat(allowed(Policies.of(deny), request)).isTrue();
            assertThat(allowed(
                            Policies.of(deny),
                            new Request(Who.root(OTHER), action, Request.arn("b"), key -> List.of())))
                    .isFalse();
        }
        assertThat(allowed(
                        Policies.of(deny),
                        new Request(Who.root(OWNER), "s3:ListBucket", Request.arn("b"), key -> List.of())))
                .isFalse();
    }

    @Test
    void a_user_needs_its_own_policy_or_a_statement_that_names_it() {
        assertThat(allowed(Policies.of(bucket(statement("Allow", EVERYONE, "s3:GetObject", ""))), get(ALICE)))
                .isTrue();
        String alice = "{'AWS':'arn:aws:iam::000000000001:user/alice'}";
        assertThat(allowed(Policies.of(bucket(statement("Allow", alice, "s3:GetObject", ""))), get(ALICE)))
                .isTrue();
        assertThat(allowed(
                        Policies.of(bucket(statement("Allow", alice, "s3:GetObject", ""))),
                        get(Who.user(OWNER, "bob"))))
                .isFalse();
        String account = "{'AWS':'000000000001'}";
        Policy delegating = bucket(statement("Allow", account, "s3:GetObject", ""));
        assertThat(allowed(Policies.of(delegating), get(ALICE))).isFalse();
        assertThat(Policies.of(delegating, List.of(named(READ))).decide(get(ALICE)))
                .isEqualTo(new Evaluation.Decision(true, false, "allowed by statement read of the policy 'test'"));
    }

    @Test
    void another_account_needs_leave_of_both() {
        Policy lets = bucket(statement("Allow", "{'AWS':'arn:aws:iam::000000000002:root'}", "s3:GetObject", ""));
        Who bob = Who.user(OTHER, "bob");
        assertThat(allowed(Policies.of(lets), get(Who.root(OTHER)))).isTrue();
        assertThat(allowed(Policies.of(lets), get(bob))).isFalse();
        assertThat(allowed(Policies.of(lets, List.of(named(READ))), get(bob))).isTrue();
        assertThat(allowed(NO_POLICIES, get(bob))).isFalse();
        assertThat(allowed(
                        new Evaluation(
                                OWNER, Optional.empty(), true, List.of(named(READ)), Optional.empty(), Optional::empty),
                        get(bob)))
                .isFalse();
    }

    @Test
    void a_sessions_policy_only_narrows() {
        Policy session = Policies.parse(
                Policy.Kind.SESSION,
                "{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/k'}}");
        Who role = Who.role(OWNER, "reader", "one");
        var narrowed = new Evaluation(
                OWNER, Optional.empty(), true, List.of(named(READ)), Optional.of(session), Optional::empty);
        assertThat(allowed(narrowed, get(role))).isTrue();
        assertThat(allowed(narrowed, new Request(role, "s3:GetObject", Request.arn("b", "other"), key -> List.of())))
                .isFalse();
        var nothing = new Evaluation(OWNER, Optional.empty(), true, List.of(), Optional.of(session), Optional::empty);
        assertThat(allowed(nothing, get(role))).isFalse();
    }

    @Test
    void a_role_is_named_by_itself_or_by_its_session() {
        Who role = Who.role(OWNER, "reader", "one");
        for (String arn :
                List.of("arn:aws:iam::000000000001:role/reader", "arn:aws:sts::000000000001:assumed-role/reader/one")) {
            Policy lets = bucket(statement("Allow", "{'AWS':'" + arn + "'}", "s3:GetObject", ""));
            assertThat(allowed(Policies.of(lets), get(role))).isTrue();
            assertThat(allowed(Policies.of(lets), get(Who.role(OWNER, "writer", "one"))))
                    .isFalse();
        }
    }

    @Test
    void outsiders_can_be_shut_out_of_a_bucket_policy() {
        Policy open = bucket(statement("Allow", EVERYONE, "s3:GetObject", ""));
        var shut = new Evaluation(OWNER, Optional.of(open), false, List.of(), Optional.empty(), Optional::empty);
        assertThat(allowed(shut, get(Who.ANONYMOUS))).isFalse();
        assertThat(allowed(shut, get(Who.root(OTHER)))).isFalse();
        assertThat(allowed(shut, get(ALICE))).isTrue();
    }

    @Test
    void an_access_list_is_asked_last_and_never_past_a_deny() {
        var granted = new Evaluation(
                OWNER, Optional.empty(), true, List.of(), Optional.empty(), () -> Optional.of("the grant READ"));
        assertThat(granted.decide(get(Who.ANONYMOUS)))
                .isEqualTo(new Evaluation.Decision(true, false, "allowed by the grant READ"));
        var denied = new Evaluation(
                OWNER,
                Optional.of(bucket(statement("Deny", EVERYONE, "s3:GetObject", ""))),
                true,
                List.of(),
                Optional.empty(),
                () -> Optional.of("the grant READ"));
        assertThat(allowed(denied, get(Who.ANONYMOUS))).isFalse();
    }

    @Test
    void everything_but_what_is_named_is_meant_by_the_nots() {
        Policy notGet =
                bucket("{'Effect':'Allow','Principal':'*','NotAction':'s3:Get*','Resource':'arn:aws:s3:::b/*'}");
        assertThat(allowed(Policies.of(notGet), get(Who.ANONYMOUS))).isFalse();
        assertThat(allowed(
                        Policies.of(notGet),
                        new Request(Who.ANONYMOUS, "s3:PutObject", Request.arn("b", "k"), key -> List.of())))
                .isTrue();
        Policy notKey =
                bucket("{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','NotResource':'arn:aws:s3:::b/k'}");
        assertThat(allowed(Policies.of(notKey), get(Who.ANONYMOUS))).isFalse();
        Policy onlyAlice = bucket(
                statement("Allow", EVERYONE, "s3:*", ""),
                "{'Effect':'Deny','NotPrincipal':{'AWS':'arn:aws:iam::000000000001:user/alice'},"
                        + "'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'}");
        assertThat(allowed(Policies.of(onlyAlice), get(ALICE))).isTrue();
        assertThat(allowed(Policies.of(onlyAlice), get(Who.ANONYMOUS))).isFalse();
    }

    @Test
    void what_takes_too_much_work_is_denied_and_never_locks_the_policy() {
        String many = String.join(",", java.util.Collections.nCopies(30, "'arn:aws:s3:::b/*" + "a".repeat(500) + "b'"));
        Policy costly = bucket("{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':[" + many + "]}");
        String key = Request.arn("b", "a".repeat(1000));
        Evaluation.Decision decision =
                Policies.of(costly).decide(new Request(Who.root(OWNER), "s3:GetObject", key, name -> List.of()));
        assertThat(decision.allowed()).isFalse();
        assertThat(decision.why()).contains("too much work");
        assertThat(allowed(
                        Policies.of(costly),
                        new Request(Who.root(OWNER), "s3:PutBucketPolicy", key, name -> List.of())))
                .isTrue();
        Policy growing = bucket("{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'arn:aws:s3:::b/"
                + "${aws:Referer}".repeat(600) + "'}");
        Context long2000 = Policies.context(Map.of("aws:referer", List.of("a".repeat(2000))));
        assertThat(Policies.of(growing)
                        .decide(new Request(Who.root(OWNER), "s3:GetObject", key, long2000))
                        .why())
                .contains("too much work");
        Effort shared = Effort.of(3);
        Evaluation evaluation = Policies.of(bucket(statement(
                "Deny", EVERYONE, "s3:GetObject", "{'StringLike':" + "{'aws:Referer':'*" + "a".repeat(500) + "b'}}")));
        Context said = Policies.context(Map.of("aws:referer", List.of("a".repeat(2000))));
        long undecided = java.util.stream.Stream.generate(
                        () -> new Request(Who.root(OWNER), "s3:GetObject", key, said, shared))
                .limit(3)
                .filter(request -> !evaluation.decide(request).allowed())
                .count();
        assertThat(undecided).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3:getobject", "S3:GETOBJECT", "s3:Get?bject", "s3:*Object", "s3:*", "*"})
    void actions_are_compared_without_case_and_with_wildcards(String action) {
        assertThat(allowed(Policies.of(bucket(statement("Allow", EVERYONE, action, ""))), get(Who.ANONYMOUS)))
                .isTrue();
    }

    /** More statements that deny never let anybody do more, and more that allow never less. */
    @Test
    void denying_never_adds_and_allowing_never_takes() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<String> statements = java.util.stream.IntStream.range(0, random.nextInt(4) + 1)
                    .mapToObj(i -> drawn(random, random.nextBoolean() ? "Allow" : "Deny"))
                    .toList();
            Request request = new Request(
                    List.of(Who.ANONYMOUS, ALICE, Who.root(OTHER)).get(random.nextInt(3)),
                    List.of("s3:GetObject", "s3:PutObject").get(random.nextInt(2)),
                    Request.arn("b", List.of("a", "ab", "b").get(random.nextInt(3))),
                    key -> List.of());
            boolean before = allowed(Policies.of(bucket(statements.toArray(String[]::new))), request);
            String[] more = java.util.stream.Stream.concat(
                            statements.stream(), java.util.stream.Stream.of(drawn(random, "Deny")))
                    .toArray(String[]::new);
            assertThat(before || !allowed(Policies.of(bucket(more)), request))
                    .as("seed " + seed)
                    .isTrue();
            String[] wider = java.util.stream.Stream.concat(
                            statements.stream(), java.util.stream.Stream.of(drawn(random, "Allow")))
                    .toArray(String[]::new);
            assertThat(!before || allowed(Policies.of(bucket(wider)), request))
                    .as("seed " + seed)
                    .isTrue();
        }
    }

    private static String drawn(Random random, String effect) {
        String principal = List.of("'*'", "{'AWS':'000000000002'}", "{'AWS':'arn:aws:iam::000000000001:user/alice'}")
                .get(random.nextInt(3));
        String action = List.of("s3:GetObject", "s3:Put*", "s3:*").get(random.nextInt(3));
        String resource = List.of("b/*", "b/a*", "b/a?", "b/b").get(random.nextInt(4));
        return "{'Effect':'" + effect + "','Principal':" + principal + ",'Action':'" + action
                + "','Resource':'arn:aws:s3:::" + resource + "'}";
    }
}
