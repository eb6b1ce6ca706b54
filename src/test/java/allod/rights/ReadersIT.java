package allod.rights;

import static org.assertj.core.api.Assertions.assertThat;

import allod.LiveServer;
import allod.http.Headers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** "Who can read this" of a running server with a named operator, as its owner and others meet it. */
@Tag("server")
class ReadersIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path folder = Path.of("");

    private static LiveServer server;
    private static S3Client client;

    @BeforeAll
    static void serve() {
        server = LiveServer.start(
                folder,
                Map.of("ALLOD_ACCESS_KEY", "LIVEKEY", "ALLOD_SECRET_KEY", "0123456789abcdef"),
                Map.of("operator.name", "Acme Hosting GmbH", "operator.jurisdiction", "DE"));
        client = server.client("LIVEKEY", "0123456789abcdef");
        client.createBucket(b -> b.bucket("read-bucket"));
        for (String key : List.of("plain", "a/b ü%+?/readers")) {
            client.putObject(b -> b.bucket("read-bucket").key(key), RequestBody.fromString("content"));
        }
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static HttpResponse<byte[]> get(String path, boolean signed) throws Exception {
        URI uri = URI.create(server.pact() + path);
        var signer = new allod.http.RequestSigner(
                new allod.base.AccessKeyId("LIVEKEY"),
                "0123456789abcdef".getBytes(StandardCharsets.UTF_8),
                "us-east-1",
                "allod",
                java.time.InstantSource.system());
        HttpRequest request = signed
                ? signer.request("GET", uri, Headers.empty(), new byte[0])
                : HttpRequest.newBuilder(uri).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static List<String> names(JsonNode list) {
        return list.valueStream().map(one -> one.asString()).toList();
    }

    @Test
    void with_the_file_custodian_the_operator_reads_alone_and_the_answer_says_so_plainly() throws Exception {
        var answer = get("/api/v1/objects/read-bucket/plain/readers", true);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonNode report = json(answer);
        assertThat(report.path("format").asString()).isEqualTo("allod/readers/v1");
        assertThat(report.path("keys").path("generation").asLong()).isPositive();
        assertThat(report.path("keys").path("threshold").asInt()).isEqualTo(1);
        JsonNode atRest = report.path("views").get(0);
        assertThat(names(atRest.path("alone"))).containsExactly("Acme Hosting GmbH");
        assertThat(atRest.path("minimalSets").size()).isEqualTo(1);
        assertThat(atRest.path("sentence").asString())
                .contains("can be read by Acme Hosting GmbH (DE) alone; and by nobody else.")
                .contains("The operator can read it");
        for (int view = 1; view < 3; view++) {
            assertThat(names(report.path("views").get(view).path("alone")))
                    .containsExactlyInAnyOrder("Acme Hosting GmbH", "the owner, tenant default");
        }
        JsonNode operator = report.path("parties").get(0);
        assertThat(operator.path("jurisdiction").asString()).isEqualTo("DE");
        assertThat(names(operator.path("roles"))).contains("runs the gateway", "root custodian file");
        assertThat(operator.path("powers").get(0).path("citation").asString()).contains("StPO 95");
        assertThat(operator.path("law").asString()).contains("European Union");
        assertThat(report.path("catalogue").path("compiled").asString()).isEqualTo("2026-11-23");
        assertThat(report.path("assumed").size()).isGreaterThan(3);
    }

    @Test
    void whom_the_buckets_policy_lets_is_said_of_the_gateway_and_not_of_the_keys() throws Exception {
        client.createBucket(b -> b.bucket("open-bucket"));
        client.putObject(b -> b.bucket("open-bucket").key("page"), RequestBody.fromString("hello"));
        client.putBucketPolicy(b -> b.bucket("open-bucket").policy("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*",
                         "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open-bucket/*"}}"""));
        JsonNode views =
                json(get("/api/v1/objects/open-bucket/page/readers", true)).path("views");
        assertThat(views.get(0).path("sentence").asString()).doesNotContain("policy");
        for (int view = 1; view < 3; view++) {
            assertThat(views.get(view).path("sentence").asString())
                    .contains("; and by whom the bucket's policy lets, through the gateway; and by nobody else.");
        }
    }

    @Test
    void the_key_is_percent_encoded_and_may_end_like_the_resource_itself() throws Exception {
        for (String path : List.of("a/b%20%C3%BC%25%2B%3F/readers", "a%2Fb%20%C3%BC%25%2B%3F%2Freaders")) {
            var answer = get("/api/v1/objects/read-bucket/" + path + "/readers", true);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(json(answer).path("object").path("key").asString()).isEqualTo("a/b ü%+?/readers");
        }
    }

    @Test
    void the_question_is_an_event_of_the_owner_and_the_generation_stands_in_it() throws Exception {
        JsonNode report = json(get("/api/v1/objects/read-bucket/plain/readers", true));
        JsonNode events = json(get("/api/v1/events?limit=1000", true)).path("events");
        JsonNode asked = events.valueStream()
                .map(event -> event.path("event"))
                .filter(event -> event.path("type").asString("").equals("object.readers"))
                .filter(event -> event.path("key").asString("").equals("plain"))
                .reduce((first, last) -> last)
                .orElseThrow();
        assertThat(asked.path("generation")).isEqualTo(report.path("keys").path("generation"));
        assertThat(asked.path("version")).isEqualTo(report.path("object").path("version"));
        assertThat(asked.path("outcome").asString()).isEqualTo("ok");
    }

    @Test
    void a_stranger_a_missing_object_and_a_bad_path_are_refused() throws Exception {
        assertThat(get("/api/v1/objects/read-bucket/plain/readers", false).statusCode())
                .isEqualTo(401);
        assertThat(get("/api/v1/objects/read-bucket/none/readers", true).statusCode())
                .isEqualTo(404);
        assertThat(get("/api/v1/objects/no-such-bucket/plain/readers", true).statusCode())
                .isEqualTo(404);
        assertThat(get("/api/v1/objects/B/plain/readers", true).statusCode()).isEqualTo(400);
        assertThat(get("/api/v1/objects/read-bucket/%FF/readers", true).statusCode())
                .isEqualTo(400);
        for (String path :
                List.of("read-bucket/readers", "/plain/readers", "read-bucket/plain", "read-bucket//readers")) {
            assertThat(get("/api/v1/objects/" + path, true).statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        assertThat(get("/api/v1/objects/read-bucket/plain/readers?x=1", true).statusCode())
                .isEqualTo(400);
    }
}
