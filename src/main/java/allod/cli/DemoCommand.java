package allod.cli;

import allod.demo.Demo;
import allod.demo.Story;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "demo",
        description = "Tells the whole story of a delete and its proof on a server of its own, and attacks it.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final int WIDTH = 100;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        Story story = Demo.tell(
                output.asked()
                        ? line -> {}
                        : line -> {
                            out.println(text(line));
                            out.flush();
                        });
        String verdict = story.asTold()
                ? "\nEverything was as told. The server and its folders are gone."
                : "\nNOT everything was as told: see the lines marked FAIL.";
        output.print(json(story), verdict);
        return story.asTold() ? Exit.DONE : Exit.FAILED;
    }

    private static String text(Story.Line line) {
        return switch (line) {
            case Story.Line.Chapter(var number, var title) -> "\n" + number + ". " + title;
            case Story.Line.Said(var sentence) -> wrapped("   ", sentence);
            case Story.Line.Checked(var statement, var holds) -> wrapped(holds ? "   ok   " : "   FAIL ", statement);
        };
    }

    /** Breaks at spaces; what follows the first line stands below its beginning. */
    private static String wrapped(String mark, String sentence) {
        var text = new StringBuilder(mark);
        int column = mark.length();
        for (String word : sentence.split(" ", -1)) {
            if (column > mark.length() && column + 1 + word.length() > WIDTH) {
                text.append('\n').append(" ".repeat(mark.length()));
                column = mark.length();
            } else if (column > mark.length()) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += word.length();
        }
        return text.toString();
    }

    private static ObjectNode json(Story story) {
        ObjectNode json = JsonOption.object().put("asTold", story.asTold());
        var checks = json.putArray("checks");
        String chapter = "";
        for (Story.Line line : story.lines()) {
            if (line instanceof Story.Line.Chapter opened) {
                chapter = opened.text();
            } else if (line instanceof Story.Line.Checked checked) {
                checks.addObject()
                        .put("chapter", chapter)
                        .put("statement", checked.text())
                        .put("holds", checked.holds());
            }
        }
        return json;
    }
}
