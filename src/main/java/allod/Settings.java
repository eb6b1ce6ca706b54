package allod;

import allod.pact.Jurisdiction;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Every setting there is, each with its default. docs/configuration.md holds the same table, which a test compares. */
final class Settings {
    private static final List<Setting<?>> DECLARED = new ArrayList<>();

    static final Setting<Path> DATA =
            setting("data", Shape.path(), "./allod-data", "folder of the map and the blobs; back it up freely");
    static final Setting<String> OPERATOR_NAME = setting(
            "operator.name",
            Shape.partyName(),
            "the operator of this server",
            "who runs this server, as `who-can-read` names it");
    static final Setting<Jurisdiction> OPERATOR_JURISDICTION = setting(
            "operator.jurisdiction",
            Shape.jurisdiction(),
            "",
            "whose law reaches the operator; `who-can-read` says \"not stated\" without it");
    static final Setting<List<Path>> CUSTODY_PATHS = setting(
            "custody.paths",
            Shape.listOf(Shape.path()),
            "./allod-custody",
            "folder of the erasable keys, a list of mirrors on separate disks, never inside `data`; never back it up");
    static final Setting<Config.Assurance> CUSTODY_ASSURANCE = setting(
            "custody.assurance",
            Shape.oneOf(Config.Assurance.class),
            "unstated",
            "what you state about the custody disk; `in-place` says that writes replace old bytes and nothing copies the disk");
    static final Setting<Duration> CUSTODY_LEASE = setting(
            "custody.lease",
            Shape.durationOrNone("1s", "7d"),
            "60s",
            "how long a domain's keys may be used before its custodians are asked again; with `0s` each request asks");
    static final Setting<InetSocketAddress> S3_ADDRESS =
            setting("s3.address", Shape.address(), "127.0.0.1:9000", "where the S3 API listens");
    static final Setting<List<String>> S3_DOMAINS = setting(
            "s3.domains",
            Shape.listOf(Shape.text(
                    "a host name in lower case such as s3.example.org",
                    "(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")),
            "",
            "host names below which every bucket has its own (virtual-host style), a list; path style goes on");
    static final Setting<String> S3_REGION = setting(
            "s3.region",
            Shape.text("a region name such as us-east-1", "[a-z0-9][a-z0-9-]{0,62}"),
            "us-east-1",
            "region of all buckets; signatures for any region are taken");
    static final Setting<InetSocketAddress> PACT_ADDRESS = setting(
            "pact.address", Shape.address(), "127.0.0.1:9001", "where receipts, events, log, metrics and health are");
    static final Setting<Path> TLS_CERTIFICATE =
            setting("tls.certificate", Shape.path(), "", "PEM file with the certificate chain, for both addresses");
    static final Setting<Path> TLS_KEY = setting("tls.key", Shape.path(), "", "PEM file with its private key (PKCS#8)");
    static final Setting<String> LOG_ORIGIN = setting(
            "log.origin",
            Shape.text("a name in one line without spaces or '+' such as log.example.org", "[!-*,-~]{1,200}"),
            "",
            "the log's name for ever, fixed at the first start; by default `allod.local/<installation id>`");
    static final Setting<Duration> LOG_CHECKPOINT_INTERVAL = setting(
            "log.checkpoint-interval",
            Shape.duration("100ms", "1m"),
            "1s",
            "longest time from a commit to the checkpoint that covers it");
    static final Setting<Integer> LIMITS_HEADER_BYTES = setting(
            "limits.header-bytes",
            Shape.smallSize("8KiB", "256KiB"),
            "16KiB",
            "longest request line and headers together");
    static final Setting<Integer> LIMITS_HEADERS =
            setting("limits.headers", Shape.count(50, 10_000), "200", "header fields in a request");
    static final Setting<Duration> LIMITS_HEADER_DEADLINE = setting(
            "limits.header-deadline", Shape.duration("1s", "5m"), "20s", "time for a request's headers to arrive");
    static final Setting<Duration> LIMITS_IDLE = setting(
            "limits.idle", Shape.duration("1s", "1h"), "60s", "a connection without a request is closed after it");
    static final Setting<Integer> LIMITS_MIN_RATE = setting(
            "limits.min-rate",
            Shape.smallSize("1B", "1GiB"),
            "1KiB",
            "bytes a second that a client must send or take during a body");
    static final Setting<Duration> LIMITS_RATE_GRACE = setting(
            "limits.rate-grace", Shape.duration("1s", "5m"), "15s", "time waited for a client before that rate counts");
    static final Setting<Integer> LIMITS_CONNECTIONS =
            setting("limits.connections", Shape.count(1, 1_000_000), "4096", "open connections for each address");
    static final Setting<Integer> LIMITS_CONCURRENT_REQUESTS = setting(
            "limits.concurrent-requests",
            Shape.count(1, 100_000),
            "512",
            "requests carried out at once, for each address");
    static final Setting<Integer> LIMITS_QUEUE = setting(
            "limits.queue",
            Shape.count(0, 1_000_000),
            "512",
            "requests waiting beyond those; the next is answered 503");
    static final Setting<Duration> LIMITS_PATIENCE = setting(
            "limits.patience",
            Shape.duration("1ms", "5m"),
            "5s",
            "longest wait in that queue before the answer is 503");
    static final Setting<Long> SPACE_FLOOR = setting(
            "space.floor", Shape.size("16MiB", "1TiB"), "256MiB", "free space below which content is refused with 507");
    static final Setting<Long> SPACE_RESERVE = setting(
            "space.reserve",
            Shape.size("0B", "1GiB"),
            "16MiB",
            "preallocated in each folder, freed for deletes when the disk is full");
    static final Setting<Duration> ERASE_BACKGROUND_WINDOW = setting(
            "erase.background-window",
            Shape.duration("0s", "1h"),
            "10s",
            "how long overwritten and aborted content waits to be erased together");
    static final Setting<Duration> LIFECYCLE_DAY = setting(
            "lifecycle.day",
            Shape.duration("1s", "24h"),
            "24h",
            "how long a day of lifecycle rules is; shorter ones are for trying rules out");
    static final Setting<Instant> TIME_REACHED = setting(
            "time.reached",
            Shape.day(),
            "",
            "a day that has come, stated where the server stood for over a week and does not believe its clock");
    static final Setting<Long> MEMORY_ROCKSDB = setting(
            "memory.rocksdb",
            Shape.size("16MiB", "1TiB"),
            "128MiB",
            "memory of the metadata engine, outside the Java heap");
    static final Setting<Config.Logging.Format> LOGGING_FORMAT = setting(
            "logging.format",
            Shape.oneOf(Config.Logging.Format.class),
            "text",
            "`text` (key=value) or `json`, one line each on stderr");
    static final Setting<Config.Logging.Level> LOGGING_LEVEL = setting(
            "logging.level",
            Shape.oneOf(Config.Logging.Level.class),
            "info",
            "`error`, `warn`, `info` or `debug`, for our own lines");
    static final Setting<Duration> STOP_GRACE = setting(
            "stop.grace", Shape.duration("1s", "10m"), "30s", "how long a stopping server lets requests finish");

    /** In the order of docs/configuration.md. */
    static final List<Setting<?>> ALL = List.copyOf(DECLARED);

    private Settings() {}

    private static <T> Setting<T> setting(String path, Shape<T> shape, String standard, String meaning) {
        var setting = new Setting<>(path, shape, standard, meaning);
        DECLARED.add(setting);
        return setting;
    }
}
