package allod.pact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who satisfies a custody formula: its minimal sets. Each set is enough together, no set is enough without one of its
 * members, and whoever is enough contains one of the sets. A set of one can read alone; the empty set means that
 * everybody can; no set, that nobody can.
 *
 * @param sets by size, then by name; none contains another
 */
public record Readers(List<NavigableSet<Party>> sets) {
    /** Most different parties of a formula. */
    public static final int MAX_PARTIES = 64;

    /** Most sets at any step: 8 of 16 custodians make 12,870. */
    public static final int MAX_SETS = 20_000;

    /** Deepest nesting of a formula. */
    public static final int MAX_DEPTH = 16;

    private static final Comparator<NavigableSet<Party>> ORDER =
            Comparator.<NavigableSet<Party>>comparingInt(Set::size).thenComparing(Readers::compareMembers);

    public Readers {
        sets = sets.stream()
                .<NavigableSet<Party>>map(set -> java.util.Collections.unmodifiableNavigableSet(new TreeSet<>(set)))
                .sorted(ORDER)
                .toList();
    }

    /**
     * The minimal sets of a formula.
     *
     * @throws TooManyReadersException past {@link #MAX_PARTIES}, {@link #MAX_SETS}, {@link #MAX_DEPTH}, or the work that
     *     {@link MinimalSets#MAX_WORK} allows
     */
    public static Readers of(Custody formula) {
        NavigableSet<Party> parties = new TreeSet<>();
        collect(formula, 1, parties);
        List<Party> order = List.copyOf(parties);
        List<NavigableSet<Party>> sets = new ArrayList<>();
        for (long mask : new MinimalSets(order).of(formula)) {
            NavigableSet<Party> set = new TreeSet<>();
            for (int i = 0; i < order.size(); i++) {
                if ((mask >>> i & 1) == 1) {
                    set.add(order.get(i));
                }
            }
            sets.add(set);
        }
        return new Readers(sets);
    }

    private static void collect(Custody formula, int depth, NavigableSet<Party> into) {
        if (depth > MAX_DEPTH) {
            throw new TooManyReadersException("the custody formula is nested deeper than " + MAX_DEPTH + " levels");
        }
        switch (formula) {
            case Custody.Held(Party party) -> into.add(party);
            case Custody.And(var parts) -> parts.forEach(part -> collect(part, depth + 1, into));
            case Custody.Or(var parts) -> parts.forEach(part -> collect(part, depth + 1, into));
            case Custody.Threshold(int k, var parts) -> parts.forEach(part -> collect(part, depth + 1, into));
        }
        if (into.size() > MAX_PARTIES) {
            throw new TooManyReadersException("the custody formula has more than " + MAX_PARTIES + " parties");
        }
    }

    private static int compareMembers(NavigableSet<Party> one, NavigableSet<Party> other) {
        var mine = one.iterator();
        var theirs = other.iterator();
        while (mine.hasNext() && theirs.hasNext()) {
            int compared = mine.next().compareTo(theirs.next());
            if (compared != 0) {
                return compared;
            }
        }
        return Boolean.compare(mine.hasNext(), theirs.hasNext());
    }

    /** Everybody who is in some set. */
    public NavigableSet<Party> parties() {
        NavigableSet<Party> all = new TreeSet<>();
        sets.forEach(all::addAll);
        return all;
    }

    /** Those who can read alone. */
    public NavigableSet<Party> alone() {
        NavigableSet<Party> alone = new TreeSet<>();
        sets.stream().filter(set -> set.size() == 1).forEach(alone::addAll);
        return alone;
    }

    /** Whether these parties together are enough. */
    public boolean satisfiedBy(Set<Party> together) {
        return sets.stream().anyMatch(together::containsAll);
    }
}
