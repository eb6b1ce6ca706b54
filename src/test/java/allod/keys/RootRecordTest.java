package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RootRecordTest {
    /** The vector of docs/formats/key-tree.md. */
    static final String VECTOR = "616c6c6f64525231000102030405060708090a0b0c0d0e0f0000000000000002064bf5122f344554"
            + "c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a000000000000000300112233445566"
            + "7701dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d9860001020466696c65"
            + "0362616f010466696c6512322d303031313232333334343535363637370003090807";

    static RootRecord sample() {
        return new RootRecord(
                HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f"),
                2,
                6,
                Sha256.of(new byte[] {1}),
                new CustodyPlan(1, List.of("file", "bao")),
                List.of(new RootRecord.Wrap("file", "2-0011223344556677", new byte[] {9, 8, 7})),
                new RootRecord.Intent(3, HexFormat.of().parseHex("0011223344556677")),
                Optional.of(Sha256.of(new byte[] {2})),
                Optional.empty());
    }

    @Test
    void a_record_reads_back_from_its_bytes_which_are_the_published_ones() {
        RootRecord record = sample();
        assertThat(RootRecord.parse(record.encode())).isEqualTo(record);
        assertThat(HexFormat.of().formatHex(record.encode())).isEqualTo(VECTOR);
        assertThat(record.degraded()).isTrue();
    }

    @Test
    void an_outline_names_the_record_and_holds_none_of_its_wraps() {
        RootRecord record = sample();
        RootOutline outline = RootOutline.parse(record.outline().encode());
        assertThat(outline).isEqualTo(record.outline());
        assertThat(outline.hash()).isEqualTo(record.hash());
        assertThat(outline.plan()).isEqualTo(record.plan());
        assertThat(outline.wraps().getFirst().wrapped())
                .isEqualTo(Sha256.of(record.wraps().getFirst().wrapped()));
        assertThatIllegalArgumentException().isThrownBy(() -> RootOutline.parse(record.encode()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RootRecord.parse(record.outline().encode()));
        RootRecord other =
                record.withWraps(List.of(new RootRecord.Wrap("file", "2-0011223344556677", new byte[] {9, 8, 6})));
        assertThat(other.hash()).isNotEqualTo(record.hash());
    }

    @Test
    void wraps_stand_in_the_order_of_the_plan_and_are_of_it() {
        RootRecord record = sample();
        var file = new RootRecord.Wrap("file", "1-a", new byte[1]);
        var bao = new RootRecord.Wrap("bao", "1-a", new byte[1]);
        assertThat(record.withWraps(List.of(file, bao)).degraded()).isFalse();
        for (List<RootRecord.Wrap> wraps : List.of(
                List.of(bao, file),
                List.of(file, file),
                List.<RootRecord.Wrap>of(),
                List.of(new RootRecord.Wrap("other", "1-a", new byte[1])))) {
            assertThatIllegalArgumentException().isThrownBy(() -> record.withWraps(wraps));
        }
    }

    @Test
    void a_plan_keeps_within_its_limits() {
        List<String> sixteen = IntStream.range(0, 16).mapToObj(i -> "c" + i).toList();
        assertThat(new CustodyPlan(16, sixteen).custodians()).hasSize(16);
        List<String> seventeen = IntStream.range(0, 17).mapToObj(i -> "c" + i).toList();
        assertThatIllegalArgumentException().isThrownBy(() -> new CustodyPlan(1, seventeen));
        assertThatIllegalArgumentException().isThrownBy(() -> new CustodyPlan(3, List.of("a", "b")));
        assertThatIllegalArgumentException().isThrownBy(() -> new CustodyPlan(0, List.of("a")));
        assertThatIllegalArgumentException().isThrownBy(() -> new CustodyPlan(1, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new CustodyPlan(2, List.of("a", "a")));
        assertThatIllegalArgumentException().isThrownBy(() -> new CustodyPlan(1, List.of("a b")));
    }

    @Test
    void cut_or_longer_bytes_are_refused_and_no_flipped_bit_gives_the_same_record() {
        byte[] bytes = sample().encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException().isThrownBy(() -> RootRecord.parse(cut));
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatIllegalArgumentException().isThrownBy(() -> RootRecord.parse(longer));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            try {
                assertThat(RootRecord.parse(flipped)).isNotEqualTo(sample());
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void a_record_keeps_within_its_limits() {
        assertThat(new RootRecord.Wrap("c", "h", new byte[RootRecord.Wrap.MAX_WRAPPED]).wrapped())
                .hasSize(2048);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RootRecord.Wrap("c", "h", new byte[RootRecord.Wrap.MAX_WRAPPED + 1]));
        assertThatIllegalArgumentException().isThrownBy(() -> new RootRecord.Wrap("", "h", new byte[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> new RootRecord.Wrap("c", "h h", new byte[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> new RootRecord.Wrap("c", "h".repeat(129), new byte[1]));
        assertThatIllegalArgumentException().isThrownBy(() -> new RootRecord.Intent(0, new byte[8]));
        assertThatIllegalArgumentException().isThrownBy(() -> new RootRecord.Intent(1, new byte[7]));
    }

    @Test
    void the_largest_record_fits_its_limit() {
        List<RootRecord.Wrap> wraps = IntStream.range(0, RootRecord.MAX_CUSTODIANS)
                .mapToObj(i -> new RootRecord.Wrap("c".repeat(120) + i, "h".repeat(128), new byte[2048]))
                .toList();
        RootRecord small = sample();
        RootRecord large = new RootRecord(
                small.domain(),
                1,
                11,
                small.rootPageId(),
                new CustodyPlan(
                        16, wraps.stream().map(RootRecord.Wrap::custodian).toList()),
                wraps,
                small.intent(),
                small.previousRecord(),
                small.previousRecord());
        assertThat(RootRecord.parse(large.encode())).isEqualTo(large);
        assertThat(large.encode().length).isLessThan(RootRecord.MAX_BYTES);
    }

    @Test
    void a_header_reads_back_and_refuses_every_cut_and_every_unknown_kind() {
        PageHeader header = header();
        byte[] bytes = header.encode();
        assertThat(PageHeader.parse(bytes)).isEqualTo(header);
        assertThat(header.childId(5)).isEqualTo(Sha256.of(new byte[] {5}));
        assertThatIllegalArgumentException().isThrownBy(() -> header.childId(6));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException().isThrownBy(() -> PageHeader.parse(cut));
        }
        byte[] unknown = bytes.clone();
        unknown[PageHeader.MIN_BYTES - 1] = 3;
        assertThatIllegalArgumentException().isThrownBy(() -> PageHeader.parse(unknown));
        byte[] oneMore = bytes.clone();
        oneMore[PageHeader.MIN_BYTES - 1] = 2;
        assertThatIllegalArgumentException().isThrownBy(() -> PageHeader.parse(oneMore));
        byte[] tooHigh = bytes.clone();
        tooHigh[24] = PageHeader.MAX_HEIGHT;
        assertThatIllegalArgumentException().isThrownBy(() -> PageHeader.parse(tooHigh));
    }

    private static PageHeader header() {
        PageHeader.Kind[] kinds = new PageHeader.Kind[PageHeader.FANOUT];
        Arrays.fill(kinds, PageHeader.Kind.SEED);
        kinds[5] = PageHeader.Kind.PAGE;
        kinds[6] = PageHeader.Kind.EMPTY;
        return PageHeader.of(sample().domain(), 3, 17, 2, kinds, List.of(Sha256.of(new byte[] {5})));
    }
}
