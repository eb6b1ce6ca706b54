package allod.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import allod.log.Frame;
import allod.log.Hash;
import allod.log.MalformedException;
import allod.log.NoteSigner;
import allod.log.WitnessPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CustodyDrillTest {
    private static final WitnessPolicy TRUSTING = WitnessPolicy.ofLogs(List.of(SampleReceipt.LOG.verifierKey()));

    private static void assertMalformed(SampleDrill drill) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> CustodyDrill.of(drill.build()));
    }

    private static CustodyDrill.Ended ended(long begunAt, int domain, long refusedAfter, boolean passed) {
        CustodyDrill.Ended it = SampleDrill.endedBody();
        return new CustodyDrill.Ended(
                it.actor(), domain, begunAt, it.before(), it.without(), it.after(), refusedAfter, 7, passed);
    }

    @Test
    void the_bytes_are_those_of_the_documentation() throws IOException {
        byte[] file = new SampleDrill().build().encode();
        assertThat(file).isEqualTo(SampleDrill.committed());
        assertThat(ProvenEvents.isOne(file)).isTrue();
        assertThat(ProvenEvents.isOne(SampleReceipt.committed())).isFalse();
        assertThat(ProvenEvents.parse(file).encode()).isEqualTo(file);
        String page = Files.readString(Path.of("docs/formats/events.md"));
        assertThat(page)
                .contains(
                        new String(SampleDrill.begunBody().encode(), StandardCharsets.UTF_8),
                        new String(SampleDrill.endedBody().encode(), StandardCharsets.UTF_8),
                        Hash.sha256(file).toString());
    }

    @Test
    void a_drill_is_read_back_and_holds_under_the_logs_key() {
        ProvenEvents events = ProvenEvents.parse(SampleDrill.committed());
        CustodyDrill drill = CustodyDrill.of(events);
        assertThat(drill).isEqualTo(new CustodyDrill(SampleDrill.begunBody(), SampleDrill.endedBody()));
        assertThat(drill.refusedInTime()).isTrue();
        assertThat(CustodyDrill.begunAt(SampleDrill.endedBody().encode())).isEqualTo(41);
        ProvenEvents.Checked checked = events.check(TRUSTING);
        assertThat(checked.sound()).isTrue();
        assertThat(checked.known()).isTrue();
        ProvenEvents.Checked unknown = events.check(WitnessPolicy.ofLogs(List.of()));
        assertThat(unknown.sound()).isTrue();
        assertThat(unknown.known()).isFalse();
    }

    @Test
    void what_was_changed_after_it_was_logged_is_not_in_the_log() {
        SampleDrill drill = new SampleDrill();
        drill.afterwards =
                event -> new OpenedEvent(event.frame(), ended(41, 3, 1, true).encode(), event.opening());
        ProvenEvents.Checked checked = drill.build().check(TRUSTING);
        assertThat(checked.sound()).isFalse();
        assertThat(checked.findings().getLast()).startsWith("NOT in the log");
        assertThat(checked.findings().getFirst()).startsWith("in the log");
    }

    @Test
    void a_checkpoint_under_another_key_of_the_same_name_is_of_an_unknown_signer() {
        SampleDrill drill = new SampleDrill();
        drill.note = note -> NoteSigner.ofLog("log.allod.example", SampleReceipt.bytes(9, 32))
                .sign(note.text());
        ProvenEvents.Checked checked = drill.build().check(TRUSTING);
        assertThat(checked.known()).isFalse();
    }

    @Test
    void the_two_events_are_of_one_drill_or_it_is_none() {
        SampleDrill another = new SampleDrill();
        another.ended = it -> ended(40, 3, 43_210, true);
        assertMalformed(another);
        SampleDrill elsewhere = new SampleDrill();
        elsewhere.ended = it -> ended(41, 4, 43_210, true);
        assertMalformed(elsewhere);
        SampleDrill stranger = new SampleDrill();
        stranger.endFrame = it -> new Frame(it.origin(), new byte[] {0, 0, 0, 2}, it.seq(), it.prev(), it.timeMicros());
        assertMalformed(stranger);
        SampleDrill before = new SampleDrill();
        before.endFrame = it -> new Frame(it.origin(), it.tenant(), 40, it.prev(), it.timeMicros());
        assertMalformed(before);
        List<ProvenEvents.Proven> events = new SampleDrill().build().events();
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> CustodyDrill.of(new ProvenEvents(List.of(events.getFirst()))));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> CustodyDrill.of(new ProvenEvents(events.reversed())));
    }

    @Test
    void a_refusal_is_in_time_up_to_the_tolerance_after_the_lease() {
        long last = 60_000 + CustodyDrill.TOLERANCE_MILLIS;
        assertThat(CustodyDrill.isRefusedInTime(0, 60_000)).isTrue();
        assertThat(CustodyDrill.isRefusedInTime(last, 60_000)).isTrue();
        assertThat(CustodyDrill.isRefusedInTime(last + 1, 60_000)).isFalse();
        assertThat(CustodyDrill.isRefusedInTime(-1, 60_000)).isFalse();
    }

    @Test
    void a_drill_in_which_reading_never_failed_says_never() {
        CustodyDrill.Ended never = ended(41, 3, -1, false);
        assertThat(new String(never.encode(), StandardCharsets.UTF_8))
                .contains("\"refusedAfterMillis\":\"never\"", "\"outcome\":\"failed\"");
        SampleDrill drill = new SampleDrill();
        drill.ended = it -> never;
        assertThat(CustodyDrill.of(drill.build()).ended()).isEqualTo(never);
    }

    @Test
    void a_file_has_one_to_sixty_four_events_and_no_more_bytes_than_a_receipt() {
        ProvenEvents.Proven one = new SampleDrill().build().events().getFirst();
        assertThatIllegalArgumentException().isThrownBy(() -> new ProvenEvents(List.of()));
        assertThat(new ProvenEvents(Collections.nCopies(ProvenEvents.MAX_EVENTS, one)).events())
                .hasSize(64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProvenEvents(Collections.nCopies(ProvenEvents.MAX_EVENTS + 1, one)));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> ProvenEvents.parse(new byte[Receipt.MAX_BYTES + 1]));
    }
}
