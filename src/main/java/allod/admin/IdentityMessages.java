package allod.admin;

import allod.admin.IdentityAdministration.Explanation;
import allod.admin.IdentityAdministration.Identity;
import allod.admin.IdentityAdministration.Named;
import allod.admin.IdentityAdministration.Question;
import allod.admin.IdentityAdministration.RoleTerms;
import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.store.IdentityKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of what is asked and answered about users, groups and roles. */
final class IdentityMessages {
    /** What the calls begin with. */
    static final String PREFIX = "identity.";

    private IdentityMessages() {}

    static void encode(IdentityRequest request, ObjectNode node) {
        switch (request) {
            case IdentityRequest.Add(Named named, Optional<RoleTerms> role) -> {
                put(node.put("do", "identity.add"), named);
                role.ifPresent(
                        terms -> node.put("trust", terms.trust()).put("maxSessionSeconds", terms.maxSessionSeconds()));
            }
            case IdentityRequest.ListAll(String tenant, IdentityKind kind, Optional<String> after, int limit) -> {
                node.put("do", "identity.list").put("tenant", tenant).put("kind", kind.word());
                node.put("limit", limit);
                after.ifPresent(name -> node.put("after", name));
            }
            case IdentityRequest.Delete(Named named) -> put(node.put("do", "identity.delete"), named);
            case IdentityRequest.PutPolicy(Named named, String policy, String json) ->
                put(node.put("do", "identity.policy.put"), named)
                        .put("policy", policy)
                        .put("document", json);
            case IdentityRequest.GetPolicy(Named named, String policy) ->
                put(node.put("do", "identity.policy.get"), named).put("policy", policy);
            case IdentityRequest.DeletePolicy(Named named, String policy) ->
                put(node.put("do", "identity.policy.delete"), named).put("policy", policy);
            case IdentityRequest.GetTrust(String tenant, String role) ->
                node.put("do", "identity.trust.get").put("tenant", tenant).put("role", role);
            case IdentityRequest.PutTrust(String tenant, String role, String json) ->
                node.put("do", "identity.trust.put")
                        .put("tenant", tenant)
                        .put("role", role)
                        .put("document", json);
            case IdentityRequest.SetMember(String tenant, String group, String user, boolean member) ->
                node.put("do", member ? "identity.member.add" : "identity.member.remove")
                        .put("tenant", tenant)
                        .put("group", group)
                        .put("user", user);
            case IdentityRequest.Check(Question question) -> {
                node.put("do", "identity.check").put("principal", question.principal());
                node.put("action", question.action()).put("resource", question.resource());
                question.tenant().ifPresent(tenant -> node.put("tenant", tenant));
                question.conditions().forEach(node.withArray("conditions")::add);
            }
        }
    }

    private static ObjectNode put(ObjectNode node, Named named) {
        return node.put("tenant", named.tenant())
                .put("kind", named.kind().word())
                .put("name", named.name());
    }

    /** @throws IllegalArgumentException if it is none of ours */
    static IdentityRequest decode(String call, AdminMessages.Members members) {
        return switch (call) {
            case "identity.add" -> new IdentityRequest.Add(named(members), role(members));
            case "identity.list" ->
                new IdentityRequest.ListAll(
                        members.text("tenant"),
                        kind(members.text("kind")),
                        members.maybeText("after"),
                        limit(members.number("limit")));
            case "identity.delete" -> new IdentityRequest.Delete(named(members));
            case "identity.policy.put" ->
                new IdentityRequest.PutPolicy(named(members), members.text("policy"), members.text("document"));
            case "identity.policy.get" -> new IdentityRequest.GetPolicy(named(members), members.text("policy"));
            case "identity.policy.delete" -> new IdentityRequest.DeletePolicy(named(members), members.text("policy"));
            case "identity.trust.get" -> new IdentityRequest.GetTrust(members.text("tenant"), members.text("role"));
            case "identity.trust.put" ->
                new IdentityRequest.PutTrust(members.text("tenant"), members.text("role"), members.text("document"));
            case "identity.member.add" -> member(members, true);
            case "identity.member.remove" -> member(members, false);
            case "identity.check" -> new IdentityRequest.Check(question(members));
            default -> throw new IllegalArgumentException("there is no call '" + call + "'");
        };
    }

    private static IdentityRequest member(AdminMessages.Members members, boolean member) {
        return new IdentityRequest.SetMember(
                members.text("tenant"), members.text("group"), members.text("user"), member);
    }

    private static Named named(AdminMessages.Members members) {
        return new Named(members.text("tenant"), kind(members.text("kind")), members.text("name"));
    }

    private static Optional<RoleTerms> role(AdminMessages.Members members) {
        Optional<String> trust = members.maybeText("trust");
        Optional<Integer> seconds = members.maybeNumber("maxSessionSeconds");
        if (trust.isPresent() != seconds.isPresent()) {
            throw new IllegalArgumentException("a role has both trust and maxSessionSeconds");
        }
        return trust.map(json -> new RoleTerms(json, seconds.orElseThrow()));
    }

    private static Question question(AdminMessages.Members members) {
        List<String> conditions = members.texts("conditions");
        if (conditions.size() > IdentityAdministration.MAX_CONDITIONS) {
            throw new IllegalArgumentException(
                    "a question has at most " + IdentityAdministration.MAX_CONDITIONS + " conditions");
        }
        return new Question(
                members.maybeText("tenant"),
                members.text("principal"),
                members.text("action"),
                members.text("resource"),
                conditions);
    }

    private static IdentityKind kind(String word) {
        for (IdentityKind kind : IdentityKind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("there is no kind '" + word.toLowerCase(Locale.ROOT) + "'");
    }

    private static int limit(int limit) {
        if (limit < 1 || limit > IdentityAdministration.MAX_PAGE) {
            throw new IllegalArgumentException("limit is not 1 to " + IdentityAdministration.MAX_PAGE);
        }
        return limit;
    }

    static byte[] carryOut(IdentityAdministration identities, Principal actor, IdentityRequest request) {
        return switch (request) {
            case IdentityRequest.Add(Named named, Optional<RoleTerms> role) ->
                AdminMessages.ok(json(identities.add(actor, named, role)));
            case IdentityRequest.ListAll(String tenant, IdentityKind kind, Optional<String> after, int limit) -> {
                var list = AdminMessages.JSON.createArrayNode();
                identities.list(actor, tenant, kind, after, limit).forEach(one -> list.add(json(one)));
                yield AdminMessages.ok(list);
            }
            case IdentityRequest.Delete(Named named) -> done(() -> identities.delete(actor, named));
            case IdentityRequest.PutPolicy(Named named, String policy, String json) ->
                done(() -> identities.putPolicy(actor, named, policy, json));
            case IdentityRequest.GetPolicy(Named named, String policy) ->
                document(identities.getPolicy(actor, named, policy));
            case IdentityRequest.DeletePolicy(Named named, String policy) ->
                done(() -> identities.deletePolicy(actor, named, policy));
            case IdentityRequest.GetTrust(String tenant, String role) ->
                document(identities.getTrust(actor, tenant, role));
            case IdentityRequest.PutTrust(String tenant, String role, String json) ->
                done(() -> identities.putTrust(actor, tenant, role, json));
            case IdentityRequest.SetMember(String tenant, String group, String user, boolean member) ->
                done(() -> identities.setMember(actor, tenant, group, user, member));
            case IdentityRequest.Check(Question question) -> AdminMessages.ok(json(identities.check(actor, question)));
        };
    }

    private static byte[] done(Runnable work) {
        work.run();
        return AdminMessages.encodeDone();
    }

    private static byte[] document(String json) {
        return AdminMessages.ok(AdminMessages.JSON.createObjectNode().put("document", json));
    }

    private static ObjectNode json(Identity identity) {
        ObjectNode node = AdminMessages.JSON
                .createObjectNode()
                .put("name", identity.name())
                .put("created", identity.created())
                .put("users", identity.users())
                .put("maxSessionSeconds", identity.maxSessionSeconds());
        var policies = node.putArray("policies");
        identity.policies().forEach(policies::add);
        var groups = node.putArray("groups");
        identity.groups().forEach(groups::add);
        var keys = node.putArray("accessKeys");
        identity.keys().forEach(key -> keys.add(key.value()));
        return node;
    }

    private static ObjectNode json(Explanation explanation) {
        ObjectNode node = AdminMessages.JSON
                .createObjectNode()
                .put("allowed", explanation.allowed())
                .put("why", explanation.why());
        var statements = node.putArray("statements");
        explanation.statements().forEach(statements::add);
        return node;
    }

    static Identity decodeIdentity(JsonNode node) {
        var members = new AdminMessages.Members(node);
        var identity = new Identity(
                members.text("name"),
                members.text("created"),
                members.texts("policies"),
                members.texts("groups"),
                members.texts("accessKeys").stream().map(AccessKeyId::new).toList(),
                members.number("users"),
                members.number("maxSessionSeconds"));
        members.done();
        return identity;
    }

    static String decodeDocument(JsonNode node) {
        var members = new AdminMessages.Members(node);
        String document = members.text("document");
        members.done();
        return document;
    }

    static Explanation decodeExplanation(JsonNode node) {
        var members = new AdminMessages.Members(node);
        var explanation = new Explanation(members.flag("allowed"), members.text("why"), members.texts("statements"));
        members.done();
        return explanation;
    }
}
