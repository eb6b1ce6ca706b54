package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One generation of a domain's key tree: from its root page's key it derives the secret of every slot that was not
 * erased, and nothing of those that were. Immutable and safe for use by many threads.
 *
 * <p>The tree is a puncturable pseudorandom function in the form of pages: an entry is a seed for a whole untouched subtree, a page of its own once something below it was erased, or
 * EMPTY. See docs/formats/key-tree.md.
 */
public final class KeyTree {
    /** Levels of a new tree: 2<sup>36</sup> slots. */
    public static final int FIRST_HEIGHT = 6;

    /** Bytes of a slot's secret. */
    public static final int SECRET_BYTES = 32;

    private final byte[] domain;
    private final long generation;
    private final int height;
    private final byte[] rootPageId;
    private final byte[] rootKey;
    private final PageSource source;
    private final PageCache cache;
    private volatile boolean forgotten;

    KeyTree(
            byte[] domain,
            long generation,
            int height,
            byte[] rootPageId,
            byte[] rootKey,
            PageSource source,
            PageCache cache) {
        this.domain = domain.clone();
        this.generation = generation;
        this.height = height;
        this.rootPageId = rootPageId.clone();
        this.rootKey = rootKey.clone();
        this.source = source;
        this.cache = cache;
    }

    /** The first generation of a new domain: one page of 64 random seeds. */
    static OpenPage.Sealed genesis(byte[] domain, RandomGenerator random) {
        byte[][] seeds = new byte[PageHeader.FANOUT][];
        Arrays.setAll(seeds, i -> fresh(random));
        return OpenPage.Entries.ofSeeds(seeds).seal(domain, FIRST_HEIGHT - 1, 0, 1, fresh(random));
    }

    static byte[] fresh(RandomGenerator random) {
        byte[] key = new byte[OpenPage.KEY_BYTES];
        random.nextBytes(key);
        return key;
    }

    public byte[] domain() {
        return domain.clone();
    }

    public long generation() {
        return generation;
    }

    /** Levels, 1 to {@link PageHeader#MAX_HEIGHT}. */
    public int height() {
        return height;
    }

    public byte[] rootPageId() {
        return rootPageId.clone();
    }

    /**
     * The secret of a slot, 32 bytes; empty if the slot was erased.
     *
     * @throws IllegalArgumentException if the tree has no place for the slot yet
     * @throws Problem {@link Reason#DAMAGED} if a page is not the one its parent names
     */
    public Optional<byte[]> slotSecret(long slot) {
        try {
            SeedDerivation derivation = new SeedDerivation(domain);
            return leafNode(slot, derivation).secret(slot, derivation);
        } catch (PageMismatch e) {
            throw e.asProblem();
        }
    }

    /**
     * The headers that prove a slot erased, from the root page down to the page whose entry on the way is EMPTY; see
     * {@link PageHeader#provesEmpty}. Empty if the slot is not erased.
     *
     * @throws IllegalArgumentException if the tree has no place for the slot yet
     * @throws Problem {@link Reason#DAMAGED} if a page is not the one its parent names
     */
    public Optional<List<PageHeader.OnPath>> pathToEmptySlot(long slot) {
        try {
            List<PageHeader.OnPath> path = new ArrayList<>();
            OpenPage page = rootPage();
            for (int level = height - 1; ; level--) {
                path.add(page.onPath());
                int entry = PageHeader.entryOf(checked(slot), level);
                switch (page.header().kindAt(entry)) {
                    case EMPTY -> {
                        return Optional.of(List.copyOf(path));
                    }
                    case SEED -> {
                        return Optional.empty();
                    }
                    case PAGE -> page = childPage(page, entry);
                }
            }
        } catch (PageMismatch e) {
            throw e.asProblem();
        }
    }

    /** Where the secrets of 64 neighbouring slots come from. Holds a secret: kept no longer than a request. */
    sealed interface LeafNode {
        Optional<byte[]> secret(long slot, SeedDerivation derivation);

        record Erased() implements LeafNode {
            @Override
            public Optional<byte[]> secret(long slot, SeedDerivation derivation) {
                return Optional.empty();
            }
        }

        record OfPage(OpenPage page) implements LeafNode {
            @Override
            public Optional<byte[]> secret(long slot, SeedDerivation derivation) {
                int entry = PageHeader.entryOf(slot, 0);
                return page.header().kindAt(entry) == PageHeader.Kind.EMPTY
                        ? Optional.empty()
                        : Optional.of(page.secretAt(entry));
            }
        }

        @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the request
        record OfSeed(byte[] seed) implements LeafNode {
            @Override
            public Optional<byte[]> secret(long slot, SeedDerivation derivation) {
                return Optional.of(derivation.child(seed, 0, PageHeader.entryOf(slot, 0)));
            }

            @Override
            public String toString() {
                return "the seed of 64 slots";
            }
        }
    }

    /**
     * Walks down to the node of level 0 above a slot.
     *
     * @throws PageMismatch if a page on the way is not the one its parent names
     */
    LeafNode leafNode(long slot, SeedDerivation derivation) throws PageMismatch {
        OpenPage page = rootPage();
        for (int level = height - 1; level > 0; level--) {
            int entry = PageHeader.entryOf(checked(slot), level);
            switch (page.header().kindAt(entry)) {
                case EMPTY -> {
                    return new LeafNode.Erased();
                }
                case SEED -> {
                    return new LeafNode.OfSeed(derivation.leafNode(page.secretAt(entry), level - 1, slot));
                }
                case PAGE -> page = childPage(page, entry);
            }
        }
        return new LeafNode.OfPage(page);
    }

    OpenPage rootPage() throws PageMismatch {
        return page(new PageName(height - 1, 0), rootPageId, rootKey);
    }

    OpenPage childPage(OpenPage parent, int entry) throws PageMismatch {
        PageHeader header = parent.header();
        PageName name = new PageName(header.level() - 1, header.index() * PageHeader.FANOUT + entry);
        return page(name, header.childId(entry), parent.secretAt(entry));
    }

    OpenPage page(PageName name, byte[] id, byte[] key) throws PageMismatch {
        if (forgotten) {
            throw lapsed();
        }
        Optional<OpenPage> cached = cache.get(id);
        if (cached.isPresent()) {
            return cached.get();
        }
        byte[] bytes = source.page(name);
        if (bytes == null) {
            throw new PageMismatch(generation, name, "it is not there");
        }
        Optional<OpenPage> opened = OpenPage.open(bytes, id, key).filter(found -> standsAt(found.header(), name));
        if (opened.isEmpty() && forgotten) {
            throw lapsed();
        }
        OpenPage page =
                opened.orElseThrow(() -> new PageMismatch(generation, name, "it is not the page its parent names"));
        cache.put(id, page, generation);
        return page;
    }

    private boolean standsAt(PageHeader header, PageName name) {
        return header.level() == name.level()
                && header.index() == name.index()
                && Arrays.equals(header.domain(), domain);
    }

    /** The tree after this one, from the same source and through the same cache. */
    KeyTree successor(int newHeight, OpenPage.Sealed root) {
        return new KeyTree(domain, generation + 1, newHeight, root.id(), root.key(), source, cache);
    }

    /** The same tree with nothing kept of what was read. */
    KeyTree uncached() {
        return new KeyTree(domain, generation, height, rootPageId, rootKey, source, new PageCache(FIRST_HEIGHT));
    }

    /** The root page's key, for its custodians; the caller overwrites the copy after use. */
    byte[] rootKey() {
        return rootKey.clone();
    }

    PageCache cache() {
        return cache;
    }

    /** Overwrites the root page's key and gives up all pages; whoever uses the tree still is refused. */
    void forget() {
        forgotten = true;
        Arrays.fill(rootKey, (byte) 0);
        cache.close();
    }

    boolean wasForgotten() {
        return forgotten;
    }

    private static Problem lapsed() {
        return new Problem(
                Reason.CUSTODIAN_AWAY,
                "The data cannot be read or changed now.",
                "Its custody lease has ended.",
                "Bring the custodian back, then send the request again.");
    }

    private long checked(long slot) {
        if (!PageHeader.covers(height, slot)) {
            throw new IllegalArgumentException("slot " + Long.toUnsignedString(slot) + " is above a tree of " + height
                    + " levels, which must grow first");
        }
        return slot;
    }

    /** A page was not what its parent names: damage, or a tree that a newer generation has overtaken. */
    static final class PageMismatch extends Exception {
        private static final long serialVersionUID = 1;

        private final long generation;
        private final PageName name;
        private final String how;

        PageMismatch(long generation, PageName name, String how) {
            super(name + ": " + how, null, false, false);
            this.generation = generation;
            this.name = name;
            this.how = how;
        }

        Problem asProblem() {
            return new Problem(
                    Reason.DAMAGED,
                    "A key could not be derived.",
                    "At generation " + generation + ", " + name + " cannot be used: " + how + ".",
                    "Restore the data folder's map from a backup beside the current custody folder: allod restore.",
                    this);
        }
    }

    @Override
    public String toString() {
        return "key tree of generation " + generation;
    }
}
