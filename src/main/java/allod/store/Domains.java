package allod.store;

import allod.base.TenantId;
import allod.keys.KeyRing;
import allod.keys.PageName;
import allod.keys.PageSource;
import allod.keys.SlotReader;
import allod.store.engine.MetadataEngine;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The erasure domains: their open key trees, and whose they are. */
final class Domains implements SlotSecrets {
    /** The system's own domain, which holds access keys and the log's signing key. */
    static final int SYSTEM = 0;

    private final KeyRing keys;
    private final Map<Integer, TenantId> owners = new ConcurrentHashMap<>();

    Domains(KeyRing keys) {
        this.keys = keys;
        owners.put(SYSTEM, TenantId.SYSTEM);
    }

    void own(int domain, TenantId owner) {
        owners.put(domain, owner);
    }

    /** A domain whose tenant a restore lost is the system's: what is erased there is an event of its chain. */
    void ownIfNobodyDoes(int domain) {
        owners.putIfAbsent(domain, TenantId.SYSTEM);
    }

    TenantId ownerOf(int domain) {
        TenantId owner = owners.get(domain);
        if (owner == null) {
            throw new IllegalStateException("domain " + domain + " has no owner");
        }
        return owner;
    }

    /** A domain's pages as the map holds them now. */
    static PageSource pages(MetadataEngine map, int domain) {
        return (PageName name) -> map.get(MapKey.page(domain, name.level(), name.index()));
    }

    @Override
    public Optional<byte[]> secret(int domain, long slot) {
        return keys.domain(domain).slotSecret(slot);
    }

    @Override
    public Reader reader(int domain) {
        SlotReader reader = keys.domain(domain).slots();
        return reader::secret;
    }

    @Override
    public void reread(int domain, long slot) {
        keys.domain(domain).reread(slot);
    }

    @Override
    public byte[] domainId(int domain) {
        return keys.known(domain).domain().id();
    }

    @Override
    public void admit(int domain) {
        keys.admit(domain);
    }

    @Override
    public void requireHeld(int domain) {
        keys.domain(domain);
    }
}
