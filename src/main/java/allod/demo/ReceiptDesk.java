package allod.demo;

import allod.base.AccessKeyId;
import allod.http.Headers;
import allod.http.RequestSigner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Fetches the owner's receipts from the pact address. */
final class ReceiptDesk implements AutoCloseable {
    private static final String RECEIPTS = "/api/v1/receipts";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI pact;
    private final RequestSigner signer;

    ReceiptDesk(URI pact, String accessKey, String secretKey) {
        this.pact = pact;
        signer = new RequestSigner(
                new AccessKeyId(accessKey),
                secretKey.getBytes(StandardCharsets.UTF_8),
                "us-east-1",
                "allod",
                InstantSource.system());
    }

    /** One receipt, as it is checked. */
    byte[] receipt(String id) throws IOException {
        return get(RECEIPTS + "/" + id);
    }

    /** The ids of all receipts of the owner. */
    List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>();
        JsonMapper.shared()
                .readTree(get(RECEIPTS + "?limit=100"))
                .path("receipts")
                .forEach(receipt -> ids.add(receipt.path("id").asString()));
        return ids;
    }

    private byte[] get(String path) throws IOException {
        try {
            var answer = client.send(
                    signer.request("GET", pact.resolve(path), Headers.empty(), new byte[0]),
                    HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException(path + " was answered " + answer.statusCode());
            }
            return answer.body();
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
