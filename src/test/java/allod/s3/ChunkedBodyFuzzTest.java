package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.http.Headers;
import allod.http.Payload;
import allod.http.RequestBody;
import allod.http.RequestHead;
import allod.http.SigV4;
import allod.http.SignatureProblem;
import allod.http.Signing;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/** Whatever comes as aws-chunked ends well only if it holds what was announced, and what was signed. */
class ChunkedBodyFuzzTest {
    private static final int LENGTH = 5;

    /** The first byte says how much is handed out at once; the rest is the body. */
    @FuzzTest(maxDuration = "20s")
    void whatever_ends_well_is_the_one_form_of_its_content(byte[] data) throws IOException {
        var headers = Headers.of("x-amz-decoded-content-length", "" + LENGTH, "x-amz-trailer", "x-a");
        byte[] wire = tail(data);
        var body = new ChunkedBody(source(data, wire), new Payload.UnsignedChunks(), headers);
        byte[] content = readOrEmpty(body);
        if (content.length > 0) {
            assertThat(content).hasSize(LENGTH);
            String text = new String(wire, StandardCharsets.ISO_8859_1);
            assertThat(text).endsWith("\r\n\r\n").containsIgnoringCase("x-a:");
            assertThat(body.trailers().size()).isEqualTo(1);
        }
    }

    @FuzzTest(maxDuration = "20s")
    void no_signed_body_but_the_signers_ends_well(byte[] data) throws IOException {
        var request = new RequestHead(
                "PUT", "/b/k", "", Headers.of("Host", Signing.HOST, "x-amz-decoded-content-length", "" + LENGTH));
        var signed = Signing.signer("s3", Signing.DAY).sign(request, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
        var payload = (Payload.SignedChunks) new SigV4("s3", Signing.credentials(), InstantSource.fixed(Signing.DAY))
                .authenticate(new RequestHead("PUT", "/b/k", "", signed.headers()))
                .payload();
        byte[] content = readOrEmpty(new ChunkedBody(source(data, tail(data)), payload, signed.headers()));
        if (content.length > 0) {
            assertThat(new String(content, StandardCharsets.ISO_8859_1)).isEqualTo("hello");
        }
    }

    private static RequestBody source(byte[] data, byte[] wire) {
        return ChunkedBodyTest.Bytes.of(wire, data.length == 0 ? 1 : 1 + (data[0] & 0xff));
    }

    private static byte[] tail(byte[] data) {
        return data.length == 0 ? data : java.util.Arrays.copyOfRange(data, 1, data.length);
    }

    /** The content if it ended well; nothing if it was refused in our own words. */
    private static byte[] readOrEmpty(RequestBody body) throws IOException {
        var out = new ByteArrayOutputStream();
        var buffer = new byte[64];
        try {
            for (int n = body.read(buffer, 0, buffer.length); n >= 0; n = body.read(buffer, 0, buffer.length)) {
                out.write(buffer, 0, n);
            }
            return out.toByteArray();
        } catch (ChunkProblem | SignatureProblem refused) {
            return new byte[0];
        }
    }
}
