package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShamirTest {
    private static final HexFormat HEX = HexFormat.of();

    /** The test case of draft-mcgrew-tss-03, section 9: "test" and a zero byte, divided two of two in this field. */
    @Test
    void the_published_shares_give_the_published_secret() {
        byte[] first = HEX.parseHex("01" + "b9fa07e185");
        byte[] second = HEX.parseHex("02" + "f5409b4511");
        assertThat(Shamir.combine(List.of(first, second))).isEqualTo(HEX.parseHex("7465737400"));
        assertThat(Shamir.combine(List.of(second, first))).isEqualTo(HEX.parseHex("7465737400"));
    }

    /** The published secret again, its polynomials' second coefficients worked out from the published shares. */
    @Test
    void dividing_with_the_published_coefficients_gives_the_published_shares() {
        byte[] coefficients = new byte[5];
        byte[] secret = HEX.parseHex("7465737400");
        byte[] first = HEX.parseHex("b9fa07e185");
        for (int i = 0; i < 5; i++) {
            coefficients[i] = (byte) (secret[i] ^ first[i]);
        }
        byte[][] shares = Shamir.split(secret, 2, 2, new ReplayedBytes(coefficients));
        assertThat(HEX.formatHex(shares[0])).isEqualTo("01b9fa07e185");
        assertThat(HEX.formatHex(shares[1])).isEqualTo("02f5409b4511");
    }

    private static final class ReplayedBytes extends Random {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // never serialised
        private final byte[] bytes;

        ReplayedBytes(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] target) {
            System.arraycopy(bytes, 0, target, 0, target.length);
        }
    }

    /** FIPS 197, sections 4.2 and 4.2.1: {57}{83} = {c1}, {57}{13} = {fe}; {53} and {ca} are inverse. */
    @Test
    void the_field_is_that_of_aes() {
        assertThat(Shamir.multiply(0x57, 0x83)).isEqualTo(0xc1);
        assertThat(Shamir.multiply(0x57, 0x13)).isEqualTo(0xfe);
        assertThat(Shamir.inverse(0x53)).isEqualTo(0xca);
    }

    @Test
    void three_is_a_generator_and_every_element_but_0_has_its_inverse() {
        Set<Integer> powers = new HashSet<>();
        int power = 1;
        for (int i = 0; i < 255; i++) {
            powers.add(power);
            power = Shamir.multiply(power, 3);
        }
        assertThat(power).isEqualTo(1);
        assertThat(powers).hasSize(255).doesNotContain(0);
        for (int a = 1; a < 256; a++) {
            assertThat(Shamir.multiply(a, Shamir.inverse(a))).isEqualTo(1);
        }
    }

    @Test
    void multiplication_is_commutative_associative_and_distributive() {
        for (int a = 0; a < 256; a += 7) {
            for (int b = 0; b < 256; b++) {
                assertThat(Shamir.multiply(a, b)).isEqualTo(Shamir.multiply(b, a));
                for (int c = 1; c < 256; c += 31) {
                    assertThat(Shamir.multiply(a, b ^ c)).isEqualTo(Shamir.multiply(a, b) ^ Shamir.multiply(a, c));
                    assertThat(Shamir.multiply(Shamir.multiply(a, b), c))
                            .isEqualTo(Shamir.multiply(a, Shamir.multiply(b, c)));
                }
            }
        }
    }

    /** Every k of every n, 1 to 16, with shares chosen and ordered at random. */
    @Test
    void any_k_of_n_shares_give_the_secret_back_and_one_fewer_another() {
        long seed = 20260301;
        Random random = new Random(seed);
        for (int n = 1; n <= RootRecord.MAX_CUSTODIANS; n++) {
            for (int k = 1; k <= n; k++) {
                byte[] secret = new byte[32];
                random.nextBytes(secret);
                List<byte[]> shares = new ArrayList<>(Arrays.asList(Shamir.split(secret, k, n, random)));
                Collections.shuffle(shares, random);
                assertThat(Shamir.combine(shares.subList(0, k)))
                        .as("%d of %d, seed %d", k, n, seed)
                        .isEqualTo(secret);
                assertThat(Shamir.combine(shares)).isEqualTo(secret);
                if (k > 1) {
                    assertThat(Shamir.combine(shares.subList(0, k - 1)))
                            .as("%d of %d, seed %d", k - 1, n, seed)
                            .isNotEqualTo(secret);
                }
            }
        }
    }

    /** With k - 1 shares known, every value of the secret's byte is still possible, and equally often. */
    @Test
    void fewer_than_k_shares_leave_every_secret_possible() {
        byte[] known = {1, 0x5a};
        Set<Integer> secrets = new HashSet<>();
        for (int other = 0; other < 256; other++) {
            secrets.add(Shamir.combine(List.of(known, new byte[] {2, (byte) other}))[0] & 0xff);
        }
        assertThat(secrets).hasSize(256);
    }

    @Test
    void what_cannot_be_divided_or_combined_is_refused() {
        Random random = new Random(1);
        for (int[] kn : new int[][] {{0, 1}, {2, 1}, {1, 0}, {1, 256}}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Shamir.split(new byte[1], kn[0], kn[1], random));
        }
        assertThat(Shamir.split(new byte[1], 255, 255, random)).hasNumberOfRows(255);
        assertThatIllegalArgumentException().isThrownBy(() -> Shamir.combine(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Shamir.combine(List.of(new byte[] {0, 1})));
        assertThatIllegalArgumentException().isThrownBy(() -> Shamir.combine(List.of(new byte[] {1})));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shamir.combine(List.of(new byte[] {1, 2}, new byte[] {1, 2})));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shamir.combine(List.of(new byte[] {1, 2}, new byte[] {2, 2, 3})));
    }
}
