package allod.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Whatever comes in is refused as malformed, or is read and written again unchanged. */
class TlogProofFuzzTest {
    private static final WitnessPolicy POLICY = WitnessPolicy.ofLogs(List.of(Fixtures.LOG.verifierKey()));

    @FuzzTest(maxDuration = "10s")
    void a_proof_is_refused_or_written_again_unchanged(byte[] input) {
        TlogProof proof;
        try {
            proof = TlogProof.parse(input);
        } catch (MalformedException refused) {
            return;
        }
        assertThat(proof.encode()).isEqualTo(input);
        proof.verify(Fixtures.entry(12345), POLICY);
    }

    @FuzzTest(maxDuration = "10s")
    void a_request_is_refused_or_written_again_unchanged(byte[] input) {
        AddCheckpointRequest request;
        try {
            request = AddCheckpointRequest.parse(input);
        } catch (MalformedException refused) {
            return;
        }
        assertThat(request.encode()).isEqualTo(input);
        request.proof().proves(Hash.ZERO, request.checkpoint().root());
    }
}
