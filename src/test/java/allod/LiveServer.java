package allod;

import allod.base.AccessKeyId;
import allod.http.RequestSigner;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A whole server in this process, on free ports, with its two folders below one of the test's. */
public final class LiveServer implements AutoCloseable {
    public static final String KEY = "FIRSTKEY";
    public static final String SECRET = "the first secret of all";

    private final Allod allod;
    private final Path data;

    private LiveServer(Allod allod, Path data) {
        this.allod = allod;
        this.data = data;
    }

    /** With the first key pair of the environment. */
    public static LiveServer start(Path folder) {
        return start(folder, Map.of("ALLOD_ACCESS_KEY", KEY, "ALLOD_SECRET_KEY", SECRET), Map.of());
    }

    /** @param flags settings by path, besides folders and addresses */
    public static LiveServer start(Path folder, Map<String, String> environment, Map<String, String> flags) {
        return start(folder, Optional.empty(), environment, flags);
    }

    /** With a settings file besides. */
    public static LiveServer start(
            Path folder, Path settings, Map<String, String> environment, Map<String, String> flags) {
        return start(folder, Optional.of(settings), environment, flags);
    }

    private static LiveServer start(
            Path folder, Optional<Path> settings, Map<String, String> environment, Map<String, String> flags) {
        Path data = folder.resolve("data");
        Map<String, String> all = new HashMap<>(Map.of(
                "data", data.toString(),
                "custody.paths", folder.resolve("custody").toString(),
                "s3.address", "127.0.0.1:0",
                "pact.address", "127.0.0.1:0",
                "log.checkpoint-interval", "100ms",
                "space.reserve", "0B",
                "space.floor", "16MiB"));
        all.putAll(flags);
        return new LiveServer(Allod.start(Config.load(settings, environment, all)), data);
    }

    public Allod allod() {
        return allod;
    }

    public Path data() {
        return data;
    }

    public URI s3() {
        return URI.create("http://" + allod.addresses().s3());
    }

    public URI pact() {
        return URI.create("http://" + allod.addresses().pact());
    }

    public S3Client client() {
        return client(KEY, SECRET);
    }

    public S3Client client(String key, String secret) {
        return S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(s3())
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    /** Signs requests to the pact address. */
    public RequestSigner signer() {
        return new RequestSigner(
                new AccessKeyId(KEY),
                SECRET.getBytes(StandardCharsets.UTF_8),
                "us-east-1",
                "allod",
                InstantSource.system());
    }

    @Override
    public void close() {
        allod.close();
    }
}
