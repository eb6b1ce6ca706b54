package allod.backup;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * A prefix in a bucket of any S3 store. Each file is put with its SHA-256, which the store checks; an object is there
 * whole or not at all. Credentials and region come from where the AWS tools look for them.
 */
final class S3Place implements BackupPlace {
    /** A larger file goes in parts. */
    private static final long IN_PARTS_ABOVE = 256 << 20;

    /** Bytes of a part; S3 allows 10,000 of them. */
    private static final long PART_BYTES = 64 << 20;

    private final S3Client client;
    private final String bucket;
    private final String prefix;
    private final long inPartsAbove;
    private final long partBytes;

    S3Place(S3Client client, String bucket, String prefix, long inPartsAbove, long partBytes) {
        this.inPartsAbove = inPartsAbove;
        this.partBytes = partBytes;
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /**
     * The place that an {@code s3://bucket/prefix} names.
     *
     * @param endpoint where the store is, if it is not AWS
     * @throws Problem INVALID_ARGUMENT if the name is not of that form
     */
    static S3Place of(String name, Optional<URI> endpoint) {
        String[] parts = name.substring("s3://".length()).split("/", 2);
        if (!parts[0].matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The backup place was not opened.",
                    "'" + name + "' names no bucket.",
                    "Give s3://BUCKET/PREFIX.");
        }
        String prefix = parts.length < 2 || parts[1].isEmpty() ? "" : parts[1].replaceAll("/*$", "") + "/";
        var builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(region())
                .forcePathStyle(endpoint.isPresent());
        endpoint.ifPresent(builder::endpointOverride);
        return new S3Place(builder.build(), parts[0], prefix, IN_PARTS_ABOVE, PART_BYTES);
    }

    private static Region region() {
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkException noneConfigured) {
            return Region.US_EAST_1;
        }
    }

    @Override
    public void list(String under, Visitor visitor) throws IOException {
        try {
            for (var object : client.listObjectsV2Paginator(
                            b -> b.bucket(bucket).prefix(prefix + under))
                    .contents()) {
                visitor.visit(object.key().substring(prefix.length()), object.size());
            }
        } catch (SdkException e) {
            throw failed(e);
        }
    }

    private IOException failed(SdkException e) {
        return new IOException("the store of " + this + " answered: " + e.getMessage(), e);
    }

    @Override
    public String put(String name, Path file) throws IOException {
        String hash = Backup.hash(Files.newInputStream(file));
        String checksum = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hash));
        try {
            if (Files.size(file) > inPartsAbove) {
                putInParts(prefix + name, file);
            } else {
                client.putObject(
                        b -> b.bucket(bucket).key(prefix + name).checksumSHA256(checksum), RequestBody.fromFile(file));
            }
        } catch (SdkException e) {
            throw failed(e);
        }
        return hash;
    }

    /** Each part with its checksum; what fails leaves no part behind. */
    private void putInParts(String key, Path file) throws IOException {
        String upload = client.createMultipartUpload(
                        b -> b.bucket(bucket).key(key).checksumAlgorithm(ChecksumAlgorithm.SHA256))
                .uploadId();
        boolean done = false;
        try (var content = FileChannel.open(file)) {
            List<CompletedPart> parts = new ArrayList<>();
            long size = content.size();
            for (long from = 0; from < size; from += partBytes) {
                parts.add(putPart(key, upload, parts.size() + 1, content, from, Math.min(partBytes, size - from)));
            }
            client.completeMultipartUpload(
                    b -> b.bucket(bucket).key(key).uploadId(upload).multipartUpload(u -> u.parts(parts)));
            done = true;
        } finally {
            if (!done) {
                client.abortMultipartUpload(b -> b.bucket(bucket).key(key).uploadId(upload));
            }
        }
    }

    private CompletedPart putPart(String key, String upload, int number, FileChannel content, long from, long bytes)
            throws IOException {
        ByteBuffer part = content.map(FileChannel.MapMode.READ_ONLY, from, bytes);
        MessageDigest digest = BackupManifest.sha256();
        digest.update(part.duplicate());
        String checksum = Base64.getEncoder().encodeToString(digest.digest());
        UploadPartResponse put = client.uploadPart(
                b -> b.bucket(bucket)
                        .key(key)
                        .uploadId(upload)
                        .partNumber(number)
                        .contentLength(bytes)
                        .checksumSHA256(checksum),
                RequestBody.fromByteBuffer(part));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(put.eTag())
                .checksumSHA256(checksum)
                .build();
    }

    @Override
    public InputStream open(String name) throws IOException {
        try {
            return client.getObject(b -> b.bucket(bucket).key(prefix + name));
        } catch (NoSuchKeyException e) {
            var missing = new NoSuchFileException(name);
            missing.initCause(e);
            throw missing;
        } catch (SdkException e) {
            throw failed(e);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        try {
            client.deleteObject(b -> b.bucket(bucket).key(prefix + name));
        } catch (SdkException e) {
            throw failed(e);
        }
    }

    /** An object that was acknowledged is durable. */
    @Override
    public void settle() {}

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix;
    }

    @Override
    public void close() {
        client.close();
    }
}
