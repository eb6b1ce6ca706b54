package allod.policy;

import static allod.policy.Policies.ALICE;
import static allod.policy.Policies.OTHER;
import static allod.policy.Policies.OWNER;
import static allod.policy.Policies.identity;
import static allod.policy.Policies.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may take a role. */
class TrustTest {
    private static final Policy MAY =
            identity("{'Effect':'Allow','Action':'sts:AssumeRole','Resource':'arn:aws:iam::*:role/reader'}");
    private static final String ALICES = "{'AWS':'arn:aws:iam::000000000001:user/alice'}";

    private static Policy trust(String effect, String principal, String condition) {
        return Policies.parse(
                Policy.Kind.TRUST,
                "{'Version':'2012-10-17','Statement':[{'Sid':'who','Effect':'" + effect + "','Principal':" + principal
                        + ",'Action':'sts:AssumeRole'" + (condition.isEmpty() ? "" : ",'Condition':" + condition)
                        + "}]}");
    }

    private static Request asked(Who who, Map<String, List<String>> values) {
        return new Request(who, "sts:AssumeRole", Request.roleArn(OWNER, "reader"), Policies.context(values));
    }

    private static Evaluation.Decision decide(Policy trust, Who who, Policy... own) {
        List<Evaluation.Named> identity =
                java.util.Arrays.stream(own).map(Policies::named).toList();
        return new Trust(OWNER, trust, identity, Optional.empty()).decide(asked(who, Map.of()));
    }

    @Test
    void a_principal_that_is_named_needs_no_more_in_its_own_account() {
        assertThat(decide(trust("Allow", ALICES, ""), ALICE))
                .isEqualTo(new Evaluation.Decision(true, false, "allowed by statement who of the role's trust policy"));
        assertThat(decide(trust("Allow", ALICES, ""), Who.user(OWNER, "bob"), MAY)
                        .allowed())
                .isFalse();
    }

    @Test
    void one_whose_account_is_named_needs_its_accounts_leave() {
        Policy trust = trust("Allow", "{'AWS':'" + OWNER + "'}", "");
        assertThat(decide(trust, ALICE).allowed()).isFalse();
        assertThat(decide(trust, ALICE, MAY).allowed()).isTrue();
        assertThat(decide(trust, Who.root(OWNER)).allowed()).isTrue();
        assertThat(decide(trust, Who.root(OTHER)).allowed()).isFalse();
    }

    @Test
    void from_another_account_both_are_needed() {
        Who bob = Who.user(OTHER, "bob");
        Policy trust = trust("Allow", "{'AWS':'arn:aws:iam::000000000002:user/bob'}", "");
        assertThat(decide(trust, bob).allowed()).isFalse();
        assertThat(decide(trust, bob, MAY).allowed()).isTrue();
        assertThat(decide(trust("Allow", ALICES, ""), bob, MAY).allowed()).isFalse();
    }

    @Test
    void even_the_root_needs_the_roles_trust() {
        assertThat(decide(trust("Allow", ALICES, ""), Who.root(OWNER)).allowed())
                .isFalse();
    }

    @Test
    void an_explicit_deny_wins_in_the_trust_policy_and_in_the_askers_own() {
        assertThat(decide(trust("Deny", "'*'", ""), ALICE, MAY).explicit()).isTrue();
        Policy never = identity("{'Effect':'Deny','Action':'sts:*','Resource':'*'}");
        assertThat(decide(trust("Allow", ALICES, ""), ALICE, never))
                .isEqualTo(Evaluation.Decision.denied("statement #1 of the policy 'test'", Evaluation.Words.ASKERS));
    }

    @Test
    void an_external_id_must_be_the_one_that_is_asked_for() {
        var trust = new Trust(
                OWNER,
                trust("Allow", ALICES, "{'StringEquals':{'sts:ExternalId':'right'}}"),
                List.of(),
                Optional.empty());
        assertThat(trust.decide(asked(ALICE, Map.of("sts:externalid", List.of("right"))))
                        .allowed())
                .isTrue();
        assertThat(trust.decide(asked(ALICE, Map.of("sts:externalid", List.of("wrong"))))
                        .allowed())
                .isFalse();
        assertThat(trust.decide(asked(ALICE, Map.of())).allowed()).isFalse();
    }

    @Test
    void the_askers_session_must_allow_as_well() {
        Policy narrow =
                Policies.parse(Policy.Kind.SESSION, "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*'}}");
        var trust = new Trust(OWNER, trust("Allow", ALICES, ""), List.of(named(MAY)), Optional.of(narrow));
        assertThat(trust.decide(asked(ALICE, Map.of())).why()).contains("the session's policy");
        assertThat(trust.applied(asked(ALICE, Map.of())))
                .containsExactly(
                        new Evaluation.Applied("the role's trust policy", "who", true),
                        new Evaluation.Applied("the policy 'test'", "#1", true));
    }
}
