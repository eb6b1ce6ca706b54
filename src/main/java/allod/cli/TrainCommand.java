package allod.cli;

import allod.Allod;
import allod.Config;
import allod.audit.PactDocument;
import allod.base.AccessKeyId;
import allod.http.Headers;
import allod.http.RequestSigner;
import allod.log.WitnessPolicy;
import allod.receipt.ReceiptCheck;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * What the build runs to learn which classes a start needs: a server on folders of its own, and a little of everything it
 * serves. The Java virtual machine records it and writes the start-up cache when this ends.
 */
@Command(
        name = "train",
        hidden = true,
        description = "Runs a short load on a server of its own, for the start-up cache.")
final class TrainCommand implements Callable<Integer> {
    private static final String ACCESS_KEY = "AKTRAINING";
    private static final String SECRET_KEY = "training-is-not-a-secret";
    private static final int ROUNDS = 20;
    private static final int LARGE = 1 << 20;
    private static final int PART = 5 << 20;

    /** Signs and sends requests to one of the two addresses. */
    private static final class Client {
        private final HttpClient http;
        private final URI base;
        private final RequestSigner signer;

        Client(HttpClient http, Object address, String service) {
            this.http = http;
            base = URI.create("http://" + address);
            byte[] secret = SECRET_KEY.getBytes(StandardCharsets.UTF_8);
            signer = new RequestSigner(
                    new AccessKeyId(ACCESS_KEY), secret, "us-east-1", service, InstantSource.system());
        }

        HttpResponse<byte[]> send(String method, String path, byte[] body) throws IOException {
            try {
                var request = signer.request(method, base.resolve(path), Headers.empty(), body);
                var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() / 100 != 2) {
                    throw new IOException(method + " " + path + " was answered " + answer.statusCode());
                }
                return answer;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        HttpResponse<byte[]> send(String method, String path) throws IOException {
            return send(method, path, new byte[0]);
        }
    }

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("allod-train-");
        try {
            ServeCommand serve = parsed(folder);
            Config config = serve.settings();
            LogSetup.apply(config.logging());
            try (Allod server = Allod.start(config);
                    HttpClient http = HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build()) {
                server.welcome().lines().forEach(System.err::println);
                objects(new Client(http, server.addresses().s3(), "s3"));
                owner(new Client(http, server.addresses().pact(), "allod"));
            }
        } finally {
            delete(folder);
        }
        return Exit.DONE;
    }

    /** The command line that a start reads, read the same way. */
    private static ServeCommand parsed(Path folder) {
        var surroundings = new Surroundings(Map.of("ALLOD_ACCESS_KEY", ACCESS_KEY, "ALLOD_SECRET_KEY", SECRET_KEY));
        String data = folder.resolve("data").toString();
        String custody = folder.resolve("custody").toString();
        return (ServeCommand) Main.commandLine(surroundings)
                .parseArgs(
                        "serve", "--data", data, "--custody", custody, "--s3", "127.0.0.1:0", "--pact", "127.0.0.1:0")
                .subcommand()
                .commandSpec()
                .userObject();
    }

    private static void objects(Client s3) throws IOException {
        s3.send("PUT", "/training");
        for (int round = 0; round < ROUNDS; round++) {
            s3.send("PUT", "/training/small" + round, new byte[4096]);
            s3.send("GET", "/training/small" + round);
            s3.send("HEAD", "/training/small" + round);
        }
        s3.send("PUT", "/training/large", new byte[LARGE]);
        s3.send("GET", "/training/large");
        s3.send("GET", "/");
        s3.send("GET", "/training?list-type=2");
        parts(s3);
        for (int round = 0; round < ROUNDS; round++) {
            s3.send("DELETE", "/training/small" + round);
        }
    }

    private static void parts(Client s3) throws IOException {
        String started = text(s3.send("POST", "/training/parts?uploads="));
        String upload = started.replaceAll("(?s).*<UploadId>(.*)</UploadId>.*", "$1");
        var list = new StringBuilder("<CompleteMultipartUpload>");
        for (int part = 1; part <= 2; part++) {
            String etag = s3.send("PUT", "/training/parts?partNumber=" + part + "&uploadId=" + upload, new byte[PART])
                    .headers()
                    .firstValue("etag")
                    .orElseThrow();
            list.append("<Part><PartNumber>").append(part).append("</PartNumber><ETag>");
            list.append(etag).append("</ETag></Part>");
        }
        byte[] body = list.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
        s3.send("POST", "/training/parts?uploadId=" + upload, body);
        s3.send("GET", "/training/parts");
        s3.send("DELETE", "/training/parts");
    }

    private static void owner(Client pact) throws IOException {
        pact.send("GET", "/health/ready");
        pact.send("GET", "/metrics");
        pact.send("GET", "/api/v1/events?limit=100");
        var policy = WitnessPolicy.ofLogs(
                List.of(PactDocument.logKey(pact.send("GET", PactDocument.PATH).body())));
        String receipts = text(pact.send("GET", "/api/v1/receipts?limit=3"));
        for (var receipt : JsonOption.JSON.readTree(receipts).path("receipts")) {
            String id = receipt.path("id").asString();
            ReceiptCheck.check(pact.send("GET", "/api/v1/receipts/" + id).body(), policy);
        }
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
