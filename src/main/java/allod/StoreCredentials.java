package allod;

import allod.base.AccessKeyId;
import allod.http.Credentials;
import allod.http.Identity;
import allod.store.Sessions;
import allod.store.Tenants;
import java.util.Optional;

/** Whose keys there are, answered by the store. */
record StoreCredentials(Tenants tenants, Sessions sessions) implements Credentials {
    @Override
    public Optional<Identity> find(AccessKeyId id) {
        return tenants.find(id).map(key -> new Identity(key.tenant(), key.principal(), key.accessKey(), key.secret()));
    }

    @Override
    public Session session(AccessKeyId id, String token) {
        return switch (sessions.find(id, token)) {
            case Sessions.Found.Open(allod.store.Session session) -> new Session.Open(identity(session));
            case Sessions.Found.Invalid() -> new Session.Invalid();
            case Sessions.Found.Expired() -> new Session.Expired();
        };
    }

    private static Identity identity(allod.store.Session session) {
        return new Identity(
                session.tenant(),
                session.principal(),
                session.id(),
                session.secret(),
                Optional.of(new Identity.Session(
                        session.policy(), session.expires(), session.lastingKey(), session.chained())));
    }
}
