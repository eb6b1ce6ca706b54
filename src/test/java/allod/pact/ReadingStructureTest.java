package allod.pact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadingStructureTest {
    private static final Party OPERATOR = new Party("the operator of this server", Optional.empty());
    private static final Party OWNER = new Party("the owner", Optional.empty());
    private static final Party BANK = Party.in("DE", "Bank");
    private static final Party NOTARY = Party.in("CH", "Notary");
    private static final Party AGENCY = Party.in("CN", "Agency");

    private static Custody held(Party party) {
        return new Custody.Held(party);
    }

    private static Set<Set<Party>> sets(ReadingStructure structure, ReadingStructure.View view) {
        return Readers.of(structure.formula(view)).sets().stream().collect(Collectors.toSet());
    }

    @Test
    void with_the_file_custodian_the_operator_reads_alone_in_every_view() {
        var structure = new ReadingStructure(1, List.of(held(OPERATOR)), List.of(Custody.ANYONE), OPERATOR, OWNER);
        assertThat(sets(structure, ReadingStructure.View.AT_REST)).containsExactly(Set.of(OPERATOR));
        for (var view : List.of(ReadingStructure.View.LIVE_GATEWAY, ReadingStructure.View.CAN_GRANT)) {
            assertThat(sets(structure, view)).containsExactlyInAnyOrder(Set.of(OPERATOR), Set.of(OWNER));
        }
    }

    @Test
    void two_of_three_custodians_read_at_rest_only_together() {
        var structure = new ReadingStructure(
                2, List.of(held(OPERATOR), held(BANK), held(NOTARY)), List.of(Custody.ANYONE), OPERATOR, OWNER);
        assertThat(sets(structure, ReadingStructure.View.AT_REST))
                .containsExactlyInAnyOrder(Set.of(OPERATOR, BANK), Set.of(OPERATOR, NOTARY), Set.of(BANK, NOTARY));
        assertThat(sets(structure, ReadingStructure.View.LIVE_GATEWAY))
                .containsExactlyInAnyOrder(Set.of(OPERATOR), Set.of(OWNER), Set.of(BANK, NOTARY));
    }

    @Test
    void an_escrow_party_needs_the_custodian_too_unless_it_is_the_custodian() {
        var withAgency =
                new ReadingStructure(1, List.of(held(BANK)), List.of(held(OWNER), held(AGENCY)), OPERATOR, OWNER);
        assertThat(sets(withAgency, ReadingStructure.View.AT_REST))
                .containsExactlyInAnyOrder(Set.of(BANK, OWNER), Set.of(BANK, AGENCY));
        var agencyHoldsTheRoot =
                new ReadingStructure(1, List.of(held(AGENCY)), List.of(held(OWNER), held(AGENCY)), OPERATOR, OWNER);
        assertThat(Readers.of(agencyHoldsTheRoot.formula(ReadingStructure.View.AT_REST))
                        .alone())
                .containsExactly(AGENCY);
        assertThat(Readers.of(withAgency.through(held(AGENCY))).sets())
                .singleElement()
                .isEqualTo(new java.util.TreeSet<>(Set.of(AGENCY, BANK)));
    }

    @Test
    void an_erased_object_has_no_envelope_and_no_reader_at_rest() {
        var erased = new ReadingStructure(1, List.of(held(OPERATOR)), List.of(), OPERATOR, OWNER);
        assertThat(sets(erased, ReadingStructure.View.AT_REST)).isEmpty();
    }

    @Test
    void a_threshold_that_does_not_fit_the_custodians_is_refused() {
        assertThatThrownBy(() -> new ReadingStructure(2, List.of(held(BANK)), List.of(), OPERATOR, OWNER))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_sentence_names_who_can_read_alone_and_who_together() {
        var alone =
                Readers.of(new Custody.Or(List.of(held(OPERATOR), new Custody.And(List.of(held(BANK), held(NOTARY))))));
        assertThat(Sentences.of("At rest, the content", alone))
                .isEqualTo("At rest, the content can be read by the operator of this server (jurisdiction not stated)"
                        + " alone; or by Bank (DE) and Notary (CH) together; and by nobody else.");
        var threshold = Readers.of(new Custody.Threshold(2, List.of(held(AGENCY), held(BANK), held(NOTARY))));
        assertThat(Sentences.of("It", threshold))
                .isEqualTo("It can be read by any 2 of the 3 parties Agency (CN), Bank (DE) and Notary (CH), acting"
                        + " together; and by nobody else.");
        var together = Readers.of(new Custody.And(List.of(held(AGENCY), held(BANK))));
        assertThat(Sentences.of("It", together))
                .isEqualTo("It can be read by Agency (CN) and Bank (DE) together; and by nobody else.");
        assertThat(Sentences.of("It", Readers.of(Custody.NOBODY))).contains("by nobody: no party holds a key");
        assertThat(Sentences.of("It", Readers.of(Custody.ANYONE))).contains("by anyone who has a copy");
    }

    @Test
    void a_sentence_lists_twelve_combinations_and_counts_the_rest() {
        List<Custody> pairs = java.util.stream.IntStream.range(0, 14)
                .<Custody>mapToObj(i -> new Custody.And(List.of(
                        held(new Party("p" + i, Optional.empty())), held(new Party("q" + i, Optional.empty())))))
                .toList();
        assertThat(Sentences.of("It", Readers.of(new Custody.Or(pairs))))
                .contains("; or by one of 2 further combinations of parties together; and by nobody else.");
    }
}
