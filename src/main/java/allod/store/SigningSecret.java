package allod.store;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;

/**
 * An access key with its secret, for checking a signature.
 *
 * @param secret the characters of the secret as UTF-8; not to be changed
 */
public record SigningSecret(TenantId tenant, Principal principal, AccessKeyId accessKey, byte[] secret) {
    @Override
    public String toString() {
        return "SigningSecret[" + accessKey + "]";
    }
}
