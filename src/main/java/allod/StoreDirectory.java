package allod;

import allod.base.Principal;
import allod.base.TenantId;
import allod.policy.Evaluation;
import allod.policy.MalformedPolicyException;
import allod.policy.Policy;
import allod.s3.Directory;
import allod.store.Identities;
import allod.store.IdentityKind;
import allod.store.NamedIdentity;
import allod.store.Tenants;
import allod.sts.Roles;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the S3 address asks of those who ask it, answered by the store. Policies are read once and kept until another is
 * put.
 */
final class StoreDirectory implements Directory, Roles {
    /** Users, groups and roles whose policies are kept as read. */
    static final int LIMIT = 10_000;

    private final Tenants tenants;
    private final Identities identities;
    private final Map<Name, Read> kept = new ConcurrentHashMap<>();

    private static final Policy NOTHING =
            policy(Policy.Kind.IDENTITY, "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}");
    private static final Policy NOBODY = policy(
            Policy.Kind.TRUST,
            "{\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\"}}");

    private record Name(TenantId tenant, IdentityKind kind, String name) {}

    private record Read(NamedIdentity of, List<Evaluation.Named> policies) {}

    StoreDirectory(Tenants tenants, Identities identities) {
        this.tenants = tenants;
        this.identities = identities;
    }

    @Override
    public List<Evaluation.Named> policies(TenantId tenant, Principal principal) {
        Optional<NamedIdentity> found = find(tenant, principal);
        if (found.isEmpty()) {
            return List.of();
        }
        List<Evaluation.Named> own = read(tenant, found.get());
        if (found.get().groups().isEmpty()) {
            return own;
        }
        var all = new ArrayList<>(own);
        for (String group : found.get().groups()) {
            identities.find(tenant, IdentityKind.GROUP, group).ifPresent(one -> all.addAll(read(tenant, one)));
        }
        return all;
    }

    private Optional<NamedIdentity> find(TenantId tenant, Principal principal) {
        Optional<String> user = principal.asUser();
        if (user.isPresent()) {
            return identities.find(tenant, IdentityKind.USER, user.get());
        }
        return principal.asRole().flatMap(role -> identities.find(tenant, IdentityKind.ROLE, role));
    }

    @SuppressWarnings("ReferenceEquality") // the store gives the same object until it is changed
    private List<Evaluation.Named> read(TenantId tenant, NamedIdentity identity) {
        var name = new Name(tenant, identity.kind(), identity.name());
        Read found = kept.get(name);
        if (found == null || found.of() != identity) {
            if (kept.size() >= LIMIT) {
                kept.clear();
            }
            found = new Read(identity, parse(identity));
            kept.put(name, found);
        }
        return found.policies();
    }

    private static List<Evaluation.Named> parse(NamedIdentity identity) {
        return identity.policies().stream()
                .map(policy -> new Evaluation.Named(
                        "policy " + policy.name() + " of the " + identity.kind().word() + " " + identity.name(),
                        parse(Policy.Kind.IDENTITY, policy.json(), NOTHING)))
                .toList();
    }

    private static Policy policy(Policy.Kind kind, String json) {
        return Policy.parse(kind, json.getBytes(StandardCharsets.UTF_8));
    }

    /** One that is not understood, as another version of this program may have taken it, denies. */
    private static Policy parse(Policy.Kind kind, byte[] json, Policy otherwise) {
        try {
            return Policy.parse(kind, json);
        } catch (MalformedPolicyException notUnderstood) {
            return otherwise;
        }
    }

    @Override
    public Optional<Role> role(TenantId tenant, String name) {
        return identities
                .find(tenant, IdentityKind.ROLE, name)
                .map(role -> new Role(
                        parse(Policy.Kind.TRUST, role.trust(), NOBODY), Duration.ofSeconds(role.maxSessionSeconds())));
    }

    @Override
    public boolean exists(TenantId tenant, Principal principal) {
        return find(tenant, principal).isPresent();
    }

    @Override
    public Optional<String> name(TenantId tenant) {
        return tenants.name(tenant);
    }
}
