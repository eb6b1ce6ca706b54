package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FloeRangeReaderTest {
    private static final FloeParameters SMALL = new FloeParameters(48, 1);
    private static final byte[] KEY = CountingRandom.bytes(0, 32);
    private static final byte[] AAD = {1, 2};
    private final SecureRandom random = new SecureRandom();

    @Test
    void every_range_of_every_small_stream_is_read_exactly() throws IOException {
        for (int size = 1; size <= 50; size++) {
            byte[] plaintext = CountingRandom.bytes(size, size);
            byte[] sealed = Floe.seal(SMALL, KEY, AAD, plaintext, random);
            var stream = new FloeStream(SMALL, size);
            assertThat(read(stream, stream.whole(), sealed)).isEqualTo(plaintext);
            for (int first = 0; first < size; first++) {
                for (int last = first; last < size; last++) {
                    assertThat(read(stream, stream.slice(first, last), sealed))
                            .as("%d-%d of %d", first, last, size)
                            .isEqualTo(Arrays.copyOfRange(plaintext, first, last + 1));
                }
            }
        }
    }

    @Test
    void random_ranges_of_a_large_stream_are_read_exactly() throws IOException {
        long seed = 42;
        var choice = new Random(seed);
        byte[] plaintext = new byte[1_000_000];
        choice.nextBytes(plaintext);
        byte[] sealed = Floe.seal(FloeParameters.STANDARD, KEY, AAD, plaintext, random);
        var stream = new FloeStream(FloeParameters.STANDARD, plaintext.length);
        for (int i = 0; i < 100; i++) {
            int first = choice.nextInt(plaintext.length);
            int last = choice.nextInt(first, plaintext.length);
            assertThat(read(stream, stream.slice(first, last), sealed))
                    .as("seed %d: %d-%d", seed, first, last)
                    .isEqualTo(Arrays.copyOfRange(plaintext, first, last + 1));
        }
    }

    @Test
    void an_empty_stream_has_one_piece_of_nothing_which_is_checked() throws IOException {
        byte[] sealed = Floe.seal(SMALL, KEY, AAD, new byte[0], random);
        var stream = new FloeStream(SMALL, 0);
        assertThat(read(stream, stream.whole(), sealed)).isEmpty();
        sealed[sealed.length - 1] ^= 1;
        FloeTest.refused(() -> read(stream, stream.whole(), sealed));
    }

    @Test
    void a_slice_names_just_the_segments_that_hold_the_range() {
        var stream = new FloeStream(FloeParameters.STANDARD, 200_000);
        assertThat(stream.slice(0, 0)).isEqualTo(new FloeStream.Slice(0, 0, 74, 65_536, 0, 1));
        assertThat(stream.slice(65_503, 65_504)).isEqualTo(new FloeStream.Slice(0, 1, 74, 131_072, 65_503, 2));
        assertThat(stream.slice(65_504, 65_504)).isEqualTo(new FloeStream.Slice(1, 1, 74 + 65_536, 65_536, 0, 1));
        assertThat(stream.slice(199_999, 199_999))
                .isEqualTo(new FloeStream.Slice(3, 3, 74 + 3 * 65_536, 3_520, 3_487, 1));
        assertThat(stream.ciphertextSize()).isEqualTo(74 + 3 * 65_536 + 3_520);
    }

    @Test
    void a_range_outside_the_stream_is_refused() {
        var stream = new FloeStream(SMALL, 10);
        for (long[] range : new long[][] {{-1, 3}, {4, 3}, {0, 10}, {10, 10}}) {
            assertThatThrownBy(() -> stream.slice(range[0], range[1])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_record_that_claims_a_shorter_stream_does_not_cut_it_unseen() {
        byte[] sealed = Floe.seal(SMALL, KEY, AAD, new byte[40], random);
        for (int claimed : new int[] {0, 15, 16, 31, 32, 33, 39, 41, 48}) {
            var stream = new FloeStream(SMALL, claimed);
            byte[] enough = Arrays.copyOf(sealed, 400);
            FloeTest.refused(() -> read(stream, stream.whole(), enough));
        }
    }

    @Test
    void a_source_that_ends_early_is_an_io_fault() {
        byte[] sealed = Floe.seal(SMALL, KEY, AAD, new byte[40], random);
        var stream = new FloeStream(SMALL, 40);
        assertThatThrownBy(() -> read(stream, stream.whole(), Arrays.copyOf(sealed, sealed.length - 1)))
                .isInstanceOf(EOFException.class);
    }

    private static byte[] read(FloeStream stream, FloeStream.Slice slice, byte[] sealed) throws IOException {
        FloeRangeReader.Source source = (position, into, offset, length) -> {
            if (position + length > sealed.length) {
                throw new EOFException();
            }
            System.arraycopy(sealed, Math.toIntExact(position), into, offset, length);
        };
        var plaintext = new ByteArrayOutputStream();
        try (var reader = new FloeRangeReader(stream, slice, KEY, AAD, source)) {
            while (reader.next()) {
                plaintext.write(reader.buffer(), reader.offset(), reader.length());
            }
        }
        return plaintext.toByteArray();
    }
}
