package allod.keys.transit;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Logs in with a role id and a secret id, renews the token when two thirds of its time are over, and logs in again when
 * it cannot be renewed.
 *
 * @see <a href="https://openbao.org/api-docs/auth/approle/">AppRole, the API</a>
 */
final class AppRoleLogin implements Login {
    private final SecretFile roleId;
    private final SecretFile secretId;
    private final String mount;
    private final TransitHttp.Door door;
    private final InstantSource clock;
    private Optional<Lease> lease = Optional.empty();

    private record Lease(String token, boolean renewable, Instant renewFrom, Instant end) {
        @Override
        public String toString() {
            return "lease until " + end;
        }
    }

    AppRoleLogin(TransitSettings.Credentials.AppRole role, TransitHttp.Door door, InstantSource clock) {
        this.roleId = new SecretFile("role-id-file", role.roleId());
        this.secretId = new SecretFile("secret-id-file", role.secretId());
        this.mount = role.mount();
        this.door = door;
        this.clock = clock;
    }

    @Override
    public synchronized String token() throws IOException {
        Instant now = clock.instant();
        if (lease.isPresent()) {
            Lease held = lease.get();
            if (now.isBefore(held.renewFrom())) {
                return held.token();
            }
            if (held.renewable() && now.isBefore(held.end()) && renew(held)) {
                return lease.orElseThrow().token();
            }
        }
        return logIn();
    }

    /** Another thread may have replaced it already. */
    @Override
    public synchronized boolean replace(String refused) throws IOException {
        if (lease.filter(held -> !held.token().equals(refused)).isEmpty()) {
            logIn();
        }
        return true;
    }

    private String logIn() throws IOException {
        lease = Optional.empty();
        byte[] body = Answer.json(Map.of("role_id", roleId.read(), "secret_id", secretId.read()));
        Answer answer = door.exchange("POST", "auth/" + mount + "/login", body, Optional.empty());
        Lease fresh = answer.member("auth")
                .flatMap(this::leaseOf)
                .orElseThrow(() -> new IOException("its AppRole login was refused: " + answer.shown()));
        lease = Optional.of(fresh);
        return fresh.token();
    }

    private boolean renew(Lease held) throws IOException {
        Answer answer = door.exchange("POST", "auth/token/renew-self", new byte[0], Optional.of(held.token()));
        Optional<Lease> renewed = answer.ok() ? answer.member("auth").flatMap(this::leaseOf) : Optional.empty();
        // At the end of its longest time a token is renewed for less and less: then a new one is better.
        lease = renewed.filter(fresh -> clock.instant().isBefore(fresh.renewFrom()));
        return lease.isPresent();
    }

    private Optional<Lease> leaseOf(JsonNode auth) {
        JsonNode token = auth.get("client_token");
        JsonNode seconds = auth.get("lease_duration");
        JsonNode renewable = auth.get("renewable");
        if (token == null || !token.isString() || token.asString().isEmpty()) {
            return Optional.empty();
        }
        long duration = seconds != null && seconds.isIntegralNumber() ? seconds.asLong(0) : 0;
        Instant now = clock.instant();
        // Zero is a token that does not end.
        Instant end = duration <= 0 ? Instant.MAX : now.plusSeconds(duration);
        Instant renewFrom = duration <= 0 ? Instant.MAX : now.plusMillis(duration * 1000 / 3 * 2);
        boolean mayRenew = renewable != null && renewable.isBoolean() && renewable.asBoolean();
        return Optional.of(new Lease(token.asString(), mayRenew, renewFrom, end));
    }

    @Override
    public List<String> remarks() {
        return Stream.concat(roleId.remarks().stream(), secretId.remarks().stream())
                .toList();
    }
}
