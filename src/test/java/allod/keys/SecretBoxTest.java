package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SecretBoxTest {
    private static final byte[] SLOT = CountingRandom.bytes(1, 32);
    private static final byte[] AAD = {1, 2, 3};
    private final SecureRandom random = new SecureRandom();

    @Test
    void a_box_opens_for_its_purpose_slot_and_place_alone() {
        for (SecretBox purpose : SecretBox.values()) {
            for (int size : new int[] {0, 1, 15, 16, 17, 1000}) {
                byte[] plaintext = CountingRandom.bytes(size, size);
                byte[] box = purpose.seal(SLOT, AAD, plaintext, random);
                assertThat(box).hasSize(size + SecretBox.OVERHEAD);
                assertThat(purpose.open(SLOT, AAD, box)).isEqualTo(plaintext);
                for (SecretBox other : SecretBox.values()) {
                    if (other != purpose) {
                        FloeTest.refused(() -> other.open(SLOT, AAD, box));
                    }
                }
                FloeTest.refused(() -> purpose.open(CountingRandom.bytes(2, 32), AAD, box));
                FloeTest.refused(() -> purpose.open(SLOT, new byte[3], box));
            }
        }
    }

    @Test
    void a_change_or_cut_anywhere_is_refused() {
        byte[] box = SecretBox.ITEM.seal(SLOT, AAD, CountingRandom.bytes(0, 20), random);
        for (int bit = 0; bit < 8 * box.length; bit++) {
            byte[] changed = box.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            FloeTest.refused(() -> SecretBox.ITEM.open(SLOT, AAD, changed));
        }
        for (int length = 0; length < box.length; length++) {
            byte[] cut = Arrays.copyOf(box, length);
            FloeTest.refused(() -> SecretBox.ITEM.open(SLOT, AAD, cut));
        }
    }

    @Test
    void the_same_record_sealed_twice_gives_other_boxes() {
        byte[] box = SecretBox.EVENTS.seal(SLOT, AAD, AAD, random);
        assertThat(SecretBox.EVENTS.seal(SLOT, AAD, AAD, random)).isNotEqualTo(box);
    }

    @Test
    void a_part_of_an_array_is_sealed_as_if_it_stood_alone() {
        byte[] array = CountingRandom.bytes(0, 100);
        byte[] box = SecretBox.EVENTS.seal(SLOT, AAD, array, 10, 20, random);
        assertThat(SecretBox.EVENTS.open(SLOT, AAD, box)).isEqualTo(Arrays.copyOfRange(array, 10, 30));
        assertThatThrownBy(() -> SecretBox.EVENTS.seal(SLOT, AAD, array, 90, 11, random))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void a_slot_secret_has_32_bytes() {
        assertThatThrownBy(() -> SecretBox.SECRET.seal(new byte[16], AAD, AAD, random))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
