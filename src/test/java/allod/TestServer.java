package allod;

import allod.base.AccessKeyId;
import allod.base.Disk;
import allod.base.Principal;
import allod.base.TenantId;
import allod.http.Address;
import allod.http.Credentials;
import allod.http.HttpLimits;
import allod.http.HttpListener;
import allod.http.RequestSigner;
import allod.http.SigV4;
import allod.keys.CustodyLease;
import allod.s3.S3Handler;
import allod.s3.S3Settings;
import allod.store.Caller;
import allod.store.EventRecord;
import allod.store.Store;
import allod.store.StoreOpening;
import allod.store.StoreSettings;
import allod.sts.StsHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The S3 address on a free port of this machine, with two tenants. */
public final class TestServer implements AutoCloseable {
    /** The first tenant's key and secret. */
    public static final String KEY = "OWNERKEY";

    public static final String SECRET = "the owner's own secret";

    /** The second tenant's. */
    public static final String OTHER_KEY = "OTHERKEY";

    public static final String OTHER_SECRET = "another one's secret";

    private static final Principal ROOT = new Principal("root");

    private final Path folder;
    private final Store store;
    private final HttpListener listener;
    private final Optional<TestCertificate> certificate;

    private TestServer(Path folder, Store store, HttpListener listener, Optional<TestCertificate> certificate) {
        this.folder = folder;
        this.store = store;
        this.listener = listener;
        this.certificate = certificate;
    }

    public static TestServer start() throws IOException {
        return start(S3Settings.defaults());
    }

    public static TestServer start(S3Settings settings) throws IOException {
        return start(settings, InstantSource.system());
    }

    /** @param pace the clock by which the handler finds that work takes long */
    public static TestServer start(S3Settings settings, InstantSource pace) throws IOException {
        return start(settings, pace, Files.createTempDirectory("allod-test"), Optional.empty(), Duration.ofDays(1));
    }

    /** The same with another length of a day of lifecycle rules. */
    public static TestServer startWithLifecycleDay(Duration day) throws IOException {
        Path folder = Files.createTempDirectory("allod-test");
        return start(S3Settings.defaults(), InstantSource.system(), folder, Optional.empty(), day);
    }

    /** The same over TLS, with a certificate of its own. */
    public static TestServer startWithTls() throws IOException {
        Path folder = Files.createTempDirectory("allod-test");
        return start(
                S3Settings.defaults(),
                InstantSource.system(),
                folder,
                Optional.of(TestCertificate.generate(folder)),
                Duration.ofDays(1));
    }

    private static TestServer start(
            S3Settings settings,
            InstantSource pace,
            Path folder,
            Optional<TestCertificate> certificate,
            Duration lifecycleDay)
            throws IOException {
        InstantSource clock = InstantSource.system();
        Store store = StoreOpening.open(
                storeSettings(folder, lifecycleDay), Disk.real(), clock, new SecureRandom(), fault -> {
                    throw new AssertionError("a commit or sync failed", fault);
                });
        addTenant(store, "owner", KEY, SECRET);
        addTenant(store, "other", OTHER_KEY, OTHER_SECRET);
        Credentials credentials = new StoreCredentials(store.tenants(), store.sessions());
        var directory = new StoreDirectory(store.tenants(), store.identities());
        var handler = new S3Handler(store.objects(), new SigV4("s3", credentials, clock), directory, settings, pace);
        var listener = HttpListener.start(
                new Address("127.0.0.1", 0),
                certificate.map(TestCertificate::files),
                HttpLimits.defaults(),
                new StsHandler(new SigV4("sts", credentials, clock), directory, store.sessions(), clock, handler),
                handler.errors());
        return new TestServer(folder, store, listener, certificate);
    }

    private static StoreSettings storeSettings(Path folder, Duration lifecycleDay) {
        return new StoreSettings(
                folder.resolve("data"),
                List.of(folder.resolve("custody")),
                false,
                List.of(),
                CustodyLease.STANDARD,
                Optional.empty(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                lifecycleDay,
                0,
                4096,
                16 << 20,
                Optional.empty(),
                Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "allod-native-test"));
    }

    private static void addTenant(Store store, String name, String key, String secret) throws IOException {
        TenantId tenant = store.tenants().add(ROOT, name).id();
        store.tenants().addKey(ROOT, tenant, new AccessKeyId(key), secret.getBytes(StandardCharsets.UTF_8));
    }

    /** What is served. */
    public Store store() {
        return store;
    }

    /** The bodies of a tenant's events, oldest first, but those of reading them. */
    public List<String> history(int tenant) throws IOException {
        var caller = new Caller(new TenantId(tenant), ROOT, new AccessKeyId(KEY), "local", "test");
        var bodies = new ArrayList<String>();
        long after = 0;
        List<EventRecord> page;
        do {
            page = store.events(caller, after, 1000);
            for (EventRecord event : page) {
                after = event.frame().seq();
                event.opened()
                        .map(opened -> new String(opened.body(), StandardCharsets.UTF_8))
                        .ifPresent(bodies::add);
            }
        } while (page.size() == 1000);
        bodies.removeIf(body -> body.startsWith("{\"type\":\"history.read\""));
        return bodies;
    }

    public URI uri() {
        return URI.create((certificate.isPresent() ? "https://" : "http://") + listener.bound());
    }

    /** The certificate it shows, if it speaks TLS. */
    public Optional<TestCertificate> certificate() {
        return certificate;
    }

    /** A connection of no client library. */
    public Socket connect() throws IOException {
        int port = uri().getPort();
        return certificate.isPresent()
                ? certificate.get().context().getSocketFactory().createSocket("127.0.0.1", port)
                : new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** A client of the first tenant. */
    public S3Client client() {
        return client(KEY, SECRET);
    }

    public S3Client client(String key, String secret) {
        return S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(uri())
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
                .httpClient(httpClient())
                .build();
    }

    private SdkHttpClient httpClient() {
        var builder = UrlConnectionHttpClient.builder();
        certificate.ifPresent(shown -> builder.tlsTrustManagersProvider(shown::trustManagers));
        return builder.build();
    }

    /** Signs requests of the first tenant that no client would make. */
    public RequestSigner signer() {
        return new RequestSigner(
                new AccessKeyId(KEY),
                SECRET.getBytes(StandardCharsets.UTF_8),
                "us-east-1",
                "s3",
                InstantSource.system());
    }

    @Override
    public void close() throws IOException {
        listener.close();
        store.close();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Domains for bucket names in the host. */
    public static S3Settings withDomain() {
        return S3Settings.defaults().withDomains(List.of("localhost"));
    }
}
