package allod.http;

import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Problem;
import allod.base.Reason;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Problem answers, health and metrics as a client sees them. */
class PactPagesTest {
    private static HttpResponse<String> get(HttpHandler handler) throws Exception {
        try (var listener = HttpListener.start(
                        Listening.ANY, Optional.empty(), HttpLimits.defaults(), handler, new ProblemJson());
                var client = HttpClient.newHttpClient()) {
            var signer = new RequestSigner(Signing.KEY, Signing.SECRET, "us-east-1", "allod", InstantSource.system());
            var request = signer.request(
                    "GET", URI.create("http://" + listener.bound() + "/api/v1/x?a=b"), Headers.empty(), new byte[0]);
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void every_reason_has_a_status_of_refusal(Reason reason) {
        assertThat(ProblemJson.status(reason)).isBetween(400, 599);
    }

    @Test
    void a_problem_is_told_with_what_why_and_next() throws Exception {
        var response = get(exchange -> {
            throw new Problem(Reason.NO_SUCH_RECEIPT, "No receipt 7.", "It was never made.", "List them.");
        });
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = json(response.body());
        assertThat(problem.get("type").asString()).isEqualTo("tag:allod.dev,2026:problem/no-such-receipt");
        assertThat(problem.get("title").asString()).isEqualTo("No such receipt");
        assertThat(problem.get("status").asInt()).isEqualTo(404);
        assertThat(problem.get("detail").asString()).isEqualTo("No receipt 7. It was never made.");
        assertThat(problem.get("what").asString()).isEqualTo("No receipt 7.");
        assertThat(problem.get("why").asString()).isEqualTo("It was never made.");
        assertThat(problem.get("next").asString()).isEqualTo("List them.");
        assertThat(problem.get("requestId").asString()).matches("[0-9A-F]{16}");
    }

    @Test
    void a_fault_tells_the_client_its_request_id_and_nothing_of_itself() throws Exception {
        var response = get(exchange -> {
            throw new UnsupportedOperationException("inner words");
        });
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body())
                .doesNotContain("inner words")
                .contains(json(response.body()).get("requestId").asString());
    }

    @Test
    void the_signed_requests_of_our_own_client_are_accepted_and_others_told_why() throws Exception {
        var good = new SigV4("allod", Signing.credentials(), InstantSource.system());
        assertThat(get(exchange -> {
                            assertThat(good.authenticate(exchange)).isInstanceOf(Authentication.Signed.class);
                            exchange.respond(200, Headers.empty(), new byte[0]);
                        })
                        .statusCode())
                .isEqualTo(200);
        var strict = new SigV4("allod", id -> Optional.empty(), InstantSource.system());
        var refused = get(strict::authenticate);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("AWS4-HMAC-SHA256");
        assertThat(json(refused.body()).get("title").asString()).isEqualTo("Signature unknown key");
    }

    @Test
    void ready_says_every_reason_it_is_not() throws Exception {
        var trouble = new AtomicReference<>(Optional.of("the store is opening"));
        var health = new Health(List.of(trouble::get, () -> Optional.empty()));
        assertThat(get(health::live).statusCode()).isEqualTo(200);
        var unready = get(health::ready);
        assertThat(unready.statusCode()).isEqualTo(503);
        assertThat(unready.body()).isEqualTo("{\"ready\":false,\"reasons\":[\"the store is opening\"]}");
        trouble.set(Optional.empty());
        assertThat(get(health::ready).body()).isEqualTo("{\"ready\":true}");
    }

    @Test
    void metrics_count_requests_by_endpoint_and_status_and_failures_by_kind() throws Exception {
        var metrics = new Metrics(InstantSource.system());
        metrics.request("s3", "GetObject", 200, Duration.ofMillis(5));
        metrics.request("s3", "GetObject", 200, Duration.ofMillis(5));
        metrics.failedAuthentication("10.0.0.1", SignatureProblem.Kind.MISMATCH);
        assertThat(get(metrics::page).body())
                .contains("allod_http_requests_seconds_count{address=\"s3\",endpoint=\"GetObject\",status=\"200\"} 2")
                .contains("allod_authentication_failures_total{kind=\"MISMATCH\"} 1");
        JsonNode rows = json(get(metrics::failedAuthenticationsPage).body()).get("failedAuthentications");
        assertThat(rows.get(0).get("source").asString()).isEqualTo("10.0.0.1");
        assertThat(rows.get(0).get("failures").asInt()).isEqualTo(1);
    }

    @Test
    void the_table_of_failures_keeps_an_hour_and_a_limit_of_sources() {
        var table = new FailedAuthentications();
        Instant minute = Instant.parse("2026-01-31T10:00:00Z");
        for (int i = 0; i < FailedAuthentications.SOURCES + 5; i++) {
            table.add(minute.plusSeconds(30), "source-" + i);
        }
        assertThat(table.add(minute, "source-0")).isEmpty();
        var counts = table.since(minute);
        assertThat(counts).hasSize(FailedAuthentications.SOURCES + 1);
        assertThat(counts.get(0)).isEqualTo(new FailedAuthentications.Count(minute, FailedAuthentications.OTHERS, 5));
        assertThat(counts.get(1)).isEqualTo(new FailedAuthentications.Count(minute, "source-0", 2));
        for (int i = 1; i <= FailedAuthentications.MINUTES; i++) {
            assertThat(table.add(minute.plus(Duration.ofMinutes(i)), "later"))
                    .hasSize(i == 1 ? FailedAuthentications.SOURCES + 1 : 1);
        }
        assertThat(table.since(Instant.EPOCH))
                .hasSize(FailedAuthentications.MINUTES)
                .allMatch(c -> c.source().equals("later"));
        assertThat(table.since(minute.plus(Duration.ofMinutes(60)))).hasSize(1);
    }
}
