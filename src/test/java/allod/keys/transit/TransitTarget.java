package allod.keys.transit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The server that transit tests talk to: the stand-in, or a real one named by {@code ./build custodians}. Tests see to it
 * over the same API, as its administrator, and each takes a mount of its own.
 */
public final class TransitTarget implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Optional<StandInTransit> standIn;
    private final URI address;
    private final String adminToken;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String suffix = UUID.randomUUID().toString().substring(0, 8);

    private TransitTarget(Optional<StandInTransit> standIn, URI address, String adminToken) {
        this.standIn = standIn;
        this.address = address;
        this.adminToken = adminToken;
    }

    /** The real server where one is named, else a stand-in. */
    public static TransitTarget named() {
        String url = System.getProperty("allod.transit.address", "");
        return url.isEmpty() ? standIn() : new TransitTarget(Optional.empty(), URI.create(url), adminTokenNamed());
    }

    public static TransitTarget standIn() {
        StandInTransit server = new StandInTransit();
        return new TransitTarget(Optional.of(server), server.address(), StandInTransit.ROOT_TOKEN);
    }

    private static String adminTokenNamed() {
        try {
            return Files.readString(Path.of(System.getProperty("allod.transit.token-file")))
                    .strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StandInTransit server() {
        return standIn.orElseThrow();
    }

    /** Makes the stand-in refuse everything, as a server does whose owner sealed it, or takes that back. */
    public void seal(boolean sealed) {
        server().sealed = sealed;
    }

    /** How the stand-in lies about a trim from now on. */
    public enum TrimLie {
        NONE,
        /** It raises min_decryption_version and keeps what it should have trimmed. */
        HIDES,
        /** It shows the version as trimmed, and decrypts it all the same. */
        KEEPS
    }

    public void lie(TrimLie lie) {
        server().lie = StandInTransit.Lie.valueOf(lie.name());
    }

    /** All of the stand-in's keys as they are now: running it puts them back, as a restored snapshot does. */
    public Runnable snapshot() {
        var keys = server().snapshot();
        return () -> server().goBackTo(keys);
    }

    /** A custodian of this mount whose operator states that no older copies are kept; its files stand in the folder. */
    public TransitCustodian custodian(String mount, Path folder) {
        return custodian(mount, folder, folder);
    }

    /** The same, with what it remembers in another folder. */
    public TransitCustodian custodian(String mount, Path folder, Path memory) {
        try {
            Files.writeString(folder.resolve("token"), token(mount));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return TransitSetUp.custodian(TransitSetUp.settings(this, mount, folder, true), memory);
    }

    public URI address() {
        return address;
    }

    String adminToken() {
        return adminToken;
    }

    /** A name that no other run of the tests uses. */
    String unique(String name) {
        return name + "-" + suffix;
    }

    /** An answer as it came. */
    record Raw(int status, JsonNode body) {
        String error() {
            return body.path("errors").path(0).asString("");
        }
    }

    Raw ask(Optional<String> token, Optional<String> namespace, String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        token.ifPresent(value -> request.header("X-Vault-Token", value));
        namespace.ifPresent(value -> request.header("X-Vault-Namespace", value));
        try {
            HttpResponse<String> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            String text = response.body();
            return new Raw(response.statusCode(), text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Raw admin(String method, String path, String body) {
        return ask(Optional.of(adminToken), Optional.empty(), method, path, body);
    }

    /** As an administrator, and it must work. */
    Raw must(String method, String path, String body) {
        Raw raw = admin(method, path, body);
        if (raw.status() / 100 != 2) {
            throw new IllegalStateException(method + " " + path + " answered " + raw);
        }
        return raw;
    }

    /** Mounts the engine, and a token with the policy that docs/custody.md gives for it. */
    public String mount(String name) {
        String mount = unique(name);
        must("POST", "sys/mounts/" + mount, "{\"type\": \"transit\"}");
        must(
                "POST",
                "sys/policies/acl/" + mount,
                JSON.writeValueAsString(java.util.Map.of("policy", documentedPolicy(mount))));
        return mount;
    }

    /** A token that may do what the policy of this mount lets it. */
    public String token(String mount) {
        return must("POST", "auth/token/create", "{\"policies\": [\"" + mount + "\"], \"ttl\": \"1h\"}")
                .body()
                .path("auth")
                .path("client_token")
                .asString();
    }

    /** The policy in docs/custody.md, for a mount of another name. */
    static String documentedPolicy(String mount) {
        try {
            String page = Files.readString(Path.of("docs/custody.md"));
            var block = Pattern.compile("```hcl\n(.*?)```", Pattern.DOTALL).matcher(page);
            if (!block.find()) {
                throw new IllegalStateException("docs/custody.md holds no policy");
            }
            return block.group(1).replace("\"allod/", "\"" + mount + "/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        standIn.ifPresent(StandInTransit::close);
        client.shutdownNow();
    }
}
