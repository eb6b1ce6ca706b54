package allod.keys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The next generation of a tree, in which some slots are erased: the pages that change, each under a key drawn now and
 * used for nothing else, and the tree that reads them. A replaced page's key stood only in its replaced parent, up to
 * the old root's key; so with that key destroyed, neither the old pages nor the new tree say anything of the slots.
 *
 * @param next the tree of the next generation; holds its root page's key
 * @param changed new pages, which replace what stood at their places
 * @param dropped places whose pages are gone because everything below them is EMPTY
 * @param replacedIds the old pages that no tree names any longer
 */
record Puncture(KeyTree next, List<StoredPage> changed, List<PageName> dropped, List<byte[]> replacedIds) {
    /** Most slots of one puncture; its pages are held in memory, up to 13 KB for each slot far from all others. */
    static final int MAX_SLOTS = 1 << 20;

    /**
     * Erases slots. Slots that are erased already, and slots named twice, are allowed.
     *
     * @param slots in any order; a slot above the tree makes it grow
     * @param atLeastHeight levels that the next tree shall have at least
     * @param random a cryptographic source; every key of the new pages is drawn from it
     * @throws IllegalArgumentException if there are more than {@link #MAX_SLOTS} slots
     * @throws allod.base.Problem DAMAGED if a page is not the one its parent names
     */
    static Puncture of(KeyTree tree, long[] slots, int atLeastHeight, RandomGenerator random) {
        if (slots.length > MAX_SLOTS) {
            throw new IllegalArgumentException(slots.length + " slots, at most " + MAX_SLOTS + " in one puncture");
        }
        try {
            return new Walk(tree, random).run(sortedUnsigned(slots), atLeastHeight);
        } catch (KeyTree.PageMismatch e) {
            throw e.asProblem();
        }
    }

    private static long[] sortedUnsigned(long[] slots) {
        return Arrays.stream(slots)
                .map(slot -> slot ^ Long.MIN_VALUE)
                .sorted()
                .distinct()
                .map(slot -> slot ^ Long.MIN_VALUE)
                .toArray();
    }

    @Override
    public String toString() {
        return "puncture to generation " + next.generation() + ": " + changed.size() + " pages changed, "
                + dropped.size() + " dropped";
    }

    /** One pass over the tree in the order of the slots, rewriting each touched page after those below it. */
    private static final class Walk {
        private final KeyTree tree;
        private final byte[] domain;
        private final long generation;
        private final RandomGenerator random;
        private final SeedDerivation derivation;
        private final List<StoredPage> changed = new ArrayList<>();
        private final List<PageName> dropped = new ArrayList<>();
        private final List<byte[]> replacedIds = new ArrayList<>();
        private long[] slots = {};

        Walk(KeyTree tree, RandomGenerator random) {
            this.tree = tree;
            this.domain = tree.domain();
            this.generation = tree.generation() + 1;
            this.random = random;
            this.derivation = new SeedDerivation(domain);
        }

        Puncture run(long[] sorted, int atLeastHeight) throws KeyTree.PageMismatch {
            slots = sorted;
            int level = tree.height() - 1;
            int lastLevel = lastLevel(atLeastHeight);
            OpenPage.Entries root = OpenPage.Entries.of(tree.rootPage());
            replacedIds.add(tree.rootPageId());
            boolean wasStored = true;
            int done = firstAbove(level);
            erase(root, level, 0, 0, done);
            while (level < lastLevel) {
                OpenPage.Entries above = rootOfSeeds(level + 1);
                store(above, 0, root, new PageName(level, 0), wasStored);
                level++;
                int upTo = firstAbove(level);
                erase(above, level, 0, done, upTo);
                done = upTo;
                root = above;
                wasStored = false;
            }
            OpenPage.Sealed page = root.seal(domain, level, 0, generation, KeyTree.fresh(random));
            changed.add(page.page());
            return new Puncture(
                    tree.successor(level + 1, page),
                    List.copyOf(changed),
                    List.copyOf(dropped),
                    List.copyOf(replacedIds));
        }

        private int lastLevel(int atLeastHeight) {
            int height = Math.max(tree.height(), atLeastHeight);
            while (slots.length > 0 && !PageHeader.covers(height, slots[slots.length - 1])) {
                height++;
            }
            return height - 1;
        }

        /** How many of the slots a root of this level has a place for. */
        private int firstAbove(int level) {
            int count = slots.length;
            while (count > 0 && !PageHeader.covers(level + 1, slots[count - 1])) {
                count--;
            }
            return count;
        }

        /** A new root above the old one, all its subtrees untouched; at the top level only sixteen lead to slots. */
        private OpenPage.Entries rootOfSeeds(int level) {
            OpenPage.Entries root = new OpenPage.Entries();
            int last = level == PageHeader.MAX_HEIGHT - 1 ? PageHeader.entryOf(-1L, level) : PageHeader.FANOUT - 1;
            for (int entry = 0; entry <= last; entry++) {
                root.setSeed(entry, KeyTree.fresh(random));
            }
            return root;
        }

        /** Erases the slots from..to, all below the page with these entries; says whether an entry changed. */
        private boolean erase(OpenPage.Entries page, int level, long index, int from, int to)
                throws KeyTree.PageMismatch {
            boolean touched = false;
            for (int start = from, end; start < to; start = end) {
                int entry = PageHeader.entryOf(slots[start], level);
                end = start + 1;
                while (end < to && PageHeader.entryOf(slots[end], level) == entry) {
                    end++;
                }
                touched |= eraseBelow(page, entry, level, index, start, end);
            }
            return touched;
        }

        private boolean eraseBelow(OpenPage.Entries page, int entry, int level, long index, int from, int to)
                throws KeyTree.PageMismatch {
            boolean all = to - from == 1L << (6 * level);
            return switch (page.kinds[entry]) {
                case EMPTY -> false;
                case SEED -> {
                    if (all) {
                        page.setEmpty(entry);
                    } else {
                        openSeed(page, entry, below(level, index, entry), from, to);
                    }
                    yield true;
                }
                case PAGE -> reopenPage(page, entry, below(level, index, entry), from, to);
            };
        }

        private static PageName below(int level, long index, int entry) {
            return new PageName(level - 1, index * PageHeader.FANOUT + entry);
        }

        /** A subtree that was never touched becomes a page of its own, less the slots. */
        private void openSeed(OpenPage.Entries parent, int entry, PageName name, int from, int to)
                throws KeyTree.PageMismatch {
            byte[][] children = derivation.children(parent.secrets[entry], name.level());
            OpenPage.Entries child = OpenPage.Entries.ofSeeds(children);
            erase(child, name.level(), name.index(), from, to);
            store(parent, entry, child, name, false);
        }

        /** A page is written anew without the slots, unless they were all erased before. */
        private boolean reopenPage(OpenPage.Entries parent, int entry, PageName name, int from, int to)
                throws KeyTree.PageMismatch {
            byte[] oldId = parent.ids[entry];
            OpenPage.Entries child = OpenPage.Entries.of(tree.page(name, oldId, parent.secrets[entry]));
            if (!erase(child, name.level(), name.index(), from, to)) {
                return false;
            }
            replacedIds.add(oldId);
            store(parent, entry, child, name, true);
            return true;
        }

        /** Puts a page under its parent, under a fresh key; an all-EMPTY one collapses into the parent's entry. */
        private void store(
                OpenPage.Entries parent, int entry, OpenPage.Entries child, PageName name, boolean wasStored) {
            if (child.allEmpty()) {
                parent.setEmpty(entry);
                if (wasStored) {
                    dropped.add(name);
                }
                return;
            }
            OpenPage.Sealed page = child.seal(domain, name.level(), name.index(), generation, KeyTree.fresh(random));
            changed.add(page.page());
            parent.setPage(entry, page.key(), page.id());
        }
    }
}
