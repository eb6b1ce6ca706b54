package allod.http;

import static allod.http.Signing.DAY;
import static allod.http.Signing.EMPTY;
import static allod.http.Signing.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Whatever stands in a signature's place is refused in its own words, unless it is the one the signer made. */
class SignatureFuzzTest {
    private static final Headers HOST_ONLY = Headers.of("Host", HOST);

    @FuzzTest(maxDuration = "20s")
    void any_authorization_header_is_refused_or_right(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1).replaceAll("[^\\t -~\\x80-\\xff]", "");
        var plain = new RequestHead("GET", "/b/k", "", HOST_ONLY);
        Headers signed = Signing.signer("s3", DAY).sign(plain, EMPTY).headers();
        var tried = new RequestHead(
                "GET",
                "/b/k",
                "",
                Headers.builder().addAll(signed).set("Authorization", text).build());
        if (isAccepted(tried)) {
            String signature = signed.first("Authorization").orElseThrow().split("Signature=", -1)[1];
            assertThat(text).contains("Signature=" + signature);
        }
    }

    @FuzzTest(maxDuration = "20s")
    void any_presigned_query_is_refused_or_right(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        String right =
                Signing.signer("s3", DAY).presign(new RequestHead("GET", "/b/k", "", HOST_ONLY), Duration.ofHours(1));
        if (isAccepted(new RequestHead("GET", "/b/k", text, HOST_ONLY))) {
            String signature = Query.parse(right).first("X-Amz-Signature").orElseThrow();
            assertThat(Query.parse(text).first("X-Amz-Signature")).contains(signature);
        }
    }

    private static boolean isAccepted(RequestHead request) {
        try {
            return Signing.verifier(DAY).authenticate(request) instanceof Authentication.Signed;
        } catch (SignatureProblem refused) {
            assertThat(refused.getMessage()).doesNotContain("wJalrXUtnFEMI");
            return false;
        }
    }
}
