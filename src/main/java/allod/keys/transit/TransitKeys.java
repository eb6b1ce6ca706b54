package allod.keys.transit;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The engine's calls, each with what its answers mean. A refusal that is not an answer to the question asked (no token,
 * no mount, sealed, failing) is a {@link Problem} {@code CUSTODIAN_AWAY} with what to do about it: a key that cannot be
 * seen is never taken for a key that is gone.
 *
 * @see <a href="https://openbao.org/api-docs/secret/transit/">Transit secrets engine, the API</a>
 */
final class TransitKeys {
    private static final byte[] NO_BODY = new byte[0];

    private final TransitSettings settings;
    private final TransitHttp http;

    TransitKeys(TransitSettings settings, TransitHttp http) {
        this.settings = settings;
        this.http = http;
    }

    /** A key; empty where the mount is there and says that it has none of this name. */
    Optional<TransitKey> read(String name) {
        Answer answer = http.send("GET", keys(name), NO_BODY, TransitHttp.Repeat.SAFE);
        if (answer.status() == 404 && answer.hasEmptyErrors()) {
            return Optional.empty();
        }
        return Optional.of(key(answer, name));
    }

    /** A key that must be there. */
    TransitKey existing(String name) {
        return read(name).orElseThrow(() -> missing(name));
    }

    /** Makes a key. Asked again it changes nothing, so a lost answer may be asked for again. */
    TransitKey create(String name) {
        byte[] body = Answer.json(Map.of(
                "type",
                TransitKey.TYPE,
                "exportable",
                false,
                "allow_plaintext_backup",
                false,
                "auto_rotate_period",
                "0"));
        return shown(http.send("POST", keys(name), body, TransitHttp.Repeat.SAFE), name);
    }

    /** Makes a new version. Sent again it would make another. */
    TransitKey rotate(String name) {
        return shown(http.send("POST", keys(name) + "/rotate", NO_BODY, TransitHttp.Repeat.ONCE), name);
    }

    /** Sets both minimums, which a trim asks for; the values must be within what the engine takes. */
    void setMinimums(String name, long decryption, long encryption) {
        byte[] body = Answer.json(Map.of("min_decryption_version", decryption, "min_encryption_version", encryption));
        shown(http.send("POST", keys(name) + "/config", body, TransitHttp.Repeat.SAFE), name);
    }

    /** Destroys all versions below this one; what came of it shows only when the key is read again. */
    void trim(String name, long version) {
        byte[] body = Answer.json(Map.of("min_available_version", version));
        shown(http.send("POST", keys(name) + "/trim", body, TransitHttp.Repeat.SAFE), name);
    }

    /** Whether the token may set something that only an administrator should; nothing is changed by asking. */
    boolean maySetExportable(String name) {
        // A key that is not exportable stays so; a token held to the two minimums is refused whatever the value.
        byte[] body = Answer.json(Map.of("exportable", false));
        Answer answer = http.send("POST", keys(name) + "/config", body, TransitHttp.Repeat.SAFE);
        if (answer.status() == 403) {
            return false;
        }
        if (!answer.ok()) {
            throw refused(answer, name);
        }
        return true;
    }

    /** What the token may do on some paths, by path; empty where it may not ask that either. */
    Optional<JsonNode> capabilities(java.util.List<String> paths) {
        byte[] body = Answer.json(Map.of("paths", paths));
        Answer answer = http.send("POST", "sys/capabilities-self", body, TransitHttp.Repeat.SAFE);
        return answer.ok() ? answer.member("data") : Optional.empty();
    }

    /** Encrypts under one version; the ciphertext names it. */
    String encrypt(String name, long version, byte[] plaintext, byte[] aad) {
        byte[] body = body(
                "{\"plaintext\":\"",
                Base64.getEncoder().encode(plaintext),
                "\",\"key_version\":" + version + ",\"associated_data\":\"",
                Base64.getEncoder().encode(aad),
                "\"}");
        try {
            Answer answer = http.send("POST", path("encrypt", name), body, TransitHttp.Repeat.SAFE);
            if (!answer.ok()) {
                throw refused(answer, name);
            }
            String ciphertext = answer.member("data")
                    .map(data -> data.get("ciphertext"))
                    .filter(JsonNode::isString)
                    .map(JsonNode::asString)
                    .orElse("");
            if (versionOf(ciphertext).filter(made -> made == version).isEmpty()) {
                // An absent key is made anew by encrypting with it, at version 1.
                throw strange(name, "it did not encrypt with version " + version + " as it was asked to");
            }
            return ciphertext;
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    /** What came of a decryption. */
    sealed interface Decrypted {
        @SuppressWarnings("ArrayRecordComponent") // a secret, never compared
        record Opened(byte[] secret) implements Decrypted {
            @Override
            public String toString() {
                return "opened";
            }
        }

        /** The version is below a minimum; whether it is destroyed only the key itself shows. */
        record TooOld() implements Decrypted {}

        /** The version was never made, so the server is older than the ciphertext. */
        record TooNew() implements Decrypted {}

        /** The key is there, but the bytes, their label or what they are bound to are not what it made. */
        record Altered(String answer) implements Decrypted {}
    }

    Decrypted decrypt(String name, String ciphertext, byte[] aad) {
        byte[] body = body(
                "{\"ciphertext\":\"",
                ciphertext.getBytes(StandardCharsets.US_ASCII),
                "\",\"associated_data\":\"",
                Base64.getEncoder().encode(aad),
                "\"}");
        Answer answer = http.send("POST", path("decrypt", name), body, TransitHttp.Repeat.SAFE);
        if (answer.status() == 200) {
            Optional<byte[]> secret = answer.secret();
            answer.wipe();
            return new Decrypted.Opened(secret.orElseThrow(() -> strange(name, "it gave no plaintext")));
        }
        String error = answer.error();
        if (answer.status() == 400) {
            if (error.endsWith("(too old)")) {
                return new Decrypted.TooOld();
            }
            if (error.endsWith("version is too new")) {
                return new Decrypted.TooNew();
            }
            if (error.startsWith("cipher: message authentication failed") || error.startsWith("invalid ciphertext")) {
                return new Decrypted.Altered(error);
            }
            if (error.equals("encryption key not found")) {
                throw missing(name);
            }
        }
        throw refused(answer, name);
    }

    /** The version in {@code vault:vN:}, which is how every ciphertext begins; empty if it is not one. */
    static Optional<Long> versionOf(String ciphertext) {
        var matcher = java.util.regex.Pattern.compile("vault:v([1-9][0-9]{0,14}):[A-Za-z0-9+/=]{1,1900}")
                .matcher(ciphertext);
        return matcher.matches() ? Optional.of(Long.parseLong(matcher.group(1))) : Optional.empty();
    }

    /** Why the server cannot be used now; empty if it answers, is unsealed and initialised. */
    Optional<String> unavailable() {
        try {
            Answer answer = http.health();
            // A standby (429, 472, 473) passes requests on to the active node.
            return switch (answer.status()) {
                case 200, 429, 472, 473 -> Optional.empty();
                case 501 -> Optional.of("it is not initialised");
                case 503 -> Optional.of("it is sealed");
                default -> Optional.of("its health answers " + answer.shown());
            };
        } catch (IOException e) {
            String message = e.getMessage();
            return Optional.of(message == null || message.isBlank() ? "no connection" : message);
        }
    }

    /** HashiCorp Vault of some versions answers a change with 204 and nothing, so the key is then read. */
    private TransitKey shown(Answer answer, String name) {
        return answer.status() == 204 ? existing(name) : key(answer, name);
    }

    private TransitKey key(Answer answer, String name) {
        if (answer.status() != 200) {
            throw refused(answer, name);
        }
        JsonNode data = answer.member("data").orElseThrow(() -> strange(name, "its answer holds no key"));
        try {
            return TransitKey.read(data, name);
        } catch (IllegalArgumentException e) {
            throw strange(name, String.valueOf(e.getMessage()));
        }
    }

    private String keys(String name) {
        return path("keys", name);
    }

    String path(String operation, String name) {
        return settings.mount() + "/" + operation + "/" + name;
    }

    private static byte[] body(String before, byte[] first, String between, byte[] second, String after) {
        byte[] b = before.getBytes(StandardCharsets.US_ASCII);
        byte[] m = between.getBytes(StandardCharsets.US_ASCII);
        byte[] a = after.getBytes(StandardCharsets.US_ASCII);
        byte[] body = java.nio.ByteBuffer.allocate(b.length + first.length + m.length + second.length + a.length)
                .put(b)
                .put(first)
                .put(m)
                .put(second)
                .put(a)
                .array();
        Arrays.fill(first, (byte) 0);
        return body;
    }

    private Problem missing(String name) {
        return problem(
                "It says that it has no key " + name + " in mount " + settings.mount()
                        + "; that shows no destruction, for a wrong mount or namespace says the same.",
                "See that mount and namespace are those the key was made in, and that nobody deleted it.");
    }

    Problem strange(String name, String why) {
        return problem(
                "Of key " + name + ", " + why + ".",
                "See what answers at " + settings.address() + " under " + settings.mount() + ".");
    }

    private Problem refused(Answer answer, String name) {
        String next = switch (answer.status()) {
            case 403 ->
                "See that its token lives and has the policy of docs/custody.md for mount " + settings.mount() + ".";
            case 404 -> "See that mount " + settings.mount() + " is there, in the namespace that is set.";
            case 503 -> "Unseal it, or wait until it is ready.";
            case 301, 302, 307, 308 -> "Set its address to the node that it points to; none is followed.";
            default ->
                answer.error().contains("soft-deleted")
                        ? "Restore the soft-deleted key: keys/" + name + "/soft-delete-restore."
                        : "See its own log.";
        };
        return problem("For key " + name + " it answered " + answer.shown() + ".", next);
    }

    /** The custodian is named in why, for that is the sentence which others pass on. */
    Problem problem(String why, String next) {
        return problem(settings.id(), why, next);
    }

    static Problem problem(String custodian, String why, String next) {
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "A custodian did not do what it was asked.",
                "Custodian " + custodian + ": " + Character.toLowerCase(why.charAt(0)) + why.substring(1),
                next);
    }
}
