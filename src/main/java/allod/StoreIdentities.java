package allod;

import allod.admin.IdentityAdministration;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.policy.Context;
import allod.policy.Evaluation;
import allod.policy.MalformedPolicyException;
import allod.policy.Policy;
import allod.policy.Request;
import allod.policy.Trust;
import allod.policy.Who;
import allod.s3.PolicyCheck;
import allod.store.Identities;
import allod.store.IdentityKind;
import allod.store.NamedIdentity;
import allod.store.Tenants;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the administrative socket asks about users, groups and roles: read here as policies, kept by the store. */
final class StoreIdentities implements IdentityAdministration {
    private static final String ASSUME_ROLE = "sts:AssumeRole";

    private final Tenants tenants;
    private final Identities identities;
    private final StoreDirectory directory;
    private final PolicyCheck checks;
    private final InstantSource clock;

    StoreIdentities(
            Tenants tenants, Identities identities, StoreDirectory directory, PolicyCheck checks, InstantSource clock) {
        this.tenants = tenants;
        this.identities = identities;
        this.directory = directory;
        this.checks = checks;
        this.clock = clock;
    }

    private TenantId tenant(String name) {
        return tenants.byName(name).id();
    }

    private static Problem invalid(String why, String next) {
        return new Problem(Reason.INVALID_ARGUMENT, "Nothing was changed.", why, next);
    }

    /** A policy's bytes, once it is known that all of it is carried out. */
    private byte[] policy(Policy.Kind kind, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        try {
            Policy policy = Policy.parse(kind, bytes);
            for (String account : policy.accounts()) {
                long number = Long.parseLong(account);
                boolean known = number > 0
                        && number <= Integer.MAX_VALUE
                        && directory.name(new TenantId((int) number)).isPresent();
                if (!known) {
                    throw invalid("Invalid principal in policy: there is no account " + account + ".", "Correct it.");
                }
            }
            return bytes;
        } catch (MalformedPolicyException e) {
            throw invalid("The policy is not taken: " + e.why(), "Correct it; docs/access.md has what there is.");
        }
    }

    private static void requireName(String name) {
        if (!NamedIdentity.isValidName(name)) {
            throw invalid(
                    "The name is not one of 1 to " + NamedIdentity.MAX_NAME + " letters, digits and _+=,.@-.",
                    "Choose such a name.");
        }
    }

    @Override
    public Identity add(Principal actor, Named named, Optional<RoleTerms> role) {
        requireName(named.name());
        if (role.isPresent() != (named.kind() == IdentityKind.ROLE)) {
            throw invalid("A role, and nothing else, has a trust policy.", "Give one with a role.");
        }
        byte[] trust =
                role.map(terms -> policy(Policy.Kind.TRUST, terms.trust())).orElse(new byte[0]);
        int seconds = role.map(RoleTerms::maxSessionSeconds).orElse(0);
        if (role.isPresent() && (seconds < 3600 || seconds > 43_200)) {
            throw invalid("A role's sessions last at most 3,600 to 43,200 seconds.", "Name a number between.");
        }
        TenantId tenant = tenant(named.tenant());
        return shown(
                tenant,
                StoreAdministration.carryOut(
                        () -> identities.add(actor, tenant, named.kind(), named.name(), trust, seconds)));
    }

    private Identity shown(TenantId tenant, NamedIdentity identity) {
        return new Identity(
                identity.name(),
                identity.createdAt().toString(),
                identity.policies().stream().map(NamedIdentity.Document::name).toList(),
                identity.groups(),
                identity.keys(),
                identity.kind() == IdentityKind.GROUP ? identities.members(tenant, identity.name()) : 0,
                identity.maxSessionSeconds());
    }

    @Override
    public List<Identity> list(Principal actor, String tenant, IdentityKind kind, Optional<String> after, int limit) {
        TenantId id = tenant(tenant);
        return identities.list(id, kind, after.orElse(""), limit).stream()
                .map(one -> shown(id, one))
                .toList();
    }

    @Override
    public void delete(Principal actor, Named named) {
        TenantId tenant = tenant(named.tenant());
        requireName(named.name());
        StoreAdministration.carryOut(() -> {
            identities.delete(actor, tenant, named.kind(), named.name());
            return true;
        });
    }

    @Override
    public void putPolicy(Principal actor, Named named, String policy, String json) {
        TenantId tenant = tenant(named.tenant());
        requireName(named.name());
        byte[] bytes = policy(Policy.Kind.IDENTITY, json);
        NamedIdentity.Document document;
        try {
            document = new NamedIdentity.Document(policy, bytes);
        } catch (IllegalArgumentException e) {
            throw invalid("It takes that " + e.getMessage() + ".", "Choose such a name.");
        }
        StoreAdministration.carryOut(() -> {
            identities.putPolicy(actor, tenant, named.kind(), named.name(), document);
            return true;
        });
    }

    private NamedIdentity required(Named named) {
        requireName(named.name());
        return identities.required(tenant(named.tenant()), named.kind(), named.name());
    }

    @Override
    public String getPolicy(Principal actor, Named named, String policy) {
        return required(named)
                .policy(policy)
                .map(document -> new String(document.json(), StandardCharsets.UTF_8))
                .orElseThrow(() -> Identities.noSuchPolicy(named.kind(), named.name(), policy));
    }

    @Override
    public void deletePolicy(Principal actor, Named named, String policy) {
        TenantId tenant = tenant(named.tenant());
        requireName(named.name());
        StoreAdministration.carryOut(() -> {
            identities.deletePolicy(actor, tenant, named.kind(), named.name(), policy);
            return true;
        });
    }

    @Override
    public String getTrust(Principal actor, String tenant, String role) {
        return new String(required(new Named(tenant, IdentityKind.ROLE, role)).trust(), StandardCharsets.UTF_8);
    }

    @Override
    public void putTrust(Principal actor, String tenant, String role, String json) {
        TenantId id = tenant(tenant);
        requireName(role);
        byte[] trust = policy(Policy.Kind.TRUST, json);
        StoreAdministration.carryOut(() -> {
            identities.putTrust(actor, id, role, trust);
            return true;
        });
    }

    @Override
    public void setMember(Principal actor, String tenant, String group, String user, boolean member) {
        TenantId id = tenant(tenant);
        requireName(group);
        requireName(user);
        StoreAdministration.carryOut(() -> {
            identities.setMember(actor, id, group, user, member);
            return true;
        });
    }

    @Override
    public Explanation check(Principal actor, Question question) {
        try {
            Who who = who(question);
            Map<String, List<String>> conditions = conditions(question.conditions());
            var explained = question.action().equalsIgnoreCase(ASSUME_ROLE)
                    ? ofRole(who, question.resource(), conditions)
                    : checks.explain(new PolicyCheck.Question(who, question.action(), question.resource(), conditions));
            return new Explanation(
                    explained.decision().allowed(),
                    explained.decision().why(),
                    explained.statements().stream().map(StoreIdentities::told).toList());
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "It cannot be said how it would be decided.",
                    "The question is not one that can be asked: " + e.getMessage() + ".",
                    "See allod policy check --help, and docs/access.md.");
        }
    }

    private static String told(Evaluation.Applied statement) {
        return (statement.allows() ? "allow " : "deny ") + statement.statement() + " of " + statement.policy();
    }

    private Who who(Question question) {
        if (question.principal().equals("anonymous")) {
            return Who.ANONYMOUS;
        }
        TenantId tenant = tenant(question.tenant()
                .orElseThrow(() -> new IllegalArgumentException("it does not say whose the principal is")));
        Who who = Who.of(tenant.value(), question.principal());
        Principal principal = new Principal(question.principal());
        boolean root = question.principal().equals("root");
        if (!root && !directory.exists(tenant, principal)) {
            throw new IllegalArgumentException("there is no " + question.principal());
        }
        return who;
    }

    private static Map<String, List<String>> conditions(List<String> given) {
        var conditions = new HashMap<String, List<String>>();
        for (String one : given) {
            int equals = one.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("a condition is KEY=VALUE, not " + one);
            }
            conditions
                    .computeIfAbsent(one.substring(0, equals), key -> new ArrayList<>())
                    .add(one.substring(equals + 1));
        }
        return conditions;
    }

    private PolicyCheck.Explanation ofRole(Who who, String resource, Map<String, List<String>> conditions) {
        String[] parts = resource.split(":", 6);
        boolean arn = resource.startsWith("arn:aws:iam::")
                && parts.length == 6
                && parts[4].matches("[0-9]{12}")
                && Long.parseLong(parts[4]) > 0
                && Long.parseLong(parts[4]) <= Integer.MAX_VALUE
                && parts[5].startsWith("role/");
        if (!arn) {
            throw new IllegalArgumentException("a role is arn:aws:iam::ACCOUNT:role/NAME, the account in 12 digits");
        }
        TenantId tenant = new TenantId(Integer.parseInt(parts[4]));
        String name = parts[5].substring("role/".length());
        Policy trust = directory
                .role(tenant, name)
                .orElseThrow(() -> new IllegalArgumentException("there is no role " + resource))
                .trust();
        List<Evaluation.Named> identity = who.kind() == Who.Kind.USER || who.kind() == Who.Kind.ROLE
                ? directory.policies(new TenantId(who.tenant()), new Principal(who.principal()))
                : List.of();
        var decided = new Trust(Who.account(tenant.value()), trust, identity, Optional.empty());
        Context context = PolicyCheck.asked(who, conditions, clock);
        return new PolicyCheck.Explanation(
                decided.decide(new Request(who, ASSUME_ROLE, resource, context)),
                decided.applied(new Request(who, ASSUME_ROLE, resource, context)));
    }
}
