package allod.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket as a customer uses it, with the unchanged AWS SDK for Java. */
final class Bucket implements AutoCloseable {
    private static final String NAME = "archive";

    private final S3Client client;

    /** Makes the bucket. */
    Bucket(URI endpoint, String accessKey, String secretKey) {
        client = S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
        client.createBucket(b -> b.bucket(NAME));
    }

    void put(String key, byte[] content) {
        client.putObject(b -> b.bucket(NAME).key(key), RequestBody.fromBytes(content));
    }

    /** What is done in the middle of an upload. */
    @FunctionalInterface
    interface Meanwhile {
        void run() throws IOException;
    }

    /**
     * Uploads in parts, of which all but the last have at least 5 MiB.
     *
     * @param meanwhile done when all parts are there and not yet joined
     */
    void putInParts(String key, List<byte[]> parts, Meanwhile meanwhile) throws IOException {
        String upload =
                client.createMultipartUpload(b -> b.bucket(NAME).key(key)).uploadId();
        List<CompletedPart> done = new ArrayList<>();
        for (byte[] part : parts) {
            int number = done.size() + 1;
            String etag = client.uploadPart(
                            b -> b.bucket(NAME).key(key).uploadId(upload).partNumber(number),
                            RequestBody.fromBytes(part))
                    .eTag();
            done.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
        meanwhile.run();
        client.completeMultipartUpload(
                b -> b.bucket(NAME).key(key).uploadId(upload).multipartUpload(m -> m.parts(done)));
    }

    Optional<byte[]> get(String key) {
        try {
            var content = new ByteArrayOutputStream();
            client.getObject(b -> b.bucket(NAME).key(key), (response, stream) -> stream.transferTo(content));
            return Optional.of(content.toByteArray());
        } catch (NoSuchKeyException gone) {
            return Optional.empty();
        }
    }

    List<String> list() {
        return client.listObjectsV2(b -> b.bucket(NAME)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /** Deletes; gives the id of the receipt, from the answer's header. */
    Optional<String> delete(String key) {
        return client.deleteObject(b -> b.bucket(NAME).key(key))
                .sdkHttpResponse()
                .firstMatchingHeader("x-allod-receipt");
    }

    @Override
    public void close() {
        client.close();
    }
}
