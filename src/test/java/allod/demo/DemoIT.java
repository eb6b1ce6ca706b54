package allod.demo;

import static org.assertj.core.api.Assertions.assertThat;

import allod.demo.Story.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class DemoIT {
    private static final List<Line> TOLD = new ArrayList<>();
    private static Story story = new Story(line -> {});

    @BeforeAll
    static void the_story_is_told_once() throws IOException {
        story = Demo.tell(TOLD::add);
    }

    private static List<String> holding() {
        return story.lines().stream()
                .filter(line -> line instanceof Line.Checked checked && checked.holds())
                .map(Line::text)
                .toList();
    }

    @Test
    void everything_is_as_told() {
        assertThat(story.lines())
                .filteredOn(line -> line instanceof Line.Checked checked && !checked.holds())
                .isEmpty();
        assertThat(story.asTold()).isTrue();
        assertThat(TOLD).isEqualTo(story.lines());
    }

    @Test
    void with_custody_from_before_the_delete_the_attack_reads_all_three_objects() {
        assertThat(holding())
                .anyMatch(text -> text.startsWith("It reads letter.bin: SHA-256 "))
                .anyMatch(text -> text.startsWith("It reads draft.bin, overwritten: SHA-256 "))
                .anyMatch(text -> text.startsWith("It reads draft.bin: SHA-256 "))
                .anyMatch(text -> text.startsWith("It reads film.bin: SHA-256 "));
    }

    @Test
    void with_custody_from_after_the_delete_it_reads_none_of_them() {
        assertThat(holding())
                .anyMatch(text -> text.startsWith("It still reads kept.bin"))
                .anyMatch(text -> text.startsWith("It cannot read letter.bin:"))
                .anyMatch(text -> text.startsWith("It cannot read draft.bin, overwritten:"))
                .anyMatch(text -> text.startsWith("It cannot read draft.bin:"))
                .anyMatch(text -> text.startsWith("It cannot read film.bin:"));
    }

    @Test
    void a_changed_byte_is_found_and_the_five_receipts_hold() {
        assertThat(holding())
                .anyMatch(text -> text.startsWith("With one byte changed"))
                .anyMatch(text -> text.startsWith("5 of 5 receipts hold"));
    }
}
