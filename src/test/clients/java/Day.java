import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.crt.S3CrtHttpConfiguration;
import software.amazon.awssdk.services.s3.model.*;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/** A day of one client of the AWS SDK for Java with an S3 endpoint: prints one line for each operation and how it went. */
public final class Day {
    private static final String BUCKET = System.getenv("S3_BUCKET");
    private static final URI ENDPOINT = URI.create(System.getenv("S3_ENDPOINT"));
    private static final int LARGE = (20 << 20) + 1;

    private final S3Client s3;
    private final Optional<S3AsyncClient> async;
    private final HttpClient http = HttpClient.newHttpClient();

    private Day(S3Client s3, Optional<S3AsyncClient> async) {
        this.s3 = s3;
        this.async = async;
    }

    /** @param arguments sync, async or crt */
    public static void main(String[] arguments) {
        switch (arguments[0]) {
            case "sync" ->
                new Day(
                                S3Client.builder()
                                        .endpointOverride(ENDPOINT)
                                        .forcePathStyle(true)
                                        .build(),
                                Optional.empty())
                        .live();
            case "async" ->
                live(S3AsyncClient.builder()
                        .endpointOverride(ENDPOINT)
                        .forcePathStyle(true)
                        .multipartEnabled(true)
                        .build());
            case "crt" ->
                live(S3AsyncClient.crtBuilder()
                        .endpointOverride(ENDPOINT)
                        .forcePathStyle(true)
                        // It knows the system's authorities and takes no others.
                        .httpConfiguration(S3CrtHttpConfiguration.builder()
                                .trustAllCertificatesEnabled(true)
                                .build())
                        .build());
            default -> throw new IllegalArgumentException("sync, async or crt: " + arguments[0]);
        }
        System.exit(0);
    }

    private static void live(S3AsyncClient client) {
        new Day(waitingFor(client), Optional.of(client)).live();
    }

    /** The blocking interface over a client that does not block, so that one day serves both. */
    private static S3Client waitingFor(S3AsyncClient client) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            boolean built = arguments != null && Stream.of(arguments).anyMatch(Consumer.class::isInstance);
            if (built
                    || method.getName().endsWith("Paginator")
                    || method.getName().endsWith("AsBytes")) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            try {
                return call(client, method, arguments).join();
            } catch (CompletionException e) {
                throw e.getCause();
            }
        };
        return (S3Client) Proxy.newProxyInstance(Day.class.getClassLoader(), new Class<?>[] {S3Client.class}, handler);
    }

    private static CompletableFuture<?> call(S3AsyncClient client, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("getObject")) {
            return client.getObject((GetObjectRequest) arguments[0], AsyncResponseTransformer.toBytes());
        }
        var types = method.getParameterTypes();
        var given = arguments.clone();
        for (int i = 0; i < given.length; i++) {
            if (given[i] instanceof RequestBody body) {
                types[i] = AsyncRequestBody.class;
                given[i] = AsyncRequestBody.fromBytes(
                        body.contentStreamProvider().newStream().readAllBytes());
            }
        }
        try {
            return (CompletableFuture<?>)
                    S3AsyncClient.class.getMethod(method.getName(), types).invoke(client, given);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void step(String name, Work work) {
        try {
            work.run();
            System.out.println("ok " + name);
        } catch (Exception | AssertionError fault) {
            String word = "NotImplemented".equals(code(fault)) ? "refused" : "failed";
            System.out.println(word + " " + name + " " + String.valueOf(fault).replace('\n', ' '));
        }
    }

    /** The error's code; the one that its status implies where the CRT client drops the document that names it. */
    private static String code(Throwable fault) {
        if (!(fault instanceof AwsServiceException told)) {
            return String.valueOf(fault);
        }
        var details = told.awsErrorDetails();
        if (details != null && details.errorCode() != null) {
            return details.errorCode();
        }
        return switch (told.statusCode()) {
            case 304 -> "NotModified";
            case 400 -> "InvalidRequest";
            case 404 -> "NoSuchKey";
            case 412 -> "PreconditionFailed";
            default -> "" + told.statusCode();
        };
    }

    private static String code(Work work) {
        try {
            work.run();
            return "no error";
        } catch (Exception fault) {
            return code(fault);
        }
    }

    private static void expect(Object got, Object wanted) {
        if (!Objects.deepEquals(got, wanted)) {
            throw new AssertionError("got " + got + ", not " + wanted);
        }
    }

    private PutObjectResponse put(String key, String content, Consumer<PutObjectRequest.Builder> more) {
        return s3.putObject(b -> b.bucket(BUCKET).key(key).applyMutation(more), RequestBody.fromString(content));
    }

    private PutObjectResponse put(String key, String content) {
        return put(key, content, b -> {});
    }

    private byte[] bytes(String key, Consumer<GetObjectRequest.Builder> more) {
        return s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key).applyMutation(more))
                .asByteArray();
    }

    private String get(String key, Consumer<GetObjectRequest.Builder> more) {
        return new String(bytes(key, more), StandardCharsets.UTF_8);
    }

    private String get(String key) {
        return get(key, b -> {});
    }

    private HeadObjectResponse head(String key) {
        return s3.headObject(b -> b.bucket(BUCKET).key(key));
    }

    private List<String> keys(Consumer<ListObjectsV2Request.Builder> more) {
        return s3.listObjectsV2Paginator(b -> b.bucket(BUCKET).applyMutation(more)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private HttpResponse<String> ask(String method, URI uri, String content) throws Exception {
        var request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.ofString(content))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void live() {
        step("bucket", () -> {
            s3.createBucket(b -> b.bucket(BUCKET));
            s3.headBucket(b -> b.bucket(BUCKET));
            expect(
                    s3.listBuckets(b -> {}).buckets().stream()
                            .anyMatch(b -> b.name().equals(BUCKET)),
                    true);
            expect(s3.getBucketLocation(b -> b.bucket(BUCKET)).locationConstraintAsString(), "");
        });
        step("put", () -> {
            byte[] digest = MessageDigest.getInstance("MD5").digest("hello".getBytes(StandardCharsets.UTF_8));
            expect(put("small", "hello").eTag(), '"' + HexFormat.of().formatHex(digest) + '"');
        });
        step("get", () -> {
            expect(get("small"), "hello");
            expect(code(() -> get("absent")), "NoSuchKey");
        });
        step("range", () -> {
            expect(get("small", b -> b.range("bytes=1-2")), "el");
            expect(get("small", b -> b.range("bytes=-2")), "lo");
            expect(code(() -> get("small", b -> b.range("bytes=5-"))), "InvalidRange");
        });
        step("head", () -> {
            expect(head("small").contentLength(), 5L);
            expect(code(() -> head("absent")).matches("NoSuchKey|NotFound"), true);
        });
        step("list", this::list);
        step("list-1000", this::listMany);
        step("multipart", this::multipart);
        if (async.isPresent()) {
            step("transfer-manager", () -> transfer(async.get()));
        } else {
            System.out.println("none transfer-manager");
        }
        step("parts", this::parts);
        step("copy", () -> {
            copy("small", "copied", b -> {});
            expect(get("copied"), "hello");
        });
        step("part-copy", this::partCopy);
        step("metadata", this::metadata);
        step("odd-keys", this::oddKeys);
        step("tagging", this::tagging);
        step("conditional", this::conditional);
        step("presigned", this::presigned);
        System.out.println("none form");
        for (var algorithm : List.of(
                ChecksumAlgorithm.CRC32,
                ChecksumAlgorithm.CRC32_C,
                ChecksumAlgorithm.CRC64_NVME,
                ChecksumAlgorithm.SHA1,
                ChecksumAlgorithm.SHA256)) {
            step(algorithm.toString().toLowerCase(Locale.ROOT), () -> checksum(algorithm));
        }
        if (ENDPOINT.getScheme().equals("https")) {
            step("sse-c", this::customerKey);
        }
        step("policy", this::policy);
        step("delete", () -> {
            s3.deleteObject(b -> b.bucket(BUCKET).key("small"));
            s3.deleteObject(b -> b.bucket(BUCKET).key("small"));
            expect(code(() -> get("small")), "NoSuchKey");
        });
        step("delete-many", () -> {
            drop(keys(b -> {}).stream()
                    .map(key -> ObjectIdentifier.builder().key(key).build())
                    .toList());
            expect(keys(b -> {}), List.of());
        });
        step("versioning", this::versioning);
        step("drop-bucket", () -> {
            s3.deleteBucket(b -> b.bucket(BUCKET));
            expect(code(() -> s3.headBucket(b -> b.bucket(BUCKET))).matches("NoSuchKey|NoSuchBucket|NotFound"), true);
        });
    }

    private void list() {
        for (String key : List.of("dir/a", "dir/b/c", "dir/b/d")) {
            put(key, "");
        }
        var page = s3.listObjectsV2(b -> b.bucket(BUCKET).prefix("dir/").delimiter("/"));
        expect(page.contents().stream().map(S3Object::key).toList(), List.of("dir/a"));
        expect(page.commonPrefixes().stream().map(CommonPrefix::prefix).toList(), List.of("dir/b/"));
        expect(keys(b -> b.prefix("dir/").startAfter("dir/a").maxKeys(1)), List.of("dir/b/c", "dir/b/d"));
        expect(s3.listObjects(b -> b.bucket(BUCKET).prefix("dir/")).contents().size(), 3);
    }

    private void listMany() throws Exception {
        List<String> many = IntStream.range(0, 1001)
                .mapToObj(i -> String.format("many/%04d", i))
                .toList();
        try (var pool = Executors.newFixedThreadPool(10)) {
            var writes = new ArrayList<Future<?>>();
            many.forEach(key -> writes.add(pool.submit(() -> put(key, ""))));
            for (var write : writes) {
                write.get();
            }
        }
        expect(keys(b -> b.prefix("many/")), many);
    }

    private static byte[] large() {
        byte[] data = new byte[LARGE];
        new Random(20).nextBytes(data);
        return data;
    }

    /** Where the client splits by itself, by its own defaults; the blocking one leaves that to the caller. */
    private void multipart() {
        byte[] data = large();
        if (async.isPresent()) {
            s3.putObject(b -> b.bucket(BUCKET).key("large"), RequestBody.fromBytes(data));
        } else {
            String upload =
                    s3.createMultipartUpload(b -> b.bucket(BUCKET).key("large")).uploadId();
            var done = new ArrayList<CompletedPart>();
            for (int at = 0, number = 1; at < data.length; at += 5 << 20, number++) {
                int n = number;
                byte[] part = java.util.Arrays.copyOfRange(data, at, Math.min(data.length, at + (5 << 20)));
                var sent = s3.uploadPart(
                        b -> b.bucket(BUCKET).key("large").uploadId(upload).partNumber(n), RequestBody.fromBytes(part));
                done.add(CompletedPart.builder()
                        .partNumber(n)
                        .eTag(sent.eTag())
                        .checksumCRC32(sent.checksumCRC32())
                        .build());
            }
            s3.completeMultipartUpload(
                    b -> b.bucket(BUCKET).key("large").uploadId(upload).multipartUpload(m -> m.parts(done)));
        }
        expect(s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("large")).asByteArray(), data);
        expect(head("large").eTag().matches("\"[0-9a-f]{32}-[0-9]+\""), true);
    }

    private static void transfer(S3AsyncClient client) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(""), "transfer");
        Path sent = Files.createDirectory(folder.resolve("sent"));
        Files.write(sent.resolve("file"), large());
        Files.writeString(Files.createDirectory(sent.resolve("ü")).resolve("a+b"), "small");
        try (var manager = S3TransferManager.builder().s3Client(client).build()) {
            manager.uploadFile(b -> b.source(sent.resolve("file"))
                            .putObjectRequest(p -> p.bucket(BUCKET).key("sent")))
                    .completionFuture()
                    .join();
            manager.copy(b -> b.copyObjectRequest(c -> c.sourceBucket(BUCKET)
                            .sourceKey("sent")
                            .destinationBucket(BUCKET)
                            .destinationKey("sent2")))
                    .completionFuture()
                    .join();
            manager.downloadFile(b -> b.destination(folder.resolve("back"))
                            .getObjectRequest(g -> g.bucket(BUCKET).key("sent2")))
                    .completionFuture()
                    .join();
            expect(Files.mismatch(sent.resolve("file"), folder.resolve("back")), -1L);
            var up = manager.uploadDirectory(b -> b.source(sent).bucket(BUCKET).s3Prefix("tree"));
            expect(up.completionFuture().join().failedTransfers(), List.of());
            var down = manager.downloadDirectory(b -> b.destination(folder.resolve("tree"))
                    .bucket(BUCKET)
                    .listObjectsV2RequestTransformer(l -> l.prefix("tree/")));
            expect(down.completionFuture().join().failedTransfers(), List.of());
            expect(Files.readString(folder.resolve("tree/ü/a+b")), "small");
        }
    }

    private void parts() {
        String upload =
                s3.createMultipartUpload(b -> b.bucket(BUCKET).key("parts")).uploadId();
        String tag = s3.uploadPart(
                        b -> b.bucket(BUCKET).key("parts").uploadId(upload).partNumber(7),
                        RequestBody.fromString("part"))
                .eTag();
        var told = s3.listParts(b -> b.bucket(BUCKET).key("parts").uploadId(upload))
                .parts();
        expect(told.stream().map(p -> p.partNumber() + p.eTag()).toList(), List.of(7 + tag));
        var open = s3.listMultipartUploads(b -> b.bucket(BUCKET)).uploads();
        expect(open.stream().map(MultipartUpload::uploadId).toList(), List.of(upload));
        s3.abortMultipartUpload(b -> b.bucket(BUCKET).key("parts").uploadId(upload));
        expect(code(() -> s3.listParts(b -> b.bucket(BUCKET).key("parts").uploadId(upload))), "NoSuchUpload");
    }

    private void copy(String from, String to, Consumer<CopyObjectRequest.Builder> more) {
        s3.copyObject(b -> b.sourceBucket(BUCKET)
                .sourceKey(from)
                .destinationBucket(BUCKET)
                .destinationKey(to)
                .applyMutation(more));
    }

    private void partCopy() {
        String upload =
                s3.createMultipartUpload(b -> b.bucket(BUCKET).key("joined")).uploadId();
        var done = new ArrayList<CompletedPart>();
        for (String range : List.of("bytes=0-5242879", "bytes=5242880-5242881")) {
            int number = done.size() + 1;
            var copied = s3.uploadPartCopy(b -> b.sourceBucket(BUCKET)
                            .sourceKey("large")
                            .copySourceRange(range)
                            .destinationBucket(BUCKET)
                            .destinationKey("joined")
                            .uploadId(upload)
                            .partNumber(number))
                    .copyPartResult();
            done.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(copied.eTag())
                    .checksumCRC32(copied.checksumCRC32())
                    .build());
        }
        s3.completeMultipartUpload(
                b -> b.bucket(BUCKET).key("joined").uploadId(upload).multipartUpload(m -> m.parts(done)));
        expect(bytes("joined", b -> {}), bytes("large", b -> b.range("bytes=0-5242881")));
    }

    private void metadata() {
        put("meta", "", b -> b.contentType("text/x-y").cacheControl("no-cache").metadata(Map.of("plain", "a b")));
        var told = head("meta");
        expect(
                List.of(told.contentType(), told.cacheControl(), told.metadata()),
                List.of("text/x-y", "no-cache", Map.of("plain", "a b")));
        copy("meta", "meta", b -> b.metadataDirective(MetadataDirective.REPLACE).metadata(Map.of("new", "1")));
        expect(head("meta").metadata(), Map.of("new", "1"));
    }

    private void oddKeys() {
        // The SDK itself refuses keys whose dots lead out of the bucket, and resolves no others.
        List<String> odd = Stream.of(
                        "odd/ü 日本 😀",
                        "odd/a+b&c=d?e#f",
                        "odd//double",
                        "odd/%2F",
                        "odd/a/../b",
                        "odd/'\"<>\\",
                        "odd/*~!()",
                        "odd/.")
                .sorted()
                .toList();
        for (String key : odd) {
            put(key, key);
            expect(get(key), key);
            copy(key, key + "2", b -> {});
            s3.deleteObject(b -> b.bucket(BUCKET).key(key + "2"));
        }
        expect(keys(b -> b.prefix("odd/")), odd);
    }

    private void tagging() {
        var first = Tag.builder().key("a").value("1").build();
        var both = List.of(first, Tag.builder().key("b").value("x y").build());
        put("tagged", "", b -> b.tagging(Tagging.builder().tagSet(both).build()));
        expect(s3.getObjectTagging(b -> b.bucket(BUCKET).key("tagged")).tagSet(), both);
        s3.putObjectTagging(b -> b.bucket(BUCKET).key("tagged").tagging(t -> t.tagSet(first)));
        expect(s3.getObjectTagging(b -> b.bucket(BUCKET).key("tagged")).tagSet(), List.of(first));
        s3.deleteObjectTagging(b -> b.bucket(BUCKET).key("tagged"));
        s3.putBucketTagging(b -> b.bucket(BUCKET).tagging(t -> t.tagSet(both)));
        expect(s3.getBucketTagging(b -> b.bucket(BUCKET)).tagSet(), both);
    }

    private void conditional() {
        String tag = put("once", "1", b -> b.ifNoneMatch("*")).eTag();
        expect(code(() -> put("once", "2", b -> b.ifNoneMatch("*"))), "PreconditionFailed");
        expect(code(() -> put("once", "2", b -> b.ifMatch("\"other\""))), "PreconditionFailed");
        put("once", "3", b -> b.ifMatch(tag));
        expect(code(() -> get("once", b -> b.ifMatch(tag))), "PreconditionFailed");
        String now = head("once").eTag();
        expect(code(() -> get("once", b -> b.ifNoneMatch(now))).matches("304|NotModified"), true);
    }

    private void presigned() throws Exception {
        try (var signer = S3Presigner.builder()
                .endpointOverride(ENDPOINT)
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build()) {
            var to = signer.presignPutObject(b -> b.signatureDuration(Duration.ofMinutes(1))
                    .putObjectRequest(p -> p.bucket(BUCKET).key("signed ü")));
            expect(ask("PUT", to.url().toURI(), "by url").statusCode(), 200);
            var from = signer.presignGetObject(b -> b.signatureDuration(Duration.ofMinutes(1))
                            .getObjectRequest(g -> g.bucket(BUCKET).key("signed ü")))
                    .url();
            expect(ask("GET", from.toURI(), "").body(), "by url");
            expect(
                    ask("GET", URI.create(from.toString().replace("signed", "other")), "")
                            .statusCode(),
                    403);
        }
    }

    /** The value of a checksum in an answer, by the algorithm's name in it. */
    private static String sum(SdkPojo told, ChecksumAlgorithm algorithm) {
        return told.sdkFields().stream()
                .filter(field -> field.memberName().equals("Checksum" + algorithm))
                .map(field -> (String) field.getValueOrDefault(told))
                .findFirst()
                .orElseThrow();
    }

    private void checksum(ChecksumAlgorithm algorithm) {
        String told = sum(put("sum", "sum", b -> b.checksumAlgorithm(algorithm)), algorithm);
        var read = s3.getObjectAsBytes(b -> b.bucket(BUCKET).key("sum").checksumMode(ChecksumMode.ENABLED));
        expect(sum(read.response(), algorithm), told);
        var kept = s3.getObjectAttributes(b -> b.bucket(BUCKET).key("sum").objectAttributes(ObjectAttributes.CHECKSUM));
        expect(sum(kept.checksum(), algorithm), told);
        String wrong =
                Base64.getEncoder().encodeToString(new byte[Base64.getDecoder().decode(told).length]);
        expect(code(() -> put("sum", "sum", b -> set(b, "Checksum" + algorithm, wrong))), "BadDigest");
    }

    private static void set(SdkPojo builder, String member, String value) {
        for (SdkField<?> field : builder.sdkFields()) {
            if (field.memberName().equals(member)) {
                field.set(builder, value);
            }
        }
    }

    private void customerKey() throws Exception {
        byte[] key = new byte[32];
        new Random().nextBytes(key);
        String text = Base64.getEncoder().encodeToString(key);
        String mark = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(key));
        put(
                "own",
                "secret",
                b -> b.sseCustomerAlgorithm("AES256").sseCustomerKey(text).sseCustomerKeyMD5(mark));
        expect(
                get(
                        "own",
                        b -> b.sseCustomerAlgorithm("AES256")
                                .sseCustomerKey(text)
                                .sseCustomerKeyMD5(mark)),
                "secret");
        expect(code(() -> get("own")), "InvalidRequest");
    }

    private void policy() throws Exception {
        String policy = """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
                 "Resource":"arn:aws:s3:::%s/small"}]}""".formatted(BUCKET);
        URI small = URI.create(ENDPOINT + "/" + BUCKET + "/small");
        expect(ask("GET", small, "").statusCode(), 403);
        s3.putBucketPolicy(b -> b.bucket(BUCKET).policy(policy));
        expect(ask("GET", small, "").body(), "hello");
        expect(s3.getBucketPolicy(b -> b.bucket(BUCKET)).policy().contains("s3:GetObject"), true);
        s3.deleteBucketPolicy(b -> b.bucket(BUCKET));
        expect(ask("GET", small, "").statusCode(), 403);
    }

    private void drop(List<ObjectIdentifier> all) {
        for (int at = 0; at < all.size(); at += 1000) {
            var some = all.subList(at, Math.min(all.size(), at + 1000));
            expect(
                    s3.deleteObjects(b -> b.bucket(BUCKET).delete(d -> d.objects(some)))
                            .errors(),
                    List.of());
        }
    }

    private void versioning() {
        s3.putBucketVersioning(
                b -> b.bucket(BUCKET).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        String old = put("v", "1").versionId();
        put("v", "2");
        expect(get("v") + get("v", b -> b.versionId(old)), "21");
        expect(s3.deleteObject(b -> b.bucket(BUCKET).key("v")).deleteMarker(), true);
        expect(code(() -> get("v")), "NoSuchKey");
        var told = s3.listObjectVersions(b -> b.bucket(BUCKET));
        expect(told.versions().size() + " " + told.deleteMarkers().size(), "2 1");
        var all = new ArrayList<ObjectIdentifier>();
        told.versions()
                .forEach(v -> all.add(ObjectIdentifier.builder()
                        .key(v.key())
                        .versionId(v.versionId())
                        .build()));
        told.deleteMarkers()
                .forEach(v -> all.add(ObjectIdentifier.builder()
                        .key(v.key())
                        .versionId(v.versionId())
                        .build()));
        drop(all);
    }
}
