package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TlogProofTest {
    private static final String PROOF = new String(Fixtures.resource("12345.tlog-proof"), StandardCharsets.UTF_8);
    private static final String REQUEST = new String(Fixtures.resource("add-checkpoint.txt"), StandardCharsets.UTF_8);
    private static final byte[] ENTRY = Fixtures.entry(12345);
    private static final WitnessPolicy POLICY = WitnessPolicy.parse(
            ("log " + Fixtures.LOG.verifierKey() + "\nwitness w " + Fixtures.WITNESS.verifierKey() + "\nquorum w\n")
                    .getBytes(StandardCharsets.UTF_8));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void refusedProof(String proof) {
        assertThatThrownBy(() -> TlogProof.parse(bytes(proof))).isInstanceOf(MalformedException.class);
    }

    private static void refusedRequest(String request) {
        assertThatThrownBy(() -> AddCheckpointRequest.parse(bytes(request))).isInstanceOf(MalformedException.class);
    }

    @Test
    void the_proof_holds_under_its_policy_and_names_the_witness() {
        assertThat(TlogProof.parse(bytes(PROOF)).verify(ENTRY, POLICY))
                .isEqualTo(new TlogProof.Outcome.Proven(new WitnessPolicy.Decision.Accepted(
                        TlogProof.parse(bytes(PROOF)).checkpoint(), Fixtures.LOG.verifierKey(), List.of("w"))));
    }

    @Test
    void another_entry_is_not_included_and_another_policy_does_not_accept() {
        TlogProof proof = TlogProof.parse(bytes(PROOF));
        assertThat(proof.verify(Fixtures.entry(12346), POLICY)).isEqualTo(new TlogProof.Outcome.NotIncluded());
        assertThat(proof.verify(ENTRY, WitnessPolicy.ofLogs(List.of())))
                .isEqualTo(
                        new TlogProof.Outcome.NotAccepted(new WitnessPolicy.Decision.UnknownLog(proof.checkpoint())));
    }

    @Test
    void every_single_bit_of_a_proof_file_matters() {
        byte[] proof = bytes(PROOF);
        for (int bit = 0; bit < proof.length * 8; bit++) {
            boolean proven;
            try {
                proven = TlogProof.parse(Fixtures.flipped(proof, bit)).verify(ENTRY, POLICY)
                        instanceof TlogProof.Outcome.Proven;
            } catch (MalformedException e) {
                proven = false;
            }
            assertThat(proven).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void any_other_spelling_of_a_proof_file_is_refused() {
        refusedProof("");
        refusedProof("\n\n");
        refusedProof(PROOF.replace("@v1", "@v2"));
        refusedProof(PROOF.replace("@v1", "@v1 "));
        refusedProof("\n" + PROOF);
        refusedProof(PROOF + "\n");
        refusedProof(PROOF.replace("\n", "\r\n"));
        refusedProof(PROOF.replace("index 12345", "index 012345"));
        refusedProof(PROOF.replace("index 12345", "index +12345"));
        refusedProof(PROOF.replace("index 12345", "index  12345"));
        refusedProof(PROOF.replace("index 12345", "index 70000"));
        refusedProof(PROOF.replace("index 12345", "index -1"));
        refusedProof(PROOF.replace("index 12345", "index 99999999999999999999"));
        refusedProof(PROOF.replace("index 12345\n", ""));
        refusedProof(PROOF.replace("index 12345\n", "index 12345\nindex 12345\n"));
        refusedProof(PROOF.replace("index 12345\n", "index 12345\nextra AAAA\n"));
        refusedProof(PROOF.replace("index 12345\n", "extra AAA\nindex 12345\n"));
        refusedProof(PROOF.replace("index 12345\n", "extra AAAA\nextra AAAA\nindex 12345\n"));
        refusedProof(PROOF.replace("index 12345\n", "index 12345\n\n"));
        refusedProof(PROOF.replace("index 12345\n", "index 12345\nAAAA\n"));
        refusedProof(PROOF.replace("\n70000\n", "\n070000\n"));
    }

    @Test
    void an_index_at_the_last_entry_is_read_and_one_past_it_is_not() {
        String last = PROOF.replace("index 12345", "index 69999");
        assertThat(TlogProof.parse(bytes(last)).verify(ENTRY, POLICY)).isEqualTo(new TlogProof.Outcome.NotIncluded());
        refusedProof(PROOF.replace("index 12345", "index 70000"));
    }

    @Test
    void extra_data_is_carried_below_48_kib() {
        TlogProof plain = TlogProof.parse(bytes(PROOF));
        byte[] most = new byte[TlogProof.MAX_EXTRA_BYTES];
        TlogProof proof = new TlogProof(Optional.of(new TlogProof.Extra(most)), plain.inclusion(), plain.note());
        assertThat(TlogProof.parse(proof.encode())).isEqualTo(proof);
        assertThat(proof.verify(ENTRY, POLICY)).isInstanceOf(TlogProof.Outcome.Proven.class);
        TlogProof none = new TlogProof(Optional.of(new TlogProof.Extra(new byte[0])), plain.inclusion(), plain.note());
        assertThat(TlogProof.parse(none.encode())).isEqualTo(none);
        assertThatThrownBy(() -> new TlogProof.Extra(new byte[48 * 1024])).isInstanceOf(IllegalArgumentException.class);
        refusedProof(PROOF.replace("index", "extra " + Strict.base64(new byte[48 * 1024]) + "\nindex"));
    }

    @Test
    void a_file_has_at_most_63_hashes_and_a_limited_length() {
        String hash = Hash.ZERO.toBase64() + "\n";
        String head = "c2sp.org/tlog-proof@v1\nindex 0\n";
        String note = PROOF.substring(PROOF.indexOf("\n\n"));
        String most = head + String.join("", Collections.nCopies(63, hash)).stripTrailing() + note;
        assertThat(TlogProof.parse(bytes(most)).inclusion().path()).hasSize(63);
        refusedProof(
                head + hash + String.join("", Collections.nCopies(63, hash)).stripTrailing() + note);
        assertThatThrownBy(() -> TlogProof.parse(new byte[TlogProof.MAX_BYTES + 1]))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("limit");
    }

    @Test
    void a_proof_needs_a_checkpoint_of_its_own_size() {
        TlogProof proof = TlogProof.parse(bytes(PROOF));
        InclusionProof other = new InclusionProof(0, 69_999, List.of());
        assertThatThrownBy(() -> TlogProof.of(other, proof.note())).isInstanceOf(IllegalArgumentException.class);
        SignedNote noCheckpoint = Fixtures.LOG.sign("text\n");
        assertThatThrownBy(() -> TlogProof.of(proof.inclusion(), noCheckpoint))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_request_from_size_zero_has_no_path() {
        SignedNote note = AddCheckpointRequest.parse(bytes(REQUEST)).note();
        AddCheckpointRequest probe = new AddCheckpointRequest(new ConsistencyProof(0, 70_000, List.of()), note);
        assertThat(probe.encode()).startsWith(bytes("old 0\n\nlog.allod.example/g1\n70000\n"));
        assertThat(AddCheckpointRequest.parse(probe.encode())).isEqualTo(probe);
    }

    @Test
    void any_other_spelling_of_a_request_is_refused() {
        assertThat(AddCheckpointRequest.parse(bytes(REQUEST.replace("old 65537", "old 70000")))
                        .proof()
                        .oldSize())
                .isEqualTo(70_000);
        refusedRequest("");
        refusedRequest(REQUEST.replace("old 65537", "old 70001"));
        refusedRequest(REQUEST.replace("old 65537", "old 065537"));
        refusedRequest(REQUEST.replace("old 65537", "old +65537"));
        refusedRequest(REQUEST.replace("old 65537", "new 65537"));
        refusedRequest(REQUEST.replace("old 65537\n", ""));
        refusedRequest(REQUEST.replace("old 65537\n", "old 65537\n\n"));
        refusedRequest(REQUEST.replace("\n", "\r\n"));
        refusedRequest(REQUEST + "\n");
        refusedRequest(REQUEST.replace("old 65537\n", "old 65537\n" + (Hash.ZERO.toBase64() + "\n").repeat(49)));
    }

    @Test
    void a_request_has_at_most_63_hashes_and_16_kib() {
        String most = REQUEST.replace("old 65537\n", "old 65537\n" + (Hash.ZERO.toBase64() + "\n").repeat(48));
        assertThat(AddCheckpointRequest.parse(bytes(most)).proof().path()).hasSize(63);
        assertThatThrownBy(() -> AddCheckpointRequest.parse(new byte[AddCheckpointRequest.MAX_BYTES + 1]))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("limit");
        assertThatThrownBy(() -> AddCheckpointRequest.parse(new byte[AddCheckpointRequest.MAX_BYTES]))
                .isInstanceOf(MalformedException.class)
                .hasMessageNotContaining("limit");
    }
}
