package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Random;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The JDK's own HKDF is the oracle. */
class HkdfTest {
    @Test
    void it_agrees_with_the_jdk_for_every_shape_of_input() throws GeneralSecurityException {
        long seed = 7;
        var choice = new Random(seed);
        var oracle256 = KDF.getInstance("HKDF-SHA256");
        var oracle384 = KDF.getInstance("HKDF-SHA384");
        for (int round = 0; round < 300; round++) {
            byte[] salt = bytes(choice, 1 + choice.nextInt(100));
            byte[] key = bytes(choice, 1 + choice.nextInt(200));
            byte[] info = bytes(choice, choice.nextInt(100));
            int length = 1 + choice.nextInt(200);
            var all = HKDFParameterSpec.ofExtract().addSalt(salt).addIKM(key).thenExpand(info, length);
            assertThat(Hkdf.derive(salt, key, info, length))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(oracle256.deriveData(all));
            byte[] uniform = bytes(choice, 48);
            var expand = HKDFParameterSpec.expandOnly(new SecretKeySpec(uniform, "Generic"), info, length);
            assertThat(Hkdf.expand(uniform, info, length)).isEqualTo(oracle256.deriveData(expand));
            Hmac sha384 = Hmac.takeSha384();
            assertThat(sha384.key(uniform).expand(info, length)).isEqualTo(oracle384.deriveData(expand));
            sha384.release();
        }
    }

    @Test
    void it_yields_255_blocks_and_not_one_byte_more() {
        assertThat(Hkdf.expand(new byte[32], new byte[0], 8_160)).hasSize(8_160);
        assertThatThrownBy(() -> Hkdf.expand(new byte[32], new byte[0], 8_161))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] bytes(Random choice, int length) {
        byte[] bytes = new byte[length];
        choice.nextBytes(bytes);
        return bytes;
    }
}
