package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Whatever comes as a form or as its policy is read one way, or refused in S3's words. */
class FormFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void a_form_is_the_same_however_it_is_cut(byte[] form) throws IOException {
        assertThat(read(form, 1)).isEqualTo(read(form, 50_000));
    }

    private static String read(byte[] form, int atOnce) throws IOException {
        try {
            var reader = new FormReader(ChunkedBodyTest.Bytes.of(form, atOnce), "multipart/form-data; boundary=XX");
            var fields = reader.fields();
            var out = new ByteArrayOutputStream();
            byte[] buffer = new byte[64];
            for (int count = reader.read(buffer, 0, 64); count >= 0; count = reader.read(buffer, 0, 64)) {
                out.write(buffer, 0, count);
            }
            return fields + " " + reader.filename() + " " + out.toString(StandardCharsets.ISO_8859_1);
        } catch (S3Refusal refusal) {
            return refusal.error().code();
        }
    }

    @FuzzTest(maxDuration = "20s")
    void a_policy_is_read_or_refused(byte[] json) {
        try {
            PostPolicy policy = PostPolicy.parse(Base64.getEncoder().encodeToString(json));
            assertThat(policy.least()).isNotNegative();
        } catch (S3Refusal refusal) {
            assertThat(refusal.error()).isEqualTo(S3Error.INVALID_POLICY_DOCUMENT);
        }
    }
}
