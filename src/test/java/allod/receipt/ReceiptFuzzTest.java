package allod.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import allod.log.MalformedException;
import allod.log.WitnessPolicy;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class ReceiptFuzzTest {
    private static final WitnessPolicy POLICY =
            WitnessPolicy.parse(SampleReceipt.policy().getBytes(StandardCharsets.UTF_8));

    /** Any bytes are refused as malformed, or are the one text of what was read; a check of them always ends. */
    @FuzzTest
    void parse(byte[] file) {
        Receipt receipt;
        try {
            receipt = Receipt.parse(file);
        } catch (MalformedException e) {
            assertThat(ReceiptCheck.check(file, POLICY)).isInstanceOf(Outcome.Unreadable.class);
            return;
        }
        assertThat(receipt.encode()).isEqualTo(file);
        Outcome outcome = ReceiptCheck.check(file, POLICY);
        if (outcome instanceof Outcome.Holds) {
            assertThat(Arrays.equals(file, SampleReceipt.committed())).isTrue();
        }
    }
}
