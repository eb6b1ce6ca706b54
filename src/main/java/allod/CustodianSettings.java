package allod;

import allod.pact.Jurisdiction;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What may be set of each custodian, below {@code custody.custodians.NAME}. */
final class CustodianSettings {
    /** The section that holds a section for each custodian. */
    static final String SECTION = "custody.custodians";

    /** A custodian's name: it stands in every root record and receipt, and in a file's name. */
    static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    /** The sorts there are; {@code file} is there without being set. */
    enum Kind {
        TRANSIT,
        PKCS11
    }

    private static final List<Setting<?>> DECLARED = new ArrayList<>();

    static final Setting<Kind> KIND =
            setting("kind", Shape.oneOf(Kind.class), "", "`transit` for OpenBao or Vault, `pkcs11` for a token");
    static final Setting<String> PARTY = setting(
            "party",
            Shape.partyName(),
            "",
            "who administers it, as `who-can-read` names them; the operator if not set");
    static final Setting<Jurisdiction> JURISDICTION =
            setting("jurisdiction", Shape.jurisdiction(), "", "whose law reaches that party");

    private static final int COMMON = DECLARED.size();

    static final Setting<URI> ADDRESS =
            setting("address", Shape.serverAddress(), "", "where the server is; `http` only for this machine itself");
    static final Setting<String> MOUNT = setting(
            "mount",
            Shape.text("a path such as transit", "[A-Za-z0-9_][A-Za-z0-9_./-]{0,126}[A-Za-z0-9_]|[A-Za-z0-9_]"),
            "transit",
            "where the transit engine is mounted");
    static final Setting<String> KEY_PREFIX = setting(
            "key-prefix",
            Shape.text("letters, digits, _ and - such as allod-", "[A-Za-z0-9_][A-Za-z0-9_-]{0,63}"),
            "allod-",
            "what the names of this server's keys begin with");
    static final Setting<String> NAMESPACE = setting(
            "namespace",
            Shape.text("a namespace such as team/storage", "[A-Za-z0-9_-][A-Za-z0-9_./-]{0,126}"),
            "",
            "the namespace that holds the mount");
    static final Setting<Path> TOKEN_FILE =
            setting("token-file", Shape.path(), "", "file with the token alone in it; read again when it changes");
    static final Setting<Path> ROLE_ID_FILE =
            setting("role-id-file", Shape.path(), "", "file with an AppRole's role id, instead of a token");
    static final Setting<Path> SECRET_ID_FILE =
            setting("secret-id-file", Shape.path(), "", "file with the secret id of that role");
    static final Setting<String> APPROLE_MOUNT = setting(
            "approle-mount",
            Shape.text("a path such as approle", "[A-Za-z0-9_-]{1,64}"),
            "approle",
            "where the AppRole method is enabled");
    static final Setting<Path> CA_FILE =
            setting("ca-file", Shape.path(), "", "PEM file with the certificates to trust instead of the system's");
    static final Setting<Duration> TIMEOUT =
            setting("timeout", Shape.duration("100ms", "1m"), "2s", "longest wait to connect, and again for an answer");
    static final Setting<Boolean> NO_OLDER_COPIES = setting(
            "no-older-copies",
            Shape.flag(),
            "false",
            "what you state of the server: that no snapshots, replicas, backups or disk images of it are kept");

    private static final int TRANSIT = DECLARED.size();

    static final Setting<Path> LIBRARY = setting("library", Shape.path(), "", "the module's shared library");
    static final Setting<String> TOKEN = setting(
            "token", Shape.text("a token's label of at most 32 characters", "[!-~][ -~]{0,31}"), "", "its label");
    static final Setting<Path> PIN_FILE = setting("pin-file", Shape.path(), "", "file with the user's PIN alone in it");
    static final Setting<Boolean> VALIDATED = setting(
            "validated",
            Shape.flag(),
            "false",
            "what you state of the token: that it is a validated hardware module that zeroizes and keeps no backup");

    /** In the order of docs/configuration.md. */
    static final List<Setting<?>> ALL = List.copyOf(DECLARED);

    private CustodianSettings() {}

    /** Those that a sort of custodian takes. */
    static List<Setting<?>> of(Kind kind) {
        List<Setting<?>> common = ALL.subList(0, COMMON);
        List<Setting<?>> own = switch (kind) {
            case TRANSIT -> ALL.subList(COMMON, TRANSIT);
            case PKCS11 -> ALL.subList(TRANSIT, ALL.size());
        };
        return Stream.concat(common.stream(), own.stream()).toList();
    }

    private static <T> Setting<T> setting(String path, Shape<T> shape, String standard, String meaning) {
        var setting = new Setting<>(path, shape, standard, meaning);
        DECLARED.add(setting);
        return setting;
    }
}
