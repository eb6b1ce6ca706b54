package allod;

import allod.base.Principal;
import allod.base.TenantId;
import allod.policy.Evaluation;
import allod.s3.Directory;
import allod.store.Tenants;
import java.util.List;
import java.util.Optional;

/** What the S3 address asks of those who ask it, answered by the store. */
record StoreDirectory(Tenants tenants) implements Directory {
    @Override
    public List<Evaluation.Named> policies(TenantId tenant, Principal principal) {
        return List.of();
    }

    @Override
    public Optional<String> name(TenantId tenant) {
        return tenants.name(tenant);
    }
}
