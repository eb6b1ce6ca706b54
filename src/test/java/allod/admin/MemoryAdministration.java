package allod.admin;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.pact.Party;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Administration of nothing but a map, to see what arrives over the socket. */
public final class MemoryAdministration implements Administration {
    /** Who a test acts as where it calls directly; not counted among the actors. */
    public static final Principal TEST = new Principal("test");

    private final TreeMap<String, Tenant> tenants = new TreeMap<>();
    private final TreeMap<String, AccessKey> keys = new TreeMap<>();
    private boolean held;
    private final TreeMap<String, EscrowAdministration.Escrow> escrows = new TreeMap<>();
    private final MemoryCustody custody = new MemoryCustody();
    private final TreeSet<String> actors = new TreeSet<>();
    private final TreeMap<String, Mirror> mirrors = new TreeMap<>(Map.of(
            "here", new Mirror("here", Mirror.State.PRESENT, "/a", Optional.empty()),
            "gone", new Mirror("gone", Mirror.State.MISSING, "/b", Optional.of("no such folder"))));

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
    public synchronized NewAccessKey addKey(
            Principal actor, String tenant, Optional<String> user, Optional<KeyPair> chosen) {
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

    private final MemoryIdentities identities = new MemoryIdentities();

    @Override
    public IdentityAdministration identities() {
        return identities;
    }

    @Override
    public CustodyAdministration custody() {
        return custody;
    }

    @Override
    public EscrowAdministration escrow() {
        return new MemoryEscrow();
    }

    @Override
    public UpkeepAdministration upkeep() {
        return new MemoryUpkeep();
    }

    /** One copy of a map that is nowhere, held or not. */
    private final class MemoryUpkeep implements UpkeepAdministration {
        @Override
        public MapCopy beginBackup(Principal actor) {
            synchronized (MemoryAdministration.this) {
                if (held) {
                    throw new Problem(Reason.BUSY, "The backup was not begun.", "Another one is under way.", "Wait.");
                }
                held = true;
                return new MapCopy("0123456789abcdef", Path.of("/data/map"), Duration.ofMinutes(10));
            }
        }

        @Override
        public void extendBackup(Principal actor, String id) {
            synchronized (MemoryAdministration.this) {
                if (!held) {
                    throw new Problem(Reason.INVALID_ARGUMENT, "The backup cannot go on.", "It is over.", "Begin.");
                }
            }
        }

        @Override
        public Scrub startScrub(Principal actor, OptionalLong bytesPerSecond, boolean anew) {
            return new Scrub(
                    "RUNNING", "2026-01-31T10:00:00Z", bytesPerSecond.orElse(0), anew ? 1 : 0, 2, 3, List.of());
        }

        @Override
        public Scrub scrub(Principal actor) {
            return new Scrub("DONE", "2026-01-31T10:00:00Z", 1, 1L << 60, 2, 3, List.of("s3://b/\"k\": gone"));
        }

        @Override
        public Scrub stopScrub(Principal actor) {
            return new Scrub("NEVER", "", 0, 0, 0, 0, List.of());
        }

        @Override
        public Rows inspect(Principal actor, String what, String after, int limit) {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("what", what);
            fields.put("after", after);
            return new Rows(List.of(new Row("o", "CURRENT", "6f", fields)), Integer.toString(limit));
        }

        @Override
        public void endBackup(Principal actor, String id) {
            synchronized (MemoryAdministration.this) {
                held = false;
            }
        }
    }

    /** Escrow of nothing but a list; a bucket called {@code forbidding} refuses it. */
    private final class MemoryEscrow implements EscrowAdministration {
        @Override
        public Escrow add(Principal actor, Scope scope, Party party, String recipient) {
            synchronized (MemoryAdministration.this) {
                note(actor);
                if (scope.bucket().equals(Optional.of("forbidding"))) {
                    throw new Problem(Reason.ACCESS_DENIED, "No escrow was added.", "It forbids it.", "Ask.");
                }
                var about = new Scope(scope.tenant().or(() -> Optional.of("acme")), scope.bucket());
                List<String> exempt = scope.bucket().isPresent() ? List.of() : List.of("forbidding");
                String id = String.format("%032x", escrows.size());
                var escrow = new Escrow(id, party, recipient, about, exempt, "2026-01-31T10:00:00Z", true);
                escrows.put(id, escrow);
                return escrow;
            }
        }

        @Override
        public List<Escrow> list(Principal actor, Optional<String> after, int limit) {
            synchronized (MemoryAdministration.this) {
                note(actor);
                return escrows.tailMap(after.orElse(""), false).values().stream()
                        .limit(limit)
                        .toList();
            }
        }

        @Override
        public Escrow remove(Principal actor, String id) {
            synchronized (MemoryAdministration.this) {
                note(actor);
                var escrow = java.util.Objects.requireNonNull(escrows.get(id));
                var removed = new Escrow(
                        id,
                        escrow.party(),
                        escrow.recipient(),
                        escrow.scope(),
                        escrow.exempt(),
                        escrow.created(),
                        false);
                escrows.put(id, removed);
                return removed;
            }
        }

        @Override
        public void forbid(Principal actor, String bucket) {
            synchronized (MemoryAdministration.this) {
                note(actor);
            }
        }
    }

    @Override
    public synchronized List<Mirror> listMirrors(Principal actor) {
        note(actor);
        return List.copyOf(mirrors.values());
    }

    @Override
    public synchronized void forgetMirror(Principal actor, String id) {
        note(actor);
        Mirror mirror = mirrors.get(id);
        if (mirror == null || mirror.state() == Mirror.State.PRESENT) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT, "No mirror was given up.", id + " is not missing.", "List them.");
        }
        mirrors.put(id, new Mirror(id, Mirror.State.FORGOTTEN, mirror.path(), mirror.why()));
    }

    private void note(Principal actor) {
        if (!actor.equals(TEST)) {
            actors.add(actor.name());
        }
    }
}
