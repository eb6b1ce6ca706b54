package allod.store;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.DomainKeys;
import allod.keys.KeyRing;
import allod.log.MalformedException;
import allod.log.TlogProof;
import allod.receipt.CustodyDrill;
import allod.receipt.OpenedEvent;
import allod.receipt.ProvenEvents;
import allod.store.engine.Cursor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Custody drills: the server refuses itself the custodians of a domain, as if its owner had pulled the key, until reading
 * fails; then it asks them again. A drill that nobody ends ends by itself, and with the process. Begin and end are events
 * in the owner's chain, the end with what was seen.
 */
public final class CustodyDrills {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration OPENING = Duration.ofSeconds(15);
    private static final long OPENING_MILLIS = 250;

    private final Ground ground;
    private final KeyRing keys;
    private final Domains domains;
    private final History history;
    private final PublicLogs logs;
    private final Versions versions;
    private final Map<Integer, Drill> running = new ConcurrentHashMap<>();

    CustodyDrills(Ground ground, KeyRing keys, Domains domains, History history, PublicLogs logs) {
        this.ground = ground;
        this.keys = keys;
        this.domains = domains;
        this.history = history;
        this.logs = logs;
        this.versions = new Versions(ground);
    }

    /** One that runs: the place of its first event, what a read came to before, and when it began. */
    private static final class Drill {
        final long seq;
        final String before;
        final long since = System.nanoTime();
        final AtomicLong refusedAfterMillis = new AtomicLong(-1);

        Drill(long seq, String before) {
            this.seq = seq;
            this.before = before;
        }

        void looked(String probe) {
            if (isRefused(probe)) {
                refusedAfterMillis.compareAndSet(-1, (System.nanoTime() - since) / 1_000_000);
            }
        }
    }

    /**
     * How a drill stands.
     *
     * @param refused whether reading fails now
     * @param probe what a read came to just now, in words
     * @param leaseLeft how long the keys may be used yet
     */
    public record Standing(int domain, boolean refused, String probe, Duration leaseLeft) {}

    /**
     * What a drill showed.
     *
     * @param passed whether reading worked before, failed within the lease and works again
     * @param seq number of its last event in the owner's chain, for {@link #evidence}
     * @param refusedAfterMillis from its begin to the first read that was seen to fail; -1 if none was
     */
    public record Ended(
            boolean passed, long seq, String before, String meanwhile, String after, long refusedAfterMillis) {}

    /**
     * Begins a drill.
     *
     * @throws Problem CUSTODIAN_AWAY if the domain cannot be read anyway; CONFLICT if one runs in it; INVALID_ARGUMENT for
     *     the system's domain
     */
    public synchronized Standing begin(Principal actor, int domain) throws IOException {
        if (domain == Domains.SYSTEM) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The drill was not begun.",
                    "The system's own domain holds the keys of all logins.",
                    "Name a tenant or a bucket.");
        }
        if (running.containsKey(domain)) {
            throw new Problem(
                    Reason.CONFLICT,
                    "The drill was not begun.",
                    "One is under way in this domain.",
                    "Wait for its end; it ends by itself.");
        }
        DomainKeys its = keys.domain(domain);
        String before = probe(domain);
        byte[] body = new CustodyDrill.Begun(
                        actor.name(),
                        domain,
                        its.root().plan().toString(),
                        its.root().generation(),
                        keys.leaseDuration().toMillis(),
                        before)
                .encode();
        Event.Position at = ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(domains.ownerOf(domain), domain, EventClass.EVIDENCE, body)));
        running.put(domain, new Drill(at.seq(), before));
        keys.withhold(domain);
        return standing(domain);
    }

    public Standing standing(int domain) {
        String probe = probe(domain);
        Optional.ofNullable(running.get(domain)).ifPresent(drill -> drill.looked(probe));
        DomainKeys its = keys.known(domain);
        return new Standing(domain, isRefused(probe), probe, its.leaseLeft());
    }

    private static boolean isRefused(String probe) {
        return probe.startsWith("refused");
    }

    /**
     * Ends a drill; waits some seconds for the custodians to open the domain again.
     *
     * @throws Problem INVALID_ARGUMENT if none runs
     */
    public Ended end(Principal actor, int domain) throws IOException, InterruptedException {
        Drill drill = running.remove(domain);
        if (drill == null) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "No drill was ended.",
                    "None runs in domain " + domain + ".",
                    "Begin one: allod custody drill.");
        }
        return conclude(actor, domain, drill);
    }

    private Ended conclude(Principal actor, int domain, Drill drill) throws IOException, InterruptedException {
        String meanwhile = probe(domain);
        drill.looked(meanwhile);
        long refusedAfter = drill.refusedAfterMillis.get();
        keys.giveBack(domain);
        long until = System.nanoTime() + OPENING.toNanos();
        while (!keys.renew(domain) && System.nanoTime() - until < 0) {
            Thread.sleep(OPENING_MILLIS);
        }
        String after = probe(domain);
        boolean inTime =
                CustodyDrill.isRefusedInTime(refusedAfter, keys.leaseDuration().toMillis());
        boolean passed = !isRefused(drill.before) && isRefused(meanwhile) && inTime && !isRefused(after);
        long refusals = keys.known(domain).takeRefused();
        byte[] body = new CustodyDrill.Ended(
                        actor.name(), domain, drill.seq, drill.before, meanwhile, after, refusedAfter, refusals, passed)
                .encode();
        Event.Position at = ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(domains.ownerOf(domain), domain, EventClass.EVIDENCE, body)));
        return new Ended(passed, at.seq(), drill.before, meanwhile, after, refusedAfter);
    }

    /**
     * The events of a drill that has ended, with their proofs, as docs/formats/events.md has them.
     *
     * @param end number of its last event in the owner's chain
     * @throws Problem INVALID_ARGUMENT if no drill in the domain ended there; NOT_YET if no checkpoint covered it in time
     */
    public byte[] evidence(int domain, long end) throws InterruptedException {
        try {
            return file(domain, List.of(CustodyDrill.begunAt(event(domain, end).body()), end));
        } catch (MalformedException e) {
            throw noDrill(domain, end);
        }
    }

    private static Problem noDrill(int domain, long end) {
        return new Problem(
                Reason.INVALID_ARGUMENT,
                "There is no such evidence.",
                "No custody drill in domain " + domain + " ended with event " + end + ".",
                "Look for custody.drill.end in the owner's history: allod events.");
    }

    /** Ends drills that nobody ended. */
    void endForgotten() {
        Duration longest = keys.leaseDuration().multipliedBy(2).plus(PATIENCE);
        running.forEach((domain, drill) -> {
            if (System.nanoTime() - drill.since > longest.toNanos() && running.remove(domain, drill)) {
                concludeForgotten(domain, drill);
            }
        });
    }

    private void concludeForgotten(int domain, Drill drill) {
        ground.log().warn("nobody ended the custody drill in domain {}; it has ended", domain);
        Thread.ofVirtual().name("drill-end").start(() -> {
            try {
                conclude(new Principal(CustodyWatch.ACTOR), domain, drill);
            } catch (IOException | Problem e) {
                ground.log().warn("the end of the drill in domain {} is not in the log: {}", domain, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private byte[] file(int domain, List<Long> seqs) throws InterruptedException {
        List<ProvenEvents.Proven> proven = new ArrayList<>();
        for (long seq : seqs) {
            EventRecord event = record(domain, seq);
            TlogProof proof = logs.of(event.frame().origin())
                    .orElseThrow(() -> noDrill(domain, seq))
                    .prove(event.index())
                    .orElseThrow(() -> new Problem(
                            Reason.NOT_YET,
                            "The drill is over; its evidence is not ready.",
                            "No signed checkpoint of the log covers its events yet.",
                            "Ask again; the events custody.drill.* stand in the owner's history."));
            proven.add(new ProvenEvents.Proven(event(domain, seq), proof));
        }
        var file = new ProvenEvents(proven);
        CustodyDrill.of(file);
        return file.encode();
    }

    private EventRecord record(int domain, long seq) {
        List<EventRecord> found = seq < 1 ? List.of() : history.read(domains.ownerOf(domain), seq - 1, 1);
        if (found.isEmpty()
                || found.getFirst().frame().seq() != seq
                || found.getFirst().opened().isEmpty()) {
            throw noDrill(domain, seq);
        }
        return found.getFirst();
    }

    private OpenedEvent event(int domain, long seq) {
        EventRecord event = record(domain, seq);
        EventRecord.Opened opened = event.opened().orElseThrow();
        return new OpenedEvent(event.frame(), opened.body(), opened.opening());
    }

    /** Reads for real what an object's first bytes need: its envelope and its sealed metadata. */
    private String probe(int domain) {
        try {
            keys.domain(domain);
            Optional<Found> found = anObject(domain);
            if (found.isEmpty()) {
                return keys.domain(domain).slotSecret(0).isPresent()
                        ? "opened: the key tree; the domain holds no object"
                        : "opened: the key tree, slot 0 erased; the domain holds no object";
            }
            Found object = found.get();
            return versions.describe(object.bucket, object.key, Which.CURRENT)
                    .map(version -> "opened: " + object.name + "/" + object.key + ", "
                            + version.description().size() + " bytes")
                    .orElse("opened: the key tree; the object probed was deleted meanwhile");
        } catch (Problem refused) {
            return "refused: " + refused.reason() + ": " + refused.why();
        }
    }

    private record Found(BucketName name, BucketRow bucket, ObjectKey key) {}

    private Optional<Found> anObject(int domain) {
        byte[] from = MapKey.family(Family.BUCKET);
        try (Cursor cursor = ground.map().scan(from, MapKey.after(from))) {
            while (cursor.next()) {
                byte[] key = cursor.key();
                BucketRow bucket = BucketRow.decode(cursor.value());
                Optional<ObjectKey> first = bucket.domain() == domain ? firstKey(bucket) : Optional.empty();
                if (first.isPresent()) {
                    var name = new BucketName(
                            new String(key, 1, key.length - 1, java.nio.charset.StandardCharsets.US_ASCII));
                    return Optional.of(new Found(name, bucket, first.get()));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<ObjectKey> firstKey(BucketRow bucket) {
        byte[] from = MapKey.bucketFrom(Family.CURRENT, bucket.id());
        try (Cursor cursor = ground.map().scan(from, MapKey.after(from))) {
            if (!cursor.next()) {
                return Optional.empty();
            }
            var key = new RowReader("o", cursor.key());
            key.u8();
            key.u64();
            return Optional.of(ObjectKey.of(key.objectKey()));
        }
    }
}
