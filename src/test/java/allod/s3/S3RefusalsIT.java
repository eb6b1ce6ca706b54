package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.TestServer;
import allod.http.Headers;
import allod.http.RequestHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, with S3's own codes and with nothing done. */
class S3RefusalsIT {
    private static final byte[] NOTHING = new byte[0];

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(S3Settings.defaults().withMaxPutBytes(100_000));
        assertThat(send("PUT", "/bucket", NOTHING).status()).isEqualTo(200);
        assertThat(send("PUT", "/bucket/there", bytes("content")).status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Raw.Answer send(String method, String target, byte[] body) throws IOException {
        return Raw.of(server).send(method, target, body);
    }

    private static void assertNothingStored(String key) throws IOException {
        assertThat(send("GET", "/bucket/" + key, NOTHING).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-bypass-governance-retention, true",
        "x-amz-acl, public-read",
        "x-amz-grant-read, id=x",
        "x-amz-grant-full-control, id=x",
        "x-amz-server-side-encryption, aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id, k",
        "x-amz-server-side-encryption-bucket-key-enabled, true",
        "x-amz-copy-source-server-side-encryption-customer-algorithm, AES256",
        "x-amz-website-redirect-location, /other",
        "x-amz-storage-class, GLACIER",
        "x-amz-mfa, serial code",
        "x-amz-copy-source-if-match, x",
        "x-amz-source-expected-bucket-owner, 000000000001",
        "x-amz-write-offset-bytes, 5",
        "x-amz-checksum-sha3, x",
        "x-amz-api-version, 2026-01-01",
        "x-amz-something-new, x",
        "If-None-Match, \"tag\"",
        "If-Unmodified-Since, 'Tue, 03 Jun 2008 01:05:09 GMT'",
    })
    void a_header_that_asks_for_more_is_refused_by_its_name(String name, String value) throws IOException {
        Raw.Answer answer = Raw.of(server).header(name, value).send("PUT", "/bucket/refused", bytes("content"));
        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.code()).isEqualTo("NotImplemented");
        assertThat(XmlElement.parse(answer.body(), "Error").requiredText("Header"))
                .isEqualToIgnoringCase(name);
        assertThat(answer.text()).contains(name);
        assertNothingStored("refused");
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-acl, private",
        "x-amz-storage-class, STANDARD",
        "x-amz-server-side-encryption, AES256",
        "x-amz-api-version, 2006-03-01"
    })
    void a_header_that_asks_for_what_is_so_anyway_is_taken(String name, String value) throws IOException {
        assertThat(Raw.of(server)
                        .header(name, value)
                        .send("PUT", "/bucket/taken", bytes("content"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /bucket/there?versionId=null",
        "DELETE, /bucket/there?partNumber=1",
        "GET, /bucket?allow-unordered=true",
        "PUT, /bucket?website",
        "PUT, /bucket/there?acl",
    })
    void a_parameter_that_asks_for_more_is_refused(String method, String target) throws IOException {
        assertThat(send(method, target, NOTHING).status()).isEqualTo(501);
    }

    @Test
    void the_null_version_is_the_current_one() throws IOException {
        assertThat(send("GET", "/bucket/there?versionId=null", NOTHING).text()).isEqualTo("content");
    }

    @Test
    void an_unsigned_request_is_denied_but_learns_what_is_not_served() throws IOException {
        Raw.Answer denied = Raw.of(server).unsigned().send("GET", "/bucket/there", NOTHING);
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.code()).isEqualTo("AccessDenied");
        assertThat(Raw.of(server)
                        .unsigned()
                        .send("GET", "/bucket?website", NOTHING)
                        .status())
                .isEqualTo(501);
    }

    @Test
    void an_error_names_the_request_and_a_head_has_no_body() throws IOException {
        Raw.Answer absent = send("GET", "/bucket/absent", NOTHING);
        XmlElement error = XmlElement.parse(absent.body(), "Error");
        assertThat(error.requiredText("Code")).isEqualTo("NoSuchKey");
        assertThat(error.requiredText("RequestId"))
                .isEqualTo(absent.headers().get("x-amz-request-id"))
                .hasSize(16);
        assertThat(error.requiredText("HostId")).isEqualTo(absent.headers().get("x-amz-id-2"));
        assertThat(error.requiredText("Resource")).isEqualTo("/bucket/absent");
        assertThat(absent.headers()).containsEntry("content-type", "application/xml");
        Raw.Answer head = send("HEAD", "/bucket/absent", NOTHING);
        assertThat(head.status()).isEqualTo(404);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void a_put_has_the_most_bytes_and_not_one_more() throws IOException {
        assertThat(send("PUT", "/bucket/limit", new byte[100_000]).status()).isEqualTo(200);
        Raw.Answer answer = send("PUT", "/bucket/limit", new byte[100_001]);
        assertThat(answer.code()).isEqualTo("EntityTooLarge");
    }

    @Test
    void content_of_unknown_length_is_refused() throws IOException {
        Raw.Answer answer = Raw.of(server)
                .header("Transfer-Encoding", "chunked")
                .send("PUT", "/bucket/unknown", bytes("0\r\n\r\n"));
        assertThat(answer.status()).isEqualTo(411);
        assertThat(answer.code()).isEqualTo("MissingContentLength");
    }

    @Test
    void a_checksum_must_be_one_and_readable() throws IOException {
        assertThat(Raw.of(server)
                        .header("x-amz-checksum-crc32", "AAAAAA==")
                        .header("x-amz-checksum-crc32c", "AAAAAA==")
                        .send("PUT", "/bucket/refused", bytes("c"))
                        .code())
                .isEqualTo("InvalidRequest");
        assertThat(Raw.of(server)
                        .header("x-amz-checksum-crc32", "AAAA")
                        .send("PUT", "/bucket/refused", bytes("c"))
                        .code())
                .isEqualTo("InvalidRequest");
        assertThat(Raw.of(server)
                        .header("x-amz-sdk-checksum-algorithm", "CRC32")
                        .send("PUT", "/bucket/refused", bytes("c"))
                        .code())
                .isEqualTo("InvalidRequest");
        assertThat(Raw.of(server)
                        .header("Content-MD5", "AAAA")
                        .send("PUT", "/bucket/refused", bytes("c"))
                        .code())
                .isEqualTo("InvalidDigest");
        assertThat(Raw.of(server)
                        .header("x-amz-checksum-crc64nvme", "rosUhgp5mIg=")
                        .send("PUT", "/bucket/nvme", bytes("123456789"))
                        .headers())
                .containsEntry("x-amz-checksum-crc64nvme", "rosUhgp5mIg=")
                .containsEntry("x-amz-checksum-type", "FULL_OBJECT");
        assertNothingStored("refused");
    }

    @Test
    void deletes_of_many_need_a_digest() throws IOException {
        byte[] document = bytes("<Delete><Object><Key>absent</Key></Object></Delete>");
        assertThat(send("POST", "/bucket?delete", document).code()).isEqualTo("InvalidRequest");
        byte[] md5 = ChecksumKind.digest("MD5").digest(document);
        Raw.Answer done = Raw.of(server)
                .header("Content-MD5", java.util.Base64.getEncoder().encodeToString(md5))
                .send("POST", "/bucket?delete", document);
        assertThat(done.status()).isEqualTo(200);
        assertThat(XmlElement.parse(done.body(), "DeleteResult")
                        .children()
                        .get(0)
                        .requiredText("Key"))
                .isEqualTo("absent");
        assertThat(done.headers()).doesNotContainKey("x-allod-receipt");
    }

    @Test
    void a_receipt_stands_beside_each_deleted_key() throws IOException {
        send("PUT", "/bucket/with-receipt", bytes("content"));
        byte[] document = bytes(
                "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>with-receipt</Key>"
                        + "<VersionId>null</VersionId></Object><Object><Key>a</Key><VersionId>x</VersionId></Object></Delete>");
        byte[] md5 = ChecksumKind.digest("MD5").digest(document);
        Raw.Answer done = Raw.of(server)
                .header("Content-MD5", java.util.Base64.getEncoder().encodeToString(md5))
                .send("POST", "/bucket?delete", document);
        XmlElement result = XmlElement.parse(done.body(), "DeleteResult");
        String receipt = result.children().get(0).requiredText("AllodReceipt");
        assertThat(receipt).matches("\\d+-\\d+-0");
        assertThat(done.headers()).containsEntry("x-allod-receipt", receipt + "..0");
        assertThat(result.children().get(1).requiredText("Code")).isEqualTo("InvalidArgument");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<Delete/>", "<Delete><Object/></Delete>", "<Delete><Other/></Delete>", "no"})
    void a_document_that_is_none_is_malformed(String text) throws IOException {
        byte[] md5 = ChecksumKind.digest("MD5").digest(bytes(text));
        assertThat(Raw.of(server)
                        .header("Content-MD5", java.util.Base64.getEncoder().encodeToString(md5))
                        .send("POST", "/bucket?delete", bytes(text))
                        .code())
                .isEqualTo("MalformedXML");
    }

    @Test
    void a_document_has_the_most_bytes_and_not_one_more() throws IOException {
        String start = "<CreateBucketConfiguration>";
        String end = "</CreateBucketConfiguration>";
        String full = start + " ".repeat(BucketEndpoints.MAX_DOCUMENT - start.length() - end.length()) + end;
        assertThat(send("PUT", "/big-document", bytes(full)).status()).isEqualTo(200);
        assertThat(send("PUT", "/big-document", bytes(full + " ")).code()).isEqualTo("MaxMessageLengthExceeded");
    }

    @Test
    void metadata_that_is_not_ascii_comes_back_as_an_encoded_word() throws IOException {
        String raw = new String(bytes("grün"), StandardCharsets.ISO_8859_1);
        assertThat(Raw.of(server)
                        .header("x-amz-meta-color", raw)
                        .header("x-amz-meta-word", "=?UTF-8?Q?gr=C3=BCn?=")
                        .send("PUT", "/bucket/unicode", NOTHING)
                        .status())
                .isEqualTo(200);
        assertThat(send("HEAD", "/bucket/unicode", NOTHING).headers())
                .containsEntry("x-amz-meta-color", "=?UTF-8?B?Z3LDvG4=?=")
                .containsEntry("x-amz-meta-word", "=?UTF-8?Q?gr=C3=BCn?=");
    }

    @Test
    void an_answer_that_is_not_modified_keeps_its_tag() throws IOException {
        String tag = send("HEAD", "/bucket/there", NOTHING).headers().get("etag");
        Raw.Answer answer =
                Raw.of(server).header("If-None-Match", "\"x\", " + tag).send("GET", "/bucket/there", NOTHING);
        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.headers()).containsEntry("etag", tag);
        assertThat(Raw.of(server)
                        .header("If-Match", "\"not a tag\"")
                        .send("GET", "/bucket/there", NOTHING)
                        .status())
                .isEqualTo(412);
    }

    @Test
    void a_copy_is_named_by_a_header_or_a_presigned_url_and_never_loses_what_is_there() throws IOException {
        String source = "x-amz-copy-source=bucket%2Fthere";
        assertThat(send("PUT", "/bucket/kept", bytes("kept")).status()).isEqualTo(200);
        assertThat(send("PUT", "/bucket/kept?" + source, NOTHING).code()).isEqualTo("InvalidArgument");
        assertThat(send("GET", "/bucket/kept", NOTHING).text()).isEqualTo("kept");
        assertThat(Raw.of(server)
                        .header("x-amz-copy-source", "bucket/there")
                        .send("DELETE", "/bucket/kept", NOTHING)
                        .code())
                .isEqualTo("NotImplemented");
        Headers host = Headers.of("Host", "127.0.0.1:" + server.uri().getPort());
        String presigned =
                server.signer().presign(new RequestHead("PUT", "/bucket/kept", source, host), Duration.ofMinutes(1));
        assertThat(Raw.of(server)
                        .unsigned()
                        .send("PUT", "/bucket/kept?" + presigned, NOTHING)
                        .text())
                .contains("CopyObjectResult");
        assertThat(send("GET", "/bucket/kept", NOTHING).text()).isEqualTo("content");
    }

    @Test
    void another_owner_than_expected_is_denied() throws IOException {
        assertThat(Raw.of(server)
                        .header("x-amz-expected-bucket-owner", "000000000001")
                        .send("GET", "/bucket/there", NOTHING)
                        .status())
                .isEqualTo(200);
        assertThat(Raw.of(server)
                        .header("x-amz-expected-bucket-owner", "000000000002")
                        .send("GET", "/bucket/there", NOTHING)
                        .code())
                .isEqualTo("AccessDenied");
    }
}
