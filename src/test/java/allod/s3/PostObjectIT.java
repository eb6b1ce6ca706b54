package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uploads by browsers' forms, as browsers and S3's own documentation send them. */
@Tag("server")
class PostObjectIT {
    private static final String CONDITIONS = "{\"bucket\":\"forms\"},[\"starts-with\",\"$key\",\"up/\"],"
            + "[\"starts-with\",\"$Content-Type\",\"text/\"],[\"content-length-range\",2,10],"
            + "[\"starts-with\",\"$success_action_status\",\"\"],[\"starts-with\",\"$success_action_redirect\",\"\"],"
            + "{\"x-amz-meta-a\":\"b\"},[\"starts-with\",\"$x-amz-checksum-crc32\",\"\"],";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(S3Settings.defaults().withDomains(java.util.List.of("s3.test")));
        assertThat(Raw.of(server).send("PUT", "/forms", new byte[0]).status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    /** A form with its policy, signed now. */
    private static final class Form {
        private final Map<String, String> fields = new LinkedHashMap<>();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String file = "hello";
        private String host = "127.0.0.1";
        private String target = "/forms";

        static Form of(String key) {
            return signed(key, CONDITIONS, Instant.now().plusSeconds(60), TestServer.SECRET);
        }

        static Form signed(String key, String conditions, Instant until, String secret) {
            var form = new Form();
            String time = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
                    .withZone(ZoneOffset.UTC)
                    .format(Instant.now());
            String credential = TestServer.KEY + "/" + time.substring(0, 8) + "/us-east-1/s3/aws4_request";
            String policy = "{\"expiration\":\"" + Instant.ofEpochSecond(until.getEpochSecond())
                    + "\",\"conditions\":[" + conditions
                    + "{\"x-amz-algorithm\":\"AWS4-HMAC-SHA256\"},{\"x-amz-credential\":\""
                    + credential + "\"},{\"x-amz-date\":\"" + time + "\"}]}";
            String encoded = Base64.getEncoder().encodeToString(policy.getBytes(StandardCharsets.UTF_8));
            form.fields.put("key", key);
            form.fields.put("x-amz-algorithm", "AWS4-HMAC-SHA256");
            form.fields.put("x-amz-credential", credential);
            form.fields.put("x-amz-date", time);
            form.fields.put("policy", encoded);
            form.fields.put("x-amz-signature", sign(secret, time.substring(0, 8), encoded));
            form.fields.put("Content-Type", "text/plain");
            form.fields.put("x-amz-meta-a", "b");
            return form;
        }

        Form with(String name, String value) {
            fields.put(name, value);
            return this;
        }

        Form header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        Form without(String name) {
            fields.remove(name);
            return this;
        }

        Form file(String content) {
            file = content;
            return this;
        }

        Raw.Answer post() throws IOException {
            var body = new ByteArrayOutputStream();
            fields.forEach((name, value) -> body.writeBytes(
                    ("--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
                            .getBytes(StandardCharsets.UTF_8)));
            body.writeBytes(("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"name.txt\"\r\n"
                            + "Content-Type: image/png\r\n\r\n" + file + "\r\n--XX--\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            Raw raw = Raw.of(server).unsigned().host(host).header("Content-Type", "multipart/form-data; boundary=XX");
            headers.forEach(raw::header);
            return raw.send("POST", target, body.toByteArray());
        }
    }

    private static String sign(String secret, String date, String text) {
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {date, "us-east-1", "s3", "aws4_request", text}) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                key = mac.doFinal(part.getBytes(StandardCharsets.UTF_8));
            } catch (java.security.GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
        return HexFormat.of().formatHex(key);
    }

    @Test
    void a_form_puts_its_file_with_what_its_fields_say_of_it() throws IOException {
        Raw.Answer answer = Form.of("up/${filename}").post();
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.headers()).containsEntry("etag", "\"5d41402abc4b2a76b9719d911017c592\"");
        assertThat(answer.headers().get("location")).endsWith("/forms/up/name.txt");
        Raw.Answer stored = Raw.of(server).send("GET", "/forms/up/name.txt", new byte[0]);
        assertThat(stored.text()).isEqualTo("hello");
        assertThat(stored.headers()).containsEntry("content-type", "text/plain").containsEntry("x-amz-meta-a", "b");
    }

    @Test
    void a_bucket_before_the_host_takes_forms_at_its_root() throws IOException {
        Form form = Form.of("up/by-host");
        form.host = "forms.s3.test";
        form.target = "/";
        Raw.Answer answer = form.with("success_action_status", "201").post();
        assertThat(answer.status()).isEqualTo(201);
        XmlElement document = XmlElement.parse(answer.body(), "PostResponse");
        assertThat(document.childText("Key")).contains("up/by-host");
        assertThat(document.childText("Location")).contains("http://forms.s3.test/up/by-host");
    }

    @Test
    void a_browser_is_sent_on_with_what_was_stored() throws IOException {
        Raw.Answer answer = Form.of("up/a b")
                .with("success_action_redirect", "http://example.org/done?x=1")
                .post();
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.headers())
                .containsEntry(
                        "location",
                        "http://example.org/done?x=1&bucket=forms&key=up%2Fa%20b&etag=%225d41402abc4b2a76b9719d911017c592%22");
    }

    @Test
    void a_checksum_among_the_fields_is_verified_and_kept() throws IOException {
        Raw.Answer right =
                Form.of("up/sum").with("x-amz-checksum-crc32", "NhCmhg==").post();
        assertThat(right.headers()).containsEntry("x-amz-checksum-crc32", "NhCmhg==");
        assertThat(Form.of("up/sum2")
                        .with("x-amz-checksum-crc32", "AAAAAA==")
                        .post()
                        .code())
                .isEqualTo("BadDigest");
        assertThat(Raw.of(server).send("GET", "/forms/up/sum2", new byte[0]).status())
                .isEqualTo(404);
    }

    @Test
    void a_form_is_decided_by_what_a_put_would_say_and_by_its_own_way_to_sign() throws IOException {
        put("""
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::forms/up/decided",
               "Condition": {"StringNotEquals": {"aws:Referer": "page"}}},
              {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::forms/up/header",
               "Condition": {"StringNotEquals": {"s3:authType": "REST-HEADER"}}},
              {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::forms/up/form",
               "Condition": {"StringNotEquals": {"s3:authType": "POST"}}}]}""");
        assertThat(Form.of("up/decided").post().code()).isEqualTo("AccessDenied");
        assertThat(Form.of("up/decided").header("Referer", "page").post().status())
                .isEqualTo(204);
        assertThat(Form.of("up/header").post().code()).isEqualTo("AccessDenied");
        assertThat(Form.of("up/form").post().status()).isEqualTo(204);
        assertThat(Form.of("up/owner")
                        .header("x-amz-expected-bucket-owner", "000000000002")
                        .post()
                        .code())
                .isEqualTo("AccessDenied");
        assertThat(Form.of("up/owner")
                        .header("x-amz-expected-bucket-owner", "000000000001")
                        .post()
                        .status())
                .isEqualTo(204);
        String tagged = CONDITIONS + "[\"starts-with\",\"$x-amz-tagging\",\"\"],";
        assertThat(Form.signed("up/tags", tagged, Instant.now().plusSeconds(60), TestServer.SECRET)
                        .with("x-amz-tagging", "a=b")
                        .post()
                        .code())
                .isEqualTo("NotImplemented");
        assertThat(Raw.of(server).send("DELETE", "/forms?policy", new byte[0]).status())
                .isEqualTo(204);
    }

    private static void put(String policy) throws IOException {
        assertThat(Raw.of(server)
                        .send("PUT", "/forms?policy", policy.getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void a_form_is_no_copy() throws IOException {
        Form form = Form.signed(
                "up/copy",
                CONDITIONS + "[\"starts-with\",\"$x-amz-copy-source\",\"\"],",
                Instant.now().plusSeconds(60),
                TestServer.SECRET);
        assertThat(form.with("x-amz-copy-source", "forms/up/name.txt").post().code())
                .isEqualTo("NotImplemented");
    }

    @ParameterizedTest
    @CsvSource({
        "key, other/place, 403, AccessDenied",
        "Content-Type, image/png, 403, AccessDenied",
        "x-amz-meta-a, c, 403, AccessDenied",
        "x-amz-meta-more, c, 403, AccessDenied",
        "success_action_status2, 1, 403, AccessDenied",
        "x-amz-signature, 00, 403, SignatureDoesNotMatch",
        "x-amz-credential, NOBODY/20260101/us-east-1/s3/aws4_request, 400, AuthorizationQueryParametersError",
        "x-amz-algorithm, AWS4, 400, AuthorizationQueryParametersError",
        "policy, e30=, 403, SignatureDoesNotMatch",
        "AWSAccessKeyId, x, 400, InvalidArgument",
    })
    void a_field_that_breaks_the_policy_or_the_signature_is_refused(String name, String value, int status, String code)
            throws IOException {
        Raw.Answer answer = Form.of("up/refused").with(name, value).post();
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(Raw.of(server).send("GET", "/forms/up/refused", new byte[0]).status())
                .isEqualTo(404);
    }

    @Test
    void a_file_outside_the_policys_range_is_refused_and_not_stored() throws IOException {
        assertThat(Form.of("up/small").file("x").post().code()).isEqualTo("EntityTooSmall");
        assertThat(Form.of("up/large").file("12345678901").post().code()).isEqualTo("EntityTooLarge");
        assertThat(Form.of("up/most").file("1234567890").post().status()).isEqualTo(204);
        assertThat(Raw.of(server).send("GET", "/forms/up/large", new byte[0]).status())
                .isEqualTo(404);
    }

    @Test
    void an_expired_policy_a_wrong_secret_and_no_policy_are_denied() throws IOException {
        Instant soon = Instant.now().plusSeconds(60);
        assertThat(Form.signed("up/x", CONDITIONS, Instant.now().minusSeconds(1), TestServer.SECRET)
                        .post()
                        .code())
                .isEqualTo("AccessDenied");
        assertThat(Form.signed("up/x", CONDITIONS, soon, "wrong").post().code()).isEqualTo("SignatureDoesNotMatch");
        assertThat(Form.of("up/x").without("policy").post().code()).isEqualTo("AccessDenied");
        assertThat(Form.of("up/x").without("key").post().code()).isEqualTo("InvalidArgument");
        assertThat(Form.signed("up/x", "{},", soon, TestServer.SECRET).post().code())
                .isEqualTo("InvalidPolicyDocument");
    }

    @Test
    void signatures_of_version_2_are_refused_as_s3_does() throws IOException {
        Raw.Answer answer = Form.of("up/x")
                .with("AWSAccessKeyId", TestServer.KEY)
                .with("signature", "x")
                .post();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("InvalidRequest");
    }

    @Test
    void what_is_posted_to_a_bucket_is_a_form() throws IOException {
        Raw.Answer answer = Raw.of(server).send("POST", "/forms", new byte[0]);
        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.code()).isEqualTo("PreconditionFailed");
    }
}
