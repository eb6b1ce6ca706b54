package allod.store;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.store.engine.Cursor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who acts for a tenant besides its root: users with their groups, and roles. What hangs on them is asked with every
 * request of theirs, so it is kept in memory; a change stands there before it is answered. Documents are bytes here: who
 * calls has read them.
 */
public final class Identities {
    /** Identities and absences kept in memory. */
    static final int LIMIT = 20_000;

    private final Ground ground;
    private final Tenants tenants;
    private final Map<Name, Optional<NamedIdentity>> kept = new ConcurrentHashMap<>();

    private record Name(TenantId tenant, IdentityKind kind, String name) {
        byte[] row() {
            return MapKey.identity(tenant, kind, name);
        }
    }

    Identities(Ground ground, Tenants tenants) {
        this.ground = ground;
        this.tenants = tenants;
    }

    /** The user, group or role; empty if there is none. Answers from memory. */
    public Optional<NamedIdentity> find(TenantId tenant, IdentityKind kind, String name) {
        var key = new Name(tenant, kind, name);
        Optional<NamedIdentity> found = kept.get(key);
        if (found != null) {
            return found;
        }
        if (kept.size() >= LIMIT) {
            kept.clear();
        }
        // Loaded under the entry's lock, so that a change which commits meanwhile comes after it.
        return kept.computeIfAbsent(key, this::load);
    }

    /** @throws Problem NO_SUCH_IDENTITY */
    public NamedIdentity required(TenantId tenant, IdentityKind kind, String name) {
        return find(tenant, kind, name).orElseThrow(() -> noSuch(kind, name));
    }

    private Optional<NamedIdentity> load(Name name) {
        return Optional.ofNullable(ground.map().get(name.row()))
                .map(value -> NamedIdentity.decode(name.kind(), name.name(), value));
    }

    private static Optional<NamedIdentity> in(Transaction transaction, Name name) {
        return Optional.ofNullable(transaction.get(name.row()))
                .map(value -> NamedIdentity.decode(name.kind(), name.name(), value));
    }

    private static NamedIdentity required(Transaction transaction, Name name) {
        return in(transaction, name).orElseThrow(() -> noSuch(name.kind(), name.name()));
    }

    private void write(Transaction transaction, Name name, NamedIdentity changed) {
        transaction.put(name.row(), changed.encode());
        transaction.whenDurable(() -> kept.put(name, Optional.of(changed)));
    }

    private static Problem noSuch(IdentityKind kind, String name) {
        return new Problem(
                Reason.NO_SUCH_IDENTITY,
                "The " + kind.word() + " is not known.",
                "The tenant has no " + kind.word() + " called " + name + ".",
                "List them: allod " + kind.word() + " list.");
    }

    private static Problem refused(String why, String next) {
        return new Problem(Reason.INVALID_ARGUMENT, "Nothing was changed.", why, next);
    }

    /**
     * Those of a kind by name.
     *
     * @param after names above this one; empty from the first
     */
    public List<NamedIdentity> list(TenantId tenant, IdentityKind kind, String after, int limit) {
        byte[] family = MapKey.identity(tenant, kind, "");
        byte[] from = after.isEmpty() ? family : MapKey.identity(tenant, kind, after + "\0");
        var found = new ArrayList<NamedIdentity>();
        try (Cursor cursor = ground.map().scan(from, MapKey.after(family))) {
            while (found.size() < limit && cursor.next()) {
                byte[] key = cursor.key();
                String name = new String(key, family.length, key.length - family.length, StandardCharsets.US_ASCII);
                found.add(NamedIdentity.decode(kind, name, cursor.value()));
            }
        }
        return found;
    }

    /** How many users are in a group. */
    public int members(TenantId tenant, String group) {
        return count(MapKey.member(tenant, group, ""), IdentityKind.USER.maxPerTenant());
    }

    /**
     * Makes a user, group or role.
     *
     * @param trust who may take a role; empty for others
     * @param maxSessionSeconds for a role; 0 for others
     * @throws Problem NO_SUCH_TENANT, IDENTITY_EXISTS, INVALID_ARGUMENT past the limit of the kind
     */
    public synchronized NamedIdentity add(
            Principal actor, TenantId tenant, IdentityKind kind, String name, byte[] trust, int maxSessionSeconds)
            throws IOException {
        var key = new Name(tenant, kind, name);
        int most = kind.maxPerTenant();
        if (count(MapKey.identity(tenant, kind, ""), most) >= most) {
            throw refused("A tenant has at most " + most + " " + kind.word() + "s.", "Delete one first.");
        }
        EventBody body = about(kind.word() + ".add", actor, kind, name).outcome("ok");
        int domain = tenants.firstDomain(tenant);
        return ground.sequencer().submit(transaction -> {
            if (transaction.get(key.row()) != null) {
                throw new Problem(
                        Reason.IDENTITY_EXISTS,
                        "The " + kind.word() + " was not added.",
                        "The tenant has a " + kind.word() + " called " + name + " already.",
                        "Choose another name.");
            }
            var made = new NamedIdentity(
                    kind, name, transaction.nextOrder(), List.of(), List.of(), List.of(), trust, maxSessionSeconds);
            write(transaction, key, made);
            append(transaction, tenant, domain, body);
            return made;
        });
    }

    private int count(byte[] from, int most) {
        int count = 0;
        try (Cursor cursor = ground.map().scan(from, MapKey.after(from))) {
            while (count < most && cursor.next()) {
                count++;
            }
        }
        return count;
    }

    private static EventBody about(String type, Principal actor, IdentityKind kind, String name) {
        return EventBody.of(type)
                .text("actor", actor.name())
                .text("purpose", "administration")
                .text(kind.word(), name);
    }

    private static void append(Transaction transaction, TenantId tenant, int domain, EventBody body) {
        transaction.append(new Event(tenant, domain, EventClass.CHANGE, body.toBytes()));
    }

    /**
     * Ends a user, group or role. A user's access keys are disabled in the same commit, and this returns when their slots
     * are erased. A group must be empty.
     *
     * @throws Problem NO_SUCH_IDENTITY; CONFLICT for a group with users; BUSY if an erasure takes long
     */
    public synchronized void delete(Principal actor, TenantId tenant, IdentityKind kind, String name)
            throws IOException {
        var key = new Name(tenant, kind, name);
        EventBody body = about(kind.word() + ".delete", actor, kind, name).outcome("ok");
        int domain = tenants.firstDomain(tenant);
        var ending = new Tenants.Ending();
        ground.sequencer().submit(transaction -> {
            NamedIdentity identity = required(transaction, key);
            byte[] members = MapKey.member(tenant, name, "");
            if (kind == IdentityKind.GROUP
                    && !transaction.first(members, MapKey.after(members), 1).isEmpty()) {
                throw new Problem(
                        Reason.CONFLICT,
                        "The group was not deleted.",
                        "There are users in it.",
                        "Take them out first: allod group remove-user " + name + " USER.");
            }
            for (String group : identity.groups()) {
                transaction.delete(MapKey.member(tenant, group, name));
            }
            for (AccessKeyId id : identity.keys()) {
                tenants.disable(transaction, actor, id, ending);
            }
            transaction.delete(key.row());
            transaction.whenDurable(() -> kept.put(key, Optional.empty()));
            append(transaction, tenant, domain, body);
            return true;
        });
        ending.await();
    }

    /**
     * Hangs a policy on a user, group or role, in place of one of the same name.
     *
     * @throws Problem NO_SUCH_IDENTITY; INVALID_ARGUMENT past {@link IdentityKind#MAX_POLICIES}
     */
    public void putPolicy(
            Principal actor, TenantId tenant, IdentityKind kind, String name, NamedIdentity.Document policy)
            throws IOException {
        var key = new Name(tenant, kind, name);
        EventBody body = about(kind.word() + ".policy.put", actor, kind, name)
                .text("policy", policy.name())
                .number("size", policy.json().length)
                .outcome("ok");
        int domain = tenants.firstDomain(tenant);
        ground.sequencer().submit(transaction -> {
            NamedIdentity changed = required(transaction, key).with(policy);
            if (changed.policies().size() > IdentityKind.MAX_POLICIES) {
                throw refused(
                        "A " + kind.word() + " has at most " + IdentityKind.MAX_POLICIES + " policies.",
                        "Delete one first, or put two together.");
            }
            write(transaction, key, changed);
            append(transaction, tenant, domain, body);
            return true;
        });
    }

    /**
     * Takes a policy off.
     *
     * @throws Problem NO_SUCH_IDENTITY, NO_SUCH_POLICY
     */
    public void deletePolicy(Principal actor, TenantId tenant, IdentityKind kind, String name, String policy)
            throws IOException {
        var key = new Name(tenant, kind, name);
        EventBody body = about(kind.word() + ".policy.delete", actor, kind, name)
                .text("policy", policy)
                .outcome("ok");
        int domain = tenants.firstDomain(tenant);
        ground.sequencer().submit(transaction -> {
            NamedIdentity identity = required(transaction, key);
            if (identity.policy(policy).isEmpty()) {
                throw noSuchPolicy(kind, name, policy);
            }
            write(transaction, key, identity.without(policy));
            append(transaction, tenant, domain, body);
            return true;
        });
    }

    /** That a user, group or role has no policy of a name. */
    public static Problem noSuchPolicy(IdentityKind kind, String name, String policy) {
        return new Problem(
                Reason.NO_SUCH_POLICY,
                "The policy is not known.",
                "The " + kind.word() + " " + name + " has no policy called " + policy + ".",
                "List them: allod " + kind.word() + " policy list " + name + ".");
    }

    /**
     * Says anew who may take a role. Sessions that were begun go on to their end.
     *
     * @throws Problem NO_SUCH_IDENTITY
     */
    public void putTrust(Principal actor, TenantId tenant, String role, byte[] trust) throws IOException {
        var key = new Name(tenant, IdentityKind.ROLE, role);
        EventBody body = about("role.trust.put", actor, IdentityKind.ROLE, role)
                .number("size", trust.length)
                .outcome("ok");
        int domain = tenants.firstDomain(tenant);
        ground.sequencer().submit(transaction -> {
            write(transaction, key, required(transaction, key).trusting(trust));
            append(transaction, tenant, domain, body);
            return true;
        });
    }

    /**
     * Puts a user into a group or takes it out; what is so already stays so.
     *
     * @throws Problem NO_SUCH_IDENTITY; INVALID_ARGUMENT past {@link IdentityKind#MAX_GROUPS}
     */
    public void setMember(Principal actor, TenantId tenant, String group, String user, boolean member)
            throws IOException {
        var userKey = new Name(tenant, IdentityKind.USER, user);
        var groupKey = new Name(tenant, IdentityKind.GROUP, group);
        EventBody body = about(member ? "group.member.add" : "group.member.remove", actor, IdentityKind.GROUP, group)
                .text("user", user)
                .outcome("ok");
        int domain = tenants.firstDomain(tenant);
        ground.sequencer().submit(transaction -> {
            required(transaction, groupKey);
            NamedIdentity identity = required(transaction, userKey);
            var groups = new ArrayList<>(identity.groups());
            boolean changes = member ? !groups.contains(group) && groups.add(group) : groups.remove(group);
            if (groups.size() > IdentityKind.MAX_GROUPS) {
                throw refused(
                        "A user is in at most " + IdentityKind.MAX_GROUPS + " groups.", "Take it out of one first.");
            }
            if (changes) {
                byte[] row = MapKey.member(tenant, group, user);
                if (member) {
                    transaction.put(row, new byte[] {1});
                } else {
                    transaction.delete(row);
                }
                write(transaction, userKey, identity.inGroups(groups));
                append(transaction, tenant, domain, body);
            }
            return true;
        });
    }

    /**
     * Counts a new key among those of its user, in the transaction that makes it.
     *
     * @throws Problem NO_SUCH_IDENTITY; INVALID_ARGUMENT past {@link IdentityKind#MAX_KEYS}
     */
    void keyAdded(Transaction transaction, TenantId tenant, String user, AccessKeyId id) {
        var key = new Name(tenant, IdentityKind.USER, user);
        NamedIdentity identity = required(transaction, key);
        if (identity.keys().size() >= IdentityKind.MAX_KEYS) {
            throw refused(
                    "The user " + user + " has " + IdentityKind.MAX_KEYS + " access keys, and may have no more.",
                    "Disable one first: allod key disable.");
        }
        var keys = new ArrayList<>(identity.keys());
        keys.add(id);
        write(transaction, key, identity.withKeys(keys));
    }

    /** The same for a key that ends. Its user may have ended with it. */
    void keyEnded(Transaction transaction, TenantId tenant, String user, AccessKeyId id) {
        var key = new Name(tenant, IdentityKind.USER, user);
        in(transaction, key).ifPresent(identity -> {
            var keys = new ArrayList<>(identity.keys());
            keys.remove(id);
            write(transaction, key, identity.withKeys(keys));
        });
    }
}
