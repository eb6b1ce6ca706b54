package allod.store;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;

/**
 * An access key with its secret, for checking a signature.
 *
 * @param secret the characters of the secret as UTF-8; not to be changed
 * @param slotSecret the secret of the key's slot, under which the tokens of its sessions are sealed: its owner, who knows
 *     the key's secret, does not know this one
 */
public record SigningSecret(
        TenantId tenant, Principal principal, AccessKeyId accessKey, byte[] secret, byte[] slotSecret) {
    @Override
    public String toString() {
        return "SigningSecret[" + accessKey + "]";
    }
}
