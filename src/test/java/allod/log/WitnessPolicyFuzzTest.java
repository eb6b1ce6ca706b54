package allod.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever comes in is refused as malformed, or is a policy within its limits that answers. */
class WitnessPolicyFuzzTest {
    private static final SignedNote NOTE = SignedNote.parse(Fixtures.resource("ml-dsa-44-checkpoint.txt"));

    @FuzzTest(maxDuration = "10s")
    void a_policy_is_refused_or_answers(byte[] input) {
        WitnessPolicy policy;
        try {
            policy = WitnessPolicy.parse(input);
        } catch (MalformedException refused) {
            return;
        }
        assertThat(policy.logs()).hasSizeLessThanOrEqualTo(WitnessPolicy.MAX_EACH);
        assertThat(policy.evaluate(NOTE)).isNotNull();
    }
}
