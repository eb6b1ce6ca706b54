package allod.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.log.Hash;
import allod.log.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReceiptItemTest {
    private static ReceiptItem item(int bucketBytes, int keyBytes, long size, int slots, int saltBytes) {
        return new ReceiptItem(
                new byte[bucketBytes],
                new byte[keyBytes],
                -1,
                size,
                Optional.empty(),
                LongStream.range(0, slots).boxed().toList(),
                ErasureReason.ORPHAN,
                new byte[saltBytes]);
    }

    @Test
    void an_item_is_stored_and_read_again() {
        for (ReceiptItem item : List.of(SampleReceipt.item(0), SampleReceipt.item(1), item(0, 0, 0, 1, 32))) {
            assertThat(ReceiptItem.parse(item.encode())).isEqualTo(item);
        }
    }

    @Test
    void each_limit_is_kept_at_it_and_one_past_it() {
        assertThat(item(255, 1024, Json.MAX_NUMBER, 64, 32).slots()).hasSize(64);
        assertThatThrownBy(() -> item(256, 0, 0, 1, 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> item(0, 1025, 0, 1, 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> item(0, 0, Json.MAX_NUMBER + 1, 1, 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> item(0, 0, -1, 1, 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> item(0, 0, 0, 0, 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> item(0, 0, 0, 65, 32)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> item(0, 0, 0, 1, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> item(0, 0, 0, 1, 33)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_slot_stands_once() {
        assertThatThrownBy(() -> new ReceiptItem(
                        new byte[0],
                        new byte[0],
                        0,
                        0,
                        Optional.empty(),
                        List.of(3L, 3L),
                        ErasureReason.ORPHAN,
                        new byte[32]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_commitment_changes_with_the_salt_and_with_everything_else() {
        ReceiptItem item = SampleReceipt.item(1);
        assertThat(SampleReceipt.item(1).commitment()).isEqualTo(item.commitment());
        byte[] encoded = item.encode();
        for (int i = 0; i < 32; i++) {
            byte[] changed = encoded.clone();
            changed[i] ^= 1;
            assertThat(ReceiptItem.parse(changed).commitment()).isNotEqualTo(item.commitment());
        }
    }

    @Test
    void an_unsigned_version_and_a_missing_content_hash_are_written_and_read() {
        ReceiptItem item = item(1, 1, 5, 2, 32);
        assertThat(new String(item.encode(), StandardCharsets.ISO_8859_1))
                .contains("\"version\":\"18446744073709551615\"")
                .contains("\"floeHash\":\"\"");
    }

    @Test
    void what_is_no_item_is_refused() {
        byte[] encoded = SampleReceipt.item(0).encode();
        assertThatThrownBy(() -> ReceiptItem.parse(Arrays.copyOf(encoded, 31))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> ReceiptItem.parse(Arrays.copyOf(encoded, encoded.length - 1)))
                .isInstanceOf(MalformedException.class);
        for (String broken : List.of("overwritten", "\"size\"", "\"slots\":[\"100\"", "\"48231\"")) {
            String text = new String(encoded, StandardCharsets.ISO_8859_1);
            byte[] changed = text.replace(broken, broken + "x").getBytes(StandardCharsets.ISO_8859_1);
            if (!text.contains(broken)) {
                continue;
            }
            assertThatThrownBy(() -> ReceiptItem.parse(changed)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void neither_name_nor_salt_is_in_its_text() {
        assertThat(SampleReceipt.item(1).toString()).isEqualTo("ReceiptItem[deleted, [4229, 4230]]");
    }

    @Test
    void reasons_are_a_closed_list_of_distinct_texts() {
        for (ErasureReason reason : ErasureReason.values()) {
            assertThat(ErasureReason.of(reason.text())).contains(reason);
            assertThat(ErasureReason.ofCode(reason.code())).contains(reason);
        }
        assertThat(ErasureReason.of("forgotten")).isEmpty();
        assertThat(ErasureReason.ofCode(0)).isEmpty();
        assertThat(Hash.LENGTH).isEqualTo(ReceiptItem.SALT_BYTES);
    }
}
