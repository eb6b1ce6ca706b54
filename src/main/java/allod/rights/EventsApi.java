package allod.rights;

import allod.http.Exchange;
import allod.http.Headers;
import allod.log.Frame;
import allod.store.Caller;
import allod.store.EventRecord;
import allod.store.PublicLogs;
import allod.store.Store;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The owner's own history with its openings: whoever is shown a page can compute the log entry of each event on it and
 * find that entry in the public log. Members that a receipt has too mean here what they mean there.
 */
record EventsApi(Store store, Owners owners) implements PactHandler.Resource {
    @Override
    public void answer(Exchange exchange) throws IOException {
        Caller caller = owners.caller(exchange);
        var parameters = Owners.Parameters.of(exchange, "after", "limit");
        long after = parameters.after();
        List<EventRecord> events = store.events(caller, after, parameters.limit());
        ObjectNode page = JsonPages.object();
        var list = page.putArray("events");
        events.forEach(event -> list.add(json(event, store.logs())));
        page.put("next", events.isEmpty() ? after : events.getLast().frame().seq());
        JsonPages.answer(exchange, Headers.of("Cache-Control", "no-store"), page);
    }

    private static ObjectNode json(EventRecord event, PublicLogs logs) {
        Frame frame = event.frame();
        ObjectNode json = JsonPages.object()
                .put("seq", frame.seq())
                .put("index", event.index())
                .put(
                        "time",
                        Instant.EPOCH
                                .plus(frame.timeMicros(), ChronoUnit.MICROS)
                                .toString())
                .put("timeMicros", frame.timeMicros())
                .put("origin", frame.origin())
                .put("tenant", base64(frame.tenant()))
                .put("prev", frame.prev().toBase64());
        if (logs.isNeverProven(frame.origin(), event.index())) {
            json.put("proven", false);
        }
        event.opened().ifPresent(opened -> {
            json.put("body", base64(opened.body())).put("opening", base64(opened.opening()));
            json.set("event", JsonPages.parse(opened.body()));
        });
        return json;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
