package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import allod.base.Problem;
import allod.base.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every custodian owes to those who entrust it with a root key. */
public abstract class CustodianContract {
    @TempDir
    protected Path folder = Path.of("");

    private static final byte[] AAD = "what the wrap is bound to".getBytes(StandardCharsets.US_ASCII);

    /** Ids are drawn anew, for a real server keeps the keys of earlier runs. */
    private final SecureRandom random = new SecureRandom();

    private final byte[] secret = new byte[32];
    private final Domain domain = domain(1);
    private long label;
    private @Nullable ErasableCustodian opened;

    /** The custodian under test; opened again it is the same one after a restart of this program. */
    protected abstract ErasableCustodian open() throws Exception;

    /** Closes what {@link #open} opened. */
    protected abstract void shut() throws Exception;

    @BeforeEach
    void start() throws Exception {
        new Random(3).nextBytes(secret);
        opened = open();
    }

    @AfterEach
    void stop() throws Exception {
        shut();
    }

    private ErasableCustodian custodian() {
        return Objects.requireNonNull(opened);
    }

    private void restart() throws Exception {
        shut();
        opened = open();
    }

    protected final Domain domain(int number) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return new Domain(number, id);
    }

    private String prepare(Domain of, long generation, Optional<String> current) {
        label++;
        byte[] bytes = java.nio.ByteBuffer.allocate(8).putLong(label).array();
        return custodian()
                .prepare(List.of(new ErasableCustodian.Preparation(of, generation, bytes, current)))
                .getFirst();
    }

    private byte[] wrap(Domain of, String handle) {
        return custodian().wrap(of, handle, secret, AAD);
    }

    private void assertOpens(Domain of, String handle, byte[] wrapped) {
        assertThat(custodian().unwrap(of, handle, wrapped, AAD))
                .isInstanceOfSatisfying(
                        ErasableCustodian.Unwrapped.Opened.class,
                        opened -> assertThat(opened.secret()).isEqualTo(secret));
    }

    private void assertGone(Domain of, String handle, byte[] wrapped) {
        assertThat(custodian().unwrap(of, handle, wrapped, AAD))
                .isInstanceOf(ErasableCustodian.Unwrapped.NoSuchHandle.class);
    }

    private ErasableCustodian.Destruction keepOnly(Domain of, Optional<String> handle) {
        return custodian()
                .destroyAllBut(List.of(new ErasableCustodian.Keep(of, handle)))
                .getFirst();
    }

    @Test
    void it_is_fit_to_be_entrusted_and_answers() {
        custodian().examine();
        custodian().examine();
        assertThat(custodian().status()).isInstanceOf(ErasableCustodian.Status.Available.class);
    }

    @Test
    void what_is_wrapped_opens_under_its_handle_and_what_it_is_bound_to_and_nothing_else() {
        String handle = prepare(domain, 1, Optional.empty());
        byte[] wrapped = wrap(domain, handle);
        assertThat(wrapped.length).isBetween(32, RootRecord.Wrap.MAX_WRAPPED);
        assertOpens(domain, handle, wrapped);
        assertDamaged(domain, handle, wrapped, "something else".getBytes(StandardCharsets.US_ASCII));
        for (int at : new int[] {wrapped.length / 2, wrapped.length - 20}) {
            byte[] altered = wrapped.clone();
            altered[at] = (byte) (altered[at] == 'A' ? 'B' : 'A');
            assertDamaged(domain, handle, altered, AAD);
        }
        assertDamaged(domain, handle, new byte[] {1, 2, 3}, AAD);
        Domain other = domain(2);
        String otherHandle = prepare(other, 1, Optional.empty());
        assertDamaged(other, otherHandle, wrapped, AAD);
    }

    private void assertDamaged(Domain of, String handle, byte[] wrapped, byte[] aad) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> custodian().unwrap(of, handle, wrapped, aad))
                .satisfies(problem -> assertThat(problem.reason()).isEqualTo(Reason.DAMAGED));
    }

    @Test
    void a_secret_of_64_bytes_is_taken() {
        String handle = prepare(domain, 1, Optional.empty());
        byte[] longest = new byte[64];
        random.nextBytes(longest);
        byte[] wrapped = custodian().wrap(domain, handle, longest, AAD);
        assertThat(wrapped.length).isLessThanOrEqualTo(RootRecord.Wrap.MAX_WRAPPED);
        assertThat(custodian().unwrap(domain, handle, wrapped, AAD))
                .isInstanceOfSatisfying(
                        ErasableCustodian.Unwrapped.Opened.class,
                        opened -> assertThat(opened.secret()).isEqualTo(longest));
    }

    @Test
    void a_new_handle_leaves_the_current_one_and_after_the_destruction_only_it_lives() throws Exception {
        String first = prepare(domain, 1, Optional.empty());
        byte[] old = wrap(domain, first);
        keepOnly(domain, Optional.of(first));
        assertThat(custodian().list(domain)).containsExactly(first);
        String second = prepare(domain, 2, Optional.of(first));
        assertThat(second).isNotEqualTo(first).matches("[!-~]{1,128}");
        byte[] now = wrap(domain, second);
        assertOpens(domain, first, old);
        assertThat(custodian().list(domain)).containsExactlyInAnyOrder(first, second);

        ErasableCustodian.Destruction destruction = keepOnly(domain, Optional.of(second));
        assertThat(destruction.destroyed()).containsExactly(first);
        assertThat(destruction.assuranceClass()).isEqualTo(custodian().assuranceClass());
        assertThat(destruction.response()).isNotEmpty().hasSizeLessThanOrEqualTo(Evidence.MAX_TEXT);
        assertGone(domain, first, old);
        assertOpens(domain, second, now);
        assertThat(custodian().list(domain)).containsExactly(second);

        assertThat(keepOnly(domain, Optional.of(second)).destroyed()).isEmpty();
        restart();
        assertGone(domain, first, old);
        assertOpens(domain, second, now);
        assertThat(custodian().list(domain)).containsExactly(second);
    }

    @Test
    void a_handle_of_an_attempt_given_up_is_gone_with_the_next_erasure() {
        String current = prepare(domain, 1, Optional.empty());
        byte[] wrapped = wrap(domain, current);
        keepOnly(domain, Optional.of(current));
        String givenUp = prepare(domain, 2, Optional.of(current));
        byte[] stray = wrap(domain, givenUp);
        keepOnly(domain, Optional.of(current));
        assertOpens(domain, current, wrapped);
        String next = prepare(domain, 2, Optional.of(current));
        byte[] kept = wrap(domain, next);
        keepOnly(domain, Optional.of(next));
        assertGone(domain, current, wrapped);
        assertGone(domain, givenUp, stray);
        assertOpens(domain, next, kept);
        assertThat(custodian().list(domain)).containsExactly(next);
    }

    @Test
    void a_domain_that_goes_over_to_others_leaves_no_handle_and_may_come_back() {
        String first = prepare(domain, 1, Optional.empty());
        byte[] wrapped = wrap(domain, first);
        keepOnly(domain, Optional.of(first));
        keepOnly(domain, Optional.empty());
        assertThat(custodian().list(domain)).isEmpty();
        assertGone(domain, first, wrapped);
        keepOnly(domain, Optional.empty());
        assertThat(custodian().list(domain)).isEmpty();

        String back = prepare(domain, 7, Optional.empty());
        byte[] again = wrap(domain, back);
        keepOnly(domain, Optional.of(back));
        assertOpens(domain, back, again);
        assertThat(custodian().list(domain)).containsExactly(back);
    }

    @Test
    void handles_of_domains_that_were_never_made_go_and_those_of_others_stay() throws Exception {
        Domain unmade = domain(2);
        String stays = prepare(domain, 1, Optional.empty());
        byte[] kept = wrap(domain, stays);
        String goes = prepare(unmade, 1, Optional.empty());
        byte[] lost = wrap(unmade, goes);
        restart();
        custodian().destroyUnmade(List.of(0, 1));
        assertGone(unmade, goes, lost);
        assertThat(custodian().list(unmade)).isEmpty();
        assertOpens(domain, stays, kept);
        custodian().destroyUnmade(List.of(0, 1));
        assertOpens(domain, stays, kept);
    }

    @Test
    void many_domains_are_prepared_and_destroyed_in_one_call_in_the_order_asked() {
        Domain second = domain(2);
        List<String> first = custodian()
                .prepare(List.of(
                        new ErasableCustodian.Preparation(domain, 1, new byte[8], Optional.empty()),
                        new ErasableCustodian.Preparation(second, 1, new byte[8], Optional.empty())));
        List<String> next = custodian()
                .prepare(List.of(
                        new ErasableCustodian.Preparation(second, 2, secondLabel(), Optional.of(first.get(1))),
                        new ErasableCustodian.Preparation(domain, 2, secondLabel(), Optional.of(first.get(0)))));
        List<ErasableCustodian.Destruction> destroyed = custodian()
                .destroyAllBut(List.of(
                        new ErasableCustodian.Keep(domain, Optional.of(next.get(1))),
                        new ErasableCustodian.Keep(second, Optional.of(next.get(0)))));
        assertThat(destroyed).extracting(ErasableCustodian.Destruction::domain).containsExactly(domain, second);
        assertThat(custodian().list(domain)).containsExactly(next.get(1));
        assertThat(custodian().list(second)).containsExactly(next.get(0));
    }

    private static byte[] secondLabel() {
        return new byte[] {0, 0, 0, 0, 0, 0, 0, 2};
    }

    @Test
    void a_slot_that_is_erased_under_it_is_gone_with_evidence_and_the_others_open_after_a_restart() {
        try (OneDomain keys = new OneDomain(folder, List.of(custodian()))) {
            keys.create();
            byte[] kept = keys.secret(6).orElseThrow();
            String old = keys.root().wraps().getFirst().handle();
            for (long slot = 4; slot < 6; slot++) {
                Evidence evidence = keys.erase(slot).getFirst();
                assertThat(evidence.custodian()).isEqualTo(custodian().id());
                assertThat(evidence.kind()).isEqualTo(custodian().kind());
                assertThat(evidence.handle()).isEqualTo(old);
                assertThat(evidence.assuranceClass()).isEqualTo(custodian().assuranceClass());
                assertThat(evidence.probe()).startsWith("unwrap refused: ");
                old = keys.root().wraps().getFirst().handle();
                assertThat(evidence.liveHandles()).containsExactly(old);
                assertThat(RootRecord.parse(keys.root().encode())).isEqualTo(keys.root());
            }
            keys.reopen();
            assertThat(keys.secret(4)).isEmpty();
            assertThat(keys.secret(5)).isEmpty();
            assertThat(keys.secret(6)).hasValue(kept);
        }
    }
}
