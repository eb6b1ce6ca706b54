package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import allod.base.Disk;
import allod.base.FaultPoint;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.WrappedDisk;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A root that several custodians hold: the rounds of one domain, as the store drives them. */
class SharedCustodyTest {
    private static final int DOMAIN = 1;
    private static final CustodyPlan TWO_OF_THREE = new CustodyPlan(2, List.of("a", "b", "c"));

    @TempDir
    Path folder = Path.of("replaced");

    private final Random random = new Random(5);
    private final MemoryCustodian a = new MemoryCustodian("a");
    private final MemoryCustodian b = new MemoryCustodian("b");
    private final MemoryCustodian c = new MemoryCustodian("c");
    private final MapPages pages = new MapPages();
    private List<OutstandingShare> outstanding = List.of();
    private Optional<RootRecord> replaced = Optional.empty();

    @Nullable
    private RootRecord root;

    private CustodyFolder custody;
    private KeyRing ring;
    private Optional<FaultPoint> stopAt = Optional.empty();

    private final Disk disk = new WrappedDisk(Disk.real()) {
        @Override
        public void reached(FaultPoint point) {
            if (stopAt.equals(Optional.of(point))) {
                throw new Stopped();
            }
        }
    };

    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @BeforeEach
    void begin() {
        custody = CustodyFolder.open(List.of(folder), disk, random);
        ring = ring();
    }

    private KeyRing ring() {
        var custodians = new Custodians(List.of(new FileCustodian(custody, false, random), a, b, c));
        return new KeyRing(custody, custodians, disk, random, InstantSource.system(), 100);
    }

    @AfterEach
    void end() {
        custody.close();
    }

    private RootRecord root() {
        return Objects.requireNonNull(root);
    }

    private void create(CustodyPlan plan) {
        KeyRound round = ring.create(DOMAIN, plan, pages);
        round.persist();
        commit(round);
        round.committed();
        round.destroyOldHandles();
        replaced = Optional.empty();
    }

    private void commit(KeyRound round) {
        KeyRound.Change change = round.changes().getFirst();
        pages.commit(change.changed(), change.dropped());
        replaced = Optional.ofNullable(root);
        root = change.record();
    }

    private KeyRound persisted(Optional<CustodyPlan> plan, long... slots) {
        KeyRound round = ring.begin(
                List.of(new KeyRing.Request(DOMAIN, ring.intend(DOMAIN), slots, Optional.empty(), plan, outstanding)));
        try {
            round.persist();
        } catch (Problem e) {
            round.abandon();
            throw e;
        }
        return round;
    }

    private Destroyed erase(long... slots) {
        return finish(persisted(Optional.empty(), slots));
    }

    private Destroyed finish(KeyRound round) {
        commit(round);
        disk.reached(FaultPoint.ERASE_COMMITTED);
        round.committed();
        return destroy(round);
    }

    private Destroyed destroy(KeyRound round) {
        Destroyed destroyed = Objects.requireNonNull(round.destroyOldHandles().get(DOMAIN));
        outstanding = destroyed.outstanding();
        replaced = Optional.empty();
        return destroyed;
    }

    /** The next process: it has what the map and the folders say, and the custodians are as they are. */
    private void restart() {
        custody.close();
        custody = CustodyFolder.open(List.of(folder), disk, random);
        ring = ring();
        ring.open(DOMAIN, root(), pages);
        RootChoice choice = ring.choose(DOMAIN, Optional.of(root()));
        if (choice instanceof RootChoice.Redo || replaced.isPresent()) {
            KeyRound redo = ring.resume(List.of(new KeyRing.Interrupted(DOMAIN, replaced, outstanding)));
            redo.committed();
            destroy(redo);
        } else {
            outstanding = ring.destroyStrays(List.of(DOMAIN), List.of(DOMAIN)).getOrDefault(DOMAIN, outstanding);
        }
    }

    private static Problem away(ThrowingCallable call) {
        Problem problem = catchThrowableOfType(Problem.class, call);
        assertThat(problem.reason()).isEqualTo(Reason.CUSTODIAN_AWAY);
        return problem;
    }

    private Optional<byte[]> slot(long slot) {
        return ring.domain(DOMAIN).slotSecret(slot);
    }

    @Test
    void two_of_three_open_a_root_and_one_does_not() {
        create(TWO_OF_THREE);
        byte[] secret = slot(7).orElseThrow();
        assertThat(root().wraps()).hasSize(3);
        assertThat(root().degraded()).isFalse();
        for (MemoryCustodian one : List.of(a, b, c)) {
            one.goAway();
            ring = ring();
            ring.open(DOMAIN, root(), pages);
            assertThat(slot(7)).contains(secret);
            one.comeBack();
        }
        a.goAway();
        c.goAway();
        ring = ring();
        assertThat(away(() -> ring.open(DOMAIN, root(), pages)).why())
                .contains("a")
                .contains("c");
    }

    @Test
    void no_share_and_no_wrap_is_the_key_itself() {
        create(TWO_OF_THREE);
        byte[] key = ring.domain(DOMAIN).tree().rootKey();
        for (RootRecord.Wrap wrap : root().wraps()) {
            var custodian = Objects.requireNonNull(List.of(a, b, c).stream()
                    .filter(one -> one.id().equals(wrap.custodian()))
                    .findFirst()
                    .orElse(null));
            var opened = (ErasableCustodian.Unwrapped.Opened) custodian.unwrap(
                    ring.domain(DOMAIN).domain(), wrap.handle(), wrap.wrapped(), RootKeys.binding(root()));
            assertThat(opened.secret()).hasSize(33).isNotEqualTo(key);
        }
    }

    @Test
    void with_all_three_there_the_evidence_is_of_all_three() {
        create(TWO_OF_THREE);
        Destroyed destroyed = erase(3);
        assertThat(destroyed.evidence()).extracting(Evidence::custodian).containsExactly("a", "b", "c");
        assertThat(destroyed.evidence()).allSatisfy(evidence -> {
            assertThat(evidence.response()).isEqualTo("forgotten");
            assertThat(evidence.probe()).isEqualTo("unwrap refused: no such key");
        });
        assertThat(destroyed.outstanding()).isEmpty();
        assertThat(slot(3)).isEmpty();
        assertThat(a.keys() + b.keys() + c.keys()).isEqualTo(3);
    }

    @Test
    void an_erasure_without_the_third_is_final_its_share_outstanding_the_root_degraded_and_all_is_made_good() {
        create(TWO_OF_THREE);
        RootRecord before = root();
        c.goAway();
        Destroyed destroyed = erase(3);
        assertThat(destroyed.evidence()).extracting(Evidence::custodian).containsExactly("a", "b");
        assertThat(destroyed.outstanding()).singleElement().satisfies(share -> {
            assertThat(share.custodian()).isEqualTo("c");
            assertThat(share.generation()).isEqualTo(before.generation());
            assertThat(share.wrap()).isEqualTo(before.wrapOf("c"));
            assertThat(share.why()).isNotBlank();
        });
        assertThat(root().degraded()).isTrue();
        ring = ring();
        assertThat(away(() -> ring.open(DOMAIN, before, pages)).why()).contains("no such key");

        ring.open(DOMAIN, root(), pages);
        List<OutstandingShare> left = outstanding;
        assertThat(away(() -> ring.destroyReturned(DOMAIN, "c", left)).why()).contains("c");
        c.comeBack();
        assertThat(c.keys()).isEqualTo(1);
        assertThat(ring.destroyReturned(DOMAIN, "c", outstanding))
                .singleElement()
                .satisfies(evidence -> {
                    assertThat(evidence.custodian()).isEqualTo("c");
                    assertThat(evidence.probe()).startsWith("unwrap refused");
                    assertThat(evidence.liveHandles()).isEmpty();
                });
        assertThat(c.keys()).isZero();
        outstanding = List.of();
        erase();
        assertThat(root().degraded()).isFalse();
        assertThat(slot(3)).isEmpty();
        assertThat(slot(4)).isPresent();
    }

    @Test
    void a_degraded_root_dies_with_one_share_fewer_to_reach() {
        create(TWO_OF_THREE);
        c.goAway();
        erase(3);
        Destroyed second = erase(4);
        assertThat(second.evidence()).extracting(Evidence::custodian).containsExactly("a", "b");
        assertThat(second.outstanding()).hasSize(1);
        c.comeBack();
        assertThat(ring.rootKeys().answers("c")).isTrue();
        Destroyed third = erase(5);
        assertThat(third.outstanding()).isEmpty();
        assertThat(c.keys()).isEqualTo(1);
        assertThat(root().degraded()).isFalse();
    }

    @Test
    void with_two_away_nothing_begins_and_nothing_changes() {
        create(TWO_OF_THREE);
        RootRecord before = root();
        b.goAway();
        c.goAway();
        assertThat(away(() -> persisted(Optional.empty(), 3)).why()).contains("2 of a, b, c");
        b.comeBack();
        c.comeBack();
        ring = ring();
        ring.open(DOMAIN, before, pages);
        assertThat(slot(3)).isPresent();
    }

    /** One of two opens a root, so both must destroy it: the erasure is refused before it begins. */
    @Test
    void where_one_is_enough_to_read_all_are_needed_to_erase() {
        create(new CustodyPlan(1, List.of("a", "b")));
        b.goAway();
        assertThat(slot(3)).isPresent();
        away(() -> persisted(Optional.empty(), 3));
        b.comeBack();
        assertThat(erase(3).evidence()).hasSize(2);
    }

    @Test
    void two_custodians_that_go_away_after_the_commit_hold_the_erasure_open_and_one_of_them_finishes_it() {
        create(TWO_OF_THREE);
        KeyRound round = persisted(Optional.empty(), 3);
        commit(round);
        round.committed();
        b.goAway();
        c.goAway();
        assertThat(away(round::destroyOldHandles).what()).contains("not finished");
        c.comeBack();
        Destroyed destroyed = destroy(round);
        assertThat(destroyed.evidence()).extracting(Evidence::custodian).containsExactly("a", "c");
        assertThat(destroyed.evidence()).extracting(Evidence::response).containsOnly("forgotten");
        assertThat(destroyed.outstanding())
                .extracting(OutstandingShare::custodian)
                .containsExactly("b");
    }

    @Test
    void of_three_one_that_confirms_and_keeps_its_share_is_named_as_outstanding_and_two_hold_the_receipt_back() {
        create(TWO_OF_THREE);
        c.lie();
        Destroyed destroyed = erase(3);
        assertThat(destroyed.evidence()).extracting(Evidence::custodian).containsExactly("a", "b");
        assertThat(destroyed.outstanding())
                .singleElement()
                .satisfies(
                        share -> assertThat(share.why()).contains("confirmed").contains("still opens"));
        List<OutstandingShare> left = outstanding;
        away(() -> ring.destroyReturned(DOMAIN, "c", left));

        b.lie();
        KeyRound round = persisted(Optional.empty(), 4);
        commit(round);
        round.committed();
        assertThat(away(round::destroyOldHandles).why()).contains("b").contains("still opens");
        b.beHonest();
        assertThat(destroy(round).evidence()).extracting(Evidence::custodian).contains("a", "b");
    }

    /** A custodian restored from a snapshot has its old share again: two of them would open the old root. */
    @Test
    void a_custodian_that_comes_back_as_it_was_is_caught_at_the_next_start_and_its_old_key_destroyed_again() {
        create(CustodyPlan.whole("a"));
        Runnable old = a.snapshot();
        RootRecord before = root();
        erase(3);
        old.run();
        assertThat(a.keys()).isEqualTo(2);
        restart();
        assertThat(a.keys()).isEqualTo(1);
        ring = ring();
        away(() -> ring.open(DOMAIN, before, pages));
    }

    @Test
    void a_root_goes_from_the_folder_to_three_and_to_another_with_no_slot_punctured() {
        create(CustodyPlan.whole(FileCustodian.ID));
        byte[] secret = slot(9).orElseThrow();
        RootRecord inFile = root();
        Destroyed destroyed = finish(persisted(Optional.of(TWO_OF_THREE)));
        assertThat(destroyed.evidence()).extracting(Evidence::custodian).containsExactly("file");
        assertThat(destroyed.evidence().getFirst().liveHandles()).isEmpty();
        assertThat(root().plan()).isEqualTo(TWO_OF_THREE);
        ring = ring();
        away(() -> ring.open(DOMAIN, inFile, pages));
        ring.open(DOMAIN, root(), pages);
        assertThat(slot(9)).contains(secret);

        RootRecord shared = root();
        finish(persisted(Optional.of(CustodyPlan.whole("c"))));
        assertThat(a.keys() + b.keys()).isZero();
        assertThat(c.keys()).isEqualTo(1);
        ring = ring();
        away(() -> ring.open(DOMAIN, shared, pages));
        ring.open(DOMAIN, root(), pages);
        assertThat(slot(9)).contains(secret);
    }

    @Test
    void what_an_abandoned_migration_left_elsewhere_is_destroyed_by_the_next_round() {
        create(CustodyPlan.whole("a"));
        persisted(Optional.of(CustodyPlan.whole("b"))).abandon();
        assertThat(b.keys()).isEqualTo(1);
        erase(3);
        assertThat(b.keys()).isZero();
    }

    /** The attempt's root opens the slot still, and stands in custody: without its custodian nothing may be called erased. */
    @Test
    void an_erasure_waits_for_the_custodian_of_an_abandoned_migration() {
        create(CustodyPlan.whole("a"));
        persisted(Optional.of(CustodyPlan.whole("b"))).abandon();
        b.goAway();
        KeyRound round = persisted(Optional.empty(), 3);
        commit(round);
        round.committed();
        assertThat(away(round::destroyOldHandles).why()).contains("b");
        b.comeBack();
        destroy(round);
        assertThat(b.keys()).isZero();
    }

    /** Whatever the step, the next start leaves the old root to nobody and the slot erased, or all as it was. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "ERASE_HANDLE_PREPARED",
                "ERASE_PENDING_SYNCED",
                "ERASE_COMMITTED",
                "ERASE_CURRENT_SYNCED",
                "ERASE_HANDLES_DESTROYED"
            })
    void a_crash_at_any_step_with_three_custodians_is_made_good_also_with_one_away_afterwards(FaultPoint point) {
        create(TWO_OF_THREE);
        RootRecord before = root();
        stopAt = Optional.of(point);
        assertThatThrownBy(() -> erase(3)).isInstanceOf(Stopped.class);
        stopAt = Optional.empty();
        b.goAway();
        restart();
        boolean done = EnumSet.of(
                        FaultPoint.ERASE_COMMITTED, FaultPoint.ERASE_CURRENT_SYNCED, FaultPoint.ERASE_HANDLES_DESTROYED)
                .contains(point);
        assertThat(slot(3).isEmpty()).isEqualTo(done);
        b.comeBack();
        restart();
        if (done) {
            ring = ring();
            away(() -> ring.open(DOMAIN, before, pages));
            ring.open(DOMAIN, root(), pages);
        }
        outstanding.stream()
                .filter(share -> share.custodian().equals("b"))
                .findFirst()
                .ifPresent(share -> ring.destroyReturned(DOMAIN, "b", outstanding));
        outstanding = List.of();
        erase(4);
        assertThat(a.keys() + b.keys() + c.keys()).isEqualTo(3);
        assertThat(slot(4)).isEmpty();
    }
}
