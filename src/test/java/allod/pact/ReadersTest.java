package allod.pact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadersTest {
    private static final Party A = Party.in("DE", "A");
    private static final Party B = Party.in("FR", "B");
    private static final Party C = Party.in("CH", "C");

    private static Custody held(Party party) {
        return new Custody.Held(party);
    }

    private static Custody all(Custody... parts) {
        return new Custody.And(List.of(parts));
    }

    private static Custody any(Custody... parts) {
        return new Custody.Or(List.of(parts));
    }

    private static Custody atLeast(int k, Custody... parts) {
        return new Custody.Threshold(k, List.of(parts));
    }

    private static Set<Set<Party>> sets(Custody formula) {
        return new HashSet<>(Readers.of(formula).sets());
    }

    @Test
    void or_is_the_union_and_and_the_pairwise_unions_and_supersets_are_dropped() {
        assertThat(sets(any(held(A), held(B)))).containsExactlyInAnyOrder(Set.of(A), Set.of(B));
        assertThat(sets(all(held(A), held(B)))).containsExactly(Set.of(A, B));
        assertThat(sets(any(held(A), all(held(A), held(B))))).containsExactly(Set.of(A));
        assertThat(sets(all(any(held(A), held(B)), any(held(A), held(C)))))
                .containsExactlyInAnyOrder(Set.of(A), Set.of(B, C));
    }

    @Test
    void two_of_three_are_the_three_pairs_and_one_party_with_two_shares_reads_alone() {
        assertThat(sets(atLeast(2, held(A), held(B), held(C))))
                .containsExactlyInAnyOrder(Set.of(A, B), Set.of(A, C), Set.of(B, C));
        assertThat(sets(atLeast(2, held(A), held(A), held(C)))).containsExactly(Set.of(A));
    }

    @Test
    void nothing_needed_is_anyone_and_nothing_left_is_nobody() {
        assertThat(Readers.of(Custody.ANYONE).sets()).containsExactly(new TreeSet<>());
        assertThat(Readers.of(Custody.NOBODY).sets()).isEmpty();
        assertThat(sets(all(held(A), Custody.NOBODY))).isEmpty();
        assertThat(sets(any(held(A), Custody.ANYONE))).containsExactly(Set.of());
        assertThat(sets(all(held(A), Custody.ANYONE))).containsExactly(Set.of(A));
    }

    @Test
    void a_party_of_another_jurisdiction_is_another_party() {
        Party unstated = new Party("A", Optional.empty());
        assertThat(sets(any(held(A), held(unstated)))).hasSize(2);
    }

    @Test
    void random_formulas_have_exactly_the_minimal_sets_that_trying_every_group_finds() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            List<Party> parties = parties(1 + random.nextInt(7));
            Custody formula = formula(random, parties, 4);
            assertThat(sets(formula))
                    .as("seed %d, round %d, %s", seed, round, formula)
                    .isEqualTo(tried(formula, parties));
        }
    }

    private static List<Party> parties(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Party("party " + i, Optional.empty()))
                .toList();
    }

    private static Custody formula(Random random, List<Party> parties, int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(4);
        if (kind == 0) {
            return held(parties.get(random.nextInt(parties.size())));
        }
        int count = random.nextInt(kind == 3 ? 1 : 0, 5);
        List<Custody> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(formula(random, parties, depth - 1));
        }
        return switch (kind) {
            case 1 -> new Custody.And(parts);
            case 2 -> new Custody.Or(parts);
            default -> new Custody.Threshold(1 + random.nextInt(count), parts);
        };
    }

    /** Tries every group of parties on the formula itself. */
    private static Set<Set<Party>> tried(Custody formula, List<Party> parties) {
        Set<Set<Party>> enough = new HashSet<>();
        for (int mask = 0; mask < 1 << parties.size(); mask++) {
            NavigableSet<Party> group = new TreeSet<>();
            for (int i = 0; i < parties.size(); i++) {
                if ((mask >> i & 1) == 1) {
                    group.add(parties.get(i));
                }
            }
            if (holds(formula, group)) {
                enough.add(group);
            }
        }
        Set<Set<Party>> minimal = new HashSet<>(enough);
        minimal.removeIf(
                group -> enough.stream().anyMatch(other -> other.size() < group.size() && group.containsAll(other)));
        return minimal;
    }

    private static boolean holds(Custody formula, Set<Party> group) {
        return switch (formula) {
            case Custody.Held(Party party) -> group.contains(party);
            case Custody.And(var parts) -> parts.stream().allMatch(part -> holds(part, group));
            case Custody.Or(var parts) -> parts.stream().anyMatch(part -> holds(part, group));
            case Custody.Threshold(int k, var parts) ->
                parts.stream().filter(part -> holds(part, group)).count() >= k;
        };
    }

    @Test
    void eight_of_sixteen_custodians_are_computed() {
        List<Custody> custodians = parties(16).stream().map(ReadersTest::held).toList();
        assertThat(Readers.of(new Custody.Threshold(8, custodians)).sets()).hasSize(12_870);
    }

    @Test
    void sixty_four_parties_are_computed_and_one_more_is_refused() {
        List<Custody> most = parties(64).stream().map(ReadersTest::held).toList();
        assertThat(Readers.of(new Custody.Or(most)).alone()).hasSize(64);
        List<Custody> tooMany = parties(65).stream().map(ReadersTest::held).toList();
        assertThatThrownBy(() -> Readers.of(new Custody.Or(tooMany)))
                .isInstanceOf(TooManyReadersException.class)
                .hasMessageContaining("more than 64 parties");
    }

    @Test
    void more_sets_than_the_limit_are_refused() {
        List<Custody> custodians = parties(20).stream().map(ReadersTest::held).toList();
        assertThat(Readers.of(new Custody.Threshold(6, custodians.subList(0, 16)))
                        .sets())
                .hasSize(8008);
        assertThatThrownBy(() -> Readers.of(new Custody.Threshold(10, custodians)))
                .isInstanceOf(TooManyReadersException.class)
                .hasMessageContaining("20000");
    }

    @Test
    void sixteen_levels_are_computed_and_one_more_is_refused() {
        assertThat(Readers.of(nested(16)).alone()).containsExactly(A);
        assertThatThrownBy(() -> Readers.of(nested(17)))
                .isInstanceOf(TooManyReadersException.class)
                .hasMessageContaining("16 levels");
    }

    private static Custody nested(int levels) {
        Custody formula = held(A);
        for (int i = 1; i < levels; i++) {
            formula = all(formula);
        }
        return formula;
    }

    @Test
    void a_node_has_at_most_256_parts_and_a_threshold_fits_its_parts() {
        List<Custody> most = java.util.Collections.nCopies(256, held(A));
        assertThat(Readers.of(new Custody.Threshold(256, most)).alone()).containsExactly(A);
        List<Custody> tooMany = java.util.Collections.nCopies(257, held(A));
        assertThatThrownBy(() -> new Custody.Or(tooMany)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> atLeast(0, held(A))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> atLeast(2, held(A))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_party_has_a_name_on_one_line() {
        assertThat(new Party("x".repeat(128), Optional.empty()).name()).hasSize(128);
        for (String bad : new String[] {"", " ", "a ", "two\nlines", "x".repeat(129), "a\u202eb"}) {
            assertThatThrownBy(() -> new Party(bad, Optional.empty())).isInstanceOf(IllegalArgumentException.class);
        }
        for (String bad : new String[] {"de", "DEU", "US-", "US-CALI", "x-", ""}) {
            assertThatThrownBy(() -> new Jurisdiction(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Jurisdiction("US-CA").state()).contains(new Jurisdiction("US"));
        assertThat(new Jurisdiction("x-pci").state()).isEmpty();
    }
}
