package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of encryption, and content that opens only with a key the customer brings. */
@Tag("server")
class EncryptionIT {
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER = "another key another key another.".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
    private static final String CUSTOMER = "x-amz-server-side-encryption-customer-";
    private static final String SOURCE = "x-amz-copy-source-server-side-encryption-customer-";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start();
        assertThat(Raw.of(server).send("PUT", "/sealed", NOTHING).status()).isEqualTo(200);
        assertThat(with(KEY).send("PUT", "/sealed/key", HELLO).status()).isEqualTo(200);
        assertThat(Raw.of(server).send("PUT", "/sealed/plain", HELLO).status()).isEqualTo(200);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Raw with(byte[] key) {
        return with(Raw.of(server), CUSTOMER, key);
    }

    private static Raw with(Raw raw, String prefix, byte[] key) {
        return raw.header(prefix + "algorithm", "AES256")
                .header(prefix + "key", base64(key))
                .header(prefix + "key-MD5", base64(ChecksumKind.digest("MD5").digest(key)));
    }

    @Test
    void content_under_a_customers_key_is_read_with_that_key_alone() throws IOException {
        Raw.Answer right = with(KEY).send("GET", "/sealed/key", NOTHING);
        assertThat(right.text()).isEqualTo("hello");
        assertThat(right.headers())
                .containsEntry(CUSTOMER + "algorithm", "AES256")
                .containsEntry(
                        CUSTOMER + "key-md5", base64(ChecksumKind.digest("MD5").digest(KEY)))
                .doesNotContainKey("x-amz-server-side-encryption");
        assertThat(right.headers().get("etag")).doesNotContain("5d41402abc4b2a76b9719d911017c592");
        assertThat(with(KEY)
                        .header("Range", "bytes=1-2")
                        .send("GET", "/sealed/key", NOTHING)
                        .text())
                .isEqualTo("el");
        Raw.Answer without = Raw.of(server).send("GET", "/sealed/key", NOTHING);
        assertThat(without.status()).isEqualTo(400);
        assertThat(without.code()).isEqualTo("InvalidRequest");
        Raw.Answer wrong = with(OTHER).send("GET", "/sealed/key", NOTHING);
        assertThat(wrong.status()).isEqualTo(403);
        assertThat(wrong.code()).isEqualTo("AccessDenied");
        assertThat(Raw.of(server).send("HEAD", "/sealed/key", NOTHING).status()).isEqualTo(400);
        assertThat(with(KEY).send("HEAD", "/sealed/key", NOTHING).status()).isEqualTo(200);
    }

    @Test
    void a_key_for_what_has_none_is_refused() throws IOException {
        assertThat(with(KEY).send("GET", "/sealed/plain", NOTHING).code()).isEqualTo("InvalidRequest");
    }

    @Test
    void an_upload_has_the_key_it_was_created_with() throws IOException {
        String created =
                with(KEY).send("POST", "/sealed/joined?uploads", NOTHING).text();
        String id = created.substring(created.indexOf("<UploadId>") + 10, created.indexOf("</UploadId>"));
        String part = "/sealed/joined?partNumber=1&uploadId=" + id;
        assertThat(Raw.of(server).send("PUT", part, HELLO).code()).isEqualTo("InvalidRequest");
        assertThat(with(OTHER).send("PUT", part, HELLO).code()).isEqualTo("InvalidRequest");
        String tag = with(KEY).send("PUT", part, HELLO).headers().get("etag");
        byte[] document = ("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + tag
                        + "</ETag></Part></CompleteMultipartUpload>")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(with(OTHER)
                        .send("GET", "/sealed/joined?uploadId=" + id, NOTHING)
                        .code())
                .isEqualTo("InvalidRequest");
        assertThat(with(OTHER)
                        .send("POST", "/sealed/joined?uploadId=" + id, document)
                        .code())
                .isEqualTo("InvalidRequest");
        assertThat(Raw.of(server)
                        .send("POST", "/sealed/joined?uploadId=" + id, document)
                        .status())
                .isEqualTo(200);
        Raw.Answer again = with(OTHER).send("POST", "/sealed/joined?uploadId=" + id, document);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.headers()).doesNotContainKey(CUSTOMER + "algorithm");
        assertThat(with(KEY).send("GET", "/sealed/joined", NOTHING).text()).isEqualTo("hello");
        assertThat(with(OTHER).send("GET", "/sealed/joined", NOTHING).status()).isEqualTo(403);
    }

    @Test
    void a_copy_opens_its_source_with_one_key_and_seals_with_another() throws IOException {
        assertThat(Raw.of(server)
                        .header("x-amz-copy-source", "sealed/key")
                        .send("PUT", "/sealed/copied", NOTHING)
                        .code())
                .isEqualTo("InvalidRequest");
        Raw copy = with(with(Raw.of(server), SOURCE, KEY), CUSTOMER, OTHER);
        assertThat(copy.header("x-amz-copy-source", "sealed/key")
                        .send("PUT", "/sealed/copied", NOTHING)
                        .status())
                .isEqualTo(200);
        assertThat(with(OTHER).send("GET", "/sealed/copied", NOTHING).text()).isEqualTo("hello");
        assertThat(with(KEY).send("GET", "/sealed/copied", NOTHING).status()).isEqualTo(403);
        assertThat(with(Raw.of(server), SOURCE, OTHER)
                        .header("x-amz-copy-source", "sealed/copied")
                        .send("PUT", "/sealed/opened", NOTHING)
                        .status())
                .isEqualTo(200);
        assertThat(Raw.of(server).send("GET", "/sealed/opened", NOTHING).text()).isEqualTo("hello");
    }

    @Test
    void headers_that_do_not_fit_together_are_refused_in_s3s_words() throws IOException {
        assertThat(Raw.of(server)
                        .header(CUSTOMER + "algorithm", "AES256")
                        .send("PUT", "/sealed/x", HELLO)
                        .code())
                .isEqualTo("InvalidArgument");
        assertThat(Raw.of(server)
                        .header(CUSTOMER + "algorithm", "AES128")
                        .header(CUSTOMER + "key", base64(KEY))
                        .header(
                                CUSTOMER + "key-MD5",
                                base64(ChecksumKind.digest("MD5").digest(KEY)))
                        .send("PUT", "/sealed/x", HELLO)
                        .code())
                .isEqualTo("InvalidEncryptionAlgorithmError");
        assertThat(with(new byte[16]).send("PUT", "/sealed/x", HELLO).code()).isEqualTo("InvalidArgument");
        assertThat(Raw.of(server)
                        .header(CUSTOMER + "algorithm", "AES256")
                        .header(CUSTOMER + "key", base64(KEY))
                        .header(
                                CUSTOMER + "key-MD5",
                                base64(ChecksumKind.digest("MD5").digest(OTHER)))
                        .send("PUT", "/sealed/x", HELLO)
                        .code())
                .isEqualTo("InvalidArgument");
        assertThat(with(KEY)
                        .header("x-amz-server-side-encryption", "AES256")
                        .send("PUT", "/sealed/x", HELLO)
                        .code())
                .isEqualTo("InvalidArgument");
        assertThat(with(KEY).send("DELETE", "/sealed/x", NOTHING).status()).isEqualTo(501);
        assertThat(Raw.of(server)
                        .send("GET", "/sealed/key?x-amz-server-side-encryption-customer-key=x", NOTHING)
                        .code())
                .isEqualTo("InvalidArgument");
    }

    @Test
    void a_bucket_says_the_encryption_that_is_done() throws IOException {
        Raw.Answer answer = Raw.of(server).send("GET", "/sealed?encryption", NOTHING);
        assertThat(answer.text()).contains("<SSEAlgorithm>AES256</SSEAlgorithm>");
        assertThat(put("<SSEAlgorithm>AES256</SSEAlgorithm>").status()).isEqualTo(200);
        assertThat(Raw.of(server).send("GET", "/sealed?encryption", NOTHING).text())
                .contains("<SSEAlgorithm>AES256</SSEAlgorithm>");
        assertThat(Raw.of(server).send("DELETE", "/sealed?encryption", NOTHING).status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({
        "<SSEAlgorithm>aws:kms</SSEAlgorithm>, NotImplemented",
        "<SSEAlgorithm>ROT13</SSEAlgorithm>, MalformedXML",
        "<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>, InvalidArgument",
        "'', MalformedXML",
    })
    void an_encryption_that_would_not_be_done_is_refused(String inner, String code) throws IOException {
        assertThat(put(inner).code()).isEqualTo(code);
    }

    private static Raw.Answer put(String inner) throws IOException {
        String document = "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>" + inner
                + "</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>";
        return Raw.of(server).send("PUT", "/sealed?encryption", document.getBytes(StandardCharsets.UTF_8));
    }
}
