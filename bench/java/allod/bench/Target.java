package allod.bench;

import allod.base.AccessKeyId;
import allod.http.Headers;
import allod.http.RequestHead;
import allod.http.RequestSigner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.IntStream;

/** The server under load, as a client with a key pair sees it. */
final class Target implements AutoCloseable {
    private static final Duration EXPIRES = Duration.ofHours(6);

    private final URI endpoint;
    private final String bucket;
    private final RequestSigner signer;
    private final HttpClient client = HttpClient.newHttpClient();

    Target(URI endpoint, String accessKey, String secretKey, String bucket) {
        this.endpoint = endpoint;
        this.bucket = bucket;
        this.signer = new RequestSigner(
                new AccessKeyId(accessKey),
                secretKey.getBytes(StandardCharsets.UTF_8),
                "us-east-1",
                "s3",
                InstantSource.system());
    }

    URI endpoint() {
        return endpoint;
    }

    /** A path with a signature in its query that covers method, host and path. */
    String presigned(String method, String path, String query) {
        Headers host = Headers.of("Host", endpoint.getHost() + ":" + endpoint.getPort());
        return path + "?" + signer.presign(new RequestHead(method, path, query, host), EXPIRES);
    }

    String presigned(String method, String key) {
        return presigned(method, "/" + bucket + "/" + key, "");
    }

    String presignedList(String prefix) {
        return presigned("GET", "/" + bucket, "list-type=2&max-keys=1000&prefix=" + prefix.replace("/", "%2F"));
    }

    void createBucket() throws IOException {
        int status = send("PUT", presigned("PUT", "/" + bucket, ""), new byte[0]);
        if (status != 200 && status != 409) {
            throw new IOException("the bucket was not made: " + status);
        }
    }

    /** Stores objects named by a prefix and their number, from 0. */
    void fill(String prefix, int count, int size) throws IOException {
        byte[] content = new byte[size];
        boolean complete = IntStream.range(0, count).allMatch(i -> {
            try {
                return send("PUT", presigned("PUT", prefix + i), content) == 200;
            } catch (IOException e) {
                return false;
            }
        });
        if (!complete) {
            throw new IOException("the objects to be read were not stored");
        }
    }

    private int send(String method, String pathAndQuery, byte[] content) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + pathAndQuery))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(content))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
