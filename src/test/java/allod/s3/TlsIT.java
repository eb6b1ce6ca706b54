package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.TestServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;

/** The address over TLS with an operator's PEM files, where clients frame and sign content otherwise than in the clear. */
class TlsIT {
    private static final String BUCKET = "over-tls";

    private static TestServer server;
    private static S3Client client;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.startWithTls();
        client = server.client();
        client.createBucket(b -> b.bucket(BUCKET));
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 131_072, 1_000_001})
    void content_with_a_trailer_comes_back_as_it_went(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        client.putObject(b -> b.bucket(BUCKET).key("sdk"), RequestBody.fromBytes(content));
        var read = client.getObjectAsBytes(b -> b.bucket(BUCKET).key("sdk").checksumMode(ChecksumMode.ENABLED));
        assertThat(read.asByteArray()).isEqualTo(content);
        assertThat(read.response().checksumCRC32()).isEqualTo(crc32(content));
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void each_checksum_passes(ChecksumAlgorithm algorithm) {
        client.putObject(
                b -> b.bucket(BUCKET).key("checksum").checksumAlgorithm(algorithm), RequestBody.fromString("content"));
        assertThat(client.getObjectAsBytes(b -> b.bucket(BUCKET).key("checksum").checksumMode(ChecksumMode.ENABLED))
                        .asUtf8String())
                .isEqualTo("content");
    }

    private static String crc32(byte[] content) {
        var crc = new CRC32();
        crc.update(content);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /** As botocore sends a stream: aws-chunked in HTTP's own chunks, no Content-Length, an expected 100. */
    private static Raw.Answer putStream(String key, String content, String checksum) throws IOException {
        String framed = Integer.toHexString(content.length()) + "\r\n" + content + "\r\n0\r\nx-amz-checksum-crc32:"
                + checksum + "\r\n\r\n";
        String wire = Integer.toHexString(framed.length()) + "\r\n" + framed + "\r\n0\r\n\r\n";
        return Raw.of(server)
                .payload("STREAMING-UNSIGNED-PAYLOAD-TRAILER")
                .header("Content-Encoding", "aws-chunked")
                .header("Transfer-Encoding", "chunked")
                .header("Expect", "100-continue")
                .header("x-amz-trailer", "x-amz-checksum-crc32")
                .header("x-amz-decoded-content-length", Integer.toString(content.length()))
                .send("PUT", "/" + BUCKET + "/" + key, wire.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void a_stream_of_unknown_framed_length_arrives_with_its_trailer() throws IOException {
        String content = "content of a stream";
        assertThat(putStream("stream", content, crc32(content.getBytes(StandardCharsets.US_ASCII)))
                        .status())
                .isEqualTo(200);
        assertThat(client.getObjectAsBytes(b -> b.bucket(BUCKET).key("stream")).asUtf8String())
                .isEqualTo(content);
        assertThat(client.headObject(b -> b.bucket(BUCKET).key("stream")).contentEncoding())
                .isNull();
    }

    @Test
    void a_stream_whose_trailer_is_wrong_is_not_stored() throws IOException {
        Raw.Answer answer = putStream("wrong", "content", "AAAAAA==");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("<Code>BadDigest</Code>");
        assertThat(Raw.of(server)
                        .send("HEAD", "/" + BUCKET + "/wrong", new byte[0])
                        .status())
                .isEqualTo(404);
    }
}
