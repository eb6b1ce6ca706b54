package allod.rights;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.Exchange;
import allod.http.Headers;
import allod.receipt.ReceiptId;
import allod.receipt.ReceiptItem;
import allod.store.Caller;
import allod.store.Receipts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The owner's receipts: a list, and each as the one file that {@code allod verify} reads. */
record ReceiptsApi(Receipts receipts, Owners owners) implements PactHandler.Resource {
    private static final Headers FILE =
            Headers.of("Content-Type", "application/json", "Cache-Control", "private, no-store");

    /** The list. */
    @Override
    public void answer(Exchange exchange) throws IOException {
        Caller caller = owners.caller(exchange);
        var parameters = Owners.Parameters.of(exchange, "after", "limit");
        Optional<ReceiptId> after = parameters.text("after").map(ReceiptsApi::after);
        List<Receipts.Summary> found = receipts.list(caller, after, parameters.limit());
        ObjectNode page = JsonPages.object();
        var list = page.putArray("receipts");
        found.forEach(summary -> list.add(json(summary)));
        Optional<ReceiptId> next =
                found.isEmpty() ? after : Optional.of(found.getLast().id());
        next.ifPresent(id -> page.put("next", id.toString()));
        JsonPages.answer(exchange, Headers.of("Cache-Control", "no-store"), page);
    }

    private static ReceiptId after(String text) {
        return ReceiptId.parse(text)
                .orElseThrow(() -> Owners.invalid(
                        "The parameter after is not the id of a receipt.",
                        "Send an id as x-allod-receipt or this list gives it, such as 3-12-0."));
    }

    private static ObjectNode json(Receipts.Summary summary) {
        ReceiptItem item = summary.item();
        return JsonPages.object()
                .put("id", summary.id().toString())
                .put("bucket", new String(item.bucket(), StandardCharsets.UTF_8))
                .put("key", new String(item.key(), StandardCharsets.UTF_8))
                .put("version", Long.toUnsignedString(item.version()))
                .put("size", item.sizeBytes())
                .put("reason", item.reason().text());
    }

    /** One receipt: its canonical bytes, which are what is checked. */
    void one(Exchange exchange, String id) throws IOException, InterruptedException {
        Caller caller = owners.caller(exchange);
        Owners.Parameters.of(exchange);
        ReceiptId receipt = ReceiptId.parse(id)
                .orElseThrow(() -> new Problem(
                        Reason.NO_SUCH_RECEIPT,
                        "There is no such receipt.",
                        "The path does not end in the id of a receipt.",
                        "List your receipts: GET /api/v1/receipts."));
        exchange.respond(200, FILE, receipts.fetch(caller, receipt).encode());
    }
}
