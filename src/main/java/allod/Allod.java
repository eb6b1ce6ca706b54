package allod;

import allod.admin.AdminServer;
import allod.base.Disk;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.http.AccessLog;
import allod.http.Address;
import allod.http.Credentials;
import allod.http.Health;
import allod.http.HttpLimits;
import allod.http.HttpListener;
import allod.http.Metrics;
import allod.http.ProblemJson;
import allod.http.SigV4;
import allod.http.SignatureProblem;
import allod.http.TlsFiles;
import allod.keys.CryptoWarmUp;
import allod.keys.ErasableCustodian;
import allod.pact.Party;
import allod.rights.AuthorityFile;
import allod.rights.Custodians;
import allod.rights.PactHandler;
import allod.s3.PolicyCheck;
import allod.s3.S3Handler;
import allod.s3.S3Settings;
import allod.store.Store;
import allod.store.StoreOpening;
import allod.store.StoreSettings;
import allod.sts.StsHandler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: the only place that knows every part. Read {@link #start} downwards. */
public final class Allod implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Allod.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile State state = State.STARTING;
    private final Duration grace;
    private Optional<Store> store = Optional.empty();
    private Addresses addresses = Addresses.NONE;
    private Welcome welcome;

    private enum State {
        STARTING,
        SERVING,
        STOPPING
    }

    /**
     * Where a server listens, with the real ports.
     *
     * @param s3 the S3 API
     * @param pact log, receipts, events, health and metrics
     */
    public record Addresses(Address s3, Address pact) {
        private static final Addresses NONE = new Addresses(new Address("none", 0), new Address("none", 0));
    }

    private Allod(Welcome welcome, Duration grace) {
        this.welcome = welcome;
        this.grace = grace;
    }

    /**
     * Opens the folders, recovers, and serves both addresses.
     *
     * @throws Problem if a folder cannot be used or an address is taken; nothing is left running
     */
    public static Allod start(Config config) {
        return start(config, Disk.real(), InstantSource.system(), Allod::halt);
    }

    /**
     * The same on a disk and a clock of the caller's.
     *
     * @param fatal told when a commit or sync failed and the process must end
     */
    public static Allod start(Config config, Disk disk, InstantSource clock, Consumer<Throwable> fatal) {
        SecureRandom random = new SecureRandom();
        var server = new Allod(Welcome.NONE, config.stopGrace());
        boolean done = false;
        try {
            var remote = new RemoteCustodians(config.custody(), disk, clock, random);
            server.parts.push(remote);
            Store store = StoreOpening.open(storeSettings(config, remote.all()), disk, clock, random, fatal);
            server.parts.push(store);
            server.store = Optional.of(store);
            server.welcome = FirstStart.welcome(config, store, random);
            Credentials credentials = new StoreCredentials(store.tenants(), store.sessions());
            var directory = new StoreDirectory(store.tenants(), store.identities());
            var metrics = new Metrics(clock);
            Optional<TlsFiles> tls = config.tls().map(files -> new TlsFiles(files.certificate(), files.key()));

            metrics.gauges("allod.store", store::metrics);
            SigV4.Refused refused = (source, kind, key) -> {
                metrics.failedAuthentication(source, kind);
                // A request that claims nobody's key is no attempt to be somebody.
                if (kind != SignatureProblem.Kind.MISSING) {
                    store.authenticationFailures().failed(source, kind.name(), key);
                }
            };

            // Before S3 opens and after it closed, the pact address is there to say that the server is not ready.
            var pact = new PactHandler(
                    store,
                    new SigV4("allod", credentials, clock, refused),
                    new Health(List.of(server::unready)),
                    metrics,
                    custodians(config),
                    AuthorityFile.bundled());
            HttpListener pactListener = listen(
                    "--pact",
                    config.pact().address(),
                    address -> HttpListener.start(
                            address, tls, limits(config), pact, new ProblemJson(), new AccessLog("pact", metrics)));
            server.parts.push(pactListener);
            var s3 = new S3Handler(
                    store.objects(),
                    new SigV4("s3", credentials, clock, refused),
                    directory,
                    s3Settings(config),
                    clock);
            var sts = new StsHandler(
                    new SigV4("sts", credentials, clock, refused), directory, store.sessions(), clock, s3);
            HttpListener s3Listener = listen(
                    "--s3",
                    config.s3().address(),
                    address -> HttpListener.start(
                            address, tls, limits(config), sts, s3.errors(), new AccessLog("s3", metrics)));
            server.parts.push(s3Listener);
            var identities = new StoreIdentities(
                    store.tenants(),
                    store.identities(),
                    directory,
                    new PolicyCheck(store.objects().facts(), directory, clock),
                    clock);
            server.parts.push(AdminServer.start(
                    config.data(), runtimeFolder(), new StoreAdministration(store, identities, random)));
            server.addresses = new Addresses(s3Listener.bound(), pactListener.bound());
            server.welcome = server.welcome.at(
                    tls.isPresent() ? "https" : "http", s3Listener.bound(), pactListener.bound(), store);
            server.state = State.SERVING;
            done = true;
        } catch (IOException e) {
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "The server was not started.",
                    "A file or an address could not be used: " + e.getMessage() + ".",
                    "Check the folders' disk and rights, and whether another server has the address.",
                    e);
        } finally {
            if (!done) {
                server.close();
            }
        }
        new CryptoWarmUp(random, clock).start(Duration.ofSeconds(2));
        return server;
    }

    /** The custodian in the custody folder is on the operator's machine, so the operator holds its key. */
    private static Custodians custodians(Config config) {
        var operator = new Party(config.operator().name(), config.operator().jurisdiction());
        Map<String, Party> parties = new HashMap<>();
        config.custody().custodians().forEach(custodian -> parties.put(custodian.id(), custodian.party()));
        parties.put("file", operator);
        return new Custodians(operator, parties);
    }

    private interface Listening {
        HttpListener at(Address address) throws IOException;
    }

    /** Opens an address; where another process has it, says which option to change. */
    private static HttpListener listen(String option, InetSocketAddress where, Listening listening) throws IOException {
        try {
            return listening.at(address(where));
        } catch (IOException e) {
            boolean taken = Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                    .limit(8)
                    .anyMatch(BindException.class::isInstance);
            if (!taken) {
                throw e;
            }
            throw new Problem(
                    Reason.UNUSABLE_FOLDER,
                    "The server was not started.",
                    "The address " + address(where) + " (" + option
                            + ") cannot be had: another process listens there, or" + " it is not this machine's.",
                    "Stop that process, or name another address: " + option + " HOST:PORT; port 0 takes a free one.",
                    e);
        }
    }

    static StoreSettings storeSettings(Config config, List<ErasableCustodian> remote) {
        return new StoreSettings(
                config.data(),
                config.custody().paths(),
                config.custody().assurance() == Config.Assurance.IN_PLACE,
                remote,
                config.custody().lease(),
                config.log().origin(),
                config.log().checkpointInterval(),
                config.erase().backgroundWindow(),
                config.lifecycle().day(),
                config.space().floor(),
                config.space().reserve(),
                config.memory().rocksdb(),
                config.timeReached(),
                nativeFolder());
    }

    /**
     * Where the metadata engine's native library is: beside the jar, so that it is unpacked once and not at every start;
     * else in the user's own cache.
     */
    public static Path nativeFolder() {
        String lib = System.getProperty("allod.native");
        return lib != null ? Path.of(lib) : Path.of(System.getProperty("user.home", "."), ".cache", "allod", "native");
    }

    private static Path runtimeFolder() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        return Path.of(runtime != null && !runtime.isEmpty() ? runtime : System.getProperty("java.io.tmpdir", "/tmp"));
    }

    private static S3Settings s3Settings(Config config) {
        return S3Settings.defaults()
                .withRegion(config.s3().region())
                .withDomains(config.s3().domains());
    }

    private static HttpLimits limits(Config config) {
        Config.Limits limits = config.limits();
        return new HttpLimits(
                limits.headerBytes(),
                limits.headers(),
                limits.headerDeadline(),
                limits.minRate(),
                limits.rateGrace(),
                limits.idle(),
                limits.connections(),
                limits.concurrentRequests(),
                limits.queue(),
                limits.patience(),
                config.stopGrace());
    }

    private static Address address(InetSocketAddress address) {
        return new Address(address.getHostString(), address.getPort());
    }

    /** After a failed sync nothing is known of the disk: the next start finds out what was written. */
    private static void halt(Throwable cause) {
        LOG.error("a commit or sync failed; the process ends so that the next start can find out what stands", cause);
        Runtime.getRuntime().halt(70);
    }

    /** Why requests would fail; empty while they do not. */
    private Optional<String> unready() {
        return switch (state) {
            case STARTING -> Optional.of("The server is starting.");
            case SERVING -> Optional.empty();
            case STOPPING -> Optional.of("The server is stopping.");
        };
    }

    /** Where it listens. */
    public Addresses addresses() {
        return addresses;
    }

    /** What a person is told at the start. */
    public Welcome welcome() {
        return welcome;
    }

    /** Waits until the server has stopped. */
    public void awaitStop() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops: no new request is taken, running ones may finish within the configured grace. */
    @Override
    public void close() {
        synchronized (parts) {
            if (state == State.STOPPING) {
                return;
            }
            state = State.STOPPING;
        }
        store.ifPresent(opened -> opened.stopping(grace.dividedBy(2)));
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("a part did not stop: {}", e.getMessage());
            }
        }
        stopped.countDown();
    }

    /** The actor of what the server does for itself at its first start. */
    static Principal operator() {
        return new Principal("admin/first-start");
    }
}
