package allod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import allod.base.AccessKeyId;
import allod.http.Headers;
import allod.http.RequestHead;
import allod.http.RequestSigner;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects far larger than the server's heap pass through it, as one PUT and as parts, and come back as they were. */
@Tag("server")
class LargeObjectIT {
    private static final long MIB = 1L << 20;

    @TempDir
    Path folder;

    @Test
    void three_hundred_mebibytes_pass_through_a_heap_of_64() throws Exception {
        assumeSpace(1L << 30);
        try (var server = ServerProcess.ofClassPath(folder, List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m"));
                var client = new Client(server.s3())) {
            client.put("/large", "", 0);
            client.put("/large/object", "", 300 * MIB);
            assertThat(client.get("/large/object")).isEqualTo(checksum(300 * MIB));
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    @Tag("large")
    void six_gibibytes_in_parts_pass_through_a_heap_of_256_mebibytes() throws Exception {
        long part = 64 * MIB;
        int parts = 96;
        assumeSpace(7L << 30);
        try (var server = ServerProcess.ofClassPath(folder, List.of("-Xmx256m", "-XX:MaxDirectMemorySize=128m"));
                var client = new Client(server.s3())) {
            client.put("/large", "", 0);
            String answer = client.post("/large/object", "uploads=", "");
            String upload = answer.replaceAll("(?s).*<UploadId>(.*)</UploadId>.*", "$1");
            var complete = new StringBuilder("<CompleteMultipartUpload>");
            for (int number = 1; number <= parts; number++) {
                String etag = client.put("/large/object", "partNumber=" + number + "&uploadId=" + upload, part);
                complete.append("<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>".formatted(number, etag));
            }
            answer = client.post("/large/object", "uploadId=" + upload, complete + "</CompleteMultipartUpload>");
            assertThat(answer).contains("CompleteMultipartUploadResult");
            List<InputStream> all = new ArrayList<>();
            for (int number = 1; number <= parts; number++) {
                all.add(new Pattern(part));
            }
            assertThat(client.get("/large/object"))
                    .isEqualTo(checksum(new SequenceInputStream(Collections.enumeration(all))));
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void one_put_may_declare_five_gibibytes_and_not_a_byte_more() throws Exception {
        try (var server = ServerProcess.ofClassPath(folder, List.of("-Xmx64m"));
                var client = new Client(server.s3())) {
            client.put("/large", "", 0);
            assertThat(client.statusOfDeclared("/large/object", 5 << 10)).isEqualTo(100);
            assertThat(client.statusOfDeclared("/large/object", (5L << 30))).isEqualTo(100);
            assertThat(client.statusOfDeclared("/large/object", (5L << 30) + 1)).isEqualTo(400);
        }
    }

    private void assumeSpace(long bytes) throws IOException {
        assumeThat(Files.getFileStore(folder).getUsableSpace())
                .as("free disk space for a large object, bytes")
                .isGreaterThan(bytes);
    }

    private static long checksum(long length) throws IOException {
        return checksum(new Pattern(length));
    }

    private static long checksum(InputStream in) throws IOException {
        var crc = new CRC32C();
        byte[] buffer = new byte[64 << 10];
        for (int count; (count = in.read(buffer)) >= 0; ) {
            crc.update(buffer, 0, count);
        }
        return crc.getValue();
    }

    /** Bytes that tell where they stand: the low bytes of their position's multiples of a prime. */
    private static final class Pattern extends InputStream {
        private static final byte[] PERIOD = new byte[251 * 257];

        static {
            for (int i = 0; i < PERIOD.length; i++) {
                PERIOD[i] = (byte) (i * 31 + i / 251);
            }
        }

        private final long length;
        private long at;

        Pattern(long length) {
            this.length = length;
        }

        @Override
        public int read() {
            return at == length ? -1 : PERIOD[(int) (at++ % PERIOD.length)] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int wanted) {
            if (at == length) {
                return -1;
            }
            int from = (int) (at % PERIOD.length);
            int count = (int) Math.min(Math.min(wanted, length - at), PERIOD.length - from);
            System.arraycopy(PERIOD, from, target, offset, count);
            at += count;
            return count;
        }
    }

    private static final class Client implements AutoCloseable {
        private final URI endpoint;
        private final HttpClient client = HttpClient.newHttpClient();
        private final RequestSigner signer = new RequestSigner(
                new AccessKeyId(ServerProcess.ACCESS_KEY),
                ServerProcess.SECRET_KEY.getBytes(StandardCharsets.UTF_8),
                "us-east-1",
                "s3",
                InstantSource.system());

        Client(URI endpoint) {
            this.endpoint = endpoint;
        }

        private String presigned(String method, String path, String query) {
            Headers host = Headers.of("Host", endpoint.getHost() + ":" + endpoint.getPort());
            return path + "?" + signer.presign(new RequestHead(method, path, query, host), Duration.ofHours(1));
        }

        private HttpRequest.Builder request(String method, String path, String query) {
            return HttpRequest.newBuilder(URI.create(endpoint + presigned(method, path, query)));
        }

        /** @return the ETag */
        String put(String path, String query, long length) throws Exception {
            HttpRequest.BodyPublisher content = length == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> new Pattern(length)), length);
            HttpResponse<String> answer =
                    client.send(request("PUT", path, query).PUT(content).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.headers().firstValue("etag").orElse("");
        }

        String post(String path, String query, String content) throws Exception {
            HttpResponse<String> answer = client.send(
                    request("POST", path, query)
                            .POST(BodyPublishers.ofString(content))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        }

        /** @return the content's CRC32C */
        long get(String path) throws Exception {
            HttpResponse<InputStream> answer =
                    client.send(request("GET", path, "").build(), BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            try (InputStream content = answer.body()) {
                return checksum(content);
            }
        }

        /** Sends the head of a PUT and waits to be asked for its content, which never comes. */
        int statusOfDeclared(String path, long length) throws IOException {
            try (var socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
                String head = "PUT %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n"
                        .formatted(presigned("PUT", path, ""), endpoint.getHost(), endpoint.getPort(), length);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 100".length());
                return Integer.parseInt(new String(start, StandardCharsets.US_ASCII).substring(9));
            }
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
