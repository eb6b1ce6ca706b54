package allod.rights;

import static org.assertj.core.api.Assertions.assertThat;

import allod.LiveServer;
import allod.http.Headers;
import allod.http.RequestHead;
import allod.log.Checkpoint;
import allod.log.EventLeaf;
import allod.log.Frame;
import allod.log.Hash;
import allod.log.SignedNote;
import allod.log.VerifierKey;
import allod.receipt.Receipt;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The pact address of a running server, as its clients meet it. */
class PactAddressIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path folder = Path.of("");

    private static LiveServer server;
    private static S3Client client;
    private static String receiptId;

    @BeforeAll
    static void serve() {
        server = LiveServer.start(folder);
        client = server.client();
        client.createBucket(b -> b.bucket("pact-bucket"));
        for (String key : new String[] {"one", "two \"quoted\" \\ ü", "three"}) {
            client.putObject(b -> b.bucket("pact-bucket").key(key), RequestBody.fromString("content"));
        }
        receiptId = client.deleteObject(b -> b.bucket("pact-bucket").key("one"))
                .sdkHttpResponse()
                .firstMatchingHeader("x-allod-receipt")
                .orElseThrow();
        client.deleteObject(b -> b.bucket("pact-bucket").key("three"));
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static HttpResponse<byte[]> send(HttpRequest request) throws IOException, InterruptedException {
        return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static URI at(String pathAndQuery) {
        return URI.create(server.pact() + pathAndQuery);
    }

    private static HttpResponse<byte[]> anonymous(String method, String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(at(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return anonymous("GET", path);
    }

    private static HttpResponse<byte[]> signed(String path) throws IOException, InterruptedException {
        return send(server.signer().request("GET", at(path), Headers.empty(), new byte[0]));
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("(none)");
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        JsonNode problem = json(answer);
        for (String member : new String[] {"type", "title", "detail", "what", "why", "next", "requestId"}) {
            assertThat(problem.path(member).asString("")).as(member).isNotBlank();
        }
    }

    /** Size of the log once a checkpoint covers an entry. */
    private static long sizeCovering(long index) throws IOException, InterruptedException {
        while (true) {
            long size = Checkpoint.parse(
                            SignedNote.parse(get("/log/checkpoint").body()).text())
                    .size();
            if (size > index) {
                return size;
            }
            Thread.sleep(Duration.ofMillis(20));
        }
    }

    @Test
    void the_log_is_served_to_anyone_with_its_types_and_lifetimes() throws Exception {
        sizeCovering(5);
        var answer = get("/log/checkpoint");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=1");
        long size = Checkpoint.parse(SignedNote.parse(answer.body()).text()).size();
        assertThat(size).isBetween(5L, 255L);
        for (String kind : new String[] {"0", "entries"}) {
            var tile = get("/log/tile/" + kind + "/000.p/" + size);
            assertThat(tile.statusCode()).isEqualTo(200);
            assertThat(tile.body()).hasSize((int) size * (kind.equals("0") ? 32 : 35));
            assertThat(header(tile, "Content-Type")).isEqualTo("application/octet-stream");
            assertThat(header(tile, "Cache-Control")).contains("immutable");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/log/",
                "/log",
                "/log/tile/0/000",
                "/log/tile/0/0",
                "/log/tile/0/000.p/0",
                "/log/tile/1/000.p/1",
                "/log/tile/entries/001.p/1",
                "/log/tile/64/000",
                "/log/check%70oint",
                "/",
                "/api/v1/",
                "/api/v1/events/",
                "/api/v2/events",
                "/.well-known/",
                "/metrics/"
            })
    void what_is_not_there_is_404(String path) throws Exception {
        assertProblem(get(path), 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/log/checkpoint",
                "/.well-known/data-protection-pact",
                "/health/live",
                "/health/ready",
                "/metrics"
            })
    void head_answers_as_get_without_content_and_other_methods_are_405(String path) throws Exception {
        sizeCovering(0);
        var got = get(path);
        var head = anonymous("HEAD", path);
        assertThat(head.statusCode()).isEqualTo(200).isEqualTo(got.statusCode());
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Type")).isEqualTo(header(got, "Content-Type"));
        for (String method : new String[] {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
            var refused = anonymous(method, path);
            assertProblem(refused, 405);
            assertThat(header(refused, "Allow")).isEqualTo("GET, HEAD");
        }
    }

    @Test
    void the_pact_document_names_the_log_and_claims_only_what_is_carried_out() throws Exception {
        var answer = get("/.well-known/data-protection-pact");
        assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
        JsonNode document = json(answer);
        assertThat(document.path("format").asString()).isEqualTo("allod/pact/v1");
        JsonNode log = document.path("log");
        assertThat(log.path("prefix").asString()).isEqualTo("/log/");
        assertThat(document.path("logs").get(0)).isEqualTo(log);
        var key = VerifierKey.parse(log.path("vkey").asString());
        assertThat(key.name()).isEqualTo(log.path("origin").asString());
        sizeCovering(0);
        var note = SignedNote.parse(get("/log/checkpoint").body());
        assertThat(Checkpoint.parse(note.text()).origin()).isEqualTo(key.name());
        assertThat(document.path("erasure").path("assuranceClass").asString()).isEqualTo("E0");
        Map<String, JsonNode> clauses = new HashMap<>();
        document.path("clauses")
                .forEach(clause -> clauses.put(clause.path("clause").asString(), clause));
        assertThat(clauses)
                .containsOnlyKeys(
                        "ownership",
                        "access",
                        "share",
                        "exchange",
                        "transfer",
                        "delete",
                        "no other use",
                        "lawful retention",
                        "confidentiality",
                        "disclosure",
                        "integrity",
                        "availability",
                        "internal audit",
                        "industry self-regulation");
        clauses.forEach((name, clause) -> {
            assertThat(clause.path("missing").size()).as(name).isPositive();
            boolean claims = clause.path("does").size() > 0;
            assertThat(claims)
                    .as(name)
                    .isEqualTo(!clause.path("state").asString().equals("not yet"));
        });
    }

    @Test
    void a_stranger_recomputes_each_events_entry_and_finds_it_in_the_log() throws Exception {
        var page = json(signed("/api/v1/events?limit=1000"));
        JsonNode events = page.path("events");
        assertThat(events.size()).isGreaterThanOrEqualTo(8);
        long size = sizeCovering(events.get(events.size() - 1).path("index").asLong());
        byte[] bundle = get("/log/tile/entries/000.p/" + size).body();
        String prev = Base64.getEncoder().encodeToString(new byte[32]);
        long seq = 0;
        for (JsonNode event : events) {
            assertThat(event.path("seq").asLong()).isEqualTo(++seq);
            assertThat(event.path("prev").asString()).isEqualTo(prev);
            byte[] body = base64(event, "body");
            var frame = new Frame(
                    event.path("origin").asString(),
                    base64(event, "tenant"),
                    seq,
                    Hash.of(base64(event, "prev")),
                    event.path("timeMicros").asLong());
            Hash commitment = frame.commitment(base64(event, "opening"), body);
            int at = (int) event.path("index").asLong() * 35 + 2;
            assertThat(Arrays.copyOfRange(bundle, at, at + 33)).isEqualTo(EventLeaf.entry(commitment));
            assertThat(JsonMapper.shared().readTree(body)).isEqualTo(event.path("event"));
            prev = commitment.toBase64();
        }
        assertThat(page.path("next").asLong()).isEqualTo(seq);
        assertThat(new String(signed("/api/v1/events").body(), StandardCharsets.UTF_8))
                .contains("object.put", "erase.begin", "erase.done", "two \\\"quoted\\\" \\\\ ü");
    }

    private static byte[] base64(JsonNode node, String member) {
        return Base64.getDecoder().decode(node.path(member).asString());
    }

    @Test
    void pages_of_events_follow_each_other_and_an_empty_one_says_where_to_go_on() throws Exception {
        JsonNode first = json(signed("/api/v1/events?limit=2"));
        assertThat(first.path("events").size()).isEqualTo(2);
        assertThat(first.path("next").asLong()).isEqualTo(2);
        JsonNode second = json(signed("/api/v1/events?after=2&limit=1"));
        assertThat(second.path("events").get(0).path("seq").asLong()).isEqualTo(3);
        JsonNode none = json(signed("/api/v1/events?after=9007199254740991"));
        assertThat(none.path("events").size()).isZero();
        assertThat(none.path("next").asLong()).isEqualTo(9007199254740991L);
    }

    @Test
    void receipts_are_listed_in_pages_and_fetched_as_their_canonical_file() throws Exception {
        JsonNode all = json(signed("/api/v1/receipts"));
        assertThat(all.path("receipts").size()).isEqualTo(2);
        JsonNode first = all.path("receipts").get(0);
        assertThat(first.path("id").asString()).isEqualTo(receiptId);
        assertThat(first.path("bucket").asString()).isEqualTo("pact-bucket");
        assertThat(first.path("key").asString()).isEqualTo("one");
        assertThat(first.path("size").asLong()).isEqualTo(7);
        assertThat(first.path("reason").asString()).isNotBlank();
        JsonNode second = json(signed("/api/v1/receipts?after=" + receiptId + "&limit=1"));
        assertThat(second.path("receipts").get(0).path("key").asString()).isEqualTo("three");
        String end = second.path("next").asString();
        assertThat(json(signed("/api/v1/receipts?after=" + end))
                        .path("receipts")
                        .size())
                .isZero();

        var file = signed("/api/v1/receipts/" + receiptId);
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(header(file, "Content-Type")).isEqualTo("application/json");
        assertThat(Receipt.parse(file.body()).encode()).isEqualTo(file.body());
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/events?after=-1, after",
        "/api/v1/events?after=01, after",
        "/api/v1/events?after=9007199254740992, after",
        "/api/v1/events?after=99999999999999999999, after",
        "/api/v1/events?after=, after",
        "/api/v1/events?limit=0, limit",
        "/api/v1/events?limit=1001, limit",
        "/api/v1/events?limit=1&limit=1, twice",
        "/api/v1/events?before=1, after and limit",
        "/api/v1/receipts?after=1-2, receipt",
        "/api/v1/receipts?limit=x, limit",
        "/api/v1/receipts/1-1-1?limit=1, parameter"
    })
    void a_parameter_that_is_not_of_its_form_is_told(String path, String word) throws Exception {
        var answer = signed(path);
        assertProblem(answer, 400);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(word);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/receipts/1-1-99", "/api/v1/receipts/99-1-0", "/api/v1/receipts/x"})
    void a_receipt_that_is_not_the_owners_is_not_there(String path) throws Exception {
        assertProblem(signed(path), 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/events", "/api/v1/events?limit=x", "/api/v1/receipts", "/api/v1/receipts/1-1-0"})
    void who_does_not_sign_is_asked_to(String path) throws Exception {
        var answer = get(path);
        assertProblem(answer, 401);
        assertThat(header(answer, "WWW-Authenticate")).isEqualTo("AWS4-HMAC-SHA256");
        assertThat(json(answer).path("type").asString()).endsWith("signature-missing");
    }

    @Test
    void a_presigned_address_may_be_given_to_someone_without_a_key() throws Exception {
        var head = new RequestHead(
                "GET",
                "/api/v1/events",
                "limit=1",
                Headers.of("Host", server.pact().getAuthority()));
        String query = server.signer().presign(head, Duration.ofMinutes(1));
        assertThat(json(get("/api/v1/events?" + query)).path("events").size()).isEqualTo(1);
        assertProblem(get("/api/v1/events?" + query.replace("limit=1", "limit=2")), 401);
    }

    @Test
    void the_numbers_tell_of_store_requests_and_failed_signatures() throws Exception {
        get("/api/v1/events");
        String page = "";
        // A request is counted just after its answer.
        for (int i = 0; i < 500 && !page.contains("endpoint=\"ListEvents\",status=\"401\""); i++) {
            page = new String(get("/metrics").body(), StandardCharsets.UTF_8);
        }
        assertThat(page)
                .contains("allod_http_requests_seconds_count{address=\"pact\",endpoint=\"ListEvents\",status=\"401\"}")
                .contains("allod_http_requests_seconds_count{address=\"s3\",endpoint=\"PutObject\",status=\"200\"} 3")
                .contains("allod_authentication_failures_total{kind=\"MISSING\"}")
                .contains("allod_store_log_size ")
                .contains("allod_store_erasure_foreground_waiting 0")
                .doesNotContain("pact-bucket");
        assertThat(json(get("/health/ready")).path("ready").asBoolean()).isTrue();
    }
}
