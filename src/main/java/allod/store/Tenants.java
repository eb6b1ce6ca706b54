package allod.store;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.SecretBox;
import allod.receipt.ErasureReason;
import allod.receipt.ReceiptId;
import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Owners and their access keys. A key's secret stands sealed under a slot of the system's domain; disabling a key erases
 * the slot, so that no older copy of the data brings the key back.
 */
public final class Tenants {
    /** Tenants of one installation. */
    public static final int MAX_TENANTS = 10_000;

    private static final int ERASURE_SECONDS = 60;

    private final Ground ground;
    private final Domains domains;
    private final DomainMaker maker;
    private final Identities identities;
    private final Map<AccessKeyId, SigningSecret> known = new ConcurrentHashMap<>();

    Tenants(Ground ground, Domains domains, DomainMaker maker) {
        this.ground = ground;
        this.domains = domains;
        this.maker = maker;
        this.identities = new Identities(ground, this);
    }

    /** Who acts for the tenants besides their roots. */
    Identities identities() {
        return identities;
    }

    /** Opens all enabled keys and learns whose the domains are; at start. */
    void load() {
        for (Tenant tenant : list()) {
            row(tenant.id()).domains().forEach(domain -> domains.own(domain, tenant.id()));
        }
        DomainRoots.read(ground.map()).keySet().forEach(domains::ownIfNobodyDoes);
        scan(Family.ACCESS_KEY, (key, value) -> {
            AccessKeyRow row = AccessKeyRow.decode(value);
            if (row.enabled()) {
                open(idOf(key), row).ifPresent(secret -> known.put(secret.accessKey(), secret));
            }
        });
    }

    private interface RowVisitor {
        void visit(byte[] key, byte[] value);
    }

    private void scan(Family family, RowVisitor visitor) {
        byte[] from = MapKey.family(family);
        MetadataEngine map = ground.map();
        try (Cursor cursor = map.scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                visitor.visit(cursor.key(), cursor.value());
            }
        }
    }

    private static AccessKeyId idOf(byte[] key) {
        return new AccessKeyId(new String(key, 1, key.length - 1, StandardCharsets.US_ASCII));
    }

    /** The key for checking a signature; empty if there is none or it was disabled. Answers from memory. */
    public Optional<SigningSecret> find(AccessKeyId id) {
        return Optional.ofNullable(known.get(id));
    }

    /** An old row of a disabled key opens no more: its slot is empty. */
    private Optional<SigningSecret> open(AccessKeyId id, AccessKeyRow row) {
        return ground.secrets().secret(Domains.SYSTEM, row.slot()).map(slotSecret -> {
            byte[] secret = SecretBox.SECRET.open(slotSecret, MapKey.accessKey(id), row.sealedSecret());
            return new SigningSecret(row.tenant(), row.principal(), id, secret, slotSecret);
        });
    }

    public List<Tenant> list() {
        List<Tenant> tenants = new ArrayList<>();
        scan(Family.TENANT, (key, value) -> {
            var reader = new RowReader("T", key);
            reader.u8();
            TenantRow row = TenantRow.decode(value);
            tenants.add(new Tenant(new TenantId(reader.u32()), row.name(), Order.time(row.created())));
        });
        return tenants;
    }

    private TenantRow row(TenantId id) {
        byte[] value = ground.map().get(MapKey.tenant(id));
        if (value == null) {
            throw noSuchTenant(id.toString());
        }
        return TenantRow.decode(value);
    }

    private static Problem noSuchTenant(String name) {
        return new Problem(
                Reason.NO_SUCH_TENANT,
                "The tenant is not known.",
                "There is no tenant called " + name + ".",
                "Add it first: allod tenant add " + name + ".");
    }

    /** A tenant's name; empty if there is no such tenant. */
    public Optional<String> name(TenantId id) {
        return Optional.ofNullable(ground.map().get(MapKey.tenant(id)))
                .map(value -> TenantRow.decode(value).name());
    }

    /** @throws Problem NO_SUCH_TENANT */
    public Tenant byName(String name) {
        return list().stream()
                .filter(tenant -> tenant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> noSuchTenant(name));
    }

    /**
     * Makes an owner with an erasure domain of its own.
     *
     * @throws Problem TENANT_EXISTS, INVALID_ARGUMENT past {@link #MAX_TENANTS}
     */
    public synchronized Tenant add(Principal actor, String name) throws IOException {
        List<Tenant> tenants = list();
        if (tenants.stream().anyMatch(tenant -> tenant.name().equals(name))) {
            throw new Problem(
                    Reason.TENANT_EXISTS,
                    "The tenant was not added.",
                    "There is a tenant called " + name + " already.",
                    "Choose another name.");
        }
        if (tenants.size() >= MAX_TENANTS) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The tenant was not added.",
                    "An installation has at most " + MAX_TENANTS + " tenants.",
                    "Set up another installation.");
        }
        int highest = tenants.stream().mapToInt(t -> t.id().value()).max().orElse(0);
        var id = new TenantId(highest + 1);
        int domain = maker.make(
                (transaction, number) -> {
                    var row = new TenantRow(name, List.of(number), transaction.nextOrder());
                    transaction.put(MapKey.tenant(id), row.encode());
                },
                number -> domains.own(number, id));
        byte[] body = EventBody.of("tenant.add")
                .text("actor", actor.name())
                .text("purpose", "administration")
                .text("tenant", name)
                .outcome("ok")
                .toBytes();
        // The domain's keys open only once it stands, so the tenant's first event is the next commit.
        ground.sequencer().submit(transaction -> transaction.append(new Event(id, domain, EventClass.CHANGE, body)));
        return byName(name);
    }

    /**
     * Gives a tenant's root an access key.
     *
     * @param secret 16 to 128 characters as UTF-8
     * @throws Problem NO_SUCH_TENANT, ACCESS_KEY_EXISTS
     */
    public AccessKey addKey(Principal actor, TenantId tenant, AccessKeyId id, byte[] secret) throws IOException {
        return addKey(actor, tenant, Optional.empty(), id, secret);
    }

    /**
     * Gives a user an access key.
     *
     * @param user whose key it is; empty for the tenant's root
     * @param secret 16 to 128 characters as UTF-8
     * @throws Problem NO_SUCH_TENANT, NO_SUCH_IDENTITY, ACCESS_KEY_EXISTS; INVALID_ARGUMENT if the user has as many keys as
     *     it may
     */
    public AccessKey addKey(Principal actor, TenantId tenant, Optional<String> user, AccessKeyId id, byte[] secret)
            throws IOException {
        TenantRow owner = row(tenant);
        Principal principal = user.map(Principal::user).orElse(Principal.ROOT);
        EventBody event = EventBody.of("key.add")
                .text("actor", actor.name())
                .text("purpose", "administration")
                .text("access_key", id.value());
        user.ifPresent(name -> event.text("user", name));
        byte[] body = event.outcome("ok").toBytes();
        long created = ground.sequencer().submit(transaction -> {
            if (transaction.get(MapKey.accessKey(id)) != null) {
                throw new Problem(
                        Reason.ACCESS_KEY_EXISTS,
                        "The access key was not added.",
                        "The id " + id + " is or was in use.",
                        "Choose another id, or leave it out to have one drawn.");
            }
            user.ifPresent(name -> identities.keyAdded(transaction, tenant, name, id));
            long slot = transaction.allocateSlot(Domains.SYSTEM);
            byte[] slotSecret = ground.secrets()
                    .secret(Domains.SYSTEM, slot)
                    .orElseThrow(() -> new IllegalStateException("a new slot is erased"));
            byte[] sealed = SecretBox.SECRET.seal(slotSecret, MapKey.accessKey(id), secret, ground.random());
            long order = transaction.nextOrder();
            var row = new AccessKeyRow(tenant, principal, true, slot, order, sealed);
            transaction.put(MapKey.accessKey(id), row.encode());
            transaction.put(
                    MapKey.slot(Domains.SYSTEM, slot),
                    SlotRow.bare(SlotKind.ACCESS_KEY).encode());
            transaction.append(new Event(tenant, owner.domains().getFirst(), EventClass.CHANGE, body));
            var known = new SigningSecret(tenant, principal, id, secret.clone(), slotSecret);
            // On the sequencer's thread, so that a disabling of this very key comes after it.
            transaction.whenDurable(() -> this.known.put(id, known));
            return order;
        });
        return new AccessKey(id, tenant, owner.name(), principal, true, Order.time(created));
    }

    /** All keys by id, disabled ones included. */
    public List<AccessKey> listKeys() {
        List<AccessKey> keys = new ArrayList<>();
        scan(Family.ACCESS_KEY, (key, value) -> {
            AccessKeyRow row = AccessKeyRow.decode(value);
            keys.add(accessKey(idOf(key), row, row.enabled()));
        });
        return keys;
    }

    private AccessKey accessKey(AccessKeyId id, AccessKeyRow row, boolean enabled) {
        return new AccessKey(
                id, row.tenant(), row(row.tenant()).name(), row.principal(), enabled, Order.time(row.created()));
    }

    /** Erasures that somebody waits for: those of the slots of keys that one commit disables. */
    static final class Ending {
        private final List<CompletableFuture<ReceiptId>> erasures = new ArrayList<>(1);

        void await() throws IOException {
            for (CompletableFuture<ReceiptId> one : erasures) {
                Tenants.await(one);
            }
        }
    }

    /**
     * Ends a key for good and returns when its slot is erased. Disabling again waits for the erasure again.
     *
     * @throws Problem NO_SUCH_ACCESS_KEY; BUSY if the erasure takes long: the key is refused already
     */
    public AccessKey disableKey(Principal actor, AccessKeyId id) throws IOException {
        known.remove(id);
        var ending = new Ending();
        AccessKeyRow row = ground.sequencer().submit(transaction -> {
            AccessKeyRow key = disable(transaction, actor, id, ending);
            if (key.enabled()) {
                key.principal().asUser().ifPresent(user -> identities.keyEnded(transaction, key.tenant(), user, id));
            }
            return key;
        });
        ending.await();
        return accessKey(id, row, false);
    }

    /**
     * Stages the end of a key.
     *
     * @return the key as it was
     */
    AccessKeyRow disable(Transaction transaction, Principal actor, AccessKeyId id, Ending ending) {
        byte[] value = transaction.get(MapKey.accessKey(id));
        if (value == null) {
            throw new Problem(
                    Reason.NO_SUCH_ACCESS_KEY,
                    "The access key was not disabled.",
                    "There is no access key " + id + ".",
                    "List them: allod key list.");
        }
        AccessKeyRow key = AccessKeyRow.decode(value);
        if (!key.enabled()) {
            ErasureQueue.waiting(transaction, Domains.SYSTEM, 0, new byte[0]).stream()
                    .filter(entry -> entry.slot() == key.slot())
                    .forEach(entry -> transaction.whenDurable(
                            () -> ending.erasures.add(ground.queue().watch(entry.ref()))));
            return key;
        }
        transaction.put(MapKey.accessKey(id), key.disabled().encode());
        var pending = new PendingRow(ErasureReason.REVOKED, true, key.created(), 0, "administration", "", List.of());
        var ref = ground.queue()
                .add(transaction, Domains.SYSTEM, 0, new byte[0], key.slot(), pending)
                .ref();
        byte[] body = EventBody.of("key.disable")
                .text("actor", actor.name())
                .text("purpose", "administration")
                .text("access_key", id.value())
                .outcome("ok")
                .toBytes();
        int domain = Buckets.tenant(transaction, key.tenant()).domains().getFirst();
        transaction.append(new Event(key.tenant(), domain, EventClass.CHANGE, body));
        transaction.whenDurable(() -> {
            known.remove(id);
            ending.erasures.add(ground.queue().watch(ref));
        });
        return key;
    }

    private static void await(CompletableFuture<ReceiptId> erasure) throws IOException {
        try {
            erasure.get(ERASURE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            throw new IOException("the key's erasure failed", e.getCause());
        } catch (TimeoutException e) {
            throw new Problem(
                    Reason.BUSY,
                    "The key is refused, but its secret is not yet destroyed.",
                    "The erasure took longer than " + ERASURE_SECONDS + " s.",
                    "It goes on by itself; see the server's log.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an erasure was waited for", e);
        }
    }

    String nameOf(TenantId tenant) {
        return row(tenant).name();
    }

    /** Whose key it is or was; empty if there never was one of this id. */
    Optional<TenantId> ownerOf(AccessKeyId id) {
        return Optional.ofNullable(ground.map().get(MapKey.accessKey(id)))
                .map(value -> AccessKeyRow.decode(value).tenant());
    }

    /** A tenant's first domain, where its events without a bucket stand. */
    int firstDomain(TenantId tenant) {
        return row(tenant).domains().getFirst();
    }

    List<Integer> domainsOf(TenantId tenant) {
        return row(tenant).domains();
    }
}
