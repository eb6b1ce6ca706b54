package allod.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the demo tells, line by line as it happens, and whether everything was as told. */
public final class Story {
    /** A line of the story. */
    public sealed interface Line {
        String text();

        /** Opens a chapter. */
        record Chapter(int number, String text) implements Line {}

        /** What is being done, or what it means. */
        record Said(String text) implements Line {}

        /** A statement that was checked, and how the check came out. */
        record Checked(String text, boolean holds) implements Line {}
    }

    private final Consumer<Line> listener;
    private final List<Line> lines = new ArrayList<>();
    private int chapters;

    Story(Consumer<Line> listener) {
        this.listener = listener;
    }

    void chapter(String title) {
        tell(new Line.Chapter(++chapters, title));
    }

    void say(String sentence) {
        tell(new Line.Said(sentence));
    }

    void check(boolean holds, String statement) {
        tell(new Line.Checked(statement, holds));
    }

    private void tell(Line line) {
        lines.add(line);
        listener.accept(line);
    }

    /** All lines, in the order they were told. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** Whether every statement held. */
    public boolean asTold() {
        return lines.stream().noneMatch(line -> line instanceof Line.Checked checked && !checked.holds);
    }
}
