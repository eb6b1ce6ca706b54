package allod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.AccessKeyId;
import allod.base.Problem;
import allod.base.Reason;
import allod.http.Headers;
import allod.http.RequestHead;
import allod.http.RequestSigner;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Starting and stopping: what is refused and why, whose key opens, and what a stop leaves unfinished. */
class ServeIT {
    @TempDir
    Path folder = Path.of("");

    private static void remove(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void assertRefused(ThrowingCallable start, String... words) {
        assertThatThrownBy(start)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.reason()).isEqualTo(Reason.UNUSABLE_FOLDER))
                .hasMessageContainingAll(words);
    }

    private static void assertOpens(LiveServer server, String key, String secret) {
        try (S3Client client = server.client(key, secret)) {
            assertThat(client.listBuckets().buckets()).isNotNull();
        }
    }

    private static void assertClosed(LiveServer server, String key, String secret, String code) {
        try (S3Client client = server.client(key, secret)) {
            assertThatThrownBy(client::listBuckets)
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            refusal -> assertThat(refusal.awsErrorDetails().errorCode())
                                    .isEqualTo(code));
        }
    }

    @Test
    void content_outlives_a_stop_and_a_second_close_does_nothing() {
        LiveServer stopped = LiveServer.start(folder);
        try (S3Client client = stopped.client()) {
            client.createBucket(b -> b.bucket("kept"));
            client.putObject(b -> b.bucket("kept").key("k"), RequestBody.fromString("content"));
        }
        stopped.close();
        stopped.close();
        try (LiveServer server = LiveServer.start(folder);
                S3Client client = server.client()) {
            assertThat(client.getObjectAsBytes(b -> b.bucket("kept").key("k")).asUtf8String())
                    .isEqualTo("content");
        }
    }

    @Test
    void the_folder_of_a_running_server_is_refused_and_the_first_goes_on() {
        try (LiveServer server = LiveServer.start(folder)) {
            assertRefused(() -> LiveServer.start(folder), "Another process has it open", "--data");
            assertOpens(server, LiveServer.KEY, LiveServer.SECRET);
        }
    }

    @Test
    void an_address_that_is_taken_is_refused_with_the_option_that_names_it() {
        try (LiveServer server = LiveServer.start(folder.resolve("first"))) {
            for (String option : List.of("s3", "pact")) {
                String taken = server.allod().addresses().s3().toString();
                assertRefused(
                        () -> LiveServer.start(folder.resolve("second"), Map.of(), Map.of(option + ".address", taken)),
                        taken,
                        "--" + option + " HOST:PORT");
            }
        }
    }

    @Test
    void an_empty_data_folder_beside_used_custody_is_refused_with_both_ways_out() throws IOException {
        LiveServer.start(folder).close();
        remove(folder.resolve("data"));
        assertRefused(() -> LiveServer.start(folder), "is empty", "restore it from a backup", "remove both folders");
        remove(folder.resolve("data"));
        remove(folder.resolve("custody"));
        LiveServer.start(folder).close();
    }

    @Test
    void custody_of_another_installation_and_empty_custody_are_refused() throws IOException {
        LiveServer.start(folder).close();
        Path other = Files.createDirectory(folder.resolve("other"));
        LiveServer.start(other).close();
        Map<String, String> wrong =
                Map.of("custody.paths", other.resolve("custody").toString());
        assertRefused(() -> LiveServer.start(folder, Map.of(), wrong), "custody");
        Map<String, String> empty =
                Map.of("custody.paths", folder.resolve("empty").toString());
        assertRefused(() -> LiveServer.start(folder, Map.of(), empty), "custody folder is empty");
        LiveServer.start(folder).close();
        LiveServer.start(other).close();
    }

    @Test
    void without_a_pair_in_the_environment_the_first_start_draws_one_and_prints_it_once() {
        String key;
        String secret;
        try (LiveServer server = LiveServer.start(folder, Map.of(), Map.of())) {
            FirstStart.NewKey drawn = server.allod().welcome().drawn().orElseThrow();
            key = drawn.id().value();
            secret = drawn.secret();
            assertThat(server.allod().welcome().lines().stream().filter(line -> line.contains(secret)))
                    .hasSize(1);
            assertThat(server.allod().welcome().toString() + drawn).doesNotContain(secret);
            assertOpens(server, key, secret);
        }
        try (LiveServer server = LiveServer.start(folder, Map.of(), Map.of())) {
            assertThat(server.allod().welcome().drawn()).isEmpty();
            assertThat(server.allod().welcome().lines()).noneMatch(line -> line.contains(secret));
            assertOpens(server, key, secret);
        }
    }

    @Test
    void the_environments_pair_is_the_first_key_and_later_adds_nothing_but_a_warning() {
        try (LiveServer server = LiveServer.start(folder)) {
            assertThat(server.allod().welcome().drawn()).isEmpty();
            assertThat(server.allod().welcome().lines()).noneMatch(line -> line.contains(LiveServer.SECRET));
            assertOpens(server, LiveServer.KEY, LiveServer.SECRET);
        }
        try (LiveServer server = LiveServer.start(folder)) {
            assertThat(server.allod().welcome().warnings()).isEmpty();
        }
        Map<String, String> another = Map.of("ALLOD_ACCESS_KEY", "SECONDKEY", "ALLOD_SECRET_KEY", "another secret!!");
        try (LiveServer server = LiveServer.start(folder, another, Map.of())) {
            assertThat(server.allod().welcome().warnings())
                    .singleElement()
                    .asString()
                    .contains("SECONDKEY")
                    .doesNotContain("another secret!!");
            assertClosed(server, "SECONDKEY", "another secret!!", "InvalidAccessKeyId");
            assertOpens(server, LiveServer.KEY, LiveServer.SECRET);
        }
        Map<String, String> changed =
                Map.of("ALLOD_ACCESS_KEY", LiveServer.KEY, "ALLOD_SECRET_KEY", "another secret!!");
        try (LiveServer server = LiveServer.start(folder, changed, Map.of())) {
            assertThat(server.allod().welcome().warnings()).hasSize(1);
            assertClosed(server, LiveServer.KEY, "another secret!!", "SignatureDoesNotMatch");
            assertOpens(server, LiveServer.KEY, LiveServer.SECRET);
        }
    }

    @Test
    void a_stopping_server_says_it_is_not_ready_finishes_what_runs_and_takes_no_more() throws Exception {
        LiveServer server = LiveServer.start(folder);
        try (S3Client client = server.client()) {
            client.createBucket(b -> b.bucket("slow"));
        }
        URI s3 = server.s3();
        // A request whose head has come and whose content has not is under way.
        var signed = new RequestSigner(
                        new AccessKeyId(LiveServer.KEY),
                        LiveServer.SECRET.getBytes(StandardCharsets.UTF_8),
                        "us-east-1",
                        "s3",
                        InstantSource.system())
                .sign(
                        new RequestHead("PUT", "/slow/k", "", Headers.of("Host", s3.getAuthority())),
                        RequestSigner.UNSIGNED_PAYLOAD);
        var head = new StringBuilder("PUT /slow/k HTTP/1.1\r\nContent-Length: 7\r\n");
        signed.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        try (var running = new Socket(s3.getHost(), s3.getPort())) {
            running.getOutputStream()
                    .write((head + "Expect: 100-continue\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream answer = running.getInputStream();
            assertThat(line(answer)).isEqualTo("HTTP/1.1 100 Continue");
            line(answer);

            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            assertThat(readyUntilItIsNot(server)).contains("\"ready\":false", "stopping");
            assertThat(closing).isNotDone();
            running.getOutputStream().write("content".getBytes(StandardCharsets.US_ASCII));
            assertThat(line(answer)).isEqualTo("HTTP/1.1 200 OK");
            closing.get(60, TimeUnit.SECONDS);
        }
        assertThatThrownBy(() -> new Socket(s3.getHost(), s3.getPort())).isInstanceOf(ConnectException.class);
        try (LiveServer again = LiveServer.start(folder);
                S3Client client = again.client()) {
            assertThat(client.getObjectAsBytes(b -> b.bucket("slow").key("k")).asUtf8String())
                    .isEqualTo("content");
        }
    }

    private static String readyUntilItIsNot(LiveServer server) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(server.pact() + "/health/ready"))
                    .build();
            while (true) {
                var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 503) {
                    return answer.body();
                }
                Thread.sleep(Duration.ofMillis(10));
            }
        }
    }

    @Test
    void a_request_that_does_not_end_holds_a_stop_no_longer_than_the_grace() throws Exception {
        LiveServer server =
                LiveServer.start(folder, Map.of(), Map.of("stop.grace", "1s", "limits.header-deadline", "1m"));
        URI pact = server.pact();
        try (var stuck = new Socket(pact.getHost(), pact.getPort())) {
            stuck.getOutputStream().write("GET /health/live HT".getBytes(StandardCharsets.US_ASCII));
            CompletableFuture.runAsync(server::close).get(60, TimeUnit.SECONDS);
            assertThat(stuck.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static String line(InputStream in) throws IOException {
        var text = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                text.append((char) c);
            }
        }
        return text.toString();
    }
}
