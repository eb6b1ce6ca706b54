package allod.keys;

import allod.base.FaultPoint;
import allod.base.Problem;
import allod.base.Reason;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    private record Part(DomainKeys keys, Optional<RootRecord> replaced, Change change, List<byte[]> replacedIds) {}

    private final KeyRing ring;
    private final List<Part> parts;
    private final boolean creates;
    private Step step;

    private KeyRound(KeyRing ring, List<Part> parts, boolean creates, Step step) {
        this.ring = ring;
        this.parts = List.copyOf(parts);
        this.creates = creates;
        this.step = step;
    }

    static KeyRound erase(KeyRing ring, List<DomainKeys> domains, List<KeyRing.Request> requests) {
        List<ErasableCustodian.Preparation> preparations = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            RootRecord current = domains.get(i).root();
            preparations.add(new ErasableCustodian.Preparation(
                    domains.get(i).domain(),
                    current.generation() + 1,
                    requests.get(i).intent().label(),
                    Optional.of(ring.handle(current))));
        }
        List<String> handles = ring.custodian().prepare(preparations);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            parts.add(erasure(ring, domains.get(i), requests.get(i), handles.get(i)));
        }
        ring.disk().reached(FaultPoint.ERASE_HANDLE_PREPARED);
        return new KeyRound(ring, parts, false, Step.PREPARED);
    }

    private static Part erasure(KeyRing ring, DomainKeys keys, KeyRing.Request request, String handle) {
        RootRecord before = keys.root();
        Puncture puncture = Puncture.of(keys.tree(), request.slots(), 0, ring.random());
        RootRecord record = record(
                ring,
                keys.domain(),
                puncture.next(),
                request.intent(),
                handle,
                Optional.of(before.hash()),
                request.previousReceipt());
        Change change = new Change(keys.domain(), record, puncture.changed(), puncture.dropped(), puncture.next());
        return new Part(keys, Optional.of(before), change, puncture.replacedIds());
    }

    static KeyRound create(KeyRing ring, Domain domain, RootRecord.Intent intent, PageSource pages) {
        String handle = ring.custodian()
                .prepare(List.of(new ErasableCustodian.Preparation(domain, 1, intent.label(), Optional.empty())))
                .getFirst();
        OpenPage.Sealed root = KeyTree.genesis(domain.id(), ring.random());
        KeyTree tree = ring.genesisTree(domain, root, pages);
        RootRecord record = record(ring, domain, tree, intent, handle, Optional.empty(), Optional.empty());
        Change change = new Change(domain, record, List.of(root.page()), List.of(), tree);
        DomainKeys keys = new DomainKeys(domain, record, tree, intent.attempt());
        keys.claim();
        return new KeyRound(ring, List.of(new Part(keys, Optional.empty(), change, List.of())), true, Step.PREPARED);
    }

    static KeyRound resume(KeyRing ring, List<KeyRing.Interrupted> interrupted) {
        List<Part> parts = new ArrayList<>();
        for (KeyRing.Interrupted one : interrupted) {
            DomainKeys keys = ring.domain(one.domain());
            keys.claim();
            Change change = new Change(keys.domain(), keys.root(), List.of(), List.of(), keys.tree());
            parts.add(new Part(keys, one.replaced(), change, List.of()));
        }
        return new KeyRound(ring, parts, false, Step.PERSISTED);
    }

    private static RootRecord record(
            KeyRing ring,
            Domain domain,
            KeyTree tree,
            RootRecord.Intent intent,
            String handle,
            Optional<byte[]> previousRecord,
            Optional<byte[]> previousReceipt) {
        byte[] binding = KeyRing.binding(domain.id(), tree.generation(), intent, tree.rootPageId());
        byte[] rootKey = tree.rootKey();
        byte[] wrapped = ring.custodian().wrap(domain, handle, rootKey, binding);
        Arrays.fill(rootKey, (byte) 0);
        return new RootRecord(
                domain.id(),
                tree.generation(),
                tree.height(),
                tree.rootPageId(),
                1,
                1,
                List.of(new RootRecord.Wrap(ring.custodian().id(), handle, wrapped)),
                intent,
                previousRecord,
                previousReceipt);
    }

    /**
     * Writes the new pages and records to every custody mirror in one append and one sync, reads them back from each,
     * unwraps each root through its new handle and opens the root page with it. Nothing is destroyed if this fails.
     *
     * @throws Problem CUSTODIAN_AWAY if a mirror or the custodian is away, DAMAGED if what is read back is not what was
     *     written; the round is then to be abandoned
     */
    public void persist() {
        require(Step.PREPARED);
        ring.custody().requireAllMirrors();
        List<Pack> packs = parts.stream()
                .map(Part::change)
                .map(change -> new Pack(change.domain(), change.record(), change.changed(), change.dropped()))
                .toList();
        ring.custody().appendPending(packs);
        ring.custody().requireAllMirrors();
        ring.custody().readBack(packs).forEach(this::requireItOpens);
        reached(FaultPoint.ERASE_PENDING_SYNCED);
        parts.forEach(part -> part.keys.trees().announce(part.change.tree()));
        step = Step.PERSISTED;
    }

    /** The root page as custody holds it, opened by the key as the custodian unwraps it. */
    private void requireItOpens(Pack read) {
        RootRecord record = read.record();
        PageName rootName = new PageName(record.height() - 1, 0);
        byte[] rootKey = ring.unwrapRoot(read.domain(), record);
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
        return parts.stream().map(Part::change).toList();
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
            part.keys.replace(part.change.record(), part.change.tree(), part.replacedIds);
            ring.opened(part.keys);
        }
        ring.custody()
                .markCurrent(parts.stream()
                        .map(part -> new CustodyFolder.Mark(part.change.domain(), part.change.record()))
                        .toList());
        reached(FaultPoint.ERASE_CURRENT_SYNCED);
    }

    /**
     * Destroys every handle of the domains but the new one, and checks it: the custodian lists no other, and unwrapping
     * the old root is refused. May be called again if it fails; until it succeeds nothing may be called erased.
     *
     * @return by domain number, one evidence for the custodian; nothing for a domain that was just made
     * @throws Problem CUSTODIAN_AWAY if a mirror or the custodian is away, or the old root still opens
     */
    public Map<Integer, List<Evidence>> destroyOldHandles() {
        require(Step.COMMITTED);
        ring.custody().requireAllMirrors();
        List<ErasableCustodian.Destruction> destructions = ring.custodian()
                .destroyAllBut(parts.stream()
                        .map(part -> new ErasableCustodian.Keep(
                                part.change.domain(), Optional.of(ring.handle(part.change.record()))))
                        .toList());
        // A mirror that failed meanwhile may hold the old key still, and what follows asks only those that are present.
        ring.custody().requireAllMirrors();
        Map<Integer, List<Evidence>> evidence = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            evidence.put(parts.get(i).change.domain().number(), evidence(parts.get(i), destructions.get(i)));
        }
        reached(FaultPoint.ERASE_HANDLES_DESTROYED);
        parts.forEach(part -> part.keys.release());
        step = Step.FINISHED;
        return evidence;
    }

    private List<Evidence> evidence(Part part, ErasableCustodian.Destruction destruction) {
        Domain domain = part.change.domain();
        String kept = ring.handle(part.change.record());
        List<String> live = ring.custodian().list(domain);
        if (!live.equals(List.of(kept))) {
            throw stillAlive(domain, "it lists the handles " + live + " where only " + kept + " may live");
        }
        return part.replaced
                .map(old -> List.of(evidence(domain, ring.wrapOf(old), KeyRing.binding(old), destruction, live)))
                .orElse(List.of());
    }

    private Evidence evidence(
            Domain domain,
            RootRecord.Wrap old,
            byte[] binding,
            ErasableCustodian.Destruction destruction,
            List<String> live) {
        ErasableCustodian custodian = ring.custodian();
        String probe = switch (custodian.unwrap(domain, old.handle(), old.wrapped(), binding)) {
            case ErasableCustodian.Unwrapped.Opened(byte[] secret) -> {
                Arrays.fill(secret, (byte) 0);
                throw stillAlive(domain, "it still opens the root under handle " + old.handle());
            }
            case ErasableCustodian.Unwrapped.NoSuchHandle(String answer) -> "unwrap refused: " + answer;
        };
        return new Evidence(
                custodian.id(),
                custodian.kind(),
                old.handle(),
                destruction.assuranceClass(),
                destruction.destroyed().contains(old.handle()) ? destruction.response() : Evidence.FOUND_DESTROYED,
                probe,
                live,
                ring.clock().instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private Problem stillAlive(Domain domain, String how) {
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "The erasure in " + domain + " is not finished.",
                "Custodian " + ring.custodian().id() + " confirmed the destruction, but " + how + ".",
                "No receipt is given; see to the custodian, then the erasure is tried again.");
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
            part.keys.trees().withdraw();
            part.keys.release();
        }
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
