package allod.cli;

import allod.admin.CustodyAdministration.Change;
import allod.admin.CustodyAdministration.Destroyed;
import allod.admin.CustodyAdministration.Domain;
import allod.admin.CustodyAdministration.Holder;
import allod.admin.CustodyAdministration.Outstanding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Domains and their custodians, as results show them. */
final class CustodyText {
    private CustodyText() {}

    static ObjectNode json(Domain domain) {
        ObjectNode json = JsonOption.object()
                .put("domain", domain.number())
                .put("tenant", domain.tenant())
                .put("generation", domain.generation())
                .put("threshold", domain.threshold())
                .put("open", domain.open())
                .put("leaseMillis", domain.lease())
                .put("leaseLeftMillis", domain.leaseLeft())
                .put("degraded", domain.degraded())
                .put("drill", domain.drill());
        domain.buckets().forEach(json.putArray("buckets")::add);
        var holders = json.putArray("custodians");
        for (Holder holder : domain.custodians()) {
            holders.addObject()
                    .put("custodian", holder.id())
                    .put("kind", holder.kind())
                    .put("assurance", holder.assurance())
                    .put("status", holder.status())
                    .put("holds", holder.holds());
        }
        var outstanding = json.putArray("outstanding");
        for (Outstanding share : domain.outstanding()) {
            outstanding
                    .addObject()
                    .put("custodian", share.custodian())
                    .put("generation", share.generation())
                    .put("why", share.why());
        }
        return json;
    }

    static ObjectNode json(Change change) {
        ObjectNode json = JsonOption.object();
        json.set("domain", json(change.domain()));
        change.notes().forEach(json.putArray("notes")::add);
        var destroyed = json.putArray("destroyed");
        for (Destroyed one : change.destroyed()) {
            destroyed
                    .addObject()
                    .put("custodian", one.custodian())
                    .put("assurance", one.assurance())
                    .put("response", one.response())
                    .put("probe", one.probe());
        }
        return json;
    }

    /** Such as {@code vault-eu}, or {@code 2 of file, bao, hsm}. */
    static String plan(Domain domain) {
        String names = domain.custodians().stream().map(Holder::id).collect(Collectors.joining(", "));
        return domain.custodians().size() == 1 ? names : domain.threshold() + " of " + names;
    }

    static String text(Domain domain) {
        List<String> lines = new ArrayList<>();
        lines.add("domain " + domain.number() + "  tenant " + domain.tenant()
                + (domain.buckets().isEmpty() ? "" : "  buckets " + String.join(", ", domain.buckets())));
        lines.add("  held by " + plan(domain) + ", generation " + domain.generation()
                + (domain.degraded() ? ", fewer hold it than should" : ""));
        lines.add("  " + state(domain));
        for (Holder holder : domain.custodians()) {
            lines.add("  " + holder.id() + "  "
                    + (holder.kind().isEmpty() ? "" : holder.kind() + ", " + holder.assurance() + ", ")
                    + (holder.holds() ? "" : "holds nothing of it, ") + holder.status());
        }
        for (Outstanding share : domain.outstanding()) {
            lines.add("  may still open generation " + share.generation() + ": " + share.custodian() + " ("
                    + within(share.why()) + ")");
        }
        return String.join("\n", lines);
    }

    /** A sentence as it stands within another. */
    private static String within(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private static String state(Domain domain) {
        String lease = domain.lease() == 0 ? "each request asks" : "lease " + domain.lease() / 1000 + " s";
        if (!domain.open()) {
            return "CLOSED: its requests are refused (" + lease + ")"
                    + (domain.drill() ? ", a drill withholds its keys" : "");
        }
        String left = domain.lease() == 0 ? "" : ", " + domain.leaseLeft() / 1000 + " s left";
        return "open, " + lease + left + (domain.drill() ? ", a drill withholds its keys" : "");
    }

    static String text(Change change, String done) {
        List<String> lines = new ArrayList<>();
        lines.add(done + " It is held by " + plan(change.domain()) + ".");
        for (Destroyed one : change.destroyed()) {
            lines.add("The old root's key at " + one.custodian() + " is destroyed (" + one.assurance() + "): "
                    + one.response() + "; " + one.probe() + ".");
        }
        change.notes().forEach(note -> lines.add("Note: " + note));
        for (Outstanding share : change.domain().outstanding()) {
            lines.add("Not reached yet: " + share.custodian() + ", generation " + share.generation() + " ("
                    + within(share.why()) + "). It is destroyed by itself when the custodian is back.");
        }
        return String.join("\n", lines);
    }
}
