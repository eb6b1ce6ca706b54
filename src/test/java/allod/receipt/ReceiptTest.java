package allod.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.keys.PageHeader;
import allod.log.Hash;
import allod.log.MalformedException;
import allod.log.MerkleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceiptTest {
    private static String text() {
        return new String(SampleReceipt.committed(), StandardCharsets.UTF_8);
    }

    private static void assertRefused(String file, String why) {
        assertThatThrownBy(() -> Receipt.parse(file.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(why);
    }

    @Test
    void the_sample_is_what_the_formats_give() {
        assertThat(SampleReceipt.whole().encode()).isEqualTo(SampleReceipt.committed());
        assertThat(SampleReceipt.policy())
                .isEqualTo(new String(SampleReceipt.resource("sample.policy"), StandardCharsets.UTF_8));
    }

    @Test
    void the_sample_is_read_and_written_unchanged() {
        Receipt read = Receipt.parse(SampleReceipt.committed());
        assertThat(read).isEqualTo(SampleReceipt.whole());
        assertThat(read.encode()).isEqualTo(SampleReceipt.committed());
    }

    @Test
    void the_vector_of_the_format_page_is_the_sample() throws IOException {
        String page = Files.readString(Path.of("docs/formats/receipt.md"));
        Receipt sample = SampleReceipt.whole();
        assertThat(page)
                .contains(sample.item().commitment().toString())
                .contains(sample.eraseDone().itemsRoot().toString())
                .contains(sample.evidence().hash().toString())
                .contains(Hash.of(sample.evidence().rootRecord().rootPageId()).toString())
                .contains(HexFormat.of().formatHex(sample.event().entry()))
                .contains(MerkleTree.leafHash(sample.event().entry()).toString())
                .contains(Hash.sha256(sample.encode()).toString());
        for (Statement statement : Statement.values()) {
            assertThat(page).contains("`" + statement.label() + "`");
        }
        for (ErasureReason reason : ErasureReason.values()) {
            assertThat(page).contains("`" + reason.text() + "`");
        }
    }

    @Test
    void a_file_of_another_shape_is_refused() {
        assertRefused(text() + "\n", "");
        assertRefused(text().replace("\"format\":\"allod/receipt/v1\"", "\"format\":\"allod/receipt/v2\""), "format");
        assertRefused(text().replace("\"id\":", "\"ie\":"), "id");
        assertRefused(text().replace("\"id\":", "\"hint\":1,\"id\":"), "unknown member hint");
        assertRefused(text().replace("\"index\":4", "\"index\":7"), "not in a tree of 7");
        assertRefused(text().replace("\"index\":1", "\"index\":3"), "not in a tree of 3");
        assertRefused(text().replace("\"count\":3", "\"count\":3000000000"), "count");
        assertRefused(text().replace("\"id\":\"1-8-1\"", "\"id\":\"01-8-1\""), "id");
        assertRefused(text().replace("\"reason\":\"deleted\"", "\"reason\":\"lost\""), "reason");
        assertRefused(text().replace("\"class\":\"E0\"", "\"class\":\"E4\""), "E4");
        assertRefused(text().replace("\"seq\":41", "\"seq\":\"41\""), "seq");
        assertRefused(text().replace("\"foundDestroyed\":false", "\"foundDestroyed\":0"), "foundDestroyed");
        assertRefused("[]", "not a JSON object");
    }

    @Test
    void base64_has_one_spelling() {
        assertRefused(text().replace("\"tenant\":\"AAAAAQ==\"", "\"tenant\":\"AAAAAQ\""), "base64");
        assertRefused(text().replace("\"tenant\":\"AAAAAQ==\"", "\"tenant\":\"AAAAAR==\""), "base64");
    }

    @Test
    void the_length_of_a_file_is_limited() {
        byte[] longest = Arrays.copyOf(SampleReceipt.committed(), Receipt.MAX_BYTES);
        assertThatThrownBy(() -> Receipt.parse(longest)).hasMessageNotContaining("the limit is");
        assertThatThrownBy(() -> Receipt.parse(Arrays.copyOf(longest, Receipt.MAX_BYTES + 1)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("the limit is");
    }

    @Test
    void a_file_with_as_many_slots_and_pages_as_there_can_be_is_within_the_limit() {
        Map<Integer, byte[]> full = new HashMap<>();
        for (int entry = 0; entry < PageHeader.FANOUT; entry++) {
            full.put(entry, SampleReceipt.bytes(entry, 32));
        }
        long base64OfPage = 4L * ((PageHeader.MAX_BYTES + 2) / 3) + 48 + 30;
        // A tree of six levels, where no two slots share a page below the root.
        long pages = 1 + 5L * ReceiptItem.MAX_SLOTS;
        assertThat(SampleReceipt.page(1, 0, full).header().encode()).hasSize(PageHeader.MAX_BYTES);
        assertThat(pages * base64OfPage).isLessThan(Receipt.MAX_BYTES - 64 * 1024L);
    }

    @Test
    void pages_stand_once_and_from_the_root_downwards() {
        Receipt sample = SampleReceipt.whole();
        List<PageHeader.OnPath> pages = sample.pages();
        assertThat(Receipt.mergePaths(List.of(pages, pages))).isEqualTo(pages);
        assertThat(Receipt.mergePaths(List.of(pages.reversed()))).isEqualTo(pages);
        assertThatThrownBy(() -> withPages(sample, pages.reversed())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> withPages(sample, List.of(pages.getFirst(), pages.getFirst())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void evidence_and_event_body_are_stored_and_read_again() {
        Receipt sample = SampleReceipt.whole();
        assertThat(BatchEvidence.parse(sample.evidence().encode())).isEqualTo(sample.evidence());
        assertThat(EraseDoneBody.parse(sample.eraseDone().encode())).isEqualTo(sample.eraseDone());
        assertThat(sample.eraseDone().encode()).isEqualTo(sample.event().body());
        assertThatThrownBy(() -> EraseDoneBody.parse(new byte[EraseDoneBody.MAX_BYTES + 1]))
                .hasMessageContaining("the limit is");
        assertThatThrownBy(() -> BatchEvidence.parse(new byte[BatchEvidence.MAX_BYTES + 1]))
                .hasMessageContaining("the limit is");
    }

    @Test
    void the_evidence_stands_in_the_file_in_the_bytes_that_are_hashed() {
        assertThat(text()).contains(new String(SampleReceipt.whole().evidence().encode(), StandardCharsets.UTF_8));
    }

    static Receipt withPages(Receipt receipt, List<PageHeader.OnPath> pages) {
        return new Receipt(
                receipt.id(),
                receipt.item(),
                receipt.itemProof(),
                receipt.evidence(),
                pages,
                receipt.event(),
                receipt.logProof());
    }
}
