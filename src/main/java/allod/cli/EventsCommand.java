package allod.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(name = "events", description = "Shows your history, an event a line.", mixinStandardHelpOptions = true)
final class EventsCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions server;

    @Mixin
    private final JsonOption output = new JsonOption();

    @Option(names = "--after", paramLabel = "SEQ", description = "Those after this number (default: from the first).")
    private long after = 0;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default 100).")
    private int limit = 100;

    EventsCommand(Surroundings surroundings) {
        server = new ServerOptions(surroundings);
    }

    @Override
    public Integer call() throws IOException {
        byte[] page =
                server.pact("/api/v1/events?after=" + after + "&limit=" + limit).body();
        JsonNode events = JsonOption.JSON.readTree(page);
        output.print(
                events,
                events.path("events").valueStream().map(EventsCommand::line).collect(Collectors.joining("\n")));
        return Exit.DONE;
    }

    private static String line(JsonNode event) {
        JsonNode body = event.path("event");
        String object = body.path("bucket").asString("");
        if (body.has("key")) {
            object += "/" + body.path("key").asString("");
        }
        return String.join(
                        "  ",
                        event.path("seq").asString(""),
                        event.path("time").asString(""),
                        body.path("type").asString("(erased)"),
                        body.path("outcome").asString(""),
                        body.path("actor").asString(""),
                        object)
                .replaceAll("\\p{Cntrl}", "?")
                .stripTrailing();
    }
}
