package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RootChoiceTest {
    private static final Optional<RootRecord> NONE = Optional.empty();

    static RootRecord record(int domain, long generation, long attempt) {
        byte[] domain16 = new byte[16];
        domain16[0] = (byte) domain;
        byte[] page = new byte[32];
        page[0] = (byte) generation;
        page[1] = (byte) attempt;
        return new RootRecord(
                domain16,
                generation,
                6,
                page,
                CustodyPlan.whole("file"),
                List.of(new RootRecord.Wrap("file", generation + "-" + attempt, new byte[] {1})),
                new RootRecord.Intent(attempt, new byte[8]),
                Optional.empty(),
                Optional.empty());
    }

    private static final RootRecord G5 = record(1, 5, 5);
    private static final RootRecord G6 = record(1, 6, 6);
    private static final RootRecord G6_AGAIN = record(1, 6, 7);
    private static final RootRecord G7 = record(1, 7, 8);

    @Test
    void a_map_at_custodys_current_root_abandons_what_is_pending() {
        assertChoice(Optional.of(G5), Optional.of(G5), NONE, new RootChoice.Agreed(G5, NONE));
        assertChoice(Optional.of(G5), Optional.of(G5), Optional.of(G6), new RootChoice.Agreed(G5, Optional.of(G6)));
    }

    @Test
    void a_map_at_custodys_pending_root_is_to_be_finished() {
        assertChoice(Optional.of(G6), Optional.of(G5), Optional.of(G6), new RootChoice.Redo(G6, Optional.of(G5)));
        RootRecord first = record(1, 1, 1);
        assertChoice(Optional.of(first), NONE, Optional.of(first), new RootChoice.Redo(first, NONE));
    }

    @Test
    void a_map_below_custodys_current_root_is_an_older_copy_whatever_is_pending() {
        assertChoice(Optional.of(G5), Optional.of(G6), NONE, new RootChoice.MapOlder(G6, Optional.of(G5)));
        assertChoice(Optional.of(G5), Optional.of(G6), Optional.of(G7), new RootChoice.MapOlder(G6, Optional.of(G5)));
        assertChoice(NONE, Optional.of(G6), NONE, new RootChoice.MapOlder(G6, NONE));
    }

    @Test
    void a_map_above_custody_or_beside_it_refuses_and_names_both() {
        Optional<RootRecord> g5 = Optional.of(G5);
        Optional<RootRecord> g6 = Optional.of(G6);
        assertChoice(g6, g5, NONE, new RootChoice.CustodyOlder(G6, g5, NONE));
        assertChoice(Optional.of(G7), g5, g6, new RootChoice.CustodyOlder(G7, g5, g6));
        assertChoice(Optional.of(G6_AGAIN), g6, NONE, new RootChoice.CustodyOlder(G6_AGAIN, g6, NONE));
        assertChoice(Optional.of(G6_AGAIN), g5, g6, new RootChoice.CustodyOlder(G6_AGAIN, g5, g6));
        assertChoice(g5, NONE, NONE, new RootChoice.CustodyOlder(G5, NONE, NONE));
        assertChoice(g5, NONE, g5, new RootChoice.CustodyOlder(G5, NONE, g5));
        Optional<RootRecord> foreign = Optional.of(record(2, 6, 6));
        assertChoice(g5, foreign, NONE, new RootChoice.CustodyOlder(G5, foreign, NONE));
        assertThat(RootChoice.choose(g6, g5, NONE).text())
                .contains("generation 6")
                .contains("generation 5");
    }

    @Test
    void a_domain_that_neither_knows_is_none_and_an_unfinished_one_is_abandoned() {
        RootRecord first = record(1, 1, 1);
        assertChoice(NONE, NONE, NONE, new RootChoice.NoDomain(NONE));
        assertChoice(NONE, NONE, Optional.of(first), new RootChoice.NoDomain(Optional.of(first)));
    }

    private static void assertChoice(
            Optional<RootRecord> map, Optional<RootRecord> current, Optional<RootRecord> pending, RootChoice choice) {
        assertThat(RootChoice.choose(map, current, pending)).isEqualTo(choice);
        assertThat(choice.text()).isNotEmpty();
    }
}
