package allod.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether the server runs and whether it can serve, for {@code /health/live} and {@code /health/ready}. */
public final class Health {
    private static final Headers JSON = Headers.of("Content-Type", "application/json", "Cache-Control", "no-store");

    private final List<Check> checks;

    /**
     * One thing that must be well before requests make sense.
     */
    @FunctionalInterface
    public interface Check {
        /** Why it is not well, in a sentence for the operator without names of objects; empty if it is. Quick. */
        Optional<String> trouble();
    }

    public Health(List<Check> checks) {
        this.checks = List.copyOf(checks);
    }

    /** Answers 200 as long as the process can answer at all. */
    public void live(Exchange exchange) throws IOException {
        Json.answer(exchange, 200, JSON, Map.of("live", true));
    }

    /** Answers 200, or 503 with all reasons why requests would fail. */
    public void ready(Exchange exchange) throws IOException {
        var reasons = new ArrayList<String>();
        for (Check check : checks) {
            check.trouble().ifPresent(reasons::add);
        }
        if (reasons.isEmpty()) {
            Json.answer(exchange, 200, JSON, Map.of("ready", true));
        } else {
            Json.answer(exchange, 503, JSON, new TreeMap<>(Map.of("ready", false, "reasons", reasons)));
        }
    }
}
