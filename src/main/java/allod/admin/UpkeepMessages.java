package allod.admin;

import allod.admin.UpkeepAdministration.MapCopy;
import allod.admin.UpkeepAdministration.Row;
import allod.admin.UpkeepAdministration.Rows;
import allod.admin.UpkeepAdministration.Scrub;
import allod.base.Principal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of what is asked and answered about the upkeep of the data. */
final class UpkeepMessages {
    /** What the calls begin with. */
    static final String PREFIX = "upkeep.";

    private UpkeepMessages() {}

    static void encode(UpkeepRequest request, ObjectNode node) {
        switch (request) {
            case UpkeepRequest.BeginBackup() -> node.put("do", "upkeep.backup.begin");
            case UpkeepRequest.ExtendBackup(String id) ->
                node.put("do", "upkeep.backup.extend").put("backup", id);
            case UpkeepRequest.EndBackup(String id) ->
                node.put("do", "upkeep.backup.end").put("backup", id);
            case UpkeepRequest.StartScrub(OptionalLong rate, boolean anew) -> {
                node.put("do", "upkeep.scrub.start").put("anew", Boolean.toString(anew));
                rate.ifPresent(bytes -> node.put("bytesPerSecond", Long.toString(bytes)));
            }
            case UpkeepRequest.ScrubState() -> node.put("do", "upkeep.scrub.state");
            case UpkeepRequest.StopScrub() -> node.put("do", "upkeep.scrub.stop");
            case UpkeepRequest.Inspect(String what, String after, int limit) ->
                node.put("do", "upkeep.inspect")
                        .put("what", what)
                        .put("after", after)
                        .put("limit", limit);
        }
    }

    /** @throws IllegalArgumentException if it is none of ours */
    static UpkeepRequest decode(String call, AdminMessages.Members members) {
        return switch (call) {
            case "upkeep.backup.begin" -> new UpkeepRequest.BeginBackup();
            case "upkeep.backup.extend" -> new UpkeepRequest.ExtendBackup(members.text("backup"));
            case "upkeep.backup.end" -> new UpkeepRequest.EndBackup(members.text("backup"));
            case "upkeep.scrub.start" -> new UpkeepRequest.StartScrub(rate(members), flag(members.text("anew")));
            case "upkeep.scrub.state" -> new UpkeepRequest.ScrubState();
            case "upkeep.scrub.stop" -> new UpkeepRequest.StopScrub();
            case "upkeep.inspect" ->
                new UpkeepRequest.Inspect(members.text("what"), members.text("after"), members.number("limit"));
            default -> throw new IllegalArgumentException("there is no call '" + call + "'");
        };
    }

    private static OptionalLong rate(AdminMessages.Members members) {
        return members.maybeText("bytesPerSecond").stream()
                .mapToLong(UpkeepMessages::number)
                .findFirst();
    }

    private static long number(String text) {
        if (!text.matches("0|[1-9][0-9]{0,18}")) {
            throw new IllegalArgumentException("'" + text + "' is no number");
        }
        return Long.parseLong(text);
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    static byte[] carryOut(UpkeepAdministration upkeep, Principal actor, UpkeepRequest request) {
        return switch (request) {
            case UpkeepRequest.BeginBackup() -> AdminMessages.ok(json(upkeep.beginBackup(actor)));
            case UpkeepRequest.ExtendBackup(String id) -> {
                upkeep.extendBackup(actor, id);
                yield AdminMessages.encodeDone();
            }
            case UpkeepRequest.EndBackup(String id) -> {
                upkeep.endBackup(actor, id);
                yield AdminMessages.encodeDone();
            }
            case UpkeepRequest.StartScrub(OptionalLong rate, boolean anew) ->
                AdminMessages.ok(json(upkeep.startScrub(actor, rate, anew)));
            case UpkeepRequest.ScrubState() -> AdminMessages.ok(json(upkeep.scrub(actor)));
            case UpkeepRequest.StopScrub() -> AdminMessages.ok(json(upkeep.stopScrub(actor)));
            case UpkeepRequest.Inspect(String what, String after, int limit) ->
                AdminMessages.ok(json(upkeep.inspect(actor, what, after, limit)));
        };
    }

    private static ObjectNode json(Scrub scrub) {
        ObjectNode node = AdminMessages.JSON
                .createObjectNode()
                .put("state", scrub.state())
                .put("begun", scrub.begun())
                .put("rows", Long.toString(scrub.rows()))
                .put("bytes", Long.toString(scrub.bytes()))
                .put("unchecked", Long.toString(scrub.unchecked()))
                .put("damaged", Long.toString(scrub.damaged()));
        scrub.damages().forEach(node.putArray("damages")::add);
        return node;
    }

    static Scrub decodeScrub(JsonNode node) {
        var members = new AdminMessages.Members(node);
        var scrub = new Scrub(
                members.text("state"),
                members.text("begun"),
                number(members.text("rows")),
                number(members.text("bytes")),
                number(members.text("unchecked")),
                number(members.text("damaged")),
                members.texts("damages"));
        members.done();
        return scrub;
    }

    private static ObjectNode json(Rows rows) {
        ObjectNode node = AdminMessages.JSON.createObjectNode().put("next", rows.next());
        var list = node.putArray("rows");
        for (Row row : rows.rows()) {
            ObjectNode one = list.addObject()
                    .put("family", row.family())
                    .put("name", row.name())
                    .put("key", row.key());
            ObjectNode fields = one.putObject("fields");
            row.fields().forEach(fields::put);
        }
        return node;
    }

    static Rows decodeRows(JsonNode node) {
        return new Rows(AdminMessages.list(node.path("rows"), UpkeepMessages::row), text(node, "next"));
    }

    private static Row row(JsonNode node) {
        Map<String, String> fields = new LinkedHashMap<>();
        node.path("fields")
                .properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString("")));
        return new Row(text(node, "family"), text(node, "name"), text(node, "key"), fields);
    }

    private static String text(JsonNode node, String name) {
        JsonNode text = node.path(name);
        if (!text.isString()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return text.asString();
    }

    private static ObjectNode json(MapCopy copy) {
        return AdminMessages.JSON
                .createObjectNode()
                .put("backup", copy.id())
                .put("map", copy.map().toString())
                .put("leaseSeconds", copy.lease().toSeconds());
    }

    static MapCopy decodeCopy(JsonNode node) {
        var members = new AdminMessages.Members(node);
        var copy = new MapCopy(
                members.text("backup"),
                Path.of(members.text("map")),
                Duration.ofSeconds(members.number("leaseSeconds")));
        members.done();
        return copy;
    }
}
