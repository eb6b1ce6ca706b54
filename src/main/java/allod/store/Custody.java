package allod.store;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.CustodyPlan;
import allod.keys.DomainKeys;
import allod.keys.ErasableCustodian;
import allod.keys.FileCustodian;
import allod.keys.KeyRing;
import allod.receipt.BatchEvidence;
import allod.store.engine.Cursor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Who holds the keys of each domain, and how that is changed: a tenant's domain, or that of a bucket which has one of its
 * own. A change of custodians is a key round that touches no content; each is an event in the owner's chain.
 */
public final class Custody {
    /** Different plans of one installation: each may have a thread that waits for its custodians. */
    static final int MAX_PLANS = 64;

    private static final int PATIENCE_SECONDS = 45;

    private final Ground ground;
    private final KeyRing keys;
    private final ErasureGate gate;
    private final ErasureRounds rounds;
    private final Domains domains;
    private final Tenants tenants;
    private final BucketDomains bucketDomains;
    private final CustodyDrills drills;

    Custody(
            Ground ground,
            KeyRing keys,
            ErasureGate gate,
            ErasureRounds rounds,
            Domains domains,
            Tenants tenants,
            BucketDomains bucketDomains,
            CustodyDrills drills) {
        this.ground = ground;
        this.keys = keys;
        this.gate = gate;
        this.rounds = rounds;
        this.domains = domains;
        this.tenants = tenants;
        this.bucketDomains = bucketDomains;
        this.drills = drills;
    }

    /**
     * Whose domain is meant.
     *
     * @param tenant its owner; needed for a bucket that does not exist yet
     * @param bucket a bucket with a domain of its own; absent for the tenant's first domain
     */
    public record Target(Optional<String> tenant, Optional<BucketName> bucket) {}

    /**
     * One custodian of a domain.
     *
     * @param kind such as {@code file}; empty if it is not set up on this server
     * @param assurance its class, such as {@code E0}; empty likewise
     * @param status {@code available}, or why it is away
     * @param holds whether the current root was given to it
     */
    public record Holder(String id, String kind, String assurance, String status, boolean holds) {}

    /** What a custodian that was away may still hold of an old root. */
    public record Outstanding(String custodian, long generation, String why) {}

    /**
     * A domain's custody now.
     *
     * @param tenant its owner's name; {@code system} for the system's own
     * @param buckets those whose objects stand in it, at most {@link #MAX_SHOWN_BUCKETS}
     * @param threshold how many custodians open the root
     * @param held whether its keys may be used now
     * @param lease how long they may be used before the custodians are asked again; 0 where each request asks
     * @param degraded whether fewer custodians hold the root than should
     * @param drill whether a drill withholds its keys
     */
    public record State(
            int domain,
            String tenant,
            List<String> buckets,
            long generation,
            int threshold,
            List<Holder> custodians,
            boolean held,
            Duration lease,
            Duration leaseLeft,
            boolean degraded,
            List<Outstanding> outstanding,
            boolean drill) {}

    /** Names of buckets shown of one domain. */
    public static final int MAX_SHOWN_BUCKETS = 20;

    /**
     * What a change came to.
     *
     * @param notes what the examination of the custodians found that forbids nothing
     * @param evidence of the custodians that held the old root; empty for a domain that was just made
     */
    public record Changed(State state, List<String> notes, Optional<BatchEvidence> evidence) {}

    /**
     * Domains by number, page by page. Asks each custodian of the page whether it answers.
     *
     * @param after the last number of the page before; -1 from the first
     */
    public List<State> show(int after, int limit) {
        Map<Integer, List<String>> buckets = bucketsByDomain();
        List<Integer> page = keys.numbers().stream()
                .filter(number -> number > after)
                .sorted()
                .limit(limit)
                .toList();
        Map<String, String> status = statusOf(page.stream()
                .flatMap(number -> keys.known(number).root().plan().custodians().stream())
                .collect(Collectors.toSet()));
        return page.stream()
                .map(number -> state(number, buckets.getOrDefault(number, List.of()), status))
                .toList();
    }

    /** All at once: one that does not answer takes its time. */
    private Map<String, String> statusOf(Set<String> custodians) {
        Map<String, String> status = new ConcurrentHashMap<>();
        try (var asking = Executors.newVirtualThreadPerTaskExecutor()) {
            custodians.forEach(id -> asking.execute(() -> status.put(id, status(id))));
        }
        return status;
    }

    private Map<Integer, List<String>> bucketsByDomain() {
        Map<Integer, List<String>> buckets = new TreeMap<>();
        byte[] from = MapKey.family(Family.BUCKET);
        try (Cursor cursor = ground.map().scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                byte[] key = cursor.key();
                List<String> names =
                        buckets.computeIfAbsent(BucketRow.decode(cursor.value()).domain(), d -> new ArrayList<>());
                if (names.size() < MAX_SHOWN_BUCKETS) {
                    names.add(new String(key, 1, key.length - 1, java.nio.charset.StandardCharsets.US_ASCII));
                }
            }
        }
        return buckets;
    }

    private State state(int number) {
        return state(number, bucketsByDomain().getOrDefault(number, List.of()), new TreeMap<>());
    }

    private State state(int number, List<String> buckets, Map<String, String> status) {
        DomainKeys its = keys.known(number);
        CustodyPlan plan = its.root().plan();
        List<Holder> holders = new ArrayList<>();
        for (String id : plan.custodians()) {
            boolean known = keys.custodians().has(id);
            holders.add(new Holder(
                    id,
                    known ? keys.custodians().get(id).kind() : "",
                    known ? keys.custodians().get(id).assuranceClass().name() : "",
                    status.computeIfAbsent(id, this::status),
                    its.root().wrapOf(id).isPresent()));
        }
        List<Outstanding> outstanding = row(number).outstanding().stream()
                .map(share -> new Outstanding(share.custodian(), share.generation(), share.why()))
                .toList();
        return new State(
                number,
                owner(number),
                buckets,
                its.root().generation(),
                plan.threshold(),
                holders,
                its.held(),
                keys.leaseDuration(),
                its.leaseLeft(),
                its.root().degraded(),
                outstanding,
                keys.isWithheld(number));
    }

    private String status(String id) {
        try {
            return switch (keys.custodians().get(id).status()) {
                case ErasableCustodian.Status.Available() -> "available";
                case ErasableCustodian.Status.Away(String why) -> "away: " + why;
            };
        } catch (Problem away) {
            return "away: " + away.why();
        }
    }

    private DomainRow row(int domain) {
        return DomainRow.decode(java.util.Objects.requireNonNull(ground.map().get(MapKey.root(domain))));
    }

    private String owner(int domain) {
        TenantId owner = domains.ownerOf(domain);
        return owner.equals(TenantId.SYSTEM) ? "system" : tenants.nameOf(owner);
    }

    /**
     * Gives a domain that the custody folder alone holds to others. A bucket that is not there or is empty becomes a domain
     * of its own.
     *
     * @throws Problem INVALID_ARGUMENT if a custodian is not known or must not be used, or the domain is held by others
     *     already; CUSTODIAN_AWAY; BUCKET_NOT_EMPTY; NO_SUCH_TENANT; NO_SUCH_BUCKET
     */
    public Changed attach(Principal actor, Target target, CustodyPlan plan) throws IOException {
        List<String> notes = examine(plan);
        if (target.bucket().isPresent() && !bucketDomains.hasOwn(target.bucket().get())) {
            int made = bucketDomains.make(actor, target, plan);
            return new Changed(state(made), notes, Optional.empty());
        }
        int domain = domainOf(target);
        if (!keys.known(domain).root().plan().equals(CustodyPlan.whole(FileCustodian.ID))) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "Nothing was attached.",
                    "The domain is held by " + keys.known(domain).root().plan() + " already.",
                    "Take it to other custodians with allod custody migrate.");
        }
        return changed(actor, "custody.attach", domain, Optional.of(plan), notes);
    }

    /**
     * Takes a domain from the custodians it has to others. No content is touched; the old handles are destroyed.
     *
     * @throws Problem as {@link #attach}, and INVALID_ARGUMENT where those custodians hold it already
     */
    public Changed migrate(Principal actor, Target target, CustodyPlan plan) throws IOException {
        int domain = domainOf(target);
        if (keys.known(domain).root().plan().equals(plan)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "Nothing was migrated.",
                    "The domain is held by " + plan + " already.",
                    "A new root for the same custodians is made with allod custody rotate.");
        }
        return changed(actor, "custody.migrate", domain, Optional.of(plan), examine(plan));
    }

    /** Makes a new root for the same custodians; the old handles are destroyed. */
    public Changed rotate(Principal actor, Target target) throws IOException {
        return changed(actor, "custody.rotate", domainOf(target), Optional.empty(), List.of());
    }

    /** Begins a drill, or tells how one stands, or ends it. */
    public CustodyDrills drills() {
        return drills;
    }

    private Changed changed(Principal actor, String type, int domain, Optional<CustodyPlan> plan, List<String> notes)
            throws IOException {
        plan.ifPresent(this::requireRoomFor);
        Future<BatchEvidence> work = gate.inTurn(
                domain,
                () -> rounds.renew(
                        domain,
                        plan,
                        (before, after, evidence) ->
                                ErasureRounds.renewal(type, actor.name(), before, after, evidence)));
        BatchEvidence evidence = await(work);
        return new Changed(state(domain), notes, Optional.of(evidence));
    }

    /** Each plan may take a thread, so there is a limit to them. */
    private void requireRoomFor(CustodyPlan plan) {
        List<CustodyPlan> plans = keys.numbers().stream()
                .map(number -> keys.known(number).root().plan())
                .distinct()
                .toList();
        if (!plans.contains(plan) && plans.size() >= MAX_PLANS) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The custodians were not changed.",
                    "An installation has at most " + MAX_PLANS + " different sets of custodians.",
                    "Use one of those that there are: allod custody show.");
        }
    }

    private static BatchEvidence await(Future<BatchEvidence> work) throws IOException {
        try {
            return work.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            throw new IOException("the change of custody failed", e.getCause());
        } catch (TimeoutException e) {
            throw new Problem(
                    Reason.BUSY,
                    "The change of custody is not finished.",
                    "It waits for a custodian for more than " + PATIENCE_SECONDS + " s.",
                    "It goes on by itself; see allod custody show.");
        } catch (CancellationException e) {
            throw new Problem(
                    Reason.BUSY,
                    "The custodians were not changed.",
                    "The server is stopping.",
                    "Try again when it is back.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a custodian was waited for", e);
        }
    }

    private List<String> examine(CustodyPlan plan) {
        List<String> notes = new ArrayList<>();
        for (String id : plan.custodians()) {
            if (!keys.custodians().has(id)) {
                throw new Problem(
                        Reason.INVALID_ARGUMENT,
                        "The custodians were not changed.",
                        "There is no custodian called " + id + "; those that are set up: "
                                + String.join(", ", keys.custodians().ids()) + ".",
                        "Set it up in custody.custodians, or check the name.");
            }
            keys.custodians().get(id).examine().forEach(note -> notes.add(id + ": " + note));
        }
        return notes;
    }

    /** Domains whose requests are refused now, as their custodians do not open them. */
    long closed() {
        return keys.numbers().stream()
                .filter(number -> !keys.known(number).held())
                .count();
    }

    /** Domains in which a custodian that was away has to be made good. */
    long unsettled() {
        return keys.unsettled().size();
    }

    /** How long keys may be used before the custodians are asked again. */
    public Duration lease() {
        return keys.leaseDuration();
    }

    /**
     * The domain that is meant, which must exist.
     *
     * @throws Problem NO_SUCH_TENANT, NO_SUCH_BUCKET, INVALID_ARGUMENT for a bucket without one of its own
     */
    public int domainOf(Target target) {
        if (target.bucket().isPresent()) {
            return bucketDomains.ownDomainOf(target.bucket().get());
        }
        String tenant = target.tenant()
                .orElseThrow(() -> new Problem(
                        Reason.INVALID_ARGUMENT,
                        "Nothing was changed.",
                        "Neither a tenant nor a bucket is named.",
                        "Name one with --tenant or --bucket."));
        return tenants.firstDomain(tenants.byName(tenant).id());
    }
}
