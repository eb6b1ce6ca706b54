package allod.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code --json}: the result as one JSON value on standard output, and nothing else there. */
final class JsonOption {
    static final JsonMapper JSON = JsonMapper.builder().build();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Whether the result is to be JSON. */
    boolean asked() {
        return json;
    }

    /** Prints one of the two forms of a result. */
    void print(JsonNode value, String text) {
        PrintWriter out = command.commandLine().getOut();
        out.println(json ? JSON.writeValueAsString(value) : text);
        out.flush();
    }

    /** Prints one of the two forms of a check's report, each ended by a line feed. */
    void report(String asJson, String text) {
        PrintWriter out = command.commandLine().getOut();
        out.print(json ? asJson : text);
        out.flush();
    }

    /** Says on standard error how far a long check has come. */
    void progress(String line) {
        PrintWriter err = command.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
