package allod.http;

import allod.base.AccessKeyId;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signing keys derived of late. Only those that a right signature was made with are kept, so nobody without a secret can
 * fill the table; a changed secret is noticed.
 */
final class SigningKeys {
    static final int LIMIT = 1024;

    private record Name(AccessKeyId accessKey, String date, String region) {}

    private record Kept(Identity identity, SigningKey key) {}

    private final String service;
    private final ConcurrentHashMap<Name, Kept> kept = new ConcurrentHashMap<>();

    SigningKeys(String service) {
        this.service = service;
    }

    SigningKey of(Identity identity, Scope scope) {
        Kept found = kept.get(name(identity, scope));
        return found != null && isSame(found.identity(), identity)
                ? found.key()
                : identity.signingKey(scope.date(), scope.region(), service);
    }

    void keep(Identity identity, Scope scope, SigningKey key) {
        Name name = name(identity, scope);
        Kept found = kept.get(name);
        if (found != null && found.key() == key) {
            return;
        }
        if (kept.size() >= LIMIT) {
            kept.clear();
        }
        kept.put(name, new Kept(identity, key));
    }

    int size() {
        return kept.size();
    }

    private static Name name(Identity identity, Scope scope) {
        return new Name(identity.accessKey(), scope.date(), scope.region());
    }

    @SuppressWarnings("ReferenceEquality") // the usual case, without comparing secrets
    private static boolean isSame(Identity a, Identity b) {
        return a == b || a.equals(b);
    }
}
