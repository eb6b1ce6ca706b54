package allod.store;

import allod.base.AccessKeyId;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests that their signatures did not let pass, as events of those whose access key they claimed, and of the system
 * where they claimed none that there is. Whoever sends such requests must not fill the log, so they are counted: what
 * comes within a minute of the first makes few events, whatever its number.
 */
public final class AuthenticationFailures implements AutoCloseable {
    /** Events of one tenant in one minute, besides one for all that is more. */
    static final int PER_TENANT = 16;

    /** Tenants with events in one minute; failures with keys of more are told in the system's chain. */
    static final int TENANTS = 100;

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final String OTHERS = "others";

    private final Ground ground;
    private final Tenants tenants;
    private final InstantSource clock;
    private final int mostTenants;
    private final Map<TenantId, Map<Failure, Long>> counts = new LinkedHashMap<>();
    private Instant since = Instant.EPOCH;
    private boolean closed;
    private @Nullable Thread waiting;

    /** What is counted together. */
    private record Failure(String source, String accessKey, String kind) {
        static final Failure MORE = new Failure(OTHERS, OTHERS, OTHERS);
    }

    /** @param mostTenants tenants with events in one minute */
    AuthenticationFailures(Ground ground, Tenants tenants, InstantSource clock, int mostTenants) {
        this.mostTenants = mostTenants;
        this.ground = ground;
        this.tenants = tenants;
        this.clock = clock;
    }

    /**
     * Counts a failure.
     *
     * @param source the peer's address
     * @param kind why, in upper case
     * @param claimed the access key that the request named; only of one that there is or was anything is written
     */
    public void failed(String source, String kind, Optional<AccessKeyId> claimed) {
        Optional<TenantId> owner = claimed.flatMap(tenants::ownerOf);
        String key = owner.isPresent() ? claimed.orElseThrow().value() : "";
        count(owner.orElse(TenantId.SYSTEM), new Failure(source, key, kind));
    }

    private synchronized void count(TenantId tenant, Failure failure) {
        if (closed) {
            return;
        }
        if (counts.isEmpty()) {
            since = clock.instant();
            waiting = Thread.ofVirtual().name("authentication-failures").start(this::writeLater);
        }
        boolean room = counts.containsKey(tenant) || counts.size() < mostTenants;
        Map<Failure, Long> its = counts.computeIfAbsent(room ? tenant : TenantId.SYSTEM, counted -> new HashMap<>());
        its.merge(its.containsKey(failure) || its.size() < PER_TENANT ? failure : Failure.MORE, 1L, Long::sum);
    }

    private void writeLater() {
        try {
            Thread.sleep(WINDOW);
            write();
        } catch (InterruptedException e) {
            // The store is closing, and writes what there is.
        } catch (IOException | Problem failed) {
            ground.log().warn("failed authentications were not written: {}", failed.getMessage());
        }
    }

    /** Writes what was counted so far, in one commit. */
    void write() throws IOException {
        Map<TenantId, Map<Failure, Long>> counted;
        Instant from;
        synchronized (this) {
            counted = new LinkedHashMap<>(counts);
            counts.clear();
            from = since;
        }
        if (counted.isEmpty()) {
            return;
        }
        ground.sequencer().submit(transaction -> {
            counted.forEach((tenant, failures) -> {
                int domain = tenant.equals(TenantId.SYSTEM) ? Domains.SYSTEM : tenants.firstDomain(tenant);
                failures.forEach((failure, times) ->
                        transaction.append(new Event(tenant, domain, EventClass.ACCESS, body(failure, times, from))));
            });
            return true;
        });
    }

    private static byte[] body(Failure failure, long times, Instant since) {
        EventBody body = EventBody.of("authentication.failed")
                .text("actor", "anonymous")
                .text("purpose", "none")
                .text("source", failure.source());
        if (!failure.accessKey().isEmpty()) {
            body.text("access_key", failure.accessKey());
        }
        return body.text("kind", failure.kind())
                .number("count", times)
                .text("since", since.toString())
                .outcome("refused: " + Reason.ACCESS_DENIED)
                .toBytes();
    }

    /** Writes what there is; what fails from now on is not counted. */
    @Override
    public void close() throws IOException {
        Thread sleeping;
        synchronized (this) {
            closed = true;
            sleeping = waiting;
        }
        if (sleeping != null) {
            sleeping.interrupt();
        }
        write();
    }
}
