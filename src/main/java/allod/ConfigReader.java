package allod;

import allod.base.AccessKeyId;
import allod.base.Problem;
import allod.base.Reason;
import allod.pact.Party;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the sources of settings on top of each other and reads each value by its shape. */
final class ConfigReader {
    /** Stands between the elements of a list; no path holds it. */
    static final String BETWEEN = "\0";

    private static final String ACCESS_KEY = "ALLOD_ACCESS_KEY";
    private static final String SECRET_KEY = "ALLOD_SECRET_KEY";

    /** Variables within this edit distance of a known one are taken for mistakes; others are somebody else's. */
    private static final int MISTAKE = 2;

    /** The settings that are lists, written on one line with commas between. */
    private static final Set<String> LISTS = Set.of(Settings.CUSTODY_PATHS.path(), Settings.S3_DOMAINS.path());

    /** Most mirrors of the custody folder. */
    private static final int MIRRORS = 16;

    private final Map<String, String> environment;
    private final Map<String, Given> given = new HashMap<>();

    ConfigReader(Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
        this.environment = environment;
        file.ifPresent(path -> given.putAll(YamlFile.read(path)));
        refuseMistypedVariables();
        for (var setting : Settings.ALL) {
            onOneLine(setting, environment.get(setting.variable()), "the environment's " + setting.variable());
            onOneLine(setting, flags.get(setting.path()), "the command line's " + setting.path());
        }
    }

    private void onOneLine(Setting<?> setting, @Nullable String text, String where) {
        if (text != null) {
            boolean list = LISTS.contains(setting.path());
            given.put(setting.path(), new Given(list ? text.replace(",", BETWEEN) : text, where));
        }
    }

    Config read() {
        var config = new Config(
                get(Settings.DATA),
                new Config.Operator(get(Settings.OPERATOR_NAME), maybe(Settings.OPERATOR_JURISDICTION)),
                new Config.Custody(
                        get(Settings.CUSTODY_PATHS),
                        get(Settings.CUSTODY_ASSURANCE),
                        custodians(),
                        get(Settings.CUSTODY_LEASE)),
                new Config.S3(
                        get(Settings.S3_ADDRESS),
                        maybe(Settings.S3_DOMAINS).orElse(List.of()),
                        get(Settings.S3_REGION)),
                new Config.Pact(get(Settings.PACT_ADDRESS)),
                tls(),
                new Config.Log(maybe(Settings.LOG_ORIGIN), get(Settings.LOG_CHECKPOINT_INTERVAL)),
                new Config.Limits(
                        get(Settings.LIMITS_HEADER_BYTES),
                        get(Settings.LIMITS_HEADERS),
                        get(Settings.LIMITS_HEADER_DEADLINE),
                        get(Settings.LIMITS_IDLE),
                        get(Settings.LIMITS_MIN_RATE),
                        get(Settings.LIMITS_RATE_GRACE),
                        get(Settings.LIMITS_CONNECTIONS),
                        get(Settings.LIMITS_CONCURRENT_REQUESTS),
                        get(Settings.LIMITS_QUEUE),
                        get(Settings.LIMITS_PATIENCE)),
                new Config.Space(get(Settings.SPACE_FLOOR), get(Settings.SPACE_RESERVE)),
                new Config.Erase(get(Settings.ERASE_BACKGROUND_WINDOW)),
                new Config.Lifecycle(get(Settings.LIFECYCLE_DAY)),
                new Config.Memory(get(Settings.MEMORY_ROCKSDB)),
                new Config.Logging(get(Settings.LOGGING_FORMAT), get(Settings.LOGGING_LEVEL)),
                firstKey(),
                maybe(Settings.TIME_REACHED),
                get(Settings.STOP_GRACE));
        checkFolders(config.data(), config.custody().paths());
        return config;
    }

    private List<Config.Custodian> custodians() {
        var operator = new Party(get(Settings.OPERATOR_NAME), maybe(Settings.OPERATOR_JURISDICTION));
        return new CustodianReader(given, operator).read();
    }

    private <T> T get(Setting<T> setting) {
        var value = given.getOrDefault(setting.path(), new Given(setting.standard(), "the default"));
        return setting.shape()
                .parse(value.text())
                .orElseThrow(() -> new Problem(
                        Reason.INVALID_ARGUMENT,
                        value.where() + ": " + setting.path() + " is not valid.",
                        "Its value is " + shown(value.text()) + ".",
                        "Expected " + setting.shape().expected() + "."));
    }

    private <T> Optional<T> maybe(Setting<T> setting) {
        return given.containsKey(setting.path()) ? Optional.of(get(setting)) : Optional.empty();
    }

    static String shown(String text) {
        return text.isEmpty() ? "empty" : "'" + text.replace(BETWEEN, ", ") + "'";
    }

    private Optional<Config.Tls> tls() {
        var certificate = maybe(Settings.TLS_CERTIFICATE);
        var key = maybe(Settings.TLS_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "TLS is set only in part.",
                    "One of tls.certificate and tls.key is missing.",
                    "Set both, or neither.");
        }
        return certificate.flatMap(path -> key.map(secret -> new Config.Tls(path, secret)));
    }

    private Optional<Config.FirstKey> firstKey() {
        var id = environment.get(ACCESS_KEY);
        var secret = environment.get(SECRET_KEY);
        if (id == null && secret == null) {
            return Optional.empty();
        }
        if (id == null || secret == null || !AccessKeyId.isValid(id) || secret.length() < 16 || secret.length() > 128) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The environment's first key pair is not valid.",
                    "It takes both " + ACCESS_KEY + ", 3 to 128 letters, digits, '.', '-' or '_', and " + SECRET_KEY
                            + ", 16 to 128 characters.",
                    "Set both, or neither to have a pair drawn.");
        }
        return Optional.of(new Config.FirstKey(new AccessKeyId(id), secret));
    }

    private static void checkFolders(Path data, List<Path> custody) {
        if (custody.size() > MIRRORS) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "custody.paths names " + custody.size() + " folders.",
                    "The custody folder has at most " + MIRRORS + " mirrors.",
                    "Name fewer.");
        }
        List<Path> folders = new ArrayList<>();
        folders.add(data.toAbsolutePath().normalize());
        for (Path mirror : custody) {
            Path folder = mirror.toAbsolutePath().normalize();
            for (Path other : folders) {
                requireApart(folder, other, other.equals(folders.getFirst()));
            }
            folders.add(folder);
        }
    }

    private static void requireApart(Path folder, Path other, boolean isData) {
        if (folder.startsWith(other) || other.startsWith(folder)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The folders " + other + " and " + folder + " lie in one another.",
                    isData
                            ? "A copy of the data would take the erasable keys along and undo every erasure."
                            : "Mirrors of the custody folder are of use only where one can be lost without the other.",
                    "Name separate folders with data and custody.paths.");
        }
    }

    /** A variable of ours with a slip in it is refused; a name far from all of ours may be anybody's. */
    private void refuseMistypedVariables() {
        var known = Settings.ALL.stream().map(Setting::variable).toList();
        for (String name : environment.keySet()) {
            if (!name.startsWith("ALLOD_") || known.contains(name)) {
                continue;
            }
            String nearest = Nearest.to(name, known);
            if (Nearest.distance(name, nearest) <= MISTAKE) {
                throw new Problem(
                        Reason.INVALID_ARGUMENT,
                        "The environment's " + name + " is not a setting.",
                        "Nothing would read it.",
                        "The nearest is " + nearest + "; docs/configuration.md lists all.");
            }
        }
    }
}
