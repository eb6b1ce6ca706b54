package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Problem;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HpkeTest {
    private static final byte[] INFO = hex("4f6465206f6e2061204772656369616e2055726e");
    private static final byte[] EPHEMERAL = hex("f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600");
    private static final byte[] PRIVATE = hex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
    private static final byte[] PUBLIC = hex("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
    private static final byte[] MESSAGE = hex("4265617574792069732074727574682c20747275746820626561757479");
    private static final byte[] AAD = hex("436f756e742d30");
    private static final String ENC = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";
    private static final String CIPHERTEXT =
            "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28";

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void the_vector_of_rfc_9180_appendix_a_2_1_is_sealed_and_opened() throws Exception {
        assertThat(X25519.publicKey(PRIVATE)).isEqualTo(PUBLIC);
        assertThat(X25519.publicKey(EPHEMERAL)).isEqualTo(hex(ENC));
        byte[] sealed = Hpke.seal(PUBLIC, INFO, AAD, MESSAGE, EPHEMERAL);
        assertThat(HexFormat.of().formatHex(sealed)).isEqualTo(ENC + CIPHERTEXT);
        assertThat(Hpke.open(PRIVATE, INFO, AAD, sealed)).isEqualTo(MESSAGE);
    }

    @Test
    void the_function_x25519_gives_the_vectors_of_rfc_7748() throws Exception {
        assertThat(X25519.agree(
                        hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
                        hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")))
                .isEqualTo(hex("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
    }

    @Test
    void another_key_purpose_place_or_any_changed_bit_does_not_open() throws Exception {
        byte[] sealed = Hpke.seal(PUBLIC, INFO, AAD, MESSAGE, new SecureRandom());
        assertThat(Hpke.open(PRIVATE, INFO, AAD, sealed)).isEqualTo(MESSAGE);
        assertThatThrownBy(() -> Hpke.open(EPHEMERAL, INFO, AAD, sealed)).isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> Hpke.open(PRIVATE, AAD, AAD, sealed)).isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> Hpke.open(PRIVATE, INFO, INFO, sealed)).isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> Hpke.open(PRIVATE, INFO, AAD, Arrays.copyOf(sealed, 47)))
                .isInstanceOf(AEADBadTagException.class);
        assertThatThrownBy(() -> Hpke.open(PRIVATE, INFO, AAD, new byte[80])).isInstanceOf(AEADBadTagException.class);
        for (int bit = 0; bit < 8 * sealed.length; bit += 5) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            boolean ignored = bit == 8 * 31 + 7;
            if (!ignored) {
                assertThatThrownBy(() -> Hpke.open(PRIVATE, INFO, AAD, changed))
                        .isInstanceOf(AEADBadTagException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void a_recipients_key_of_small_order_is_refused(String key) {
        assertThatThrownBy(() -> new EscrowKey(hex(key)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("small order");
    }

    @Test
    void a_recipients_key_is_the_one_base64_of_its_32_bytes() {
        var key = new EscrowKey(PUBLIC);
        assertThat(EscrowKey.parse(key.toString())).isEqualTo(key);
        String text = Base64.getEncoder().encodeToString(PUBLIC);
        for (String bad : new String[] {"", "x", text.substring(0, 43), text + "=", text + "\n", "AAAA", "!" + text}) {
            assertThatThrownBy(() -> EscrowKey.parse(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        String loose = text.substring(0, 42) + "r=";
        assertThat(Base64.getDecoder().decode(loose)).isEqualTo(PUBLIC);
        assertThatThrownBy(() -> EscrowKey.parse(loose)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_share_opens_with_slot_secret_and_private_key_together_for_its_object_only() {
        var random = new SecureRandom();
        byte[] slot = CountingRandom.bytes(0x40, 32);
        byte[] otherSlot = CountingRandom.bytes(0x41, 32);
        var binding = new EnvelopeBinding(CountingRandom.bytes(0x10, 16), 7, CountingRandom.bytes(0x20, 16));
        var otherObject = new EnvelopeBinding(CountingRandom.bytes(0x10, 16), 7, CountingRandom.bytes(0x21, 16));
        try (ContentKey key = ContentKey.random(random)) {
            Share share = Share.make(key, slot, binding, new EscrowKey(PUBLIC), random);
            try (ContentKey opened = share.open(slot, PRIVATE, binding)) {
                assertThat(opened.copy()).isEqualTo(key.copy());
            }
            assertThatThrownBy(() -> share.open(otherSlot, PRIVATE, binding)).isInstanceOf(Problem.class);
            assertThatThrownBy(() -> share.open(slot, EPHEMERAL, binding)).isInstanceOf(Problem.class);
            assertThatThrownBy(() -> share.open(slot, PRIVATE, otherObject)).isInstanceOf(Problem.class);
            assertThatThrownBy(() -> share.envelope().open(slot, Envelope.NO_ACCESS_SECRET, binding))
                    .isInstanceOf(Problem.class);
            assertThat(share).hasToString("Share[]");
        }
    }
}
