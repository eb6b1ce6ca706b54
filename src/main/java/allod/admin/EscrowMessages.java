package allod.admin;

import allod.admin.EscrowAdministration.Escrow;
import allod.admin.EscrowAdministration.Scope;
import allod.base.Principal;
import allod.pact.Jurisdiction;
import allod.pact.Party;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of what is asked and answered about escrow. */
final class EscrowMessages {
    /** What the calls begin with. */
    static final String PREFIX = "escrow.";

    private EscrowMessages() {}

    static void encode(EscrowRequest request, ObjectNode node) {
        switch (request) {
            case EscrowRequest.Add(Scope scope, Party party, String recipient) -> {
                node.put("do", "escrow.add").put("recipient", recipient);
                put(node, scope, party);
            }
            case EscrowRequest.ListAll(var after, int limit) -> {
                node.put("do", "escrow.list").put("limit", limit);
                after.ifPresent(id -> node.put("after", id));
            }
            case EscrowRequest.Remove(String id) ->
                node.put("do", "escrow.remove").put("escrow", id);
            case EscrowRequest.Forbid(String bucket) ->
                node.put("do", "escrow.forbid").put("bucket", bucket);
        }
    }

    private static void put(ObjectNode node, Scope scope, Party party) {
        scope.tenant().ifPresent(tenant -> node.put("tenant", tenant));
        scope.bucket().ifPresent(bucket -> node.put("bucket", bucket));
        node.put("party", party.name());
        party.jurisdiction().ifPresent(code -> node.put("jurisdiction", code.code()));
    }

    /** @throws IllegalArgumentException if it is none of ours */
    static EscrowRequest decode(String call, AdminMessages.Members members) {
        return switch (call) {
            case "escrow.add" -> new EscrowRequest.Add(scope(members), party(members), members.text("recipient"));
            case "escrow.list" -> new EscrowRequest.ListAll(members.maybeText("after"), limit(members.number("limit")));
            case "escrow.remove" -> new EscrowRequest.Remove(members.text("escrow"));
            case "escrow.forbid" -> new EscrowRequest.Forbid(members.text("bucket"));
            default -> throw new IllegalArgumentException("there is no call '" + call + "'");
        };
    }

    private static int limit(int limit) {
        if (limit < 1 || limit > EscrowAdministration.MAX_PAGE) {
            throw new IllegalArgumentException("limit is not 1 to " + EscrowAdministration.MAX_PAGE);
        }
        return limit;
    }

    private static Scope scope(AdminMessages.Members members) {
        return new Scope(members.maybeText("tenant"), members.maybeText("bucket"));
    }

    private static Party party(AdminMessages.Members members) {
        return new Party(
                members.text("party"), members.maybeText("jurisdiction").map(Jurisdiction::new));
    }

    static byte[] carryOut(EscrowAdministration escrow, Principal actor, EscrowRequest request) {
        return switch (request) {
            case EscrowRequest.Add(Scope scope, Party party, String recipient) ->
                AdminMessages.ok(json(escrow.add(actor, scope, party, recipient)));
            case EscrowRequest.ListAll(Optional<String> after, int limit) -> {
                var list = AdminMessages.JSON.createArrayNode();
                escrow.list(actor, after, limit).forEach(one -> list.add(json(one)));
                yield AdminMessages.ok(list);
            }
            case EscrowRequest.Remove(String id) -> AdminMessages.ok(json(escrow.remove(actor, id)));
            case EscrowRequest.Forbid(String bucket) -> {
                escrow.forbid(actor, bucket);
                yield AdminMessages.ok(AdminMessages.JSON.createObjectNode().put("bucket", bucket));
            }
        };
    }

    private static ObjectNode json(Escrow escrow) {
        ObjectNode node = AdminMessages.JSON
                .createObjectNode()
                .put("id", escrow.id())
                .put("recipient", escrow.recipient())
                .put("created", escrow.created())
                .put("state", escrow.inForce() ? "IN_FORCE" : "REMOVED");
        put(node, escrow.scope(), escrow.party());
        escrow.exempt().forEach(node.withArray("exempt")::add);
        return node;
    }

    static Escrow decode(JsonNode node) {
        var members = new AdminMessages.Members(node);
        var escrow = new Escrow(
                members.text("id"),
                party(members),
                members.text("recipient"),
                scope(members),
                members.texts("exempt"),
                members.text("created"),
                inForce(members.text("state")));
        members.done();
        return escrow;
    }

    private static boolean inForce(String state) {
        return switch (state) {
            case "IN_FORCE" -> true;
            case "REMOVED" -> false;
            default -> throw new IllegalArgumentException("an escrow has no state " + state);
        };
    }

    static List<Escrow> decodeList(JsonNode node) {
        return AdminMessages.list(node, EscrowMessages::decode);
    }
}
