package allod.store;

import allod.base.TenantId;
import java.time.Instant;

/** An owner of data. */
public record Tenant(TenantId id, String name, Instant created) {}
