package allod.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whatever is put as a policy is refused by name, or read and decided by within its limits. */
class PolicyFuzzTest {
    private static final Map<String, List<String>> SAID = Map.of(
            "aws:sourceip", List.of("192.0.2.1"),
            "aws:username", List.of("alice"),
            "aws:currenttime", List.of("2026-03-29T12:00:00Z"),
            "s3:prefix", List.of("a/", "b/"),
            "s3:max-keys", List.of("10"));

    private static Optional<Policy> parse(Policy.Kind kind, byte[] json) {
        try {
            return Optional.of(Policy.parse(kind, json));
        } catch (MalformedPolicyException refused) {
            assertThat(refused.why()).isNotBlank();
            return Optional.empty();
        }
    }

    private static Request get(Who who, Map<String, List<String>> said) {
        return new Request(who, "s3:GetObject", Request.arn("b", "k"), Policies.context(said));
    }

    @FuzzTest(maxDuration = "20s")
    void a_buckets_policy_that_lets_everybody_without_a_condition_is_public(byte[] json) {
        parse(Policy.Kind.BUCKET, json).ifPresent(policy -> {
            Evaluation evaluation = Policies.of(policy);
            evaluation.decide(get(Policies.ALICE, SAID));
            if (evaluation.decide(get(Who.ANONYMOUS, Map.of())).allowed()) {
                assertThat(policy.isPublic()).isTrue();
            }
            assertThat(policy.accounts()).allMatch(Account::isId);
            assertThat(policy.principals())
                    .allMatch(who -> Account.isId(who.account()) && !who.name().isEmpty());
            try {
                policy.requireOf("b");
            } catch (MalformedPolicyException refused) {
                assertThat(refused.why()).isNotBlank();
            }
        });
    }

    @FuzzTest(maxDuration = "20s")
    void a_policy_alone_allows_or_denies_and_its_decision_has_a_statement_that_speaks(byte[] json) {
        parse(Policy.Kind.IDENTITY, json).ifPresent(policy -> {
            var evaluation = new Evaluation(
                    Policies.OWNER,
                    Optional.empty(),
                    true,
                    List.of(Policies.named(policy)),
                    Optional.empty(),
                    Optional::empty);
            Request request = get(Policies.ALICE, SAID);
            Evaluation.Decision decision = evaluation.decide(request);
            List<Evaluation.Applied> applied = evaluation.applied(request);
            assertThat(decision.explicit()).isEqualTo(applied.stream().anyMatch(one -> !one.allows()));
            assertThat(decision.allowed()).isEqualTo(!applied.isEmpty() && !decision.explicit());
        });
    }
}
