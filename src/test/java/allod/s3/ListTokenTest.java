package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.receipt.ReceiptId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListTokenTest {
    @Test
    void a_token_brings_back_the_last_item_byte_by_byte() {
        for (int length = 1; length < 40; length++) {
            byte[] last = new byte[length];
            java.util.Arrays.fill(last, (byte) (0xff - length));
            assertThat(ListToken.parse(ListToken.of(last))).isEqualTo(last);
        }
        assertThat(ListToken.parseText(ListToken.of("ä/b"))).isEqualTo("ä/b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AQ", "AmE", "AWE=", "AWF", "AWE AWE", "key", "AWEK\n"})
    void anything_else_is_refused(String token) {
        assertThatThrownBy(() -> ListToken.parse(token)).isInstanceOf(S3Refusal.class);
    }

    @Test
    void receipts_are_told_as_runs() {
        assertThat(DeleteEndpoints.runs(List.of(new ReceiptId(1, 7, 0)))).isEqualTo("1-7-0..0");
        assertThat(DeleteEndpoints.runs(
                        List.of(new ReceiptId(1, 7, 3), new ReceiptId(1, 7, 4), new ReceiptId(1, 7, 5))))
                .isEqualTo("1-7-3..5");
        assertThat(DeleteEndpoints.runs(
                        List.of(new ReceiptId(1, 7, 3), new ReceiptId(1, 7, 5), new ReceiptId(1, 8, 6))))
                .isEqualTo("1-7-3..3,1-7-5..5,1-8-6..6");
    }
}
