package allod.http;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;

/**
 * Whose access key it is, with its secret.
 *
 * @param secret the secret access key's characters as UTF-8; never shown
 * @param session of a key that was issued for a time; empty for a lasting one
 */
public record Identity(
        TenantId tenant, Principal principal, AccessKeyId accessKey, byte[] secret, Optional<Session> session) {
    /**
     * What a session token says of its key.
     *
     * @param policy the policy that narrows the session, as JSON; empty text for none
     * @param lastingKey the access key that the session began with: it ends with it
     * @param chained whether it was begun with another session of a role
     */
    public record Session(String policy, Instant expires, AccessKeyId lastingKey, boolean chained) {}

    public Identity {
        secret = secret.clone();
    }

    /** A lasting key. */
    public Identity(TenantId tenant, Principal principal, AccessKeyId accessKey, byte[] secret) {
        this(tenant, principal, accessKey, secret, Optional.empty());
    }

    @Override
    public byte[] secret() {
        return secret.clone();
    }

    SigningKey signingKey(String date, String region, String service) {
        return SigningKey.derive(secret, date, region, service);
    }

    @Override
    public boolean equals(Object other) {
        return other
                        instanceof
                        Identity(var otherTenant, var otherPrincipal, var otherKey, var otherSecret, var otherSession)
                && tenant.equals(otherTenant)
                && principal.equals(otherPrincipal)
                && accessKey.equals(otherKey)
                && session.equals(otherSession)
                && MessageDigest.isEqual(secret, otherSecret);
    }

    @Override
    public int hashCode() {
        return accessKey.hashCode();
    }

    @Override
    public String toString() {
        return "Identity[tenant=" + tenant + ", principal=" + principal + ", accessKey=" + accessKey + "]";
    }
}
