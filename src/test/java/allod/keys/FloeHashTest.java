package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.Test;

class FloeHashTest {
    private static final byte[] ONE = CountingRandom.bytes(1, 74);
    private static final byte[] TWO = CountingRandom.bytes(2, 74);

    @Test
    void an_object_of_one_stream_is_hashed_as_one_of_one_part() throws Exception {
        var sha256 = MessageDigest.getInstance("SHA-256");
        assertThat(FloeHash.ofPart(ONE)).isEqualTo(sha256.digest(ONE));
        assertThat(FloeHash.ofObject(ONE)).isEqualTo(sha256.digest(sha256.digest(ONE)));
        assertThat(FloeHash.ofObject(List.of(FloeHash.ofPart(ONE)))).isEqualTo(FloeHash.ofObject(ONE));
    }

    @Test
    void the_order_of_parts_matters() {
        byte[] one = FloeHash.ofPart(ONE);
        byte[] two = FloeHash.ofPart(TWO);
        assertThat(FloeHash.ofObject(List.of(one, two))).isNotEqualTo(FloeHash.ofObject(List.of(two, one)));
    }

    @Test
    void nothing_but_headers_and_their_hashes_is_hashed() {
        assertThatThrownBy(() -> FloeHash.ofPart(new byte[73])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FloeHash.ofObject(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FloeHash.ofObject(List.of(new byte[31]))).isInstanceOf(IllegalArgumentException.class);
    }
}
