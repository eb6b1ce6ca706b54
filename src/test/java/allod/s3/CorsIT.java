package allod.s3;

import static allod.s3.TaggingIT.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import allod.TestServer;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CORSRule;

/** What a browser asks and learns when a script of another origin uses a bucket. */
class CorsIT {
    private static final String BUCKET = "scripted-bucket";
    private static final byte[] NOTHING = {};

    private static TestServer server;
    private static S3Client client;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        client = server.client();
        client.createBucket(b -> b.bucket(BUCKET));
        client.createBucket(b -> b.bucket("without-rules"));
        client.putObject(b -> b.bucket(BUCKET).key("key"), RequestBody.fromString("content"));
        rules(
                CORSRule.builder()
                        .id("first")
                        .allowedOrigins("https://*.example.com")
                        .allowedMethods("GET", "PUT")
                        .allowedHeaders("x-amz-*", "Authorization")
                        .exposeHeaders("ETag", "x-amz-request-id")
                        .maxAgeSeconds(600)
                        .build(),
                CORSRule.builder().allowedOrigins("*").allowedMethods("HEAD").build());
    }

    private static void rules(CORSRule... rules) {
        client.putBucketCors(b -> b.bucket(BUCKET).corsConfiguration(c -> c.corsRules(rules)));
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
    }

    private static Raw.Answer preflight(String target, String origin, String method, String headers)
            throws IOException {
        Raw raw = Raw.of(server).unsigned();
        for (Map.Entry<String, String> header : Map.of(
                        "Origin", origin,
                        "Access-Control-Request-Method", method,
                        "Access-Control-Request-Headers", headers)
                .entrySet()) {
            if (!header.getValue().isEmpty()) {
                raw.header(header.getKey(), header.getValue());
            }
        }
        return raw.send("OPTIONS", target, NOTHING);
    }

    @Test
    void a_preflight_is_answered_by_the_first_rule_that_lets() throws IOException {
        Raw.Answer answer =
                preflight("/" + BUCKET + "/key", "https://www.example.com", "PUT", "X-Amz-Date, authorization");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers())
                .containsEntry("access-control-allow-origin", "https://www.example.com")
                .containsEntry("access-control-allow-methods", "GET, PUT")
                .containsEntry("access-control-allow-headers", "X-Amz-Date, authorization")
                .containsEntry("access-control-expose-headers", "ETag, x-amz-request-id")
                .containsEntry("access-control-allow-credentials", "true")
                .containsEntry("access-control-max-age", "600");
        assertThat(answer.headers().get("vary")).contains("Origin");
        assertThat(preflight("/" + BUCKET, "http://anywhere", "HEAD", "").headers())
                .containsEntry("access-control-allow-origin", "*")
                .doesNotContainKey("access-control-allow-credentials");
    }

    @ParameterizedTest
    @CsvSource({
        "/scripted-bucket/key, '', GET, '', 400, BadRequest",
        "/scripted-bucket/key, https://a.example.com, '', '', 400, BadRequest",
        "/scripted-bucket/key, https://a.example.com, PATCH, '', 400, BadRequest",
        "/scripted-bucket/key, https://a.example.org, GET, '', 403, AccessForbidden",
        "/scripted-bucket/key, https://a.example.com, DELETE, '', 403, AccessForbidden",
        "/scripted-bucket/key, https://a.example.com, GET, Other, 403, AccessForbidden",
        "/without-rules/key, https://a.example.com, GET, '', 403, AccessForbidden",
        "/no-such-bucket/key, https://a.example.com, GET, '', 403, AccessForbidden",
    })
    void a_preflight_that_no_rule_lets_is_refused(
            String target, String origin, String method, String headers, int status, String code) throws IOException {
        Raw.Answer answer = preflight(target, origin, method, headers);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void an_answer_and_an_error_say_that_the_script_may_read_them() throws IOException {
        Raw.Answer read =
                Raw.of(server).header("Origin", "https://a.example.com").send("GET", "/" + BUCKET + "/key", NOTHING);
        assertThat(read.text()).isEqualTo("content");
        assertThat(read.headers())
                .containsEntry("access-control-allow-origin", "https://a.example.com")
                .containsEntry("access-control-expose-headers", "ETag, x-amz-request-id");
        Raw.Answer denied = Raw.of(server)
                .unsigned()
                .header("Origin", "https://a.example.com")
                .send("GET", "/" + BUCKET + "/key", NOTHING);
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.headers()).containsEntry("access-control-allow-origin", "https://a.example.com");
        Raw.Answer other =
                Raw.of(server).header("Origin", "https://a.example.org").send("GET", "/" + BUCKET + "/key", NOTHING);
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.headers()).doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void rules_come_back_as_they_were_put_until_they_are_deleted() {
        assertRefused(() -> client.getBucketCors(b -> b.bucket("without-rules")), 404, "NoSuchCORSConfiguration");
        CORSRule rule = CORSRule.builder()
                .id("id")
                .allowedHeaders("a", "b*")
                .allowedMethods("GET", "DELETE")
                .allowedOrigins("http://x", "*")
                .exposeHeaders("c")
                .maxAgeSeconds(0)
                .build();
        client.createBucket(b -> b.bucket("rules-bucket"));
        client.putBucketCors(b -> b.bucket("rules-bucket").corsConfiguration(c -> c.corsRules(rule)));
        assertThat(client.getBucketCors(b -> b.bucket("rules-bucket")).corsRules())
                .containsExactly(rule);
        client.deleteBucketCors(b -> b.bucket("rules-bucket"));
        assertRefused(() -> client.getBucketCors(b -> b.bucket("rules-bucket")), 404, "NoSuchCORSConfiguration");
    }

    @Test
    void rules_have_a_limit_and_one_asterisk_a_name() {
        CORSRule fine =
                CORSRule.builder().allowedOrigins("a").allowedMethods("GET").build();
        client.createBucket(b -> b.bucket("limits-bucket"));
        List<CORSRule> most = Collections.nCopies(Cors.MAX_RULES, fine);
        client.putBucketCors(b -> b.bucket("limits-bucket").corsConfiguration(c -> c.corsRules(most)));
        List<CORSRule> tooMany = Collections.nCopies(Cors.MAX_RULES + 1, fine);
        assertRefused(
                () -> client.putBucketCors(b -> b.bucket("limits-bucket").corsConfiguration(c -> c.corsRules(tooMany))),
                400,
                "InvalidRequest");
        for (CORSRule bad : List.of(
                CORSRule.builder().allowedOrigins("a*b*").allowedMethods("GET").build(),
                CORSRule.builder().allowedOrigins("a").allowedMethods("PATCH").build(),
                CORSRule.builder()
                        .allowedOrigins("a")
                        .allowedMethods("GET")
                        .exposeHeaders("x*")
                        .build())) {
            assertRefused(
                    () -> client.putBucketCors(b -> b.bucket("limits-bucket").corsConfiguration(c -> c.corsRules(bad))),
                    400,
                    "InvalidRequest");
        }
        assertRefused(
                () -> client.putBucketCors(b -> b.bucket("limits-bucket")
                        .corsConfiguration(c -> c.corsRules(
                                CORSRule.builder().allowedMethods("GET").build()))),
                400,
                "MalformedXML");
    }
}
