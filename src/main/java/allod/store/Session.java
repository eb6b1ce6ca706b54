package allod.store;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import java.time.Instant;

/**
 * What a session token says of the key that it was issued with.
 *
 * @param id the session's access key id
 * @param secret the characters of its secret as UTF-8; not to be changed
 * @param lastingKey the access key that the session began with, and ends with
 * @param chained whether it was begun with another session
 * @param expires when its time is over
 * @param policy the policy that narrows it, as JSON; empty text for none
 */
public record Session(
        TenantId tenant,
        Principal principal,
        AccessKeyId id,
        byte[] secret,
        AccessKeyId lastingKey,
        boolean chained,
        Instant expires,
        String policy) {
    @Override
    public String toString() {
        return "Session[" + id + "]";
    }
}
