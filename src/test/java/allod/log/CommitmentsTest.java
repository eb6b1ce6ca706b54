package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitmentsTest {
    private static final String ORIGIN = "log.allod.example/g1";
    private static final byte[] TENANT = {0, 0, 0, 7};
    private static final byte[] PERIOD_KEY = Fixtures.seed(0x40);
    private static final byte[] BODY = "{\"type\":\"object.put\",\"outcome\":\"ok\"}".getBytes(StandardCharsets.UTF_8);
    private static final Frame FIRST = new Frame(ORIGIN, TENANT, 0, Hash.ZERO, 1_700_000_000_123_456L);

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** The vectors of docs/formats/log.md, which were computed by other code. */
    @Test
    void openings_and_commitments_are_those_of_the_format_page() {
        Commitments.Openings openings = new Commitments.Openings(PERIOD_KEY, ORIGIN);
        Commitments commitments = new Commitments();
        byte[] opening = openings.opening(12345);
        assertThat(opening).isEqualTo(hex("35ccf724532f81186e3ba261673301c612a5d2c58027028d00d5d9167d343a7b"));
        Hash first = commitments.commitment(opening, FIRST, BODY);
        assertThat(first).hasToString("ddbe29b0f6e48071cd6bff004a75eb85e4db9d24a229b09cf20dddfabfd1e2c5");
        assertThat(FIRST.commitment(opening, BODY)).isEqualTo(first);

        byte[] next = openings.opening(12346);
        assertThat(next).isEqualTo(hex("24e54e011d448717c3e12b5a459c5cf73d574b6c59a9b7335eec96f5b259dfe0"));
        Frame second = new Frame(ORIGIN, TENANT, 1, first, 1_700_000_000_123_457L);
        Hash empty = commitments.commitment(next, second, new byte[0]);
        assertThat(empty).hasToString("02404b7a8460f002403e442556c1ba2afc4cd8993ba55403fa50a88a3bdb1a54");
        assertThat(MerkleTree.leafHash(EventLeaf.entry(empty)))
                .hasToString("5769e0fdb2980f1a34659a8e309bd1d0a0fca03d050b58065bfa7645a3fa5e48");
    }

    @Test
    void an_event_entry_is_33_bytes_with_its_type_in_front() {
        byte[] entry = EventLeaf.entry(FIRST.commitment(PERIOD_KEY, BODY));
        assertThat(entry).hasSize(33).startsWith(1);
    }

    @Test
    void every_part_of_frame_body_and_opening_matters() {
        Hash commitment = FIRST.commitment(PERIOD_KEY, BODY);
        List<Frame> others = List.of(
                new Frame(ORIGIN + "x", TENANT, 0, Hash.ZERO, FIRST.timeMicros()),
                new Frame(ORIGIN, new byte[] {0, 0, 0, 8}, 0, Hash.ZERO, FIRST.timeMicros()),
                new Frame(ORIGIN, new byte[] {0, 0, 0, 7, 0}, 0, Hash.ZERO, FIRST.timeMicros()),
                new Frame(ORIGIN, TENANT, 1, Hash.ZERO, FIRST.timeMicros()),
                new Frame(ORIGIN, TENANT, 0, commitment, FIRST.timeMicros()),
                new Frame(ORIGIN, TENANT, 0, Hash.ZERO, FIRST.timeMicros() + 1));
        for (Frame other : others) {
            assertThat(other.commitment(PERIOD_KEY, BODY)).isNotEqualTo(commitment);
            assertThat(other).isNotEqualTo(FIRST);
        }
        for (int bit = 0; bit < BODY.length * 8; bit++) {
            assertThat(FIRST.commitment(PERIOD_KEY, Fixtures.flipped(BODY, bit)))
                    .isNotEqualTo(commitment);
        }
        for (int bit = 0; bit < 256; bit++) {
            assertThat(FIRST.commitment(Fixtures.flipped(PERIOD_KEY, bit), BODY))
                    .isNotEqualTo(commitment);
        }
    }

    @Test
    void an_opening_of_any_length_but_32_is_refused() {
        for (int length : new int[] {0, 31, 33, 64}) {
            assertThatThrownBy(() -> FIRST.commitment(new byte[length], BODY))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Commitments.Openings(new byte[length], ORIGIN))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_frame_out_of_range_is_refused() {
        assertThatThrownBy(() -> new Frame("", TENANT, 0, Hash.ZERO, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Frame("x".repeat(256), TENANT, 0, Hash.ZERO, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Frame(ORIGIN, new byte[0], 0, Hash.ZERO, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Frame(ORIGIN, new byte[256], 0, Hash.ZERO, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Frame(ORIGIN, TENANT, -1, Hash.ZERO, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Frame(ORIGIN, TENANT, 0, Hash.ZERO, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Frame("x".repeat(255), new byte[255], Long.MAX_VALUE, Hash.ZERO, Long.MAX_VALUE).seq())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_frame_does_not_follow_later_changes_of_the_callers_array() {
        byte[] tenant = TENANT.clone();
        Frame frame = new Frame(ORIGIN, tenant, 0, Hash.ZERO, FIRST.timeMicros());
        tenant[3] = 9;
        frame.tenant()[3] = 9;
        assertThat(frame).isEqualTo(FIRST).hasSameHashCodeAs(FIRST).hasToString(FIRST.toString());
    }
}
