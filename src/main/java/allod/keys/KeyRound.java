package allod.keys;

import allod.base.FaultPoint;
import allod.base.Problem;
import allod.base.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The key side of one erasure, in one or many domains, or of making a domain. The steps are called in this order, and a
 * step out of order is refused:
 *
 * <ol>
 *   <li>made by {@link KeyRing#begin} or {@link KeyRing#create}: handles prepared, pages drawn, roots wrapped
 *   <li>{@link #persist}: stands in every custody mirror, was read back and opened
 *   <li>the store commits {@link #changes} in one transaction; from here there is no way back
 *   <li>{@link #committed}: readers use the new tree; custody names it current
 *   <li>{@link #destroyOldHandles}: every other handle is gone, and that was checked
 * </ol>
 *
 * Where the store's commit certainly did not happen it calls {@link #abandon}. For use by one thread.
 */
public final class KeyRound {
    private enum Step {
        PREPARED,
        PERSISTED,
        COMMITTED,
        FINISHED,
        ABANDONED
    }

    /**
     * What the store commits for one domain.
     *
     * @param record the new generation's record
     * @param changed pages to put
     * @param dropped pages to delete
     * @param tree the new generation's tree; its new pages are found in the map once they are committed
     */
    public record Change(
            Domain domain, RootRecord record, List<StoredPage> changed, List<PageName> dropped, KeyTree tree) {}

    /** One domain's share in the round. */
    private static final class Part {
        final DomainKeys keys;
        final Optional<RootRecord> replaced;
        final Change change;
        final List<byte[]> replacedIds;
        final List<OutstandingShare> before;
        /** Roots that must be out of reach when the round is finished: the one replaced, and those of abandoned attempts. */
        final List<RootRecord> dying = new ArrayList<>();

        final Map<String, Optional<Evidence>> reached = new LinkedHashMap<>();
        final Map<String, Problem> unreached = new LinkedHashMap<>();

        Part(
                DomainKeys keys,
                Optional<RootRecord> replaced,
                Change change,
                List<byte[]> replacedIds,
                List<OutstandingShare> before) {
            this.keys = keys;
            this.replaced = replaced;
            this.change = change;
            this.replacedIds = replacedIds;
            this.before = before;
            replaced.ifPresent(dying::add);
            dying.addAll(keys.abandoned());
        }

        /** All that hold the new root, or may hold something of an old one. */
        Set<String> involved() {
            Set<String> ids = new LinkedHashSet<>(change.record().plan().custodians());
            dying.forEach(root -> root.wraps().forEach(wrap -> ids.add(wrap.custodian())));
            before.forEach(share -> ids.add(share.custodian()));
            return ids;
        }

        boolean isFinal() {
            Set<String> absent = new LinkedHashSet<>(involved());
            absent.removeAll(reached.keySet());
            return dying.stream().allMatch(root -> RootKeys.dies(root, absent));
        }

        Optional<String> kept(String custodian) {
            return change.record().wrapOf(custodian).map(RootRecord.Wrap::handle);
        }

        Destroyed destroyed() {
            List<Evidence> evidence = new ArrayList<>();
            replaced.ifPresent(old -> old.wraps()
                    .forEach(wrap -> reached.getOrDefault(wrap.custodian(), Optional.empty())
                            .ifPresent(evidence::add)));
            List<OutstandingShare> outstanding = new ArrayList<>();
            unreached.forEach((id, why) -> {
                before.stream().filter(share -> share.custodian().equals(id)).forEach(outstanding::add);
                dying.stream()
                        .filter(root -> root.wrapOf(id).isPresent())
                        .forEach(root -> outstanding.add(KeyRing.outstanding(root, id, why.why())));
            });
            return new Destroyed(evidence, outstanding);
        }
    }

    private final KeyRing ring;
    private final List<Part> parts;
    private final boolean creates;
    private Step step;
    /** Whether custody may hold the attempt. */
    private boolean stored;
    /** When the custodians began to be asked for the new roots. */
    private CustodyLease.Moment asked;

    private KeyRound(KeyRing ring, List<Part> parts, boolean creates, Step step) {
        this.ring = ring;
        this.parts = List.copyOf(parts);
        this.creates = creates;
        this.step = step;
        this.asked = ring.lease().now();
    }

    static KeyRound erase(KeyRing ring, List<DomainKeys> domains, List<KeyRing.Request> requests) {
        List<RootKeys.Wanted> wanted = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            RootRecord current = domains.get(i).root();
            wanted.add(new RootKeys.Wanted(
                    domains.get(i).domain(),
                    current.generation() + 1,
                    requests.get(i).intent().label(),
                    requests.get(i).plan().orElse(current.plan()),
                    Optional.of(current)));
        }
        List<Map<String, String>> handles = ring.rootKeys().prepare(wanted);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            parts.add(
                    erasure(ring, domains.get(i), requests.get(i), wanted.get(i).plan(), handles.get(i)));
        }
        ring.disk().reached(FaultPoint.ERASE_HANDLE_PREPARED);
        return new KeyRound(ring, parts, false, Step.PREPARED);
    }

    private static Part erasure(
            KeyRing ring, DomainKeys keys, KeyRing.Request request, CustodyPlan plan, Map<String, String> handles) {
        RootRecord before = keys.root();
        Puncture puncture = Puncture.of(keys.tree(), request.slots(), 0, ring.random());
        RootRecord record = record(
                ring,
                keys.domain(),
                puncture.next(),
                request.intent(),
                plan,
                handles,
                Optional.of(before.hash()),
                request.previousReceipt());
        Change change = new Change(keys.domain(), record, puncture.changed(), puncture.dropped(), puncture.next());
        return new Part(keys, Optional.of(before), change, puncture.replacedIds(), request.outstanding());
    }

    static KeyRound create(KeyRing ring, Domain domain, CustodyPlan plan, RootRecord.Intent intent, PageSource pages) {
        Map<String, String> handles = ring.rootKeys()
                .prepare(List.of(new RootKeys.Wanted(domain, 1, intent.label(), plan, Optional.empty())))
                .getFirst();
        OpenPage.Sealed root = KeyTree.genesis(domain.id(), ring.random());
        KeyTree tree = ring.genesisTree(domain, root, pages);
        RootRecord record = record(ring, domain, tree, intent, plan, handles, Optional.empty(), Optional.empty());
        Change change = new Change(domain, record, List.of(root.page()), List.of(), tree);
        DomainKeys keys = new DomainKeys(
                domain,
                pages,
                record,
                Optional.of(tree),
                intent.attempt(),
                ring.lease(),
                ring.lease().now());
        keys.claim();
        Part part = new Part(keys, Optional.empty(), change, List.of(), List.of());
        return new KeyRound(ring, List.of(part), true, Step.PREPARED);
    }

    static KeyRound resume(KeyRing ring, List<KeyRing.Interrupted> interrupted) {
        List<Part> parts = new ArrayList<>();
        for (KeyRing.Interrupted one : interrupted) {
            DomainKeys keys = ring.domain(one.domain());
            keys.claim();
            Change change = new Change(keys.domain(), keys.root(), List.of(), List.of(), keys.tree());
            parts.add(new Part(keys, one.replaced(), change, List.of(), one.outstanding()));
        }
        return new KeyRound(ring, parts, false, Step.PERSISTED);
    }

    private static RootRecord record(
            KeyRing ring,
            Domain domain,
            KeyTree tree,
            RootRecord.Intent intent,
            CustodyPlan plan,
            Map<String, String> handles,
            Optional<byte[]> previousRecord,
            Optional<byte[]> previousReceipt) {
        byte[] binding = RootKeys.binding(domain.id(), tree.generation(), intent, tree.rootPageId());
        byte[] rootKey = tree.rootKey();
        List<RootRecord.Wrap> wraps;
        try {
            wraps = ring.rootKeys().wrap(domain, plan, handles, rootKey, binding);
        } finally {
            Arrays.fill(rootKey, (byte) 0);
        }
        return new RootRecord(
                domain.id(),
                tree.generation(),
                tree.height(),
                tree.rootPageId(),
                plan,
                wraps,
                intent,
                previousRecord,
                previousReceipt);
    }

    /**
     * Writes the new pages and records to every custody mirror in one append and one sync, reads them back from each,
     * unwraps each root through all its new handles and opens the root page with it. Nothing is destroyed if this fails.
     *
     * @throws Problem CUSTODIAN_AWAY if a mirror or the custodian is away, DAMAGED if what is read back is not what was
     *     written; the round is then to be abandoned
     */
    public void persist() {
        require(Step.PREPARED);
        ring.custody().requireAllMirrors();
        List<Pack> packs = parts.stream()
                .map(part -> part.change)
                .map(change -> new Pack(change.domain(), change.record(), change.changed(), change.dropped()))
                .toList();
        stored = true;
        ring.custody().appendPending(packs);
        ring.custody().requireAllMirrors();
        asked = ring.lease().now();
        ring.custody().readBack(packs).forEach(this::requireItOpens);
        reached(FaultPoint.ERASE_PENDING_SYNCED);
        parts.forEach(part -> part.keys.announce(part.change.tree()));
        step = Step.PERSISTED;
    }

    /** The root page as custody holds it, opened by the key as the custodian unwraps it. */
    private void requireItOpens(Pack read) {
        RootRecord record = read.record();
        PageName rootName = new PageName(record.height() - 1, 0);
        byte[] rootKey = ring.rootKeys().unwrapFromAll(read.domain(), record);
        boolean opens = read.changed().stream()
                .filter(page -> page.name().equals(rootName))
                .anyMatch(page -> OpenPage.open(page.bytes(), record.rootPageId(), rootKey)
                        .isPresent());
        Arrays.fill(rootKey, (byte) 0);
        if (!opens) {
            throw new Problem(
                    Reason.DAMAGED,
                    "The erasure was not begun.",
                    "The root page of " + record + " does not open as custody holds it.",
                    "Check the custody folder's disk; nothing was destroyed.");
        }
    }

    /** What the store commits, for each domain in the order asked. */
    public List<Change> changes() {
        return parts.stream().map(part -> part.change).toList();
    }

    /**
     * The store's commit is durable. Readers go over to the new trees, what was replaced leaves the caches, and custody
     * names the new roots current.
     *
     * @throws java.io.UncheckedIOException if the last mirror failed: the process must stop, and its next start
     *     finishes the erasure
     */
    public void committed() {
        require(Step.PERSISTED);
        step = Step.COMMITTED;
        for (Part part : parts) {
            part.keys.replace(
                    part.change.record(), part.change.tree(), part.replacedIds, stored ? asked : part.keys.asked());
            ring.opened(part.keys);
        }
        ring.custody()
                .markCurrent(parts.stream()
                        .map(part -> new CustodyFolder.Mark(part.change.domain(), part.change.record()))
                        .toList());
        reached(FaultPoint.ERASE_CURRENT_SYNCED);
    }

    /**
     * Destroys every handle of the domains but the new ones, and checks it: each custodian lists no other, and unwrapping
     * the old root is refused. Done when of every old root too few custodians are left to open it; what the others hold
     * is outstanding. May be called again if it fails; until it succeeds nothing may be called erased.
     *
     * @return by domain number
     * @throws Problem CUSTODIAN_AWAY if a mirror is away, or too many custodians are, or still open the old root
     */
    public Map<Integer, Destroyed> destroyOldHandles() {
        require(Step.COMMITTED);
        ring.custody().requireAllMirrors();
        Set<String> everyone = new LinkedHashSet<>();
        parts.forEach(part -> everyone.addAll(part.involved()));
        for (String id : ring.custodians().likelyFirst(List.copyOf(everyone))) {
            List<Part> its = parts.stream()
                    .filter(part -> part.involved().contains(id) && !part.reached.containsKey(id))
                    .toList();
            boolean needed =
                    !ring.custodians().silent().contains(id) || its.stream().anyMatch(part -> !part.isFinal());
            if (needed) {
                destroyAt(id, its);
            } else {
                its.forEach(part -> part.unreached.put(id, unasked(id)));
            }
        }
        // A mirror that failed meanwhile may hold the old key still, and what follows asks only those that are present.
        ring.custody().requireAllMirrors();
        for (Part part : parts) {
            if (!part.isFinal()) {
                throw notFinal(part);
            }
        }
        Map<Integer, Destroyed> destroyed = new LinkedHashMap<>();
        parts.forEach(part -> destroyed.put(part.change.domain().number(), part.destroyed()));
        reached(FaultPoint.ERASE_HANDLES_DESTROYED);
        for (Part part : parts) {
            part.keys.abandonedAreGone();
            part.keys.release();
        }
        step = Step.FINISHED;
        return destroyed;
    }

    private static Problem notFinal(Part part) {
        List<String> reasons =
                part.unreached.values().stream().map(Problem::why).toList();
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "The erasure in " + part.change.domain() + " is not finished.",
                String.join(" ", reasons),
                "No receipt is given; see to the custodian, then the erasure is tried again.");
    }

    private static Problem unasked(String id) {
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "Custodian " + id + " was not asked.",
                "It did not answer when it was last asked.",
                "Bring it back; its share is then destroyed by itself.");
    }

    /** The new root's handle stays where there is one. A custodian that is away or lies leaves its share outstanding. */
    private void destroyAt(String id, List<Part> its) {
        if (its.isEmpty()) {
            return;
        }
        List<ErasableCustodian.Keep> keeps = its.stream()
                .map(part -> new ErasableCustodian.Keep(part.change.domain(), part.kept(id)))
                .toList();
        try {
            List<ErasableCustodian.Destruction> destructions =
                    ring.rootKeys().asking(id, custodian -> custodian.destroyAllBut(keeps));
            for (int i = 0; i < its.size(); i++) {
                look(id, its.get(i), destructions.get(i));
            }
        } catch (Problem away) {
            its.forEach(part -> part.unreached.put(id, requireAway(away)));
        }
    }

    private void look(String id, Part part, ErasableCustodian.Destruction destruction) {
        Domain domain = part.change.domain();
        var after = new Aftermath(ring.custodians().get(id), domain, part.kept(id), ring.clock());
        try {
            List<String> live = after.requireOnlyTheNewLives();
            Optional<Evidence> evidence = Optional.empty();
            for (RootRecord old : part.dying) {
                Optional<RootRecord.Wrap> wrap = old.wrapOf(id);
                if (wrap.isPresent()) {
                    Evidence seen = after.evidence(wrap.get(), RootKeys.binding(old), destruction, live);
                    evidence = evidence.isPresent() ? evidence : Optional.of(seen);
                }
            }
            part.reached.put(id, evidence);
            part.unreached.remove(id);
        } catch (Problem problem) {
            part.unreached.put(id, requireAway(problem));
        }
    }

    private static Problem requireAway(Problem problem) {
        if (problem.reason() != Reason.CUSTODIAN_AWAY) {
            throw problem;
        }
        return problem;
    }

    /**
     * Gives the attempt up: the store's commit certainly did not and will not happen. What the attempt left in custody
     * and at the custodian is overwritten by the next one or destroyed at the next start.
     */
    public void abandon() {
        if (step != Step.PREPARED && step != Step.PERSISTED) {
            throw new IllegalStateException("a round cannot be abandoned when " + step);
        }
        step = Step.ABANDONED;
        for (Part part : parts) {
            if (stored && !creates) {
                part.keys.abandoned(part.change.record());
            }
            part.keys.withdraw();
            part.keys.release();
        }
    }

    /** Leaves the destruction to a later {@link KeyRing#resume}, which need not take up the same domains at once. */
    public void leave() {
        require(Step.COMMITTED);
        step = Step.ABANDONED;
        parts.forEach(part -> part.keys.release());
    }

    private void require(Step expected) {
        if (step != expected) {
            throw new IllegalStateException("the round is " + step + ", not " + expected);
        }
    }

    private void reached(FaultPoint point) {
        if (!creates) {
            ring.disk().reached(point);
        }
    }
}
