package allod.admin;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Administration of nothing but a map, to see what arrives over the socket. */
public final class MemoryAdministration implements Administration {
    /** Who a test acts as where it calls directly; not counted among the actors. */
    public static final Principal TEST = new Principal("test");

    private final TreeMap<String, Tenant> tenants = new TreeMap<>();
    private final TreeMap<String, AccessKey> keys = new TreeMap<>();
    private final TreeSet<String> actors = new TreeSet<>();

    /** Everybody who called. */
    public synchronized Set<String> actors() {
        return Set.copyOf(actors);
    }

    @Override
    public synchronized Tenant addTenant(Principal actor, String name) {
        note(actor);
        if (tenants.containsKey(name)) {
            throw new Problem(Reason.TENANT_EXISTS, "No tenant was made.", name + " exists.", "Choose another name.");
        }
        var tenant = new Tenant(new TenantId(tenants.size() + 1), name);
        tenants.put(name, tenant);
        return tenant;
    }

    @Override
    public synchronized List<Tenant> listTenants(Principal actor, Optional<TenantId> after, int limit) {
        note(actor);
        return tenants.values().stream()
                .filter(tenant -> after.isEmpty() || tenant.id().compareTo(after.get()) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized NewAccessKey addKey(Principal actor, String tenant, Optional<KeyPair> chosen) {
        note(actor);
        if (!tenants.containsKey(tenant)) {
            throw new Problem(
                    Reason.NO_SUCH_TENANT, "No key was made.", tenant + " is no tenant.", "Add it: allod tenant add");
        }
        var pair = chosen.orElseGet(() -> new KeyPair(
                new AccessKeyId("key-" + (100_000 + keys.size())), new Secret("drawn-secret-" + keys.size() + "-abc")));
        var key = new AccessKey(pair.id(), tenant, new Principal("root"), AccessKey.State.ACTIVE);
        keys.put(pair.id().value(), key);
        return new NewAccessKey(key, pair.secret());
    }

    @Override
    public synchronized List<AccessKey> listKeys(
            Principal actor, Optional<String> tenant, Optional<AccessKeyId> after, int limit) {
        note(actor);
        return keys.tailMap(after.map(AccessKeyId::value).orElse(""), false).values().stream()
                .filter(key -> tenant.isEmpty() || key.tenant().equals(tenant.get()))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized AccessKey disableKey(Principal actor, AccessKeyId id) {
        note(actor);
        var key = keys.get(id.value());
        if (key == null) {
            throw new Problem(
                    Reason.NO_SUCH_ACCESS_KEY, "No key was disabled.", id + " is no key.", "List them: allod key list");
        }
        var disabled = new AccessKey(id, key.tenant(), key.principal(), AccessKey.State.DISABLED);
        keys.put(id.value(), disabled);
        return disabled;
    }

    private void note(Principal actor) {
        if (!actor.equals(TEST)) {
            actors.add(actor.name());
        }
    }
}
