package allod.http;

import allod.http.FailedAuthentications.Count;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's numbers, for {@code /metrics} in the Prometheus text form. Labels never hold names of objects, buckets or
 * access keys.
 *
 * <ul>
 *   <li>{@code allod_http_requests_seconds} (count, sum, max): requests by {@code address}, {@code endpoint} and
 *       {@code status}
 *   <li>{@code allod_authentication_failures_total}: requests refused for their signature, by {@code kind}
 *   <li>{@code allod_store_*}: the store's own numbers, see {@link #gauges}
 * </ul>
 *
 * Other packages add meters of their own to the {@link #registry}, named {@code allod.*}.
 */
public final class Metrics {
    /** Time series of requests; beyond them the endpoint is {@code other}. */
    private static final int SERIES = 2000;

    private static final Headers PAGE =
            Headers.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8", "Cache-Control", "no-store");
    private static final Headers JSON = Headers.of("Content-Type", "application/json", "Cache-Control", "no-store");

    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

    private record Series(String address, String endpoint, int status) {}

    private final InstantSource clock;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentHashMap<Series, Timer> requests = new ConcurrentHashMap<>();
    private final FailedAuthentications failures = new FailedAuthentications();
    private final List<Numbers> sources = new CopyOnWriteArrayList<>();

    public Metrics(InstantSource clock) {
        this.clock = clock;
    }

    /** Where other packages register their meters. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Numbers that are asked for at each reading of the page, and the last answer that the gauges show. */
    private record Numbers(String prefix, Supplier<Map<String, Long>> source, Map<String, AtomicLong> last) {}

    /**
     * Shows numbers of a part as gauges, asked for whenever the page is read.
     *
     * @param prefix before each name, such as {@code allod.store}
     * @param source names in lower case with underscores, from a fixed set
     */
    public void gauges(String prefix, Supplier<Map<String, Long>> source) {
        sources.add(new Numbers(prefix, source, new ConcurrentHashMap<>()));
    }

    private void read(Numbers numbers) {
        numbers.source()
                .get()
                .forEach((name, value) -> numbers.last()
                        .computeIfAbsent(name, added -> {
                            var shown = new AtomicLong();
                            Gauge.builder(numbers.prefix() + '.' + added, shown, AtomicLong::doubleValue)
                                    .register(registry);
                            return shown;
                        })
                        .set(value));
    }

    /**
     * Counts an answered request.
     *
     * @param address which address answered: {@code s3} or {@code pact}
     * @param endpoint the endpoint's name, from a fixed set
     * @param took from the head's arrival to the end of the answer
     */
    public void request(String address, String endpoint, int status, Duration took) {
        var series = new Series(address, endpoint, status);
        Timer timer = requests.get(series);
        if (timer == null) {
            var bounded = requests.size() < SERIES ? series : new Series(address, "other", status);
            timer = requests.computeIfAbsent(bounded, this::timer);
        }
        timer.record(took);
    }

    private Timer timer(Series series) {
        return Timer.builder("allod.http.requests")
                .description("Requests answered")
                .tag("address", series.address())
                .tag("endpoint", series.endpoint())
                .tag("status", Integer.toString(series.status()))
                .register(registry);
    }

    /**
     * Counts a request refused for its signature.
     *
     * @param source the peer's address
     */
    public void failedAuthentication(String source, SignatureProblem.Kind kind) {
        registry.counter("allod.authentication.failures", "kind", kind.name()).increment();
        // At most one line a source and minute, however many requests fail.
        for (Count count : failures.add(clock.instant(), source)) {
            LOG.atInfo()
                    .addKeyValue("minute", count.minute())
                    .addKeyValue("source", count.source())
                    .addKeyValue("failures", count.failures())
                    .log("authentications failed");
        }
    }

    /** Answers with all meters in the Prometheus text form. */
    public void page(Exchange exchange) throws IOException {
        sources.forEach(this::read);
        exchange.respond(200, PAGE, registry.scrape().getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with the failed authentications of the last hour, by minute and source, as JSON. */
    public void failedAuthenticationsPage(Exchange exchange) throws IOException {
        Instant oldest = clock.instant().minus(1, ChronoUnit.HOURS);
        var rows = new ArrayList<Map<String, Object>>();
        for (Count count : failures.since(oldest)) {
            var row = new LinkedHashMap<String, Object>();
            row.put("minute", count.minute().toString());
            row.put("source", count.source());
            row.put("failures", count.failures());
            rows.add(row);
        }
        Json.answer(exchange, 200, JSON, Map.of("failedAuthentications", rows));
    }
}
