package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.log.SignedNote.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedNoteTest {
    private static final String TEXT = new Checkpoint("log.allod.example/g1", 0, MerkleTree.EMPTY_ROOT).text();
    private static final SignedNote NOTE =
            Fixtures.LOG.sign(TEXT).with(List.of(Fixtures.WITNESS.cosign(TEXT, Fixtures.COSIGNED)));
    private static final String LOG_LINE = NOTE.signatures().getFirst().line();
    private static final VerifierKey LOG = Fixtures.LOG.verifierKey();
    private static final VerifierKey WITNESS = Fixtures.WITNESS.verifierKey();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void refused(String note) {
        refused(bytes(note));
    }

    private static void refused(byte[] note) {
        assertThatThrownBy(() -> SignedNote.parse(note))
                .as(() -> new String(note, StandardCharsets.UTF_8))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void a_text_with_blank_lines_is_divided_at_the_last_one() {
        String text = "first\n\nsecond\n\n";
        SignedNote note = Fixtures.LOG.sign(text);
        SignedNote read = SignedNote.parse(note.encode());
        assertThat(read.text()).isEqualTo(text);
        assertThat(read.verify(List.of(LOG))).isEqualTo(new Verdict.Verified(List.of(LOG)));
    }

    @Test
    void a_signature_block_within_the_text_is_text() {
        String text = TEXT + "\n" + LOG_LINE;
        SignedNote read = SignedNote.parse(bytes(text + "\n" + LOG_LINE));
        assertThat(read.text()).isEqualTo(text);
        assertThat(read.verify(List.of(LOG))).isEqualTo(new Verdict.BadSignature(LOG));
    }

    @Test
    void anything_but_the_one_form_is_refused() {
        refused("");
        refused("\n");
        refused("\n\n");
        refused(TEXT);
        refused(TEXT + "\n");
        refused(TEXT + LOG_LINE);
        refused("\n" + LOG_LINE);
        refused(TEXT + "\n" + LOG_LINE + "\n");
        refused(TEXT + "\n" + LOG_LINE.stripTrailing());
        refused(TEXT + "\n" + LOG_LINE.replace("\n", "\r\n"));
        refused(TEXT.replace("\n", "\r\n") + "\n" + LOG_LINE);
        refused(TEXT.replace("\n", "\r") + "\n" + LOG_LINE);
        refused("tab\there\n\n" + LOG_LINE);
        refused("zero\0here\n\n" + LOG_LINE);
        refused(TEXT + "\n" + LOG_LINE.replace("\u2014", "-"));
        refused(TEXT + "\n" + LOG_LINE.replace("\u2014 ", "\u2014  "));
        refused(TEXT + "\n" + LOG_LINE.replace("\u2014 ", "\u2014"));
        refused(TEXT + "\n" + " " + LOG_LINE);
        refused(TEXT + "\n" + LOG_LINE.replace("\n", " \n"));
        refused(TEXT + "\n" + LOG_LINE + "and more\n");
    }

    @Test
    void text_that_is_not_utf_8_is_refused() {
        byte[] valid = bytes("n\u00e4me\n\n" + LOG_LINE);
        assertThat(SignedNote.parse(valid).text()).isEqualTo("n\u00e4me\n");
        byte[] cut = valid.clone();
        cut[2] = 'x';
        refused(cut);
        byte[] overlong = valid.clone();
        overlong[1] = (byte) 0xC0;
        overlong[2] = (byte) 0x80;
        refused(overlong);
    }

    @Test
    void base64_of_a_signature_has_one_spelling() {
        String base64 = LOG_LINE.substring(LOG_LINE.lastIndexOf(' ') + 1).stripTrailing();
        assertThat(base64).endsWith("=");
        refused(TEXT + "\n" + LOG_LINE.replace("=", ""));
        refused(TEXT + "\n" + LOG_LINE.replace(base64, base64 + "="));
        refused(TEXT + "\n" + LOG_LINE.replace(base64, base64 + "===="));
        // The last character before one padding sign has two bits that decode to nothing.
        char last = base64.charAt(base64.length() - 2);
        refused(TEXT + "\n" + LOG_LINE.replace(last + "=", (char) (last + 1) + "="));
        refused(TEXT + "\n" + LOG_LINE.replace(base64, base64.substring(0, 20) + "\n" + base64.substring(20)));
        refused(TEXT + "\n" + LOG_LINE.replace('+', '-').replace('/', '_').replace("log.allod.example_", "log/"));
    }

    @Test
    void a_signature_has_an_id_and_at_least_one_byte() {
        assertThat(SignedNote.parse(bytes("t\n\n\u2014 name AAAAAAA=\n")).signatures())
                .containsExactly(new SignedNote.Signature("name", 0, new byte[1]));
        refused("t\n\n\u2014 name AAAAAA==\n");
        refused("t\n\n\u2014 name \n");
    }

    @Test
    void a_key_name_has_no_space_and_no_plus() {
        for (String name : List.of("", "a b", "a+b", "a\u00a0b", "a\u2028b", "a\u3000b", "a\u0085b", "a\tb")) {
            refused("t\n\n\u2014 " + name + " AAAAAAA=\n");
            assertThatThrownBy(() -> VerifierKey.of(name, SignatureType.ED25519, new byte[32]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(SignedNote.parse(bytes("t\n\n\u2014 \u00e9\u00e8.example/\u4e2d AAAAAAA=\n"))
                        .signatures())
                .hasSize(1);
    }

    @Test
    void lines_of_unknown_keys_are_ignored_even_under_a_known_name_or_id() {
        SignedNote.Signature own = NOTE.signatures().getFirst();
        SignedNote note = NOTE.with(List.of(
                new SignedNote.Signature(own.name(), own.keyId() + 1, new byte[64]),
                new SignedNote.Signature("other.example", own.keyId(), new byte[64])));
        assertThat(note.verify(List.of(LOG, WITNESS))).isEqualTo(new Verdict.Verified(List.of(LOG, WITNESS)));
        assertThat(note.verify(List.of())).isEqualTo(new Verdict.NoKnownKey());
        VerifierKey stranger =
                NoteSigner.ofLog("log.allod.example/g1", Fixtures.seed(9)).verifierKey();
        assertThat(note.verify(List.of(stranger))).isEqualTo(new Verdict.NoKnownKey());
    }

    @Test
    void one_bad_signature_of_a_known_key_refuses_the_note_whatever_else_it_has() {
        SignedNote.Signature own = NOTE.signatures().getFirst();
        for (int length : new int[] {1, 63, 64, 65}) {
            SignedNote note = NOTE.with(List.of(new SignedNote.Signature(own.name(), own.keyId(), new byte[length])));
            assertThat(note.verify(List.of(LOG, WITNESS))).isEqualTo(new Verdict.BadSignature(LOG));
            assertThat(note.verify(List.of(WITNESS))).isEqualTo(new Verdict.Verified(List.of(WITNESS)));
        }
    }

    @Test
    void a_key_that_signed_twice_counts_once() {
        SignedNote note = NOTE.with(NOTE.signatures());
        assertThat(note.verify(List.of(LOG, WITNESS))).isEqualTo(new Verdict.Verified(List.of(LOG, WITNESS)));
    }

    @Test
    void every_single_bit_of_a_note_matters() {
        byte[] note = NOTE.encode();
        List<VerifierKey> known = List.of(LOG, WITNESS);
        for (int bit = 0; bit < note.length * 8; bit++) {
            byte[] turned = Fixtures.flipped(note, bit);
            boolean bothSigned;
            try {
                bothSigned = SignedNote.parse(turned).verify(known).equals(new Verdict.Verified(known));
            } catch (MalformedException e) {
                bothSigned = false;
            }
            assertThat(bothSigned).as("bit %d", bit).isFalse();
        }
    }

    @Test
    void a_cosignature_signs_its_time() {
        SignedNote.Signature cosignature = NOTE.signatures().get(1);
        for (int bit = 0; bit < 64; bit++) {
            SignedNote.Signature turned = new SignedNote.Signature(
                    cosignature.name(), cosignature.keyId(), Fixtures.flipped(cosignature.signature(), bit));
            assertThat(WITNESS.verifies(TEXT, turned)).isFalse();
        }
        assertThatThrownBy(() -> Fixtures.WITNESS.cosign(TEXT, Fixtures.COSIGNED.minusSeconds(1_700_000_001)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void limits_hold_at_the_limit_and_one_past_it() {
        SignedNote.Signature one = NOTE.signatures().getFirst();
        SignedNote most = new SignedNote(TEXT, Collections.nCopies(SignedNote.MAX_SIGNATURES, one));
        assertThat(SignedNote.parse(most.encode())).isEqualTo(most);
        byte[] more = Arrays.copyOf(most.encode(), most.encode().length + bytes(LOG_LINE).length);
        System.arraycopy(bytes(LOG_LINE), 0, more, most.encode().length, bytes(LOG_LINE).length);
        refused(more);
        assertThatThrownBy(() -> most.with(List.of(one))).isInstanceOf(IllegalArgumentException.class);

        int rest = bytes("\n\n" + LOG_LINE).length;
        String longest = "x".repeat(SignedNote.MAX_BYTES - rest);
        assertThat(SignedNote.parse(bytes(longest + "\n\n" + LOG_LINE)).signatures())
                .hasSize(1);
        refused(longest + "x\n\n" + LOG_LINE);
    }
}
