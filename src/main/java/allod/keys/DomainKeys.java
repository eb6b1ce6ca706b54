package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one domain: its current root and, while its custodians allow it, the tree under it. Erasures put a new tree
 * in the place of the old one at once for all readers; when the lease ends the tree is given up, and comes back when the
 * custodians answer again. Safe for use by many threads.
 */
public final class DomainKeys {
    /** Attempts that may be given up before what they left is destroyed; no other is made meanwhile. */
    public static final int MAX_ABANDONED = 8;

    private final Domain domain;
    private final PageSource pages;
    private final CustodyLease lease;
    private final ReentrantLock asking = new ReentrantLock();
    private final AtomicLong refused = new AtomicLong();
    private volatile RootRecord root;
    private volatile CustodyLease.Moment asked;
    private volatile @Nullable CurrentTree trees;
    private volatile @Nullable Problem failure;
    private volatile boolean unsettled;
    private long lastAttempt;
    private boolean roundOpen;
    /** Attempts that may have left handles: a root that never became current, but stands in custody. */
    private final List<RootRecord> abandoned = new ArrayList<>();

    /**
     * @param tree absent where the custodians are away
     * @param asked when the question began to which the custodians answered
     */
    DomainKeys(
            Domain domain,
            PageSource pages,
            RootRecord root,
            Optional<KeyTree> tree,
            long lastAttempt,
            CustodyLease lease,
            CustodyLease.Moment asked) {
        this.domain = domain;
        this.pages = pages;
        this.root = root;
        this.trees = tree.map(CurrentTree::new).orElse(null);
        this.lastAttempt = lastAttempt;
        this.lease = lease;
        this.asked = asked;
    }

    public Domain domain() {
        return domain;
    }

    PageSource pages() {
        return pages;
    }

    /** The current generation's record, once it was committed to the map. */
    public RootRecord root() {
        return root;
    }

    /** Whether the keys may be used now. */
    public boolean held() {
        return trees != null && lease.holds(asked) && !(lease.none() && failure != null);
    }

    /** Whether the keys are in memory, whatever the lease says. */
    public boolean inMemory() {
        return trees != null;
    }

    /** How long they may be used yet; 0 or less where they may not. */
    public java.time.Duration leaseLeft() {
        return trees == null ? java.time.Duration.ZERO : lease.left(asked);
    }

    /** Held while a request asks the custodians. */
    ReentrantLock asking() {
        return asking;
    }

    boolean due() {
        return trees == null || lease.due(asked);
    }

    CustodyLease.Moment asked() {
        return asked;
    }

    /** Why the custodians did not open the root when they were last asked; empty if they did. */
    public Optional<Problem> failure() {
        return Optional.ofNullable(failure);
    }

    void failed(Problem why) {
        failure = why;
    }

    /** Whether a custodian that was away has to be made good: it holds an old share, or lacks a new one. */
    public boolean unsettled() {
        return unsettled;
    }

    public void settle(boolean done) {
        unsettled = !done;
    }

    /** The problem of a request that cannot be served now, which is counted. */
    Problem refusal() {
        refused.incrementAndGet();
        return away();
    }

    Problem away() {
        Problem why = failure;
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "The data of domain " + domain.number() + " cannot be read or changed now.",
                why == null ? "The lease of its keys from " + root.plan() + " has ended." : why.why(),
                "Bring the custodian back, then send the request again.");
    }

    /** How many requests were refused since this was last asked. */
    public long takeRefused() {
        return refused.getAndSet(0);
    }

    private CurrentTree usable() {
        CurrentTree current = trees;
        if (current == null) {
            throw away();
        }
        return current;
    }

    /**
     * The current tree. A reader that must go on while erasures commit uses {@link #slots} instead.
     *
     * @throws Problem CUSTODIAN_AWAY if the keys are not in memory
     */
    public KeyTree tree() {
        return usable().current();
    }

    /** A reader for one request; errors as {@link #tree} has them. */
    public SlotReader slots() {
        return new SlotReader(usable());
    }

    /**
     * Reads every page on the way to a slot anew, past all caches.
     *
     * @throws Problem DAMAGED if one is not the page that its parent names; else as {@link #tree}
     */
    public void reread(long slot) {
        CurrentTree uncached = usable().uncached();
        try {
            new SlotReader(uncached).secret(slot).ifPresent(secret -> Arrays.fill(secret, (byte) 0));
        } finally {
            uncached.forget();
        }
    }

    /** The secret of one slot, 32 bytes; empty if it was erased. Errors as {@link SlotReader#secret} has them. */
    public Optional<byte[]> slotSecret(long slot) {
        return slots().secret(slot);
    }

    void announce(KeyTree tree) {
        CurrentTree current = trees;
        if (current != null) {
            current.announce(tree);
        }
    }

    void withdraw() {
        CurrentTree current = trees;
        if (current != null) {
            current.withdraw();
        }
    }

    synchronized long nextAttempt() {
        lastAttempt++;
        return lastAttempt;
    }

    synchronized void abandoned(RootRecord attempt) {
        if (!attempt.equals(root) && !abandoned.contains(attempt)) {
            abandoned.add(attempt);
        }
    }

    synchronized void abandonedAreGone() {
        abandoned.clear();
    }

    /** Forgets the attempts that are out of reach once all but these custodians have destroyed their part. */
    synchronized void abandonedAreGoneBut(Set<String> absent) {
        abandoned.removeIf(attempt -> RootKeys.dies(attempt, absent));
    }

    /** Attempts that never became current and that custodians may still open: at most {@link #MAX_ABANDONED}. */
    public synchronized List<RootRecord> abandoned() {
        return List.copyOf(abandoned);
    }

    /** The abandoned attempts that gave this custodian a share. */
    synchronized List<RootRecord> abandonedAt(String custodian) {
        return abandoned.stream()
                .filter(attempt -> attempt.wrapOf(custodian).isPresent())
                .toList();
    }

    /** One erasure of a domain at a time. */
    synchronized void claim() {
        if (roundOpen) {
            throw new IllegalStateException(domain + " has an erasure under way");
        }
        roundOpen = true;
    }

    synchronized void release() {
        roundOpen = false;
    }

    /**
     * The commit is done: readers go over to the new tree, and what it replaced leaves the cache. Where the lease ended
     * meanwhile only the record changes.
     *
     * @param when the custodians were asked for the new root
     */
    synchronized void replace(RootRecord newRoot, KeyTree newTree, List<byte[]> replacedIds, CustodyLease.Moment when) {
        CurrentTree current = trees;
        root = newRoot;
        if (current == null || newTree.wasForgotten() || newTree.cache().closed()) {
            newTree.forget();
            forget();
            return;
        }
        current.replace(newTree);
        asked = when;
        failure = null;
        newTree.cache().drop(replacedIds, newTree.generation());
    }

    /**
     * The custodians gave a root's key.
     *
     * @param opened the root they were asked for
     * @param when the question began
     * @return false if an erasure changed the root meanwhile: the answer is of no use
     * @throws Problem DAMAGED if the key is not the one that is in memory, or does not open the root page
     */
    synchronized boolean renewed(RootRecord opened, byte[] key, CustodyLease.Moment when, KeyTree fresh) {
        if (!opened.equals(root)) {
            return false;
        }
        CurrentTree current = trees;
        if (current == null) {
            KeyRing.requireRootPage(fresh);
            trees = new CurrentTree(fresh);
        } else if (!Arrays.equals(current.current().rootKey(), key)) {
            throw new Problem(
                    Reason.DAMAGED,
                    "The root key of " + domain + " was not accepted.",
                    "The custodians gave another key than before for generation " + opened.generation() + ".",
                    "Look at the custodians' logs.");
        }
        asked = when;
        failure = null;
        return true;
    }

    /** Gives up the keys if the lease has ended; says whether there were any. */
    synchronized boolean lapse() {
        return trees != null && !lease.holds(asked) && forget();
    }

    private boolean forget() {
        CurrentTree current = trees;
        trees = null;
        if (current != null) {
            current.forget();
        }
        return current != null;
    }

    @Override
    public String toString() {
        return "keys of " + domain;
    }
}
