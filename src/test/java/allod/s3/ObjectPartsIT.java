package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Parts of finished objects: read one by one, and told by GetObjectAttributes. */
@Tag("server")
class ObjectPartsIT {
    private static final String BUCKET = "parts";
    private static final int PART = 5 << 20;
    private static final byte[] CONTENT = new byte[PART + 1000];
    private static final byte[] NOTHING = {};

    private static TestServer server;
    private static S3Client client;
    private static UploadPartResponse last;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(S3Settings.defaults().withDomains(java.util.List.of("s3.test", "deep.s3.test")));
        client = server.client();
        new Random(1).nextBytes(CONTENT);
        client.createBucket(b -> b.bucket(BUCKET));
        client.createBucket(b -> b.bucket("with.dots"));
        client.putObject(b -> b.bucket(BUCKET).key("single"), RequestBody.fromString("single"));
        client.putObject(b -> b.bucket(BUCKET).key("empty"), RequestBody.empty());
        String id = client.createMultipartUpload(
                        b -> b.bucket(BUCKET).key("joined").checksumAlgorithm(ChecksumAlgorithm.SHA256))
                .uploadId();
        UploadPartResponse first = part(id, 2, Arrays.copyOf(CONTENT, PART));
        last = part(id, 5, Arrays.copyOfRange(CONTENT, PART, CONTENT.length));
        client.completeMultipartUpload(b -> b.bucket(BUCKET)
                .key("joined")
                .uploadId(id)
                .multipartUpload(m -> m.parts(completed(2, first), completed(5, last))));
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
    }

    private static UploadPartResponse part(String id, int number, byte[] content) {
        return client.uploadPart(
                b -> b.bucket(BUCKET)
                        .key("joined")
                        .uploadId(id)
                        .partNumber(number)
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                RequestBody.fromBytes(content));
    }

    private static CompletedPart completed(int number, UploadPartResponse part) {
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(part.eTag())
                .checksumSHA256(part.checksumSHA256())
                .build();
    }

    @Test
    void a_part_is_read_by_the_number_it_was_uploaded_under() {
        var answer = client.getObjectAsBytes(
                b -> b.bucket(BUCKET).key("joined").partNumber(5).checksumMode(ChecksumMode.ENABLED));
        assertThat(answer.asByteArray()).isEqualTo(Arrays.copyOfRange(CONTENT, PART, CONTENT.length));
        assertThat(answer.response().sdkHttpResponse().statusCode()).isEqualTo(206);
        assertThat(answer.response().contentRange())
                .isEqualTo("bytes " + PART + "-" + (CONTENT.length - 1) + "/" + CONTENT.length);
        assertThat(answer.response().partsCount()).isEqualTo(2);
        assertThat(answer.response().checksumSHA256()).isEqualTo(last.checksumSHA256());
        var head = client.headObject(b -> b.bucket(BUCKET).key("joined").partNumber(2));
        assertThat(head.contentLength()).isEqualTo(PART);
        assertThat(head.partsCount()).isEqualTo(2);
        assertThat(head.checksumSHA256()).isNull();
    }

    @Test
    void an_object_written_at_once_is_its_own_first_part() throws IOException {
        Raw.Answer answer = Raw.of(server).send("GET", "/parts/single?partNumber=1", NOTHING);
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.headers()).containsEntry("content-range", "bytes 0-5/6");
        assertThat(answer.headers()).doesNotContainKey("x-amz-mp-parts-count");
        assertThat(answer.text()).isEqualTo("single");
        Raw.Answer empty = Raw.of(server).send("GET", "/parts/empty?partNumber=1", NOTHING);
        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.headers()).doesNotContainKey("content-range");
    }

    @Test
    void a_part_that_is_not_there_is_416_by_its_own_name() throws IOException {
        for (String target : new String[] {"/parts/joined?partNumber=1", "/parts/single?partNumber=2"}) {
            Raw.Answer answer = Raw.of(server).send("GET", target, NOTHING);
            assertThat(answer.status()).isEqualTo(416);
            assertThat(answer.code()).isEqualTo("InvalidPartNumber");
        }
        assertThat(Raw.of(server)
                        .send("HEAD", "/parts/single?partNumber=2", NOTHING)
                        .status())
                .isEqualTo(416);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10001", "x", "-1", ""})
    void a_part_number_out_of_range_is_an_invalid_argument(String number) throws IOException {
        Raw.Answer answer = Raw.of(server).send("GET", "/parts/joined?partNumber=" + number, NOTHING);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("InvalidArgument");
    }

    @Test
    void a_part_and_a_range_exclude_each_other() throws IOException {
        Raw.Answer answer =
                Raw.of(server).header("Range", "bytes=0-1").send("GET", "/parts/joined?partNumber=2", NOTHING);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("InvalidRequest");
    }

    @Test
    void attributes_tell_size_tag_checksum_and_parts() {
        var all = client.getObjectAttributes(b -> b.bucket(BUCKET)
                .key("joined")
                .objectAttributes(
                        ObjectAttributes.E_TAG,
                        ObjectAttributes.CHECKSUM,
                        ObjectAttributes.OBJECT_PARTS,
                        ObjectAttributes.OBJECT_SIZE,
                        ObjectAttributes.STORAGE_CLASS));
        assertThat(all.eTag()).matches("[0-9a-f]{32}-2");
        assertThat(all.objectSize()).isEqualTo(CONTENT.length);
        assertThat(all.storageClassAsString()).isEqualTo("STANDARD");
        assertThat(all.checksum().checksumSHA256()).endsWith("-2");
        assertThat(all.checksum().checksumTypeAsString()).isEqualTo("COMPOSITE");
        assertThat(all.objectParts().totalPartsCount()).isEqualTo(2);
        assertThat(all.objectParts().parts()).extracting(p -> p.partNumber()).containsExactly(2, 5);
        assertThat(all.objectParts().parts().get(1).size()).isEqualTo(1000);
        assertThat(all.objectParts().parts().get(1).checksumSHA256()).isEqualTo(last.checksumSHA256());
    }

    @Test
    void parts_come_in_pages() {
        var page = client.getObjectAttributes(
                        b -> b.bucket(BUCKET).key("joined").maxParts(1).objectAttributes(ObjectAttributes.OBJECT_PARTS))
                .objectParts();
        assertThat(page.isTruncated()).isTrue();
        assertThat(page.nextPartNumberMarker()).isEqualTo(2);
        var next = client.getObjectAttributes(b -> b.bucket(BUCKET)
                        .key("joined")
                        .maxParts(1)
                        .partNumberMarker(2)
                        .objectAttributes(ObjectAttributes.OBJECT_PARTS))
                .objectParts();
        assertThat(next.isTruncated()).isFalse();
        assertThat(next.parts()).extracting(p -> p.partNumber()).containsExactly(5);
    }

    @Test
    void only_what_is_asked_is_told() throws IOException {
        Raw.Answer size = Raw.of(server)
                .header("x-amz-object-attributes", "ObjectSize")
                .send("GET", "/parts/single?attributes", NOTHING);
        XmlElement document = XmlElement.parse(size.body(), "GetObjectAttributesResponse");
        assertThat(document.children()).extracting(XmlElement::name).containsExactly("ObjectSize");
        Raw.Answer none = Raw.of(server).send("GET", "/parts/single?attributes", NOTHING);
        assertThat(none.code()).isEqualTo("InvalidRequest");
        Raw.Answer unknown = Raw.of(server)
                .header("x-amz-object-attributes", "Colour")
                .send("GET", "/parts/single?attributes", NOTHING);
        assertThat(unknown.code()).isEqualTo("InvalidArgument");
    }

    @Test
    void a_host_below_a_domain_names_a_bucket_dots_included() throws IOException {
        assertThat(Raw.of(server)
                        .host("parts.s3.test:9000")
                        .send("GET", "/single", NOTHING)
                        .text())
                .isEqualTo("single");
        assertThat(Raw.of(server)
                        .host("with.dots.s3.test")
                        .send("PUT", "/a", "x".getBytes(StandardCharsets.US_ASCII))
                        .status())
                .isEqualTo(200);
        Raw.Answer list = Raw.of(server).host("WITH.DOTS.deep.s3.test").send("GET", "/?list-type=2", NOTHING);
        assertThat(XmlElement.parse(list.body(), "ListBucketResult").childText("Name"))
                .contains("with.dots");
        assertThat(Raw.of(server)
                        .host("s3.test")
                        .send("GET", "/parts/single", NOTHING)
                        .text())
                .isEqualTo("single");
    }

    @Test
    void a_delete_at_the_buckets_own_host_is_one_whatever_content_type_the_client_gives_it() throws IOException {
        client.putObject(b -> b.bucket(BUCKET).key("to-go"), RequestBody.fromString("to go"));
        byte[] document = "<Delete><Object><Key>to-go</Key></Object></Delete>".getBytes(StandardCharsets.US_ASCII);
        byte[] md5 = ChecksumKind.digest("MD5").digest(document);
        Raw.Answer done = Raw.of(server)
                .host("parts.s3.test")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Content-MD5", Base64.getEncoder().encodeToString(md5))
                .send("POST", "/?delete", document);
        assertThat(done.status()).isEqualTo(200);
        assertThat(XmlElement.parse(done.body(), "DeleteResult")
                        .children()
                        .getFirst()
                        .requiredText("Key"))
                .isEqualTo("to-go");
    }
}
