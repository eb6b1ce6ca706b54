package allod.store;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.DomainKeys;
import allod.keys.KeyRing;
import allod.log.TlogProof;
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

/**
 * Custody drills: the server refuses itself the custodians of a domain, as if its owner had pulled the key, until reading
 * fails; then it asks them again. A drill that nobody ends ends by itself, and with the process. Begin and end are events
 * in the owner's chain, the end with what was seen.
 */
public final class CustodyDrills {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int OPENING_TRIES = 20;
    private static final long OPENING_MILLIS = 250;

    private final Ground ground;
    private final KeyRing keys;
    private final Domains domains;
    private final History history;
    private final PublicLog log;
    private final Versions versions;
    private final Map<Integer, Drill> running = new ConcurrentHashMap<>();

    CustodyDrills(Ground ground, KeyRing keys, Domains domains, History history, PublicLog log) {
        this.ground = ground;
        this.keys = keys;
        this.domains = domains;
        this.history = history;
        this.log = log;
        this.versions = new Versions(ground);
    }

    /** One that runs: the place of its first event, what a read came to before, and when it began. */
    private record Drill(long seq, String before, long since) {}

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
     * @param passed whether reading worked before, failed meanwhile and works again
     * @param file the drill's events with their proofs, as docs/formats/events.md has it
     */
    public record Ended(boolean passed, String before, String meanwhile, String after, byte[] file) {}

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
        byte[] body = EventBody.of("custody.drill.begin")
                .text("actor", actor.name())
                .text("purpose", "custody drill")
                .number("domain", domain)
                .text("custodians", its.root().plan().toString())
                .number("generation", its.root().generation())
                .number("lease_seconds", keys.leaseDuration().toSeconds())
                .text("read", before)
                .outcome("ok")
                .toBytes();
        Event.Position at = ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(domains.ownerOf(domain), domain, EventClass.EVIDENCE, body)));
        running.put(domain, new Drill(at.seq(), before, System.nanoTime()));
        keys.withhold(domain);
        return standing(domain);
    }

    public Standing standing(int domain) {
        String probe = probe(domain);
        DomainKeys its = keys.known(domain);
        return new Standing(domain, isRefused(probe), probe, its.leaseLeft());
    }

    private static boolean isRefused(String probe) {
        return probe.startsWith("refused");
    }

    /**
     * Ends a drill and proves it; waits for the custodians to open the domain again, and for a signed checkpoint.
     *
     * @throws Problem NO_SUCH_KEY if none runs; CUSTODIAN_AWAY if the custodians do not open the domain again; NOT_YET if
     *     no checkpoint covered the events in time
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
        String meanwhile = probe(domain);
        keys.giveBack(domain);
        for (int i = 0; i < OPENING_TRIES && !keys.renew(domain); i++) {
            Thread.sleep(OPENING_MILLIS);
        }
        String after = probe(domain);
        boolean passed = !isRefused(drill.before) && isRefused(meanwhile) && !isRefused(after);
        long refusals = keys.known(domain).takeRefused();
        byte[] body = EventBody.of("custody.drill.end")
                .text("actor", actor.name())
                .text("purpose", "custody drill")
                .number("domain", domain)
                .number("begun_at_seq", drill.seq)
                .text("read_before", drill.before)
                .text("read_without_key", meanwhile)
                .text("read_after", after)
                .number("requests_refused", refusals)
                .outcome(passed ? "passed" : "failed")
                .toBytes();
        Event.Position at = ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(domains.ownerOf(domain), domain, EventClass.EVIDENCE, body)));
        return new Ended(passed, drill.before, meanwhile, after, file(domain, List.of(drill.seq, at.seq())));
    }

    /** Ends drills that nobody ended. */
    void endForgotten() {
        Duration longest = keys.leaseDuration().multipliedBy(2).plus(PATIENCE);
        running.forEach((domain, drill) -> {
            if (System.nanoTime() - drill.since > longest.toNanos() && running.remove(domain, drill)) {
                keys.giveBack(domain);
                ground.log().warn("nobody ended the custody drill in domain {}; it has ended", domain);
            }
        });
    }

    private byte[] file(int domain, List<Long> seqs) throws InterruptedException {
        List<ProvenEvents.Proven> proven = new ArrayList<>();
        for (long seq : seqs) {
            EventRecord event =
                    history.read(domains.ownerOf(domain), seq - 1, 1).getFirst();
            EventRecord.Opened opened = event.opened().orElseThrow();
            TlogProof proof = log.prove(event.index())
                    .orElseThrow(() -> new Problem(
                            Reason.NOT_YET,
                            "The drill is over; its evidence is not ready.",
                            "No signed checkpoint of the log covers its events yet.",
                            "The events custody.drill.* stand in the owner's history."));
            proven.add(new ProvenEvents.Proven(new OpenedEvent(event.frame(), opened.body(), opened.opening()), proof));
        }
        return new ProvenEvents(proven).encode();
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
