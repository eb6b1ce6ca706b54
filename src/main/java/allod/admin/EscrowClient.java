package allod.admin;

import allod.admin.EscrowAdministration.Escrow;
import allod.admin.EscrowAdministration.Scope;
import allod.base.Problem;
import allod.pact.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Calls about escrow. */
public final class EscrowClient {
    private final AdminClient client;

    EscrowClient(AdminClient client) {
        this.client = client;
    }

    private <T> T call(EscrowRequest request, Function<JsonNode, T> content) {
        return AdminMessages.answer(client.call(new AdminRequest.OfEscrow(request)), content);
    }

    /**
     * Begins an escrow.
     *
     * @throws Problem the server's own, or BUSY if none answers
     */
    public Escrow add(Scope scope, Party party, String recipient) {
        return call(new EscrowRequest.Add(scope, party, recipient), EscrowMessages::decode);
    }

    /** All escrows, page by page. */
    public List<Escrow> list() {
        var all = new ArrayList<Escrow>();
        List<Escrow> page;
        do {
            Optional<String> after =
                    all.isEmpty() ? Optional.empty() : Optional.of(all.getLast().id());
            page = call(new EscrowRequest.ListAll(after, EscrowAdministration.MAX_PAGE), EscrowMessages::decodeList);
            all.addAll(page);
        } while (page.size() == EscrowAdministration.MAX_PAGE);
        return List.copyOf(all);
    }

    /**
     * Ends an escrow.
     *
     * @throws Problem the server's own, or BUSY if none answers
     */
    public Escrow remove(String id) {
        return call(new EscrowRequest.Remove(id), EscrowMessages::decode);
    }

    /**
     * Forbids escrow in a bucket.
     *
     * @throws Problem the server's own, or BUSY if none answers
     */
    public void forbid(String bucket) {
        call(new EscrowRequest.Forbid(bucket), node -> true);
    }
}
