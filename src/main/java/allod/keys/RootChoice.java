package allod.keys;

import java.util.Arrays;
import java.util.Optional;

/**
 * Which root a domain has at start, told from the map's record and custody's two. A pure function, asked for each domain
 * before any commit, destruction or puncture. Custody is written before the map (pending) and after it (current), so
 * every crash leaves one of the first three answers; the others mean that one of the two folders is not today's.
 */
public sealed interface RootChoice {
    /** One sentence for the operator. */
    String text();

    /** Neither map nor custody ever had this domain; an attempt to make it may have been abandoned. */
    record NoDomain(Optional<RootRecord> abandoned) implements RootChoice {
        @Override
        public String text() {
            return abandoned
                    .map(pending -> "An unfinished attempt to make a domain is abandoned: " + pending + ".")
                    .orElse("There is no such domain.");
        }
    }

    /** Map and custody agree. A pending root is an attempt that never reached the map; its handles are strays. */
    record Agreed(RootRecord root, Optional<RootRecord> abandoned) implements RootChoice {
        @Override
        public String text() {
            return "Map and custody agree on " + root
                    + abandoned.map(a -> "; abandoned: " + a).orElse("") + ".";
        }
    }

    /** The map's commit was done and custody was not told: mark the root current and finish the erasure. */
    record Redo(RootRecord root, Optional<RootRecord> replaced) implements RootChoice {
        @Override
        public String text() {
            return "The erasure that made " + root + " is to be finished.";
        }
    }

    /** The map is an older copy; custody's root holds, even if an older handle still opens. */
    record MapOlder(RootRecord root, Optional<RootRecord> map) implements RootChoice {
        @Override
        public String text() {
            String found = map.map(m -> "generation " + m.generation()).orElse("no such domain");
            return "The data folder is older than the custody folder: it has " + found + ", custody has " + root
                    + ". Run allod restore.";
        }
    }

    /** Custody is an older copy or belongs to another map: nothing may be opened or destroyed. */
    record CustodyOlder(RootRecord map, Optional<RootRecord> current, Optional<RootRecord> pending)
            implements RootChoice {
        @Override
        public String text() {
            return "The custody folder is older than the data folder, or belongs to another: the data folder has " + map
                    + ", custody has " + current.map(RootRecord::toString).orElse("no current root")
                    + pending.map(p -> " and, pending, " + p).orElse("")
                    + ". Put the custody folder back that belongs to this data.";
        }
    }

    /**
     * Chooses.
     *
     * @param map the map's record of the domain, empty if it has none
     * @param current what custody says is current
     * @param pending what custody holds for an erasure not finished there
     */
    static RootChoice choose(Optional<RootRecord> map, Optional<RootRecord> current, Optional<RootRecord> pending) {
        if (map.isEmpty()) {
            return current.<RootChoice>map(root -> new MapOlder(root, map)).orElseGet(() -> new NoDomain(pending));
        }
        RootRecord root = map.get();
        if (map.equals(current)) {
            return new Agreed(root, pending);
        }
        if (map.equals(pending) && follows(root, current)) {
            return new Redo(root, current);
        }
        boolean older = current.isPresent()
                && Arrays.equals(root.domain(), current.get().domain())
                && root.generation() < current.get().generation();
        return older ? new MapOlder(current.get(), map) : new CustodyOlder(root, current, pending);
    }

    private static boolean follows(RootRecord root, Optional<RootRecord> current) {
        return current.map(before ->
                        Arrays.equals(root.domain(), before.domain()) && root.generation() == before.generation() + 1)
                .orElse(root.generation() == 1);
    }
}
