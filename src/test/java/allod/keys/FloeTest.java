package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Problem;
import allod.base.Reason;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FloeTest {
    private static final FloeParameters SMALL = new FloeParameters(48, 2);
    private static final byte[] KEY = CountingRandom.bytes(0, 32);
    private static final byte[] AAD = CountingRandom.bytes(100, 34);
    private final SecureRandom random = new SecureRandom();

    @Test
    void every_size_around_a_segment_boundary_comes_back_whole() {
        for (var parameters : new FloeParameters[] {new FloeParameters(33, 0), SMALL, new FloeParameters(4096, 20)}) {
            int full = parameters.plainSegmentBytes();
            for (int segments = 0; segments <= 20; segments++) {
                for (int around = -1; around <= 1; around++) {
                    int size = segments * full + around;
                    if (size >= 0) {
                        comesBack(parameters, size);
                    }
                }
            }
        }
        for (int size : new int[] {0, 1, 65_503, 65_504, 65_505, 131_007, 131_008, 131_009, 1_000_000, 3_000_000}) {
            comesBack(FloeParameters.STANDARD, size);
        }
    }

    private void comesBack(FloeParameters parameters, int size) {
        byte[] plaintext = new byte[size];
        new Random(size).nextBytes(plaintext);
        byte[] sealed = Floe.seal(parameters, KEY, AAD, plaintext, random);
        assertThat(sealed).hasSize(Math.toIntExact(parameters.ciphertextSize(size)));
        assertThat(FloeStream.ofCiphertext(parameters, sealed.length)).isEqualTo(new FloeStream(parameters, size));
        assertThat(Floe.open(parameters, KEY, AAD, sealed)).isEqualTo(plaintext);
    }

    @Test
    void sealing_the_same_twice_gives_other_bytes() {
        byte[] one = Floe.seal(SMALL, KEY, AAD, new byte[100], random);
        assertThat(Floe.seal(SMALL, KEY, AAD, new byte[100], random)).isNotEqualTo(one);
    }

    @Test
    void a_change_of_any_bit_is_refused() {
        byte[] sealed = Floe.seal(SMALL, KEY, AAD, CountingRandom.bytes(0, 40), random);
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] changed = sealed.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            refused(() -> Floe.open(SMALL, KEY, AAD, changed));
        }
    }

    @Test
    void a_stream_cut_anywhere_is_refused_at_segment_boundaries_too() {
        byte[] sealed = Floe.seal(SMALL, KEY, AAD, new byte[16 * 4], random);
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            refused(() -> Floe.open(SMALL, KEY, AAD, cut));
        }
        refused(() -> Floe.open(SMALL, KEY, AAD, Arrays.copyOf(sealed, sealed.length + 1)));
        refused(() -> Floe.open(SMALL, KEY, AAD, Arrays.copyOf(sealed, sealed.length + 48)));
    }

    @Test
    void segments_out_of_their_place_are_refused() {
        byte[] sealed = Floe.seal(SMALL, KEY, AAD, CountingRandom.bytes(0, 16 * 6), random);
        for (int one = 0; one < 6; one++) {
            for (int other = one + 1; other < 6; other++) {
                byte[] swapped = sealed.clone();
                System.arraycopy(sealed, 74 + 48 * one, swapped, 74 + 48 * other, 48);
                System.arraycopy(sealed, 74 + 48 * other, swapped, 74 + 48 * one, 48);
                refused(() -> Floe.open(SMALL, KEY, AAD, swapped));
            }
        }
    }

    @Test
    void a_segment_of_another_stream_under_the_same_key_is_refused() {
        byte[] one = Floe.seal(SMALL, KEY, AAD, new byte[40], random);
        byte[] other = Floe.seal(SMALL, KEY, AAD, new byte[40], random);
        System.arraycopy(other, 74 + 48, one, 74 + 48, 48);
        refused(() -> Floe.open(SMALL, KEY, AAD, one));
    }

    @Test
    void a_wrong_key_or_place_or_segment_length_is_told_by_the_header_alone() {
        byte[] header = Floe.seal(SMALL, KEY, AAD, new byte[40], random);
        refused(() -> new FloeDecryptor(SMALL, CountingRandom.bytes(1, 32), AAD, header, 0));
        refused(() -> new FloeDecryptor(SMALL, KEY, new byte[34], header, 0));
        refused(() -> new FloeDecryptor(new FloeParameters(49, 2), KEY, AAD, header, 0));
    }

    @Test
    void a_last_segment_opens_only_as_the_last_and_another_only_as_another() {
        byte[] sealed = Floe.seal(SMALL, KEY, AAD, new byte[32], random);
        byte[] out = new byte[16];
        try (var decryptor = new FloeDecryptor(SMALL, KEY, AAD, sealed, 0)) {
            refused(() -> decryptor.open(0, true, sealed, 74, 48, out, 0));
            refused(() -> decryptor.open(1, false, sealed, 74 + 48, 48, out, 0));
            byte[] claimed = sealed.clone();
            Arrays.fill(claimed, 74 + 48, 74 + 52, (byte) -1);
            refused(() -> decryptor.open(1, false, claimed, 74 + 48, 48, out, 0));
            assertThat(decryptor.open(1, true, sealed, 74 + 48, 48, out, 0)).isEqualTo(16);
        }
    }

    @Test
    void nothing_of_a_refused_segment_is_left_in_the_output() {
        byte[] plaintext = new byte[65_504];
        Arrays.fill(plaintext, (byte) 7);
        byte[] sealed = Floe.seal(FloeParameters.STANDARD, KEY, AAD, plaintext, random);
        sealed[sealed.length - 1] ^= 1;
        byte[] out = new byte[65_504];
        try (var decryptor = new FloeDecryptor(FloeParameters.STANDARD, KEY, AAD, sealed, 0)) {
            refused(() -> decryptor.open(0, true, sealed, 74, sealed.length - 74, out, 0));
        }
        assertThat(out).isEqualTo(new byte[65_504]);
    }

    @Test
    void only_full_segments_come_before_the_last_and_none_after_it() {
        byte[] out = new byte[200];
        try (var encryptor = new FloeEncryptor(SMALL, KEY, AAD, random)) {
            assertThatThrownBy(() -> encryptor.seal(out, 0, 15, false, out, 100))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> encryptor.seal(out, 0, 17, true, out, 100))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(encryptor.seal(out, 0, 16, true, out, 100)).isEqualTo(48);
            assertThatThrownBy(() -> encryptor.seal(out, 0, 0, true, out, 100))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_closed_stream_does_nothing_more_and_closing_twice_is_fine() {
        byte[] sealed = Floe.seal(SMALL, KEY, AAD, new byte[0], random);
        var encryptor = new FloeEncryptor(SMALL, KEY, AAD, random);
        encryptor.close();
        encryptor.close();
        assertThatThrownBy(() -> encryptor.seal(new byte[0], 0, 0, true, new byte[32], 0))
                .isInstanceOf(IllegalStateException.class);
        var decryptor = new FloeDecryptor(SMALL, KEY, AAD, sealed, 0);
        decryptor.close();
        decryptor.close();
        assertThatThrownBy(() -> decryptor.open(0, true, sealed, 74, 32, new byte[0], 0))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void parameters_hold_to_their_bounds() {
        assertThat(new FloeParameters(33, 0).plainSegmentBytes()).isEqualTo(1);
        assertThat(new FloeParameters(1 << 20, 20).maxPlaintextSize()).isPositive();
        for (int[] wrong : new int[][] {{32, 20}, {(1 << 20) + 1, 20}, {48, -1}, {48, 21}}) {
            assertThatThrownBy(() -> new FloeParameters(wrong[0], wrong[1]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        long most = FloeParameters.STANDARD.maxPlaintextSize();
        assertThat(FloeParameters.STANDARD.segmentCount(most)).isEqualTo(FloeParameters.MAX_SEGMENTS);
        assertThatThrownBy(() -> new FloeStream(FloeParameters.STANDARD, most + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FloeStream(FloeParameters.STANDARD, -1))
                .isInstanceOf(IllegalArgumentException.class);
        refused(() ->
                FloeStream.ofCiphertext(FloeParameters.STANDARD, FloeParameters.STANDARD.ciphertextSize(most) + 1));
    }

    static void refused(ThrowingCallable opening) {
        assertThatThrownBy(opening)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.reason()).isEqualTo(Reason.DAMAGED));
    }
}
