package allod.http;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import java.security.MessageDigest;

/**
 * Whose access key it is, with its secret.
 *
 * @param secret the secret access key's characters as UTF-8; never shown
 */
public record Identity(TenantId tenant, Principal principal, AccessKeyId accessKey, byte[] secret) {
    public Identity {
        secret = secret.clone();
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
        return other instanceof Identity(var otherTenant, var otherPrincipal, var otherKey, var otherSecret)
                && tenant.equals(otherTenant)
                && principal.equals(otherPrincipal)
                && accessKey.equals(otherKey)
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
