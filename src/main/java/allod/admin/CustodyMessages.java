package allod.admin;

import allod.admin.CustodyAdministration.Change;
import allod.admin.CustodyAdministration.Destroyed;
import allod.admin.CustodyAdministration.Domain;
import allod.admin.CustodyAdministration.Drill;
import allod.admin.CustodyAdministration.DrillEnd;
import allod.admin.CustodyAdministration.Holder;
import allod.admin.CustodyAdministration.Holders;
import allod.admin.CustodyAdministration.Outstanding;
import allod.admin.CustodyAdministration.Target;
import allod.base.Principal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of what is asked and answered about who holds keys. */
final class CustodyMessages {
    /** What the calls begin with. */
    static final String PREFIX = "custody.";

    private CustodyMessages() {}

    static void encode(CustodyRequest request, ObjectNode node) {
        switch (request) {
            case CustodyRequest.Show(int after, int limit) ->
                node.put("do", "custody.show").put("after", after).put("limit", limit);
            case CustodyRequest.Attach(Target target, Holders holders) ->
                put(node.put("do", "custody.attach"), target, holders);
            case CustodyRequest.Migrate(Target target, Holders holders) ->
                put(node.put("do", "custody.migrate"), target, holders);
            case CustodyRequest.Rotate(Target target) -> put(node.put("do", "custody.rotate"), target);
            case CustodyRequest.BeginDrill(Target target) -> put(node.put("do", "custody.drill.begin"), target);
            case CustodyRequest.LookAtDrill(int domain) ->
                node.put("do", "custody.drill.look").put("domain", domain);
            case CustodyRequest.EndDrill(int domain) ->
                node.put("do", "custody.drill.end").put("domain", domain);
            case CustodyRequest.DrillEvidence(int domain, long end) ->
                node.put("do", "custody.drill.evidence").put("domain", domain).put("end", end);
        }
    }

    private static void put(ObjectNode node, Target target) {
        target.tenant().ifPresent(tenant -> node.put("tenant", tenant));
        target.bucket().ifPresent(bucket -> node.put("bucket", bucket));
    }

    private static void put(ObjectNode node, Target target, Holders holders) {
        put(node, target);
        node.put("threshold", holders.threshold());
        ArrayNode names = node.putArray("custodians");
        holders.custodians().forEach(names::add);
    }

    /** @throws IllegalArgumentException if it is none of ours */
    static CustodyRequest decode(String call, AdminMessages.Members members) {
        return switch (call) {
            case "custody.show" -> new CustodyRequest.Show(members.number("after"), limit(members.number("limit")));
            case "custody.attach" -> new CustodyRequest.Attach(target(members), holders(members));
            case "custody.migrate" -> new CustodyRequest.Migrate(target(members), holders(members));
            case "custody.rotate" -> new CustodyRequest.Rotate(target(members));
            case "custody.drill.begin" -> new CustodyRequest.BeginDrill(target(members));
            case "custody.drill.look" -> new CustodyRequest.LookAtDrill(members.number("domain"));
            case "custody.drill.end" -> new CustodyRequest.EndDrill(members.number("domain"));
            case "custody.drill.evidence" ->
                new CustodyRequest.DrillEvidence(members.number("domain"), members.big("end"));
            default -> throw new IllegalArgumentException("there is no call '" + call + "'");
        };
    }

    private static int limit(int limit) {
        if (limit < 1 || limit > CustodyAdministration.MAX_PAGE) {
            throw new IllegalArgumentException("limit is not 1 to " + CustodyAdministration.MAX_PAGE);
        }
        return limit;
    }

    private static Target target(AdminMessages.Members members) {
        return new Target(members.maybeText("tenant"), members.maybeText("bucket"));
    }

    private static Holders holders(AdminMessages.Members members) {
        return new Holders(members.number("threshold"), members.texts("custodians"));
    }

    static byte[] carryOut(CustodyAdministration custody, Principal actor, CustodyRequest request) {
        return AdminMessages.ok(
                switch (request) {
                    case CustodyRequest.Show(int after, int limit) ->
                        list(custody.show(actor, after, limit), CustodyMessages::json);
                    case CustodyRequest.Attach(Target target, Holders holders) ->
                        json(custody.attach(actor, target, holders));
                    case CustodyRequest.Migrate(Target target, Holders holders) ->
                        json(custody.migrate(actor, target, holders));
                    case CustodyRequest.Rotate(Target target) -> json(custody.rotate(actor, target));
                    case CustodyRequest.BeginDrill(Target target) -> json(custody.beginDrill(actor, target));
                    case CustodyRequest.LookAtDrill(int domain) -> json(custody.lookAtDrill(actor, domain));
                    case CustodyRequest.EndDrill(int domain) -> json(custody.endDrill(actor, domain));
                    case CustodyRequest.DrillEvidence(int domain, long end) ->
                        AdminMessages.JSON
                                .createObjectNode()
                                .put(
                                        "evidence",
                                        new String(custody.drillEvidence(actor, domain, end), StandardCharsets.UTF_8));
                });
    }

    private static <T> ArrayNode list(List<T> values, Function<T, JsonNode> json) {
        ArrayNode list = AdminMessages.JSON.createArrayNode();
        values.forEach(value -> list.add(json.apply(value)));
        return list;
    }

    private static ArrayNode texts(List<String> values) {
        ArrayNode list = AdminMessages.JSON.createArrayNode();
        values.forEach(list::add);
        return list;
    }

    private static ObjectNode object() {
        return AdminMessages.JSON.createObjectNode();
    }

    private static ObjectNode json(Domain domain) {
        ObjectNode node = object().put("domain", domain.number())
                .put("tenant", domain.tenant())
                .put("generation", domain.generation())
                .put("threshold", domain.threshold())
                .put("open", domain.open())
                .put("lease", domain.lease())
                .put("leaseLeft", domain.leaseLeft())
                .put("degraded", domain.degraded())
                .put("drill", domain.drill());
        node.set("buckets", texts(domain.buckets()));
        node.set("custodians", list(domain.custodians(), CustodyMessages::json));
        node.set("outstanding", list(domain.outstanding(), CustodyMessages::json));
        return node;
    }

    private static ObjectNode json(Holder holder) {
        return object().put("custodian", holder.id())
                .put("kind", holder.kind())
                .put("assurance", holder.assurance())
                .put("status", holder.status())
                .put("holds", holder.holds());
    }

    private static ObjectNode json(Outstanding share) {
        return object().put("custodian", share.custodian())
                .put("generation", share.generation())
                .put("why", share.why());
    }

    private static ObjectNode json(Change change) {
        ObjectNode node = object();
        node.set("domain", json(change.domain()));
        node.set("notes", texts(change.notes()));
        node.set(
                "destroyed",
                list(
                        change.destroyed(),
                        destroyed -> object().put("custodian", destroyed.custodian())
                                .put("assurance", destroyed.assurance())
                                .put("response", destroyed.response())
                                .put("probe", destroyed.probe())));
        return node;
    }

    private static ObjectNode json(Drill drill) {
        return object().put("domain", drill.domain())
                .put("refused", drill.refused())
                .put("read", drill.read())
                .put("lease", drill.lease());
    }

    private static ObjectNode json(DrillEnd end) {
        return object().put("domain", end.domain())
                .put("end", end.end())
                .put("passed", end.passed())
                .put("before", end.before())
                .put("without", end.without())
                .put("after", end.after())
                .put("refusedAfter", end.refusedAfter());
    }

    /** What {@link Function} reads from an object, all members of it. */
    private static <T> T read(JsonNode node, Function<AdminMessages.Members, T> content) {
        var members = new AdminMessages.Members(node);
        T read = content.apply(members);
        members.done();
        return read;
    }

    static List<Domain> domains(JsonNode node) {
        return AdminMessages.list(node, CustodyMessages::domain);
    }

    private static Domain domain(JsonNode node) {
        return read(
                node,
                in -> new Domain(
                        in.number("domain"),
                        in.text("tenant"),
                        in.texts("buckets"),
                        in.big("generation"),
                        in.number("threshold"),
                        AdminMessages.list(in.node("custodians"), CustodyMessages::holder),
                        in.truth("open"),
                        in.big("lease"),
                        in.big("leaseLeft"),
                        in.truth("degraded"),
                        AdminMessages.list(in.node("outstanding"), CustodyMessages::outstanding),
                        in.truth("drill")));
    }

    private static Holder holder(JsonNode node) {
        return read(
                node,
                in -> new Holder(
                        in.text("custodian"),
                        in.text("kind"),
                        in.text("assurance"),
                        in.text("status"),
                        in.truth("holds")));
    }

    private static Outstanding outstanding(JsonNode node) {
        return read(node, in -> new Outstanding(in.text("custodian"), in.big("generation"), in.text("why")));
    }

    static Change change(JsonNode node) {
        return read(
                node,
                in -> new Change(
                        domain(in.node("domain")),
                        in.texts("notes"),
                        AdminMessages.list(in.node("destroyed"), CustodyMessages::destroyed)));
    }

    private static Destroyed destroyed(JsonNode node) {
        return read(
                node,
                in -> new Destroyed(in.text("custodian"), in.text("assurance"), in.text("response"), in.text("probe")));
    }

    static Drill drill(JsonNode node) {
        return read(node, in -> new Drill(in.number("domain"), in.truth("refused"), in.text("read"), in.big("lease")));
    }

    static DrillEnd drillEnd(JsonNode node) {
        return read(
                node,
                in -> new DrillEnd(
                        in.number("domain"),
                        in.big("end"),
                        in.truth("passed"),
                        in.text("before"),
                        in.text("without"),
                        in.text("after"),
                        in.big("refusedAfter")));
    }

    static byte[] evidence(JsonNode node) {
        return read(node, in -> in.text("evidence").getBytes(StandardCharsets.UTF_8));
    }
}
