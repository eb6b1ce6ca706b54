package allod.keys;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The keys of all domains that are open, and the key side of making, opening and erasing. Start here. The store decides
 * what is erased and commits it; a {@link KeyRound} does with the keys what comes before and after that commit.
 *
 * <p>At start, for each domain: {@link #choose}; then {@link #open} with the chosen root; then {@link #resume} what was
 * interrupted; last {@link #destroyStrays}. Nothing is destroyed before the chosen root was opened through a handle that
 * stays.
 */
public final class KeyRing {
    /**
     * Most slots of one {@link Request}. A round is held in memory and written as one append of at most 1 GiB: neighbours
     * cost next to nothing, a slot far from all others up to 13 KB.
     */
    public static final int MAX_SLOTS = Puncture.MAX_SLOTS;

    /** Requests to one domain that wait for a custodian's answer, where each asks; one more is refused. */
    private static final int MAX_ASKING = 64;

    private final CustodyFolder custody;
    private final Custodians custodians;
    private final RootKeys rootKeys;
    private final Disk disk;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final int cachedPages;
    private final CustodyLease lease;
    private final Map<Integer, DomainKeys> known = new ConcurrentHashMap<>();
    private final Set<Integer> withheld = ConcurrentHashMap.newKeySet();

    /**
     * @param disk told of the fault points that are passed
     * @param random a {@link java.security.SecureRandom}; only a test passes another
     * @param cachedPages most decrypted pages kept for each domain, up to 6 KiB each
     */
    public KeyRing(
            CustodyFolder custody,
            Custodians custodians,
            Disk disk,
            RandomGenerator random,
            InstantSource clock,
            int cachedPages) {
        this(
                custody,
                custodians,
                disk,
                random,
                clock,
                cachedPages,
                new CustodyLease(CustodyLease.STANDARD, clock, System::nanoTime));
    }

    /** The same with a lease of its own. */
    public KeyRing(
            CustodyFolder custody,
            Custodians custodians,
            Disk disk,
            RandomGenerator random,
            InstantSource clock,
            int cachedPages,
            CustodyLease lease) {
        this.custody = custody;
        this.custodians = custodians;
        this.rootKeys = new RootKeys(custodians, random);
        this.disk = disk;
        this.random = random;
        this.clock = clock;
        this.cachedPages = cachedPages;
        this.lease = lease;
    }

    /**
     * What one domain wants: some slots erased, or none and only a new root.
     *
     * @param plan who shall hold the new root; empty for those who hold the current one
     * @param outstanding what earlier erasures could not reach
     */
    @SuppressWarnings("ArrayRecordComponent") // many slots, never compared
    public record Request(
            int domain,
            RootRecord.Intent intent,
            long[] slots,
            Optional<byte[]> previousReceipt,
            Optional<CustodyPlan> plan,
            List<OutstandingShare> outstanding) {
        public Request(int domain, RootRecord.Intent intent, long[] slots, Optional<byte[]> previousReceipt) {
            this(domain, intent, slots, previousReceipt, Optional.empty(), List.of());
        }
    }

    /**
     * An erasure that a crash interrupted after its commit.
     *
     * @param domain whose newest root is open already
     * @param replaced the record of the generation before, from the map; empty for a domain that was just made
     * @param outstanding what earlier erasures could not reach
     */
    public record Interrupted(int domain, Optional<RootRecord> replaced, List<OutstandingShare> outstanding) {
        public Interrupted(int domain, Optional<RootRecord> replaced) {
            this(domain, replaced, List.of());
        }
    }

    /** Which root a domain has, from the map's record and what custody holds. */
    public RootChoice choose(int domain, Optional<RootRecord> map) {
        CustodyFolder.Roots roots = custody.roots(domain);
        return RootChoice.choose(map, roots.current(), roots.pending());
    }

    /**
     * Opens a domain at a root: unwraps the root key and opens the root page with it. Changes nothing. A domain that
     * could not be opened may be tried again.
     *
     * @param root as {@link #choose} gave it
     * @param pages the domain's pages, always the newest committed ones
     * @throws Problem CUSTODIAN_AWAY if no custodian opens the root; DAMAGED if the root page is not the record's
     */
    public DomainKeys open(int number, RootRecord root, PageSource pages) {
        Domain domain = new Domain(number, root.domain());
        CustodyLease.Moment asked = lease.now();
        byte[] rootKey = rootKeys.unwrap(domain, root);
        KeyTree tree = tree(root, rootKey, pages);
        Arrays.fill(rootKey, (byte) 0);
        requireRootPage(tree);
        return register(
                new DomainKeys(domain, pages, root, Optional.of(tree), lastAttempt(number, root), lease, asked));
    }

    /** Knows a domain whose custodians are away; it opens by itself when they are back. */
    public void await(int number, RootRecord root, PageSource pages, Problem why) {
        var keys = new DomainKeys(
                new Domain(number, root.domain()),
                pages,
                root,
                Optional.empty(),
                lastAttempt(number, root),
                lease,
                lease.now());
        keys.failed(why);
        register(keys);
    }

    /** Knows of attempts in a domain that were given up before the last start. */
    public void remember(int number, List<RootRecord> abandoned) {
        abandoned.forEach(known(number)::abandoned);
    }

    private DomainKeys register(DomainKeys keys) {
        int number = keys.domain().number();
        custody.roots(number)
                .pending()
                .filter(pending -> !pending.equals(keys.root()))
                .ifPresent(keys::abandoned);
        known.put(number, keys);
        return keys;
    }

    /**
     * The keys of a domain, as far as the last answer of its custodians allows. Asks nobody.
     *
     * @throws Problem CUSTODIAN_AWAY, naming the custodian, if they may not be used now
     */
    public DomainKeys domain(int number) {
        DomainKeys keys = known(number);
        if (!keys.held()) {
            throw keys.away();
        }
        return keys;
    }

    /** The same, whether or not its keys may be used now. */
    public DomainKeys known(int number) {
        DomainKeys keys = known.get(number);
        if (keys == null) {
            throw new Problem(
                    Reason.CUSTODIAN_AWAY,
                    "The data of domain " + number + " cannot be read or changed now.",
                    "Its root key was not opened.",
                    "Bring the custodian back, then send the request again.");
        }
        return keys;
    }

    /** The numbers of all domains, those whose custodians are away included. */
    public Set<Integer> numbers() {
        return Set.copyOf(known.keySet());
    }

    /**
     * Lets a request use a domain's keys. Where there is no lease the custodians are asked first.
     *
     * @throws Problem CUSTODIAN_AWAY, naming the custodian
     */
    public void admit(int number) {
        DomainKeys keys = known(number);
        if (!lease.none() && keys.held()) {
            return;
        }
        // A lease that ended though the custodians answered last: a machine that slept, or a clock set forward.
        if (keys.failure().isPresent()) {
            throw keys.refusal();
        }
        CustodyLease.Moment arrival = lease.now();
        ReentrantLock asking = keys.asking();
        if (asking.getQueueLength() >= MAX_ASKING) {
            throw keys.refusal();
        }
        asking.lock();
        try {
            // Whoever waited behind a question that began after it arrived has its answer.
            boolean askedSince = keys.asked().nanos() - arrival.nanos() >= 0;
            if (!askedSince && !renew(number)) {
                throw keys.refusal();
            }
        } finally {
            asking.unlock();
        }
    }

    /**
     * Asks the custodians of a domain for its root again, and takes the keys up if they had been given up.
     *
     * @return whether the keys may be used now
     */
    public boolean renew(int number) {
        DomainKeys keys = known(number);
        RootRecord root = keys.root();
        CustodyLease.Moment asked = lease.now();
        byte[] key = {};
        boolean opened = false;
        try {
            if (withheld.contains(number)) {
                throw withheldFrom(keys);
            }
            key = rootKeys.unwrap(keys.domain(), root);
            opened = keys.renewed(root, key, asked, tree(root, key, keys.pages()));
        } catch (Problem away) {
            // An erasure destroys the handle that was asked for: then the new one's own answer counts.
            if (keys.root().equals(root)) {
                keys.failed(away);
            }
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        return opened || (!keys.root().equals(root) && keys.held());
    }

    /** The domains whose custodians are to be asked again. */
    public List<Integer> due() {
        return known.values().stream()
                .filter(DomainKeys::due)
                .map(keys -> keys.domain().number())
                .sorted()
                .toList();
    }

    /** Gives up the keys of all domains whose lease has ended, and names those that had any. */
    public List<Integer> lapse() {
        return known.values().stream()
                .filter(DomainKeys::lapse)
                .map(keys -> keys.domain().number())
                .sorted()
                .toList();
    }

    /** The domains in which a custodian that was away has to be made good. */
    public List<Integer> unsettled() {
        return known.values().stream()
                .filter(DomainKeys::unsettled)
                .map(keys -> keys.domain().number())
                .sorted()
                .toList();
    }

    /** Whether a custodian answers now. */
    public boolean answers(String custodian) {
        return rootKeys.answers(custodian);
    }

    /** From now on this server refuses itself the custodians for a domain: a drill. */
    public void withhold(int number) {
        withheld.add(number);
    }

    public boolean isWithheld(int number) {
        return withheld.contains(number);
    }

    /** Ends a drill. */
    public void giveBack(int number) {
        withheld.remove(number);
    }

    private static Problem withheldFrom(DomainKeys keys) {
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "The root key of " + keys.domain() + " cannot be opened.",
                "A custody drill withholds it: custodian " + keys.root().plan() + " is not asked.",
                "Wait for the drill's end.");
    }

    private void requireNotWithheld(int number) {
        if (withheld.contains(number)) {
            throw withheldFrom(known(number));
        }
    }

    /**
     * A new attempt's mark, for the map to name before the attempt begins.
     *
     * @throws Problem CUSTODIAN_AWAY if the domain is not open
     */
    public RootRecord.Intent intend(int domain) {
        return new RootRecord.Intent(domain(domain).nextAttempt(), label());
    }

    /**
     * Begins an erasure in some domains: custodians prepare a handle each, new roots and pages are drawn, the roots
     * wrapped. Nothing but the handles is stored yet.
     *
     * @throws Problem CUSTODIAN_AWAY if a mirror or custodian is away or a domain is not open: nothing has changed
     * @throws IllegalArgumentException if a request has more than {@link #MAX_SLOTS} slots
     * @throws IllegalStateException if a domain's last round is neither finished nor abandoned
     */
    public KeyRound begin(List<Request> requests) {
        custody.requireAllMirrors();
        requests.forEach(request -> requireFewAbandoned(domain(request.domain())));
        List<DomainKeys> claimed = new ArrayList<>();
        try {
            for (Request request : requests) {
                requireNotWithheld(request.domain());
                DomainKeys keys = domain(request.domain());
                keys.claim();
                claimed.add(keys);
            }
            return KeyRound.erase(this, claimed, requests);
        } catch (RuntimeException e) {
            claimed.forEach(DomainKeys::release);
            throw e;
        }
    }

    private static void requireFewAbandoned(DomainKeys keys) {
        List<RootRecord> abandoned = keys.abandoned();
        if (abandoned.size() >= DomainKeys.MAX_ABANDONED) {
            Set<String> holders = new TreeSet<>();
            abandoned.forEach(root -> root.wraps().forEach(wrap -> holders.add(wrap.custodian())));
            throw new Problem(
                    Reason.CUSTODIAN_AWAY,
                    "Nothing was erased or changed in " + keys.domain() + ".",
                    abandoned.size() + " attempts were given up, and of what they left not all is destroyed at "
                            + String.join(", ", holders) + ".",
                    "Bring these custodians back; what waits is then done by itself.");
        }
    }

    /**
     * Makes a new domain, in the same steps as an erasure; it is open from {@link KeyRound#committed} on.
     *
     * @param number one that no domain has or had, see {@link CustodyFolder#domains}
     * @param plan who holds its root
     * @param pages where the domain's pages will be found once they are committed
     * @throws IllegalArgumentException if custody knows a domain of this number
     */
    public KeyRound create(int number, CustodyPlan plan, PageSource pages) {
        custody.settle();
        custody.requireAllMirrors();
        if (custody.roots(number).current().isPresent() || known.containsKey(number)) {
            throw new IllegalArgumentException("domain " + number + " exists");
        }
        byte[] id = new byte[PageHeader.DOMAIN_BYTES];
        random.nextBytes(id);
        long attempt = 1
                + custody.roots(number).pending().map(p -> p.intent().attempt()).orElse(0L);
        return KeyRound.create(this, new Domain(number, id), plan, new RootRecord.Intent(attempt, label()), pages);
    }

    /** Takes up erasures that a crash interrupted after their commit; goes on at {@link KeyRound#committed}. */
    public KeyRound resume(List<Interrupted> interrupted) {
        custody.settle();
        return KeyRound.resume(this, interrupted);
    }

    /**
     * Destroys what abandoned attempts left at the custodians, for domains that are open and need no {@link #resume}, and
     * every handle of domains that were never made. Asked when all domains were tried to open. A mirror
     * that is missing gets its turn when it is back; one that was given up and is here again is overwritten now.
     *
     * @param domains those that are open
     * @param existing the numbers of all domains there are
     * <p>An attempt that custodians which are away could open among themselves stays among {@link DomainKeys#abandoned}:
     * no erasure is finished before they have destroyed it.
     *
     * @return by domain, what could not be reached because its custodian is away
     * @throws Problem CUSTODIAN_AWAY if a domain is not open
     */
    public Map<Integer, List<OutstandingShare>> destroyStrays(
            Collection<Integer> domains, Collection<Integer> existing) {
        custody.settle();
        Map<Integer, List<OutstandingShare>> left = new TreeMap<>();
        for (int number : domains) {
            DomainKeys keys = domain(number);
            Optional<RootRecord> current = custody.roots(number).current();
            if (!current.equals(Optional.of(keys.root()))) {
                throw new IllegalStateException(keys.domain() + " is not at custody's current root");
            }
        }
        Set<String> absent = new TreeSet<>();
        for (String id : involvedIn(domains)) {
            if (!destroyStraysAt(id, domains, left)) {
                absent.add(id);
            }
        }
        // A domain that is not open may have an old key on a mirror that was given up: it is named until all were.
        if (domains.containsAll(existing)) {
            custody.keysOverwritten();
        }
        domains.forEach(number -> domain(number).abandonedAreGoneBut(absent));
        return left;
    }

    /**
     * Destroys handles of domains whose making was cut off, at the custodians that answer; for the others the next start
     * does. Only where no domain is being made: its handle is older than its row.
     *
     * @param existing the numbers of all domains there are
     */
    public void destroyUnmade(Collection<Integer> existing) {
        for (String id : custodians.ids()) {
            try {
                rootKeys.asking(id, custodian -> {
                    custodian.destroyUnmade(existing);
                    return true;
                });
            } catch (Problem away) {
                if (away.reason() != Reason.CUSTODIAN_AWAY) {
                    throw away;
                }
            }
        }
    }

    /** All custodians there are, and those that an abandoned attempt names and that are not set up any more. */
    private Set<String> involvedIn(Collection<Integer> domains) {
        Set<String> ids = new LinkedHashSet<>(custodians.ids());
        for (int number : domains) {
            domain(number).abandoned().forEach(root -> root.wraps().forEach(wrap -> ids.add(wrap.custodian())));
        }
        return ids;
    }

    /** Whether the custodian answered. */
    private boolean destroyStraysAt(String id, Collection<Integer> domains, Map<Integer, List<OutstandingShare>> left) {
        List<ErasableCustodian.Keep> keeps = new ArrayList<>();
        for (int number : domains) {
            DomainKeys keys = domain(number);
            Optional<String> kept = keys.root().wrapOf(id).map(RootRecord.Wrap::handle);
            if (kept.isPresent() || !keys.abandonedAt(id).isEmpty()) {
                keeps.add(new ErasableCustodian.Keep(keys.domain(), kept));
            }
        }
        try {
            rootKeys.asking(id, custodian -> {
                custodian.destroyAllBut(keeps);
                return true;
            });
            return true;
        } catch (Problem away) {
            if (away.reason() != Reason.CUSTODIAN_AWAY) {
                throw away;
            }
            for (int number : domains) {
                DomainKeys keys = domain(number);
                keys.abandonedAt(id)
                        .forEach(root -> left.computeIfAbsent(number, n -> new ArrayList<>())
                                .add(outstanding(root, id, away.why())));
            }
            return false;
        }
    }

    static OutstandingShare outstanding(RootRecord root, String custodian, String why) {
        return new OutstandingShare(custodian, root.generation(), root.wrapOf(custodian), RootKeys.binding(root), why);
    }

    /**
     * Destroys what a custodian that was away still held of old roots of a domain, and checks it.
     *
     * @return evidence for each share that had a wrap
     * @throws Problem CUSTODIAN_AWAY if it is away still, or the shares still open: nothing may be struck off the list
     */
    public List<Evidence> destroyReturned(int number, String custodian, List<OutstandingShare> shares) {
        custody.requireAllMirrors();
        DomainKeys keys = known(number);
        Optional<String> kept = keys.root().wrapOf(custodian).map(RootRecord.Wrap::handle);
        var keep = new ErasableCustodian.Keep(keys.domain(), kept);
        return rootKeys.asking(custodian, asked -> {
            var destruction = asked.destroyAllBut(List.of(keep)).getFirst();
            var after = new Aftermath(asked, keys.domain(), kept, clock);
            List<String> live = after.requireOnlyTheNewLives();
            List<Evidence> evidence = new ArrayList<>();
            for (OutstandingShare share : shares) {
                share.wrap().ifPresent(wrap -> evidence.add(after.evidence(wrap, share.binding(), destruction, live)));
            }
            return evidence;
        });
    }

    /**
     * Looks ahead whether {@link #begin} could go through.
     *
     * @throws Problem CUSTODIAN_AWAY if a mirror is away
     */
    public void requireErasable() {
        custody.requireAllMirrors();
    }

    CustodyFolder custody() {
        return custody;
    }

    RootKeys rootKeys() {
        return rootKeys;
    }

    public Custodians custodians() {
        return custodians;
    }

    Disk disk() {
        return disk;
    }

    RandomGenerator random() {
        return random;
    }

    InstantSource clock() {
        return clock;
    }

    void opened(DomainKeys keys) {
        known.put(keys.domain().number(), keys);
    }

    /** How long keys may be used before their custodians are asked again. */
    public Duration leaseDuration() {
        return lease.lease();
    }

    CustodyLease lease() {
        return lease;
    }

    /** The tree of a root, with a cache of its own. */
    KeyTree tree(RootRecord root, byte[] rootKey, PageSource pages) {
        return new KeyTree(
                root.domain(),
                root.generation(),
                root.height(),
                root.rootPageId(),
                rootKey,
                pages,
                new PageCache(cachedPages));
    }

    KeyTree genesisTree(Domain domain, OpenPage.Sealed root, PageSource pages) {
        return new KeyTree(
                domain.id(), 1, KeyTree.FIRST_HEIGHT, root.id(), root.key(), pages, new PageCache(cachedPages));
    }

    static void requireRootPage(KeyTree tree) {
        try {
            tree.rootPage();
        } catch (KeyTree.PageMismatch e) {
            throw e.asProblem();
        }
    }

    private byte[] label() {
        byte[] label = new byte[RootRecord.Intent.LABEL_BYTES];
        random.nextBytes(label);
        return label;
    }

    private long lastAttempt(int number, RootRecord root) {
        CustodyFolder.Roots roots = custody.roots(number);
        long last = root.intent().attempt();
        last = Math.max(last, roots.current().map(r -> r.intent().attempt()).orElse(0L));
        return Math.max(last, roots.pending().map(r -> r.intent().attempt()).orElse(0L));
    }
}
