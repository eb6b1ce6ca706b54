package allod.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Whatever comes in is refused as malformed, or is read and written again unchanged. */
class SignedNoteFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void a_note_is_refused_or_written_again_unchanged(byte[] input) {
        SignedNote note;
        try {
            note = SignedNote.parse(input);
        } catch (MalformedException refused) {
            return;
        }
        assertThat(note.encode()).isEqualTo(input);
        note.verify(List.of(Fixtures.LOG.verifierKey(), Fixtures.WITNESS.verifierKey()));
    }
}
