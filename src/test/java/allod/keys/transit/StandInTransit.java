package allod.keys.transit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that answers as OpenBao 2.6.2 was seen to answer: the part of its API that a custodian and its administrator
 * use, with the same statuses and words. {@code TransitAnswersTest} says so of it, and of a real server when it is run
 * against one. It can also lie, go back to what it was, fail and dawdle.
 */
public final class StandInTransit implements AutoCloseable {
    static final String ROOT_TOKEN = "root-token-of-the-stand-in";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** How it lies about a trim. */
    enum Lie {
        NONE,
        /** It says that it trimmed, and only hides. */
        HIDES,
        /** It shows the version as trimmed, and decrypts it all the same. */
        KEEPS
    }

    private final HttpServer server;
    private final Map<String, Map<String, Map<String, StandInKey>>> namespaces = new TreeMap<>();
    private final Map<String, String> policies = new HashMap<>();
    private final Map<String, List<String>> tokens = new HashMap<>();
    private final Map<String, StandInKey> backups = new HashMap<>();
    private final Map<String, JsonNode> roles = new HashMap<>();
    private final Map<String, String> roleOf = new HashMap<>();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger logins = new AtomicInteger();
    final AtomicInteger renewals = new AtomicInteger();

    volatile Lie lie = Lie.NONE;
    volatile boolean sealed;

    /** The status of the next answers, as many as {@link #failures} says. */
    volatile int failWith;

    final AtomicInteger failures = new AtomicInteger();

    /** Only requests to paths that end so fail. */
    volatile String failAt = "";

    /** Answers are cut off unsent after the work is done, as many as this. */
    final AtomicInteger losses = new AtomicInteger();

    volatile long delayMillis;
    volatile int padding;

    public StandInTransit() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        namespaces.put("", new TreeMap<>());
        tokens.put(ROOT_TOKEN, List.of("root"));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** All keys as they are now, for {@link #goBackTo}. */
    synchronized Map<String, Map<String, StandInKey>> snapshot() {
        return copied(Objects.requireNonNull(namespaces.get("")));
    }

    /** What it only showed is no longer shown. */
    synchronized void tellTheTruth() {
        namespaces
                .values()
                .forEach(mounts ->
                        mounts.values().forEach(keys -> keys.values().forEach(key -> key.shownAvailable = 0)));
    }

    synchronized void goBackTo(Map<String, Map<String, StandInKey>> snapshot) {
        namespaces.put("", copied(snapshot));
    }

    private static Map<String, Map<String, StandInKey>> copied(Map<String, Map<String, StandInKey>> mounts) {
        Map<String, Map<String, StandInKey>> copy = new TreeMap<>();
        mounts.forEach((mount, keys) -> {
            Map<String, StandInKey> inner = new TreeMap<>();
            keys.forEach((name, key) -> inner.put(name, key.copy()));
            copy.put(mount, inner);
        });
        return copy;
    }

    private record Reply(int status, @Nullable Object body) {
        static Reply data(Object data) {
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            body.put("request_id", UUID.randomUUID().toString());
            body.put("data", data);
            body.put("auth", null);
            return new Reply(200, body);
        }

        static Reply done() {
            return new Reply(204, null);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] sent = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        Reply reply;
        try {
            if (delayMillis > 0) {
                Thread.sleep(delayMillis);
            }
            if (path.endsWith(failAt) && failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                reply = new Reply(failWith, Map.of("errors", List.of("injected")));
            } else {
                reply = answer(exchange, path.substring("/v1/".length()), sent);
            }
        } catch (StandInKey.Refused e) {
            reply = new Reply(e.status, Map.of("errors", List.of(String.valueOf(e.getMessage()))));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (losses.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            exchange.close();
            return;
        }
        byte[] body = reply.body() == null ? new byte[0] : JSON.writeValueAsBytes(reply.body());
        body = Arrays.copyOf(body, body.length + padding);
        Arrays.fill(body, body.length - padding, body.length, (byte) ' ');
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private synchronized Reply answer(HttpExchange exchange, String fullPath, byte[] sent) {
        String method = exchange.getRequestMethod().equals("PUT") ? "POST" : exchange.getRequestMethod();
        if (fullPath.equals("sys/health")) {
            return new Reply(sealed ? 503 : 200, Map.of("initialized", true, "sealed", sealed, "version", "2.6.2"));
        }
        if (sealed) {
            throw new StandInKey.Refused(503, "Vault is sealed");
        }
        String namespace =
                strip(Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Vault-Namespace"), ""));
        String path = fullPath;
        String first = path.contains("/") ? path.substring(0, path.indexOf('/')) : path;
        if (namespace.isEmpty() && namespaces.containsKey(first)) {
            namespace = first;
            path = path.substring(first.length() + 1);
        }
        Map<String, Map<String, StandInKey>> mounts = namespaces.get(namespace);
        if (mounts == null) {
            throw new StandInKey.Refused(404, "namespace not found");
        }
        JsonNode body = parse(sent);
        if (path.equals("auth/approle/login")) {
            return login(body);
        }
        List<String> granted = granted(exchange);
        return path.startsWith("sys/") || path.startsWith("auth/")
                ? administer(path, body, granted, mounts, token(exchange))
                : transit(method, path, body, granted, mounts);
    }

    private static String strip(String name) {
        return name.replaceAll("^/+|/+$", "");
    }

    private static JsonNode parse(byte[] sent) {
        if (sent.length == 0) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(sent);
        } catch (JacksonException e) {
            throw StandInKey.bad("failed to decode JSON input: unexpected EOF");
        }
    }

    private static String token(HttpExchange exchange) {
        String bearer = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
        return Objects.requireNonNullElse(
                exchange.getRequestHeaders().getFirst("X-Vault-Token"), bearer.replace("Bearer ", ""));
    }

    private List<String> granted(HttpExchange exchange) {
        List<String> granted = tokens.get(token(exchange));
        if (granted == null) {
            throw new StandInKey.Refused(403, "permission denied");
        }
        return granted;
    }

    private void require(List<String> granted, String capability, String path, JsonNode body) {
        boolean may = granted.contains("root")
                || granted.stream()
                        .map(name -> new StandInPolicy(policies.getOrDefault(name, "")))
                        .anyMatch(policy -> policy.allows(capability, path, body));
        if (!may) {
            throw new StandInKey.Refused(403, "1 error occurred:\n\t* permission denied\n\n");
        }
    }

    private Reply administer(
            String path,
            JsonNode body,
            List<String> granted,
            Map<String, Map<String, StandInKey>> mounts,
            String token) {
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (path.equals("sys/capabilities-self")) {
            Map<String, Object> all = new LinkedHashMap<>();
            for (JsonNode one : body.get("paths")) {
                all.put(one.asString(), capabilities(granted, one.asString()));
            }
            return Reply.data(all);
        }
        if (path.equals("auth/token/renew-self")) {
            renewals.incrementAndGet();
            return auth(token, role(token));
        }
        require(granted, "sudo", path, body);
        if (path.startsWith("sys/mounts/")) {
            if (mounts.putIfAbsent(last, new TreeMap<>()) != null) {
                throw StandInKey.bad("path is already in use at " + last + "/");
            }
            return Reply.done();
        }
        if (path.startsWith("sys/namespaces/")) {
            namespaces.put(last, new TreeMap<>());
            return Reply.data(Map.of("path", last + "/"));
        }
        if (path.startsWith("sys/policies/acl/")) {
            policies.put(last, body.get("policy").asString());
            return Reply.done();
        }
        if (path.equals("sys/seal")) {
            sealed = true;
            return Reply.done();
        }
        if (path.equals("auth/token/create")) {
            List<String> names =
                    body.get("policies").valueStream().map(JsonNode::asString).toList();
            return auth(newToken(names), body);
        }
        if (path.equals("auth/token/revoke")) {
            tokens.remove(body.get("token").asString());
            return Reply.done();
        }
        if (path.endsWith("/role-id")) {
            return Reply.data(Map.of("role_id", "role-" + path.split("/", -1)[3]));
        }
        if (path.endsWith("/secret-id")) {
            return Reply.data(Map.of("secret_id", "secret-" + path.split("/", -1)[3]));
        }
        if (path.startsWith("auth/approle/role/")) {
            roles.put(last, body);
        }
        return Reply.done();
    }

    private List<String> capabilities(List<String> granted, String path) {
        if (granted.contains("root")) {
            return List.of("root");
        }
        List<String> all = granted.stream()
                .flatMap(name -> new StandInPolicy(policies.getOrDefault(name, "")).capabilities(path).stream())
                .distinct()
                .toList();
        return all.isEmpty() ? List.of("deny") : all;
    }

    private String newToken(List<String> names) {
        String token = "s." + UUID.randomUUID();
        tokens.put(token, names);
        return token;
    }

    private JsonNode role(String token) {
        return Objects.requireNonNullElse(
                roles.get(Objects.requireNonNullElse(roleOf.get(token), "")), JSON.createObjectNode());
    }

    private Reply login(JsonNode body) {
        String role = body.path("role_id").asString("").replaceFirst("^role-", "");
        JsonNode settings = roles.get(role);
        if (settings == null || !body.path("secret_id").asString("").equals("secret-" + role)) {
            throw StandInKey.bad("invalid role or secret ID");
        }
        logins.incrementAndGet();
        String token = newToken(settings.get("token_policies")
                .valueStream()
                .map(JsonNode::asString)
                .toList());
        roleOf.put(token, role);
        return auth(token, settings);
    }

    private static Reply auth(String token, JsonNode settings) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("data", null);
        body.put(
                "auth",
                Map.of(
                        "client_token",
                        token,
                        "lease_duration",
                        settings.path("token_ttl").asInt(3600),
                        "renewable",
                        true));
        return new Reply(200, body);
    }

    private Reply transit(
            String method,
            String path,
            JsonNode body,
            List<String> granted,
            Map<String, Map<String, StandInKey>> mounts) {
        String[] parts = path.split("/", -1);
        Map<String, StandInKey> keys = mounts.get(parts[0]);
        if (keys == null) {
            throw new StandInKey.Refused(404, "no handler for route \"" + path + "\". route entry not found.");
        }
        String operation = parts.length > 3 && parts[1].equals("keys") ? parts[3] : parts[1];
        String name = parts.length > 2 ? parts[2].equals("encryption-key") ? parts[3] : parts[2] : "";
        StandInKey key = keys.get(name);
        String capability = switch (method) {
            case "GET" -> "read";
            case "DELETE" -> "delete";
            default -> operation.equals("encrypt") && key == null ? "create" : "update";
        };
        require(granted, capability, path, body);
        return switch (operation) {
            case "keys" -> keysPath(method, name, key, body, keys);
            case "encrypt" -> {
                StandInKey used = key == null ? keys.computeIfAbsent(name, StandInKey::new) : key;
                String ciphertext = used.encrypt(body);
                int version = Integer.parseInt(ciphertext.substring(7, ciphertext.indexOf(':', 7)));
                yield Reply.data(Map.of("ciphertext", ciphertext, "key_version", version));
            }
            case "decrypt" -> {
                if (key == null) {
                    throw StandInKey.bad("encryption key not found");
                }
                yield Reply.data(Map.of("plaintext", Base64.getEncoder().encodeToString(key.decrypt(body, lie))));
            }
            case "export" -> {
                if (!present(key).exportable) {
                    throw StandInKey.bad("private key material is not exportable");
                }
                yield Reply.data(Map.of("name", name));
            }
            case "backup" -> backup(present(key));
            case "restore" -> {
                restore(name, key, body, keys);
                yield Reply.done();
            }
            default -> keyPath(method, operation, key, body);
        };
    }

    private static StandInKey present(@Nullable StandInKey key) {
        if (key == null) {
            throw StandInKey.bad("invalid key name");
        }
        return key;
    }

    private static Reply keysPath(
            String method, String name, @Nullable StandInKey key, JsonNode body, Map<String, StandInKey> keys) {
        if (method.equals("GET")) {
            return key == null ? new Reply(404, Map.of("errors", List.of())) : Reply.data(key.shown());
        }
        if (method.equals("DELETE")) {
            if (!present(key).deletionAllowed) {
                throw StandInKey.bad("error deleting policy " + name + ": deletion is not allowed for this key");
            }
            keys.remove(name);
            return Reply.done();
        }
        if (key != null) {
            return Reply.data(key.shown());
        }
        StandInKey made = new StandInKey(name);
        made.type = body.path("type").asString(made.type);
        made.exportable = body.path("exportable").asBoolean(false);
        made.plaintextBackup = body.path("allow_plaintext_backup").asBoolean(false);
        keys.put(name, made);
        return Reply.data(made.shown());
    }

    private Reply keyPath(String method, String operation, @Nullable StandInKey key, JsonNode body) {
        if (operation.equals("trim") && method.equals("GET")) {
            throw new StandInKey.Refused(405, "1 error occurred:\n\t* unsupported operation\n\n");
        }
        switch (operation) {
            case "rotate" -> present(key).rotate();
            case "config" -> present(key).configure(body);
            case "trim" -> present(key).trim(body, lie);
            case "soft-delete" -> present(key).softDeleted = true;
            case "soft-delete-restore" -> present(key).softDeleted = false;
            default -> throw new StandInKey.Refused(404, "1 error occurred:\n\t* unsupported path\n\n");
        }
        return Reply.data(present(key).shown());
    }

    private Reply backup(StandInKey key) {
        if (!key.exportable || !key.plaintextBackup) {
            throw new StandInKey.Refused(500, "1 error occurred:\n\t* exporting is disallowed on the policy\n\n");
        }
        key.backedUp = true;
        String id =
                Base64.getEncoder().encodeToString(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
        backups.put(id, key.copy());
        return Reply.data(Map.of("backup", id));
    }

    private void restore(String name, @Nullable StandInKey key, JsonNode body, Map<String, StandInKey> keys) {
        if (key != null && !body.path("force").asBoolean(false)) {
            throw new StandInKey.Refused(500, "1 error occurred:\n\t* key \"" + name + "\" already exists\n\n");
        }
        StandInKey restored = Objects.requireNonNull(
                        backups.get(body.get("backup").asString()))
                .copy();
        restored.restored = true;
        keys.put(name, restored);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
