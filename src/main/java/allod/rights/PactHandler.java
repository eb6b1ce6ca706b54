package allod.rights;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.Exchange;
import allod.http.Headers;
import allod.http.Health;
import allod.http.HttpHandler;
import allod.http.Metrics;
import allod.http.ProblemJson;
import allod.http.SigV4;
import allod.pact.AuthorityCatalogue;
import allod.store.Store;
import java.io.IOException;
import java.util.Optional;

/**
 * The pact address: finds the resource that a path names and hands the request to it. Everything here is read, so the
 * methods are GET and HEAD. docs/api.md lists the resources. Safe for use by many threads.
 */
public final class PactHandler implements HttpHandler {
    /** A resource, under its name in the numbers and the access log. */
    private record Route(String endpoint, Resource resource) {}

    /** Answers a GET; the listener leaves the content out where HEAD was asked. */
    @FunctionalInterface
    interface Resource {
        void answer(Exchange exchange) throws IOException, InterruptedException;
    }

    private static final String LOG = "/log/";
    private static final String RECEIPTS = "/api/v1/receipts";

    private final Health health;
    private final Metrics metrics;
    private final LogPages log;
    private final PactDocument pact;
    private final EventsApi events;
    private final ReceiptsApi receipts;
    private final ReadersApi readers;

    /**
     * @param signatures the check for the service {@code allod}
     * @param custodians which party stands behind each key
     * @param law what is known of the powers that reach a party
     */
    public PactHandler(
            Store store,
            SigV4 signatures,
            Health health,
            Metrics metrics,
            Custodians custodians,
            AuthorityCatalogue law) {
        this.health = health;
        this.metrics = metrics;
        this.log = new LogPages(store.logs());
        this.pact = new PactDocument(store);
        var owners = new Owners(signatures);
        this.events = new EventsApi(store, owners);
        this.receipts = new ReceiptsApi(store.receipts(), owners);
        this.readers = new ReadersApi(store, owners, custodians, law);
    }

    @Override
    public void handle(Exchange exchange) throws IOException, InterruptedException {
        Optional<Route> route = route(exchange.rawPath());
        exchange.endpoint(route.map(Route::endpoint).orElse("Unknown"));
        if (route.isEmpty()) {
            notFound(exchange, "There is nothing at this path.", "See docs/api.md for the paths there are.");
            return;
        }
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            methodNotAllowed(exchange);
            return;
        }
        route.get().resource().answer(exchange);
    }

    private Optional<Route> route(String path) {
        if (path.startsWith(LOG)) {
            return Optional.of(new Route("Log", exchange -> log.answer(exchange, path)));
        }
        if (path.startsWith(RECEIPTS + "/")) {
            String id = path.substring(RECEIPTS.length() + 1);
            return Optional.of(new Route("GetReceipt", exchange -> receipts.one(exchange, id)));
        }
        Optional<ReadersApi.Named> object = ReadersApi.Named.in(path);
        if (object.isPresent()) {
            return Optional.of(new Route("GetReaders", exchange -> readers.answer(exchange, object.get())));
        }
        return switch (path) {
            case PactDocument.PATH -> Optional.of(new Route("Pact", pact));
            case "/api/v1/events" -> Optional.of(new Route("ListEvents", events));
            case RECEIPTS -> Optional.of(new Route("ListReceipts", receipts));
            case "/health/live" -> Optional.of(new Route("Live", health::live));
            case "/health/ready" -> Optional.of(new Route("Ready", health::ready));
            case "/metrics" -> Optional.of(new Route("Metrics", metrics::page));
            default -> Optional.empty();
        };
    }

    /** 404, which says nothing about the moment after: a resource of the log may be there then. */
    static void notFound(Exchange exchange, String why, String next) throws IOException {
        var problem = new Problem(Reason.INVALID_ARGUMENT, "Nothing was found.", why, next);
        ProblemJson.answer(exchange, 404, "not-found", problem, Headers.builder());
    }

    private static void methodNotAllowed(Exchange exchange) throws IOException {
        var problem = new Problem(
                Reason.INVALID_ARGUMENT,
                "The request was not carried out.",
                "Everything at this address is only read.",
                "Send GET or HEAD; objects are changed at the S3 address, tenants and keys with the allod command.");
        ProblemJson.answer(
                exchange, 405, "method-not-allowed", problem, Headers.builder().add("Allow", "GET, HEAD"));
    }
}
