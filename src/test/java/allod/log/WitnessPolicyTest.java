package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.log.WitnessPolicy.Decision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WitnessPolicyTest {
    private static final Checkpoint CHECKPOINT =
            new Checkpoint(Fixtures.LOG.verifierKey().name(), 0, MerkleTree.EMPTY_ROOT);
    private static final SignedNote SIGNED = Fixtures.LOG.sign(CHECKPOINT.text());
    private static final String LOG = "log " + Fixtures.LOG.verifierKey() + "\n";
    private static final List<NoteSigner> WITNESSES = IntStream.range(0, 5)
            .mapToObj(i -> NoteSigner.ofWitness("w%d.example".formatted(i), Fixtures.seed(100 + i)))
            .toList();
    private static final String ALL = LOG
            + IntStream.range(0, 5)
                    .mapToObj(i ->
                            "witness w%d %s\n".formatted(i, WITNESSES.get(i).verifierKey()))
                    .collect(Collectors.joining());

    private static WitnessPolicy parse(String policy) {
        return WitnessPolicy.parse(policy.getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(String policy, String why) {
        assertThatThrownBy(() -> parse(policy))
                .as(policy)
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
    }

    private static SignedNote cosignedBy(int... witnesses) {
        List<SignedNote.Signature> cosignatures = new ArrayList<>();
        for (int i : witnesses) {
            cosignatures.add(WITNESSES.get(i).cosign(CHECKPOINT.text(), Fixtures.COSIGNED));
        }
        return SIGNED.with(cosignatures);
    }

    private static Decision accepted(String... names) {
        return new Decision.Accepted(CHECKPOINT, Fixtures.LOG.verifierKey(), List.of(names));
    }

    private static Decision missed(String... names) {
        return new Decision.QuorumMissed(CHECKPOINT, Fixtures.LOG.verifierKey(), List.of(names));
    }

    @Test
    void without_witnesses_the_logs_signature_is_enough() {
        WitnessPolicy policy = parse(LOG + "quorum none\n");
        assertThat(policy.needsNoWitness()).isTrue();
        assertThat(policy.evaluate(SIGNED)).isEqualTo(accepted());
        assertThat(WitnessPolicy.ofLogs(List.of(Fixtures.LOG.verifierKey())).evaluate(SIGNED))
                .isEqualTo(accepted());
    }

    @Test
    void a_single_witness_may_be_the_quorum() {
        WitnessPolicy policy = parse(ALL + "quorum w3\n");
        assertThat(policy.needsNoWitness()).isFalse();
        assertThat(policy.evaluate(cosignedBy(0, 1, 2, 4))).isEqualTo(missed("w0", "w1", "w2", "w4"));
        assertThat(policy.evaluate(cosignedBy(3))).isEqualTo(accepted("w3"));
    }

    @Test
    void groups_count_their_members_and_nest() {
        WitnessPolicy policy = parse(ALL + """
                group pair all w0 w1
                group some any w2 w3
                group both 2 pair some w4
                quorum both
                """);
        assertThat(policy.evaluate(SIGNED)).isEqualTo(missed());
        assertThat(policy.evaluate(cosignedBy(0, 1))).isEqualTo(missed("w0", "w1"));
        assertThat(policy.evaluate(cosignedBy(0, 2, 3))).isEqualTo(missed("w0", "w2", "w3"));
        assertThat(policy.evaluate(cosignedBy(0, 1, 3))).isEqualTo(accepted("w0", "w1", "w3"));
        assertThat(policy.evaluate(cosignedBy(4, 2))).isEqualTo(accepted("w2", "w4"));
    }

    @Test
    void a_witness_that_cosigns_twice_counts_once() {
        WitnessPolicy policy = parse(ALL + "group two 2 w0 w1\nquorum two\n");
        assertThat(policy.evaluate(cosignedBy(0, 0))).isEqualTo(missed("w0"));
    }

    @Test
    void comments_blank_lines_tabs_and_urls_are_read() {
        WitnessPolicy policy = parse("# trusted\n\n \t\n\tlog\t" + Fixtures.LOG.verifierKey()
                + "  https://log.example/ \n  # none\nwitness w " + Fixtures.WITNESS.verifierKey()
                + " https://w.example/\nquorum w\n");
        assertThat(policy.logs())
                .containsExactly(
                        new WitnessPolicy.TrustedLog(Fixtures.LOG.verifierKey(), Optional.of("https://log.example/")));
        assertThat(policy.witnesses())
                .containsExactly(new WitnessPolicy.TrustedWitness(
                        "w", Fixtures.WITNESS.verifierKey(), Optional.of("https://w.example/")));
    }

    @Test
    void an_unknown_log_is_told_from_a_bad_signature() {
        NoteSigner stranger = NoteSigner.ofLog("log.allod.example/g1", Fixtures.seed(50));
        WitnessPolicy policy = parse(ALL + "quorum none\n");
        assertThat(policy.evaluate(stranger.sign(CHECKPOINT.text()))).isEqualTo(new Decision.UnknownLog(CHECKPOINT));
        SignedNote.Signature own = SIGNED.signatures().getFirst();
        assertThat(policy.evaluate(new SignedNote(
                        CHECKPOINT.text(),
                        List.of(new SignedNote.Signature(
                                own.name(), own.keyId(), Fixtures.flipped(own.signature(), 7))))))
                .isEqualTo(new Decision.BadSignature(Fixtures.LOG.verifierKey()));
        assertThat(policy.evaluate(Fixtures.LOG.sign("not a checkpoint\n")))
                .isInstanceOf(Decision.NotACheckpoint.class);
    }

    @Test
    void a_log_signs_for_its_own_origin_only() {
        Checkpoint foreign = new Checkpoint("other.example", 0, MerkleTree.EMPTY_ROOT);
        assertThat(parse(LOG + "quorum none\n").evaluate(Fixtures.LOG.sign(foreign.text())))
                .isEqualTo(new Decision.UnknownLog(foreign));
    }

    @Test
    void witnesses_alone_do_not_make_a_log() {
        SignedNote note = new SignedNote(
                CHECKPOINT.text(), List.of(WITNESSES.getFirst().cosign(CHECKPOINT.text(), Fixtures.COSIGNED)));
        assertThat(parse(ALL + "quorum w0\n").evaluate(note)).isEqualTo(new Decision.UnknownLog(CHECKPOINT));
    }

    @Test
    void a_bad_cosignature_of_a_listed_witness_refuses_even_where_the_quorum_is_reached_without_it() {
        VerifierKey key = WITNESSES.get(1).verifierKey();
        SignedNote note = cosignedBy(0).with(List.of(new SignedNote.Signature(key.name(), key.keyId(), new byte[72])));
        assertThat(parse(ALL + "quorum w0\n").evaluate(note)).isEqualTo(new Decision.BadSignature(key));
    }

    @Test
    void a_policy_that_breaks_a_rule_is_refused_with_its_line() {
        String witness = "witness w " + Fixtures.WITNESS.verifierKey() + "\n";
        refused("", "no quorum line");
        refused(LOG, "no quorum line");
        refused(LOG + "quorum none", "last line");
        refused("quorum none\nquorum none\n", "line 2: it is a second");
        refused("quorum w\n" + witness, "line 1: \"w\" is not defined");
        refused("Quorum none\n", "none of log");
        refused("quorum\n", "does not read");
        refused("quorum none none\n", "does not read");
        refused("log\nquorum none\n", "does not read");
        refused(LOG + LOG + "quorum none\n", "line 2: the same public key");
        refused(witness + witness.replace(" w ", " v ") + "quorum none\n", "same public key");
        refused(witness.replace(" w ", " none ") + "quorum none\n", "already a name");
        refused(ALL + "witness w0 " + Fixtures.WITNESS.verifierKey() + "\nquorum none\n", "already a name");
        refused(ALL + "group w0 any w1\nquorum none\n", "already a name");
        refused(ALL + "group g any none\nquorum none\n", "not defined");
        refused(ALL + "group g any g\nquorum none\n", "not defined");
        refused(ALL + "group g any\nquorum none\n", "does not read");
        refused(ALL + "group g any w0 w0\nquorum none\n", "a member twice");
        refused(ALL + "group g any w0\ngroup h any w0\nquorum none\n", "a member twice");
        for (String k : List.of("0", "3", "+1", "01", "-1", "1.0", "ALL", "99999999999999999999")) {
            refused(ALL + "group g " + k + " w0 w1\nquorum none\n", "threshold");
        }
        refused("witness w " + Fixtures.LOG.verifierKey() + "\nquorum none\n", "log's key");
        refused("log " + Fixtures.WITNESS.verifierKey() + "\nquorum none\n", "witness's key");
        refused("quorum none\r\n", "control character");
        refused("# \u007f\nquorum none\n", "control character");
        refused("quorum\u00a0none\n", "none of log");
    }

    @Test
    void a_policy_has_at_most_64_of_each() {
        StringBuilder witnesses = new StringBuilder();
        StringBuilder groups = new StringBuilder();
        StringBuilder logs = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            VerifierKey key = VerifierKey.of("w" + i, SignatureType.COSIGNATURE_ED25519, Fixtures.seed(i));
            witnesses.append("witness w%d %s\n".formatted(i, key));
            logs.append("log %s\n".formatted(VerifierKey.of("l" + i, SignatureType.ED25519, Fixtures.seed(i))));
            groups.append("group g%d any w%d\n".formatted(i, i));
        }
        assertThat(parse(witnesses + groups.toString() + "quorum g0\n").witnesses())
                .hasSize(64);
        VerifierKey oneMore = VerifierKey.of("w64", SignatureType.COSIGNATURE_ED25519, Fixtures.seed(64));
        refused(witnesses + "witness w64 " + oneMore + "\nquorum none\n", "more than 64 witnesses");
        refused(witnesses + groups.toString() + "group g64 any g0\nquorum none\n", "more than 64 groups");
        assertThat(parse(logs + "quorum none\n").logs()).hasSize(64);
        refused(logs + LOG + "quorum none\n", "more than 64 logs");
    }

    @Test
    void a_policy_file_has_at_most_half_a_mebibyte() {
        String quorum = "quorum none\n";
        String comment = "#" + "x".repeat(WitnessPolicy.MAX_BYTES - quorum.length() - 2) + "\n";
        assertThat(parse(comment + quorum).logs()).isEmpty();
        refused("#" + comment + quorum, "limit");
    }

    @Test
    void an_ml_dsa_witness_counts() {
        String vkey = new String(Fixtures.resource("ml-dsa-44-vkey.txt"), StandardCharsets.UTF_8);
        WitnessPolicy policy = parse(LOG + "witness pq " + vkey + "quorum pq\n");
        assertThat(policy.evaluate(SignedNote.parse(Fixtures.resource("ml-dsa-44-checkpoint.txt"))))
                .isInstanceOf(Decision.Accepted.class);
    }
}
