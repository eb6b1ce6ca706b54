package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Problem;
import allod.base.Reason;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/** Whatever stands in a stored stream, reading it yields what was written or says that it is damaged; nothing else. */
class FloeFuzzTest {
    private static final FloeParameters SMALL = new FloeParameters(48, 1);
    private static final byte[] KEY = CountingRandom.bytes(0, 32);
    private static final byte[] AAD = {1};

    /** The input is the ciphertext's segments and, where it starts with a 1, stands behind a true header. */
    @FuzzTest
    void foreign_bytes_never_open(byte[] input) {
        byte[] bytes = input;
        if (input.length > 0 && input[0] == 1) {
            bytes = new byte[FloeParameters.HEADER_BYTES + input.length - 1];
            System.arraycopy(input, 1, bytes, FloeParameters.HEADER_BYTES, input.length - 1);
            try (var encryptor = new FloeEncryptor(SMALL, KEY, AAD, new CountingRandom(0))) {
                System.arraycopy(encryptor.header(), 0, bytes, 0, FloeParameters.HEADER_BYTES);
            }
        }
        try {
            byte[] plaintext = Floe.open(SMALL, KEY, AAD, bytes);
            var replayed = new ReplayedRandom(SMALL, bytes);
            assertThat(Floe.seal(SMALL, KEY, AAD, plaintext, replayed)).isEqualTo(bytes);
        } catch (Problem refused) {
            assertThat(refused.reason()).isEqualTo(Reason.DAMAGED);
        }
    }

    /** The input is a list of edits of a true stream: cut, lengthen, change a byte, copy one place over another. */
    @FuzzTest
    void an_edited_stream_opens_only_where_the_edits_cancel(FuzzedDataProvider input) {
        byte[] plaintext = CountingRandom.bytes(0, input.consumeInt(0, 100));
        byte[] original = Floe.seal(SMALL, KEY, AAD, plaintext, new CountingRandom(0));
        byte[] edited = original.clone();
        for (int edits = input.consumeInt(0, 10); edits > 0; edits--) {
            int at = edited.length == 0 ? 0 : input.consumeInt(0, edited.length - 1);
            edited = switch (input.consumeInt(0, 2)) {
                case 0 -> Arrays.copyOf(edited, input.consumeInt(0, 500));
                case 1 -> changed(edited, at, input.consumeByte());
                default -> copied(edited, at, input.consumeInt(0, 500), input.consumeInt(0, 100));
            };
        }
        try {
            assertThat(Floe.open(SMALL, KEY, AAD, edited)).isEqualTo(plaintext);
            assertThat(edited).isEqualTo(original);
        } catch (Problem refused) {
            assertThat(refused.reason()).isEqualTo(Reason.DAMAGED);
            assertThat(edited).isNotEqualTo(original);
        }
    }

    private static byte[] changed(byte[] bytes, int at, byte mask) {
        if (bytes.length > 0) {
            bytes[at] ^= mask;
        }
        return bytes;
    }

    private static byte[] copied(byte[] bytes, int from, int to, int length) {
        int target = Math.min(to, bytes.length);
        System.arraycopy(bytes, from, bytes, target, Math.min(length, bytes.length - Math.max(from, target)));
        return bytes;
    }
}
