package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.CustodyPlan;
import allod.keys.DomainKeys;
import allod.keys.Evidence;
import allod.keys.KeyRing;
import allod.keys.OutstandingShare;
import allod.keys.RootRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Asks the custodians again before a lease ends, gives up the keys of a domain whose lease has ended, and takes them up
 * when its custodians are back. Makes good what was left while one was away: old shares are destroyed, and a root that too
 * few hold is given to all of them. What it does is in the log: what concerns a domain that cannot be opened, in the
 * system's own chain.
 */
final class CustodyWatch implements AutoCloseable {
    private static final long TICK_MILLIS = 250;
    private static final long RETRY_MILLIS = 1000;
    private static final long TEND_MILLIS = 2000;
    /** Events kept while the system's own domain is not open; more are told in the server's log only. */
    private static final int MAX_UNSENT = 4096;

    /** Domains in which something is made good at once: each takes a thread or two that wait for custodians. */
    private static final int MAX_TENDING = 8;

    private static final long COUNT_MILLIS = 60_000;
    static final String ACTOR = "system/custody";

    private final Ground ground;
    private final KeyRing keys;
    private final ErasureGate gate;
    private final ErasureRounds rounds;
    private final PeriodKeys periods;
    private final Domains domains;
    private final Consumer<Throwable> fatal;
    private final Thread thread;

    /** Domains that were not open at the start: what a start does with a domain is done when they are. */
    private final Map<Integer, Optional<DomainRow>> late = new ConcurrentHashMap<>();
    /** Plans whose custodians are being asked. */
    private final Set<CustodyPlan> asking = ConcurrentHashMap.newKeySet();

    /** What a domain that opens late has its orphans looked for in: not what writers of this run hold. */
    private final List<SlotReservations.Range> leftReserved;

    private final Map<CustodyPlan, Long> retryAt = new ConcurrentHashMap<>();
    private final Set<String> probing = ConcurrentHashMap.newKeySet();
    private final Set<Integer> tending = ConcurrentHashMap.newKeySet();
    /** The domain looked at last; touched by the watch's thread only. */
    private int tendedLast = -1;

    /** Events that wait until the system's own domain is open: where all leases end at once, its own does too. */
    private final BlockingQueue<byte[]> unsent = new ArrayBlockingQueue<>(MAX_UNSENT);

    private volatile Runnable ending = () -> {};
    private volatile boolean closed;

    CustodyWatch(
            Ground ground,
            KeyRing keys,
            ErasureGate gate,
            ErasureRounds rounds,
            PeriodKeys periods,
            Domains domains,
            List<SlotReservations.Range> leftReserved,
            Consumer<Throwable> fatal) {
        this.ground = ground;
        this.keys = keys;
        this.gate = gate;
        this.rounds = rounds;
        this.periods = periods;
        this.domains = domains;
        this.leftReserved = leftReserved;
        this.fatal = fatal;
        this.thread = Thread.ofPlatform().name("custody").daemon().unstarted(this::run);
    }

    /** The reservations of the run before. */
    List<SlotReservations.Range> leftReserved() {
        return leftReserved;
    }

    /**
     * Leaves a domain for later, as its custodians do not answer now; before the gate starts.
     *
     * @param interrupted the row of a domain whose erasure a crash interrupted
     */
    void later(int domain, Optional<DomainRow> interrupted) {
        late.put(domain, interrupted);
        gate.turns().tryTake(domain);
    }

    /** What else is looked at with every look. */
    void ending(Runnable work) {
        ending = work;
    }

    void start() {
        thread.start();
    }

    private void run() {
        long tended = System.nanoTime();
        long counted = tended;
        try {
            while (!closed) {
                tick();
                if (millisSince(tended) >= TEND_MILLIS) {
                    tended = System.nanoTime();
                    tend();
                }
                if (millisSince(counted) >= COUNT_MILLIS) {
                    counted = System.nanoTime();
                    keys.numbers().forEach(this::count);
                }
                Thread.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fatal.accept(e);
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    /** Ends the leases that are over, and has custodians asked where it is time. Asks nobody itself. */
    void tick() {
        keys.lapse().forEach(this::lapsed);
        send();
        Map<CustodyPlan, List<Integer>> due = new LinkedHashMap<>();
        for (int domain : keys.due()) {
            due.computeIfAbsent(keys.known(domain).root().plan(), plan -> new ArrayList<>())
                    .add(domain);
        }
        due.forEach((plan, its) -> {
            Long wait = retryAt.get(plan);
            boolean rests = wait != null && wait - System.nanoTime() > 0;
            if (!rests && asking.add(plan)) {
                gate.execute(() -> guarded(() -> ask(plan, its), () -> asking.remove(plan)));
            }
        });
    }

    private void guarded(Runnable work, Runnable after) {
        try {
            work.run();
        } catch (Problem notNow) {
            ground.log().debug("custody waits: {}", notNow.getMessage());
        } catch (RuntimeException e) {
            if (!closed) {
                fatal.accept(e);
            }
        } finally {
            after.run();
        }
    }

    /** Asks for each domain of one plan; once a custodian is gone the others of the plan wait for the next time. */
    private void ask(CustodyPlan plan, List<Integer> its) {
        boolean failed = false;
        for (int domain : its) {
            boolean wasOpen = keys.known(domain).inMemory();
            boolean open = !closed && keys.renew(domain);
            if (open && !wasOpen) {
                back(domain);
            }
            failed |= !open;
            if (!open && keys.custodians().silent().stream().anyMatch(plan.custodians()::contains)) {
                break;
            }
        }
        if (failed) {
            retryAt.put(plan, System.nanoTime() + RETRY_MILLIS * 1_000_000);
        } else {
            retryAt.remove(plan);
        }
    }

    private void lapsed(int domain) {
        ground.tickets().cutDomain(domain);
        periods.forget(domain);
        DomainKeys its = keys.known(domain);
        String why = its.failure().map(Problem::why).orElse("the custodians were not asked in time");
        ground.log().warn("the custody lease of domain {} has ended: {}", domain, why);
        its.failure().ifPresent(problem -> ground.queue().tellDomain(domain, problem));
        inSystemChain(EventBody.of("custody.away")
                .text("actor", ACTOR)
                .text("purpose", "custody lease")
                .number("domain", domain)
                .number("tenant", owner(domain))
                .text("custodians", its.root().plan().toString())
                .text("why", why)
                .outcome("keys given up"));
    }

    private void back(int domain) {
        ground.log().info("the custodians of domain {} are back", domain);
        count(domain);
        inSystemChain(EventBody.of("custody.back")
                .text("actor", ACTOR)
                .text("purpose", "custody lease")
                .number("domain", domain)
                .number("tenant", owner(domain))
                .text("custodians", keys.known(domain).root().plan().toString())
                .outcome("keys taken up"));
        ground.queue().wake();
    }

    private int owner(int domain) {
        return domains.ownerOf(domain).value();
    }

    /** Requests that were refused while a domain's custodians were away. */
    void count(int domain) {
        long refused = keys.known(domain).takeRefused();
        if (refused > 0) {
            inSystemChain(EventBody.of("custody.refused")
                    .text("actor", ACTOR)
                    .text("purpose", "custody lease")
                    .number("domain", domain)
                    .number("tenant", owner(domain))
                    .number("requests", refused)
                    .outcome("refused: " + Reason.CUSTODIAN_AWAY));
        }
    }

    private void inSystemChain(EventBody body) {
        if (!unsent.offer(body.toBytes())) {
            ground.log().warn("an event of custody was not recorded: too many wait");
        }
        send();
    }

    /** Appends what waits, in its order, once the system's own domain is open. */
    private synchronized void send() {
        try {
            while (!unsent.isEmpty() && keys.known(Domains.SYSTEM).held()) {
                byte[] bytes = unsent.element();
                ground.sequencer()
                        .submitPatiently(transaction -> transaction.append(
                                new Event(TenantId.SYSTEM, Domains.SYSTEM, EventClass.CHANGE, bytes)));
                unsent.remove();
            }
        } catch (Problem | IOException notNow) {
            ground.log().debug("events of custody wait: {}", notNow.getMessage());
        }
    }

    /** What a start does with each domain, for one that opens later; its turn is taken since the start. */
    private void makeGood(int domain) {
        try {
            Optional<DomainRow> interrupted = late.getOrDefault(domain, Optional.empty());
            if (interrupted.isPresent()) {
                recover(domain, interrupted.get());
            }
            rounds.destroyStrays(List.of(domain));
            OrphanedSlots.queue(ground, leftReserved, number -> number == domain);
            late.remove(domain);
            gate.turns().giveBack(List.of(domain));
            ground.queue().load(ground.map());
            ground.queue().wake();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void recover(int domain, DomainRow row) throws IOException {
        try {
            rounds.recover(Map.of(domain, row));
        } catch (Problem notNow) {
            ground.queue().tellDomain(domain, notNow);
            throw notNow;
        }
        late.put(domain, Optional.empty());
    }

    private static DomainRow row(Transaction transaction, int domain) {
        return DomainRow.decode(java.util.Objects.requireNonNull(transaction.get(MapKey.root(domain))));
    }

    /** Looks whether a custodian that was away is back, and makes good what waits for it. */
    void tend() {
        ending.run();
        for (String id : keys.custodians().silent()) {
            if (probing.add(id)) {
                gate.execute(() -> guarded(() -> keys.answers(id), () -> probing.remove(id)));
            }
        }
        for (int domain : inTheirTurn()) {
            if (tending.size() < MAX_TENDING && tending.add(domain)) {
                tendedLast = domain;
                Runnable work = late.containsKey(domain) ? () -> makeGood(domain) : () -> settle(domain);
                gate.execute(() -> guarded(work, () -> tending.remove(domain)));
            }
        }
    }

    /** The open domains that wait for something, those first that come after the one looked at last. */
    private List<Integer> inTheirTurn() {
        Set<Integer> waiting = new TreeSet<>(late.keySet());
        waiting.addAll(keys.unsettled());
        List<Integer> after = new ArrayList<>();
        List<Integer> before = new ArrayList<>();
        for (int domain : waiting) {
            if (keys.known(domain).held()) {
                (domain > tendedLast ? after : before).add(domain);
            }
        }
        after.addAll(before);
        return after;
    }

    private void settle(int domain) {
        DomainKeys its = keys.known(domain);
        boolean allAnswer =
                its.root().degraded() && its.root().plan().custodians().stream().allMatch(keys::answers);
        var work = gate.inTurn(domain, () -> {
            if (allAnswer) {
                rounds.renew(
                        domain,
                        Optional.empty(),
                        (before, after, evidence) ->
                                ErasureRounds.renewal("custody.repaired", ACTOR, before, after, evidence));
            } else {
                destroyReturned(domain);
            }
            return true;
        });
        try {
            work.join();
        } catch (CompletionException e) {
            ground.log().warn("custody of domain {} is not yet made good: {}", domain, e.getMessage());
        } catch (CancellationException stopping) {
            ground.log().debug("custody of domain {} is made good at the next start", domain);
        }
    }

    /** Destroys the old shares of each custodian that is back; the others stay on the list. */
    private void destroyReturned(int domain) throws IOException {
        byte[] value = java.util.Objects.requireNonNull(ground.map().get(MapKey.root(domain)));
        Map<String, List<OutstandingShare>> byCustodian = new LinkedHashMap<>();
        DomainRow.decode(value)
                .outstanding()
                .forEach(share -> byCustodian
                        .computeIfAbsent(share.custodian(), id -> new ArrayList<>())
                        .add(share));
        for (Map.Entry<String, List<OutstandingShare>> its : byCustodian.entrySet()) {
            if (keys.answers(its.getKey())) {
                List<Evidence> evidence = keys.destroyReturned(domain, its.getKey(), its.getValue());
                strikeOff(domain, its.getKey(), its.getValue(), evidence);
            }
        }
    }

    private void strikeOff(int domain, String custodian, List<OutstandingShare> shares, List<Evidence> evidence)
            throws IOException {
        EventBody body = EventBody.of("custody.share.destroyed")
                .text("actor", ACTOR)
                .text("purpose", "custody")
                .number("domain", domain)
                .text("custodian", custodian)
                .number("generation", shares.getLast().generation())
                .number("shares", shares.size());
        if (!evidence.isEmpty()) {
            Evidence last = evidence.getLast();
            body.text("kind", last.kind())
                    .text("class", last.assuranceClass().name())
                    .text("handle", last.handle())
                    .text("response", last.response())
                    .text("probe", last.probe());
        }
        byte[] bytes = body.outcome("ok").toBytes();
        RootRecord root = ground.sequencer().submitPatiently(transaction -> {
            DomainRow row = row(transaction, domain);
            List<OutstandingShare> left = row.outstanding().stream()
                    .filter(share -> !share.custodian().equals(custodian))
                    .toList();
            transaction.put(MapKey.root(domain), row.with(left).encode());
            transaction.append(new Event(domains.ownerOf(domain), domain, EventClass.EVIDENCE, bytes));
            keys.known(domain).settle(!row.root().degraded() && left.isEmpty());
            return row.root();
        });
        ground.log().info("custodian {} destroyed its old share of {}", custodian, root);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
