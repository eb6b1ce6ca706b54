package allod.pact;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Computes minimal sets, a bit a party: OR is the union of its parts' sets, AND their pairwise unions, and "k of n" is
 * counted up part by part; after each step sets that contain another are dropped.
 */
final class MinimalSets {
    /** Most unions and comparisons for one formula: some tenths of a second. */
    static final long MAX_WORK = 200_000_000;

    private static final long[] EVERYBODY = {0};
    private static final long[] NOBODY = {};

    private final List<Party> parties;
    private long work;

    /** @param parties all that the formula names, sorted; the index is the bit */
    MinimalSets(List<Party> parties) {
        this.parties = parties;
    }

    long[] of(Custody formula) {
        return switch (formula) {
            case Custody.Held(Party party) -> new long[] {1L << parties.indexOf(party)};
            case Custody.And(var parts) -> {
                long[] all = EVERYBODY;
                for (Custody part : parts) {
                    all = both(all, of(part));
                }
                yield all;
            }
            case Custody.Or(var parts) -> {
                long[] any = NOBODY;
                for (Custody part : parts) {
                    any = either(any, of(part));
                }
                yield any;
            }
            case Custody.Threshold(int k, var parts) -> atLeast(k, parts);
        };
    }

    /** {@code reached[j]} satisfies at least j of the parts seen so far. */
    private long[] atLeast(int k, List<Custody> parts) {
        long[][] reached = new long[k + 1][];
        Arrays.fill(reached, NOBODY);
        reached[0] = EVERYBODY;
        for (Custody part : parts) {
            long[] its = of(part);
            for (int j = k; j >= 1; j--) {
                reached[j] = either(reached[j], both(reached[j - 1], its));
            }
        }
        return reached[k];
    }

    private long[] either(long[] one, long[] other) {
        return minimal(LongStream.concat(Arrays.stream(one), Arrays.stream(other)));
    }

    private long[] both(long[] one, long[] other) {
        worked((long) one.length * other.length);
        return minimal(Arrays.stream(one).flatMap(a -> Arrays.stream(other).map(b -> a | b)));
    }

    /** Drops each set that contains another. */
    private long[] minimal(LongStream sets) {
        long[] bySize = sets.distinct()
                .boxed()
                .sorted(Comparator.comparingInt(Long::bitCount))
                .mapToLong(Long::longValue)
                .toArray();
        long[] kept = new long[bySize.length];
        int count = 0;
        int smaller = 0;
        int size = -1;
        for (long set : bySize) {
            if (Long.bitCount(set) != size) {
                // Of two different sets of one size neither contains the other.
                size = Long.bitCount(set);
                smaller = count;
            }
            worked(smaller);
            if (!containsOne(set, kept, smaller)) {
                kept[count++] = set;
            }
        }
        if (count > Readers.MAX_SETS) {
            throw new TooManyReadersException(
                    "the custody formula has more than " + Readers.MAX_SETS + " minimal sets at one step");
        }
        return Arrays.copyOf(kept, count);
    }

    private static boolean containsOne(long set, long[] kept, int count) {
        for (int i = 0; i < count; i++) {
            if ((kept[i] & ~set) == 0) {
                return true;
            }
        }
        return false;
    }

    private void worked(long steps) {
        work += steps;
        if (work > MAX_WORK) {
            throw new TooManyReadersException("the custody formula takes more than " + MAX_WORK + " steps to work out");
        }
    }
}
