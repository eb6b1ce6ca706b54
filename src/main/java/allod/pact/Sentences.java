package allod.pact;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.stream.Collectors;

/** Says who can read in a sentence of plain English, for somebody who reads contracts and not formulas. */
public final class Sentences {
    /** Most combinations that a sentence lists. */
    static final int MAX_LISTED = 12;

    private Sentences() {}

    /**
     * The sentence, such as "The content can be read by A (DE) alone; or by B (FR) and C (CH) together; and by nobody
     * else."
     *
     * @param beginning what goes before "can be read", such as "With the stored bytes and the keys alone, the content"
     */
    public static String of(String beginning, Readers readers) {
        return of(beginning, readers, "");
    }

    /** @param besides who reads though no party, such as "by whom the bucket's policy lets"; may be empty */
    public static String of(String beginning, Readers readers, String besides) {
        String others = besides.isEmpty() ? "" : "; and " + besides;
        List<NavigableSet<Party>> sets = readers.sets();
        if (sets.isEmpty()) {
            return beginning + " can be read by nobody: no party holds a key that opens it.";
        }
        if (sets.getFirst().isEmpty()) {
            return beginning + " can be read by anyone who has a copy of the stored bytes: no key is needed.";
        }
        return beginning + " can be read by " + ways(readers) + others + "; and by nobody else.";
    }

    private static String ways(Readers readers) {
        List<NavigableSet<Party>> sets = readers.sets();
        List<Party> parties = List.copyOf(readers.parties());
        int size = sets.getFirst().size();
        boolean threshold = size > 1 && size < parties.size() && isEveryChoice(sets, parties.size(), size);
        if (threshold) {
            return "any " + size + " of the " + parties.size() + " parties " + and(parties) + ", acting together";
        }
        List<String> ways = new ArrayList<>();
        sets.stream().limit(MAX_LISTED).map(Sentences::way).forEach(ways::add);
        if (sets.size() > MAX_LISTED) {
            ways.add("one of " + (sets.size() - MAX_LISTED) + " further combinations of parties together");
        }
        return ways.getFirst()
                + ways.stream().skip(1).map(way -> "; or by " + way).collect(Collectors.joining());
    }

    private static String way(NavigableSet<Party> set) {
        List<Party> parties = List.copyOf(set);
        return parties.size() == 1 ? parties.getFirst() + " alone" : and(parties) + " together";
    }

    private static String and(List<Party> parties) {
        String last = parties.getLast().toString();
        return parties.size() == 1
                ? last
                : parties.stream()
                                .limit(parties.size() - 1L)
                                .map(Party::toString)
                                .collect(Collectors.joining(", ")) + " and " + last;
    }

    /** Whether the sets are all the choices of some size among the parties. */
    private static boolean isEveryChoice(List<NavigableSet<Party>> sets, int of, int size) {
        long choices = 1;
        for (int i = 1; i <= size; i++) {
            choices = choices * (of - size + i) / i;
            if (choices > Readers.MAX_SETS) {
                return false;
            }
        }
        return sets.size() == choices && sets.getLast().size() == size;
    }
}
