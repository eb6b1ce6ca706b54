package allod.admin;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.store.IdentityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Users, groups and roles in memory: what the socket carries comes through it unchanged. */
final class MemoryIdentities implements IdentityAdministration {
    private final Map<String, TreeMap<String, String>> policies = new TreeMap<>();
    private final Map<String, RoleTerms> roles = new TreeMap<>();
    private final TreeSet<String> members = new TreeSet<>();

    private static String key(Named named) {
        return named.tenant() + "/" + named.kind().word() + "/" + named.name();
    }

    private Identity shown(Named named) {
        var groups = new ArrayList<String>();
        int users = 0;
        for (String member : members) {
            String[] parts = member.split("/", -1);
            if (named.kind() == IdentityKind.USER && parts[1].equals(named.name())) {
                groups.add(parts[0]);
            }
            users += named.kind() == IdentityKind.GROUP && parts[0].equals(named.name()) ? 1 : 0;
        }
        int seconds = Optional.ofNullable(roles.get(named.name()))
                .map(RoleTerms::maxSessionSeconds)
                .orElse(0);
        return new Identity(
                named.name(),
                "2026-01-01T00:00:00Z",
                List.copyOf(policies.getOrDefault(key(named), new TreeMap<>()).keySet()),
                groups,
                List.of(),
                users,
                seconds);
    }

    @Override
    public synchronized Identity add(Principal actor, Named named, Optional<RoleTerms> role) {
        policies.put(key(named), new TreeMap<>());
        role.ifPresent(terms -> roles.put(named.name(), terms));
        return shown(named);
    }

    @Override
    public synchronized List<Identity> list(
            Principal actor, String tenant, IdentityKind kind, Optional<String> after, int limit) {
        String prefix = tenant + "/" + kind.word() + "/";
        return policies.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .filter(name -> name.compareTo(after.orElse("")) > 0)
                .limit(limit)
                .map(name -> shown(new Named(tenant, kind, name)))
                .toList();
    }

    private Map<String, String> of(Named named) {
        return Optional.ofNullable(policies.get(key(named)))
                .orElseThrow(() -> new Problem(Reason.NO_SUCH_IDENTITY, "a.", "b.", "c."));
    }

    @Override
    public synchronized void delete(Principal actor, Named named) {
        of(named);
        policies.remove(key(named));
    }

    @Override
    public synchronized void putPolicy(Principal actor, Named named, String policy, String json) {
        of(named).put(policy, json);
    }

    @Override
    public synchronized String getPolicy(Principal actor, Named named, String policy) {
        return Optional.ofNullable(of(named).get(policy))
                .orElseThrow(() -> new Problem(Reason.NO_SUCH_POLICY, "a.", "b.", "c."));
    }

    @Override
    public synchronized void deletePolicy(Principal actor, Named named, String policy) {
        of(named).remove(policy);
    }

    private RoleTerms role(String role) {
        return Optional.ofNullable(roles.get(role))
                .orElseThrow(() -> new Problem(Reason.NO_SUCH_IDENTITY, "a.", "b.", "c."));
    }

    @Override
    public synchronized String getTrust(Principal actor, String tenant, String role) {
        return role(role).trust();
    }

    @Override
    public synchronized void putTrust(Principal actor, String tenant, String role, String json) {
        roles.put(role, new RoleTerms(json, role(role).maxSessionSeconds()));
    }

    @Override
    public synchronized void setMember(Principal actor, String tenant, String group, String user, boolean member) {
        boolean changed = member ? members.add(group + "/" + user) : members.remove(group + "/" + user);
        if (!changed) {
            throw new Problem(Reason.CONFLICT, "a.", "b.", "c.");
        }
    }

    @Override
    public Explanation check(Principal actor, Question question) {
        return new Explanation(true, question.toString(), List.of("allow 1", "deny 2"));
    }
}
