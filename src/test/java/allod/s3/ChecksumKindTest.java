package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.store.Checksum;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChecksumKindTest {
    private static final byte[] CHECK = "123456789".getBytes(StandardCharsets.US_ASCII);

    @Test
    void each_algorithm_gives_its_published_value_of_the_nine_digits() {
        assertThat(hex(ChecksumKind.CRC32, CHECK)).isEqualTo("cbf43926");
        assertThat(hex(ChecksumKind.CRC32C, CHECK)).isEqualTo("e3069283");
        assertThat(hex(ChecksumKind.CRC64NVME, CHECK)).isEqualTo("ae8b14860a799888");
        assertThat(hex(ChecksumKind.SHA1, CHECK)).isEqualTo("f7c3bc1d808e04732adf679965ccc34ca7ae3441");
        assertThat(hex(ChecksumKind.SHA256, CHECK))
                .isEqualTo("15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225");
        assertThat(hex(ChecksumKind.MD5, CHECK)).isEqualTo("25f9e794323b453885f5181f1b624d0b");
        assertThat(hex(ChecksumKind.SHA512, CHECK))
                .isEqualTo("d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274a"
                        + "d27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85");
        assertThat(hex(ChecksumKind.XXHASH64, CHECK)).isEqualTo("8cb841db40e6ae83");
    }

    /** XXH3 has no value of the nine digits that is published; of nothing it has. */
    @Test
    void the_xxhashes_of_nothing_are_those_of_their_specification() {
        assertThat(hex(ChecksumKind.XXHASH64, new byte[0])).isEqualTo("ef46db3751d8e999");
        assertThat(hex(ChecksumKind.XXHASH3, new byte[0])).isEqualTo("2d06800538d394c2");
        assertThat(hex(ChecksumKind.XXHASH128, new byte[0])).isEqualTo("99aa06d3014798d86001c324468d497f");
    }

    @Test
    void a_value_is_the_same_however_the_content_is_cut() {
        byte[] bytes = new byte[5000];
        new Random(2).nextBytes(bytes);
        for (ChecksumKind kind : ChecksumKind.values()) {
            ChecksumKind.Running running = kind.start();
            for (int at = 0; at < bytes.length; ) {
                int length = Math.min(bytes.length - at, 1 + at / 3);
                running.update(bytes, at, length);
                at += length;
            }
            assertThat(running.value()).as(kind.name()).isEqualTo(value(kind, bytes, 0, bytes.length));
        }
    }

    @Test
    void nothing_has_a_checksum_too() {
        assertThat(hex(ChecksumKind.CRC64NVME, new byte[0])).isEqualTo("0000000000000000");
        assertThat(hex(ChecksumKind.CRC32, new byte[0])).isEqualTo("00000000");
    }

    @Test
    void crc64nvme_by_eights_agrees_with_bit_by_bit_at_every_length_and_offset() {
        byte[] bytes = new byte[100];
        new Random(1).nextBytes(bytes);
        for (int offset = 0; offset < 9; offset++) {
            for (int length = 0; length <= 80; length++) {
                var crc = new Crc64Nvme();
                crc.update(bytes, offset, length);
                assertThat(crc.getValue()).isEqualTo(bitByBit(bytes, offset, length));
            }
        }
    }

    private static long bitByBit(byte[] bytes, int offset, int length) {
        long crc = ~0L;
        for (int i = offset; i < offset + length; i++) {
            crc ^= bytes[i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ Crc64Nvme.POLYNOMIAL : crc >>> 1;
            }
        }
        return ~crc;
    }

    @Test
    void the_crcs_of_parts_join_to_the_crc_of_the_whole() {
        for (long seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            for (ChecksumKind kind : List.of(ChecksumKind.CRC32, ChecksumKind.CRC32C, ChecksumKind.CRC64NVME)) {
                byte[] whole = new byte[random.nextInt(5000)];
                random.nextBytes(whole);
                List<byte[]> values = new ArrayList<>();
                List<Long> lengths = new ArrayList<>();
                int position = 0;
                while (position < whole.length) {
                    int length = Math.min(whole.length - position, random.nextInt(700));
                    values.add(value(kind, whole, position, length));
                    lengths.add((long) length);
                    position += length;
                }
                assertThat(kind.joinWhole(values, lengths))
                        .as("%s, seed %d", kind, seed)
                        .isEqualTo(value(kind, whole, 0, whole.length));
            }
        }
    }

    @Test
    void lengths_beyond_32_bits_join_as_two_halves_do() {
        long half = 5L << 39;
        for (CrcJoin join : List.of(CrcJoin.CRC32, CrcJoin.CRC32C, CrcJoin.CRC64NVME)) {
            var head = new CrcJoin.Piece(0x1234567L, 1);
            long zeros = join.join(List.of(new CrcJoin.Piece(7, half), new CrcJoin.Piece(9, half)));
            long stepwise = join.join(List.of(head, new CrcJoin.Piece(7, half), new CrcJoin.Piece(9, half)));
            assertThat(stepwise).isEqualTo(join.join(List.of(head, new CrcJoin.Piece(zeros, 2 * half))));
        }
    }

    @Test
    void a_composite_value_covers_the_parts_values() {
        byte[] one = value(ChecksumKind.SHA256, CHECK, 0, 4);
        byte[] two = value(ChecksumKind.SHA256, CHECK, 4, 5);
        byte[] both = new byte[64];
        System.arraycopy(one, 0, both, 0, 32);
        System.arraycopy(two, 0, both, 32, 32);
        assertThat(ChecksumKind.SHA256.joinComposite(List.of(one, two)))
                .isEqualTo(value(ChecksumKind.SHA256, both, 0, 64));
    }

    @Test
    void a_value_is_read_only_in_canonical_base64_of_its_length() {
        String value = Base64.getEncoder().encodeToString(new byte[] {1, 2, 3, 4});
        assertThat(ChecksumKind.CRC32.parse(value)).contains(new byte[] {1, 2, 3, 4});
        assertThat(ChecksumKind.CRC32.parse("AQIDBA")).as("without padding").isEmpty();
        assertThat(ChecksumKind.CRC32.parse("AQIDBB==")).as("stray bits").isEmpty();
        assertThat(ChecksumKind.CRC32.parse("AQID")).as("three bytes").isEmpty();
        assertThat(ChecksumKind.CRC64NVME.parse(value)).as("four bytes").isEmpty();
        assertThat(ChecksumKind.CRC32.parse("*")).isEmpty();
    }

    @Test
    void the_types_an_upload_may_have_are_those_of_s3() {
        for (ChecksumKind kind : ChecksumKind.values()) {
            boolean crc = kind.name().startsWith("CRC");
            assertThat(kind.allows(Checksum.Type.FULL_OBJECT)).as(kind.name()).isEqualTo(crc);
            assertThat(kind.allows(Checksum.Type.COMPOSITE)).as(kind.name()).isEqualTo(kind != ChecksumKind.CRC64NVME);
            assertThat(kind.allows(kind.usualType())).isTrue();
        }
    }

    private static String hex(ChecksumKind kind, byte[] bytes) {
        return java.util.HexFormat.of().formatHex(value(kind, bytes, 0, bytes.length));
    }

    private static byte[] value(ChecksumKind kind, byte[] bytes, int offset, int length) {
        ChecksumKind.Running running = kind.start();
        running.update(bytes, offset, length);
        return running.value();
    }
}
