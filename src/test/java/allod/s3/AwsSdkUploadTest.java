package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.http.Address;
import allod.http.Authentication;
import allod.http.ErrorAnswers;
import allod.http.Exchange;
import allod.http.Headers;
import allod.http.HttpLimits;
import allod.http.HttpListener;
import allod.http.Payload;
import allod.http.RequestBody;
import allod.http.SigV4;
import allod.http.Signing;
import allod.http.VerifyingBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Uploads by the AWS SDK for Java, unmodified, over plain HTTP: what it signs and frames is what we check and read. */
class AwsSdkUploadTest {
    private final List<Upload> uploads = new ArrayList<>();
    private HttpListener listener;
    private URI endpoint;

    /** What came in, once its end was proved right. */
    private record Upload(String path, Payload payload, byte[] content, Headers headers, Headers trailers) {}

    @BeforeEach
    void listen() throws IOException {
        var verifier = new SigV4("s3", Signing.credentials(), InstantSource.system());
        listener = HttpListener.start(
                new Address("127.0.0.1", 0),
                Optional.empty(),
                HttpLimits.defaults(),
                exchange -> take(exchange, verifier.authenticate(exchange)),
                new Refusals());
        endpoint = URI.create("http://" + listener.bound());
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    private static final class Refusals implements ErrorAnswers {
        @Override
        public void busy(Exchange exchange, Duration retryAfter) throws IOException {
            exchange.respond(503, Headers.empty(), new byte[0]);
        }

        @Override
        public void failed(Exchange exchange, Throwable fault) throws IOException {
            exchange.respond(403, Headers.empty(), fault.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private void take(Exchange exchange, Authentication who) throws IOException {
        RequestBody body = switch (who.payload()) {
            case Payload.Hashed hashed -> new VerifyingBody(exchange.body(), hashed);
            case Payload.Unsigned unsigned -> exchange.body();
            case Payload.SignedChunks chunks -> new ChunkedBody(exchange.body(), chunks, exchange.headers());
            case Payload.UnsignedChunks chunks -> new ChunkedBody(exchange.body(), chunks, exchange.headers());
        };
        var content = new ByteArrayOutputStream();
        var buffer = new byte[10_000];
        for (int n = body.read(buffer, 0, buffer.length); n >= 0; n = body.read(buffer, 0, buffer.length)) {
            content.write(buffer, 0, n);
        }
        uploads.add(new Upload(
                exchange.rawPath(), who.payload(), content.toByteArray(), exchange.headers(), body.trailers()));
        exchange.respond(200, Headers.of("ETag", "\"x\""), new byte[0]);
    }

    private S3Client client(boolean chunked, String secret) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.EU_CENTRAL_1)
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(Signing.KEY.value(), secret)))
                .forcePathStyle(true)
                .serviceConfiguration(c -> c.chunkedEncodingEnabled(chunked))
                .requestChecksumCalculation(
                        chunked ? RequestChecksumCalculation.WHEN_SUPPORTED : RequestChecksumCalculation.WHEN_REQUIRED)
                .overrideConfiguration(c -> c.retryStrategy(r -> r.maxAttempts(1)))
                .build();
    }

    private static String secret() {
        return new String(Signing.SECRET, StandardCharsets.US_ASCII);
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void uploads_of_every_size_arrive_in_signed_chunks_with_a_trailer() {
        try (var s3 = client(true, secret())) {
            for (int size : new int[] {0, 1, 8192, 131_071, 131_072, 131_073, 1_000_000}) {
                byte[] content = random(size);
                for (var algorithm : new ChecksumAlgorithm[] {ChecksumAlgorithm.CRC32, ChecksumAlgorithm.SHA256}) {
                    uploads.clear();
                    s3.putObject(
                            r -> r.bucket("b").key("a//b/../c d+e%2F€").checksumAlgorithm(algorithm),
                            software.amazon.awssdk.core.sync.RequestBody.fromContentProvider(
                                    () -> new ByteArrayInputStream(content), size, "text/plain"));
                    assertThat(uploads).singleElement().satisfies(upload -> {
                        assertThat(upload.path()).isEqualTo("/b/a//b/../c%20d%2Be%252F%E2%82%AC");
                        assertThat(upload.payload()).isInstanceOf(Payload.SignedChunks.class);
                        assertThat(upload.content()).isEqualTo(content);
                        assertThat(upload.trailers()
                                        .first("x-amz-checksum-"
                                                + algorithm.toString().toLowerCase(java.util.Locale.ROOT)))
                                .isPresent();
                    });
                }
            }
        }
    }

    @Test
    void uploads_without_chunks_arrive_hashed() {
        try (var s3 = client(false, secret())) {
            s3.putObject(
                    r -> r.bucket("b").key("k").contentEncoding("gzip"),
                    software.amazon.awssdk.core.sync.RequestBody.fromBytes(random(50_000)));
        }
        assertThat(uploads).singleElement().satisfies(upload -> {
            assertThat(upload.payload()).isInstanceOf(Payload.Hashed.class);
            assertThat(upload.content()).isEqualTo(random(50_000));
        });
    }

    @Test
    void the_contents_own_encoding_stays_beside_the_chunks() {
        try (var s3 = client(true, secret())) {
            s3.putObject(
                    r -> r.bucket("b").key("k").contentEncoding("gzip"),
                    software.amazon.awssdk.core.sync.RequestBody.fromBytes(random(10)));
        }
        String encoding = String.join(",", uploads.get(0).headers().all("Content-Encoding"));
        assertThat(encoding).contains("aws-chunked");
        assertThat(ChunkedBody.encodingWithoutChunks(encoding)).contains("gzip");
    }

    @Test
    void a_wrong_secret_gets_nothing_in() {
        try (var s3 = client(true, "wrong")) {
            assertThatThrownBy(() -> s3.putObject(
                            r -> r.bucket("b").key("k"),
                            software.amazon.awssdk.core.sync.RequestBody.fromBytes(random(10))))
                    .isInstanceOf(S3Exception.class);
        }
        assertThat(uploads).isEmpty();
    }

    @Test
    void a_presigned_address_works_for_a_client_without_keys() throws Exception {
        try (var presigner = S3Presigner.builder()
                        .endpointOverride(endpoint)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(Signing.KEY.value(), secret())))
                        .serviceConfiguration(software.amazon.awssdk.services.s3.S3Configuration.builder()
                                .pathStyleAccessEnabled(true)
                                .build())
                        .build();
                var http = HttpClient.newHttpClient()) {
            var presigned = presigner.presignPutObject(p -> p.signatureDuration(Duration.ofMinutes(5))
                    .putObjectRequest(r -> r.bucket("b").key("k k")));
            var request = HttpRequest.newBuilder(presigned.url().toURI())
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(random(99)))
                    .build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
        assertThat(uploads).singleElement().satisfies(upload -> {
            assertThat(upload.payload()).isEqualTo(new Payload.Unsigned());
            assertThat(upload.content()).isEqualTo(random(99));
        });
    }
}
