package allod.store;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import java.time.Instant;

/** An access key as an operator sees it: never its secret. */
public record AccessKey(
        AccessKeyId id, TenantId tenant, String tenantName, Principal principal, boolean enabled, Instant created) {}
