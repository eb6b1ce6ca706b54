package allod.crash;

import allod.base.AccessKeyId;
import allod.http.Headers;
import allod.http.PercentEncoding;
import allod.http.RequestSigner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** As much of an S3 client as a load needs. Every method throws IOException where no answer came. */
final class S3Client implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ServerProcess.Addresses addresses;
    private final AtomicLong blobsInFlight;
    private final RequestSigner signer = new RequestSigner(
            new AccessKeyId(CrashServer.ACCESS_KEY),
            CrashServer.SECRET_KEY.getBytes(StandardCharsets.UTF_8),
            "us-east-1",
            "s3",
            InstantSource.system());

    /** @param blobsInFlight counts the writes that were sent and not answered */
    S3Client(ServerProcess.Addresses addresses, AtomicLong blobsInFlight) {
        this.blobsInFlight = blobsInFlight;
        this.addresses = addresses;
    }

    /** An answer of the server's. */
    record Answer(int status, HttpResponse<byte[]> response) {
        boolean ok() {
            return status < 300;
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        /** The text of the first element of a name. */
        String element(String name) {
            String text = text();
            int from = text.indexOf('<' + name + '>') + name.length() + 2;
            return text.substring(from, text.indexOf("</" + name + '>', from));
        }
    }

    Answer send(String method, String path, String query, Headers headers, byte[] body)
            throws IOException, InterruptedException {
        URI uri = URI.create(addresses.s3() + path + (query.isEmpty() ? "" : '?' + query));
        HttpRequest request = signer.request(method, uri, headers, body);
        boolean blob = method.equals("PUT") && body.length > 0;
        if (blob) {
            blobsInFlight.incrementAndGet();
        }
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (blob) {
            blobsInFlight.decrementAndGet();
        }
        return new Answer(response.statusCode(), response);
    }

    Answer send(String method, Ledger.Place place, String query, byte[] body) throws IOException, InterruptedException {
        return send(method, path(place), query, Headers.empty(), body);
    }

    Answer bucket(String method, String name) throws IOException, InterruptedException {
        return send(method, '/' + name, "", Headers.empty(), new byte[0]);
    }

    private static String path(Ledger.Place place) {
        return '/' + place.bucket() + '/' + PercentEncoding.encode(place.key());
    }

    /** The log's newest checkpoint; empty before there is one. */
    Optional<byte[]> checkpoint() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(
                HttpRequest.newBuilder(URI.create(addresses.pact() + "/log/checkpoint"))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
