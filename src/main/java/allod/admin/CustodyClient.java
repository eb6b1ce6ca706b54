package allod.admin;

import allod.admin.CustodyAdministration.Change;
import allod.admin.CustodyAdministration.Domain;
import allod.admin.CustodyAdministration.Drill;
import allod.admin.CustodyAdministration.DrillEnd;
import allod.admin.CustodyAdministration.Holders;
import allod.admin.CustodyAdministration.Target;
import allod.base.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Calls about who holds keys. Each throws the server's own {@link Problem}, or BUSY if no server answers. */
public final class CustodyClient {
    private final AdminClient client;

    CustodyClient(AdminClient client) {
        this.client = client;
    }

    private <T> T call(CustodyRequest request, Function<JsonNode, T> content) {
        return AdminMessages.answer(client.call(new AdminRequest.OfCustody(request)), content);
    }

    /** All domains, page by page. */
    public List<Domain> show() {
        var all = new ArrayList<Domain>();
        List<Domain> page;
        do {
            int after = all.isEmpty() ? -1 : all.getLast().number();
            page = call(new CustodyRequest.Show(after, CustodyAdministration.MAX_PAGE), CustodyMessages::domains);
            all.addAll(page);
        } while (page.size() == CustodyAdministration.MAX_PAGE);
        return List.copyOf(all);
    }

    /** Gives a domain that the custody folder alone holds to others. */
    public Change attach(Target target, Holders holders) {
        return call(new CustodyRequest.Attach(target, holders), CustodyMessages::change);
    }

    /** Takes a domain from the custodians it has to others. */
    public Change migrate(Target target, Holders holders) {
        return call(new CustodyRequest.Migrate(target, holders), CustodyMessages::change);
    }

    /** Makes a new root for the same custodians. */
    public Change rotate(Target target) {
        return call(new CustodyRequest.Rotate(target), CustodyMessages::change);
    }

    /** Begins a drill. */
    public Drill beginDrill(Target target) {
        return call(new CustodyRequest.BeginDrill(target), CustodyMessages::drill);
    }

    /** How a drill stands. */
    public Drill lookAtDrill(int domain) {
        return call(new CustodyRequest.LookAtDrill(domain), CustodyMessages::drill);
    }

    /** Ends a drill. */
    public DrillEnd endDrill(int domain) {
        return call(new CustodyRequest.EndDrill(domain), CustodyMessages::drillEnd);
    }

    /** The evidence of a drill that has ended; NOT_YET until the log's checkpoint covers it. */
    public byte[] drillEvidence(int domain, long end) {
        return call(new CustodyRequest.DrillEvidence(domain, end), CustodyMessages::evidence);
    }
}
