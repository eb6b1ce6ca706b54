package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class KeysTest {
    private static final String VKEY = Fixtures.LOG.verifierKey().toString();
    private static final String ML_DSA_VKEY =
            new String(Fixtures.resource("ml-dsa-44-vkey.txt"), StandardCharsets.UTF_8).stripTrailing();

    private static void refused(String vkey) {
        assertThatThrownBy(() -> VerifierKey.parse(vkey)).as(vkey).isInstanceOf(MalformedException.class);
    }

    @Test
    void a_vkey_has_one_spelling() {
        refused("");
        refused("+");
        refused("++");
        refused(VKEY + "\n");
        refused(" " + VKEY);
        refused(VKEY.toUpperCase(Locale.ROOT));
        refused(VKEY.replace("2cdae02d", "2CDAE02D"));
        refused(VKEY.replace("2cdae02d", "2cdae02e"));
        refused(VKEY.replace("2cdae02d", "02cdae02d"));
        refused(VKEY.replace("g1+", "g2+"));
        refused(VKEY + "=");
        refused(VKEY.substring(0, VKEY.length() - 4));
        refused("name+00000000+");
        refused("name+00000000+AQ==");
        refused("name+00000000+Ag==");
        refused("x".repeat(5000));
    }

    @Test
    void every_single_bit_of_a_vkey_matters() {
        byte[] vkey = VKEY.getBytes(StandardCharsets.US_ASCII);
        for (int bit = 0; bit < vkey.length * 8; bit++) {
            refused(new String(Fixtures.flipped(vkey, bit), StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void a_name_has_at_most_255_bytes() {
        assertThat(VerifierKey.of("x".repeat(255), SignatureType.ED25519, new byte[32])
                        .name())
                .hasSize(255);
        assertThatThrownBy(() -> VerifierKey.of("x".repeat(256), SignatureType.ED25519, new byte[32]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VerifierKey.of("x".repeat(254) + "\u00e9", SignatureType.ED25519, new byte[32]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_private_key_has_one_spelling_and_is_never_shown() {
        String skey = Fixtures.LOG.skey();
        for (String wrong :
                List.of("", "PRIVATE+KEY+", skey + "=", skey.replace("g1", "g2"), skey.replace("+AQ", "+Ag"), VKEY)) {
            assertThatThrownBy(() -> NoteSigner.parse(wrong))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageNotContaining("AQABAgME");
        }
        assertThat(Fixtures.LOG.toString()).doesNotContain("AQABAgME");
        assertThat(NoteSigner.parse(Fixtures.WITNESS.skey()).verifierKey()).isEqualTo(Fixtures.WITNESS.verifierKey());
    }

    @Test
    void a_seed_has_32_bytes_and_two_draws_differ() {
        SecureRandom random = new SecureRandom();
        assertThat(NoteSigner.newSeed(random)).hasSize(32).isNotEqualTo(NoteSigner.newSeed(random));
        assertThatThrownBy(() -> NoteSigner.ofLog("name", new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NoteSigner.ofLog("name", new byte[33])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NoteSigner.ofLog("na me", new byte[32])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_log_does_not_cosign_and_a_witness_does_not_sign() {
        assertThatThrownBy(() -> Fixtures.LOG.cosign("x\n", Fixtures.COSIGNED))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Fixtures.WITNESS.sign("x\n")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_public_key_that_is_no_point_verifies_nothing() {
        byte[] noPoint = new byte[32];
        noPoint[0] = 2;
        VerifierKey key = VerifierKey.of("name", SignatureType.ED25519, noPoint);
        assertThat(key.verifies("x\n", new SignedNote.Signature("name", key.keyId(), new byte[64])))
                .isFalse();
    }

    @Test
    void an_ml_dsa_cosignature_is_verified_and_its_bits_name_and_text_matter() {
        VerifierKey key = VerifierKey.parse(ML_DSA_VKEY);
        SignedNote note = SignedNote.parse(Fixtures.resource("ml-dsa-44-checkpoint.txt"));
        SignedNote.Signature cosignature = note.signatures().get(1);
        assertThat(key.type()).isEqualTo(SignatureType.COSIGNATURE_ML_DSA_44);
        assertThat(key).hasToString(ML_DSA_VKEY);
        assertThat(note.verify(List.of(key, Fixtures.LOG.verifierKey())))
                .isEqualTo(new SignedNote.Verdict.Verified(List.of(Fixtures.LOG.verifierKey(), key)));
        assertThat(key.signedAt(cosignature)).hasValue(1_700_000_000);
        byte[] signature = cosignature.signature();
        for (int bit = 0; bit < signature.length * 8; bit += bit < 64 ? 1 : 101) {
            assertThat(key.verifies(
                            note.text(),
                            new SignedNote.Signature(key.name(), key.keyId(), Fixtures.flipped(signature, bit))))
                    .isFalse();
        }
        for (String other : List.of(
                note.text().replace("70000", "70001"), note.text().replace("g1", "g2"), note.text() + "extension\n")) {
            assertThat(key.verifies(other, cosignature)).isFalse();
        }
        VerifierKey renamed = VerifierKey.of("witness.example/pr", key.type(), key.publicKey());
        assertThat(renamed.verifies(
                        note.text(), new SignedNote.Signature("witness.example/pr", renamed.keyId(), signature)))
                .isFalse();
    }
}
