package allod;

import allod.admin.Administration;
import allod.admin.CustodyAdministration;
import allod.admin.EscrowAdministration;
import allod.admin.IdentityAdministration;
import allod.admin.UpkeepAdministration;
import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.CustodyMirror;
import allod.store.CustodyMirrors;
import allod.store.Store;
import allod.store.Tenants;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the administrative socket asks, carried out by the store. */
final class StoreAdministration implements Administration {
    private final Tenants tenants;
    private final CustodyMirrors mirrors;
    private final EscrowAdministration escrow;
    private final CustodyAdministration custody;
    private final UpkeepAdministration upkeep;
    private final IdentityAdministration identities;
    private final SecureRandom random;

    StoreAdministration(Store store, IdentityAdministration identities, SecureRandom random) {
        this.identities = identities;
        this.tenants = store.tenants();
        this.mirrors = store.custodyMirrors();
        this.escrow = new StoreEscrow(store.escrows());
        this.custody = new StoreCustody(store.custody());
        this.upkeep = new StoreUpkeep(store);
        this.random = random;
    }

    @Override
    public EscrowAdministration escrow() {
        return escrow;
    }

    @Override
    public CustodyAdministration custody() {
        return custody;
    }

    @Override
    public IdentityAdministration identities() {
        return identities;
    }

    interface Work<T> {
        T run() throws IOException;
    }

    static <T> T carryOut(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw new Problem(
                    Reason.INTERNAL,
                    "It is not known whether the change was made.",
                    "The commit failed and the server is stopping.",
                    "Start the server and look: allod key list.",
                    e);
        }
    }

    @Override
    public Tenant addTenant(Principal actor, String name) {
        return shown(carryOut(() -> tenants.add(actor, name)));
    }

    private static Tenant shown(allod.store.Tenant tenant) {
        return new Tenant(tenant.id(), tenant.name());
    }

    @Override
    public List<Tenant> listTenants(Principal actor, Optional<TenantId> after, int limit) {
        return tenants.list().stream()
                .filter(tenant -> after.isEmpty() || tenant.id().compareTo(after.get()) > 0)
                .limit(limit)
                .map(StoreAdministration::shown)
                .toList();
    }

    @Override
    public NewAccessKey addKey(Principal actor, String tenant, Optional<String> user, Optional<KeyPair> chosen) {
        TenantId owner = tenants.byName(tenant).id();
        KeyPair pair = chosen.orElseGet(() -> {
            FirstStart.NewKey drawn = FirstStart.draw(random);
            return new KeyPair(drawn.id(), new Secret(drawn.secret()));
        });
        byte[] secret = pair.secret().value().getBytes(StandardCharsets.UTF_8);
        var key = carryOut(() -> tenants.addKey(actor, owner, user, pair.id(), secret));
        return new NewAccessKey(shown(key), pair.secret());
    }

    private static AccessKey shown(allod.store.AccessKey key) {
        var state = key.enabled() ? AccessKey.State.ACTIVE : AccessKey.State.DISABLED;
        return new AccessKey(key.id(), key.tenantName(), key.principal(), state);
    }

    @Override
    public List<AccessKey> listKeys(Principal actor, Optional<String> tenant, Optional<AccessKeyId> after, int limit) {
        Optional<TenantId> owner = tenant.map(name -> tenants.byName(name).id());
        return tenants.listKeys().stream()
                .filter(key -> owner.isEmpty() || key.tenant().equals(owner.get()))
                .sorted(Comparator.comparing(key -> key.id().value()))
                .filter(key -> after.isEmpty()
                        || key.id().value().compareTo(after.get().value()) > 0)
                .limit(limit)
                .map(StoreAdministration::shown)
                .toList();
    }

    @Override
    public AccessKey disableKey(Principal actor, AccessKeyId id) {
        return shown(carryOut(() -> tenants.disableKey(actor, id)));
    }

    @Override
    public List<Mirror> listMirrors(Principal actor) {
        return mirrors.list().stream().map(StoreAdministration::shown).toList();
    }

    private static Mirror shown(CustodyMirror mirror) {
        Mirror.State state = switch (mirror.state()) {
            case PRESENT -> Mirror.State.PRESENT;
            case MISSING -> Mirror.State.MISSING;
            case FORGOTTEN -> Mirror.State.FORGOTTEN;
        };
        return new Mirror(mirror.id(), state, mirror.path(), mirror.why());
    }

    @Override
    public void forgetMirror(Principal actor, String id) {
        carryOut(() -> {
            mirrors.forget(actor, id);
            return true;
        });
    }

    @Override
    public UpkeepAdministration upkeep() {
        return upkeep;
    }
}
