package allod.rights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The fields of one YAML mapping, each read once by what is expected of it; what is left unread is unknown. */
final class YamlFields {
    private final int line;
    private final Map<String, Node> unread = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private String name;

    /** Something does not keep to the schema; the message names entry and line. */
    static final class Mistake extends RuntimeException {
        private static final long serialVersionUID = 1;

        Mistake(String what, int line) {
            super("line " + line + ": " + what);
        }
    }

    private YamlFields(String name, int line) {
        this.name = name;
        this.line = line;
    }

    /** @param name what errors call it */
    static YamlFields of(Node node, String name) {
        if (!(node instanceof MappingNode mapping)) {
            throw new Mistake(name + " has no fields", lineOf(node));
        }
        var fields = new YamlFields(name, lineOf(node));
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            int at = lineOf(tuple.getKeyNode());
            if (fields.unread.put(key, tuple.getValueNode()) != null) {
                throw new Mistake(name + ": " + key + " stands twice", at);
            }
            fields.lines.put(key, at);
        }
        return fields;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** From here on errors call it so. */
    void named(String better) {
        name = better;
    }

    Mistake mistake(String field, String what) {
        return new Mistake(name + ": " + field + ": " + what, lines.getOrDefault(field, line));
    }

    private Node required(String field) {
        Node node = unread.remove(field);
        if (node == null) {
            throw mistake(field, "it is missing");
        }
        return node;
    }

    private String scalar(String field, Node node) {
        if (!(node instanceof ScalarNode scalar)
                || scalar.getTag().equals(Tag.NULL)
                || scalar.getValue().isBlank()) {
            throw mistake(field, "it is not a text");
        }
        return scalar.getValue();
    }

    String text(String field) {
        return scalar(field, required(field));
    }

    Optional<String> maybeText(String field) {
        return Optional.ofNullable(unread.remove(field)).map(node -> scalar(field, node));
    }

    private List<Node> list(String field, Node node, int most) {
        if (!(node instanceof SequenceNode sequence)) {
            throw mistake(field, "it is not a list");
        }
        if (sequence.getValue().size() > most) {
            throw mistake(field, "it has more than " + most + " elements");
        }
        return sequence.getValue();
    }

    /** A list of texts; empty where the field is absent. */
    List<String> texts(String field, int most) {
        Node node = unread.remove(field);
        List<Node> nodes = node == null ? List.of() : list(field, node, most);
        return nodes.stream().map(element -> scalar(field, element)).toList();
    }

    YamlFields section(String field) {
        return of(required(field), name + ", " + field);
    }

    List<YamlFields> sections(String field, int most) {
        List<YamlFields> sections = new ArrayList<>();
        for (Node node : list(field, required(field), most)) {
            sections.add(of(node, "entry " + (sections.size() + 1)));
        }
        return sections;
    }

    /** One of an enum's names, in lower case with hyphens. */
    <E extends Enum<E>> E oneOf(String field, Class<E> type) {
        String text = text(field);
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> spelled(value).equals(text))
                .findFirst()
                .orElseThrow(() -> mistake(
                        field,
                        "'" + text + "' is none of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(YamlFields::spelled)
                                        .collect(Collectors.joining(", "))));
    }

    static String spelled(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Says that there are no further fields. */
    void done() {
        for (String field : unread.keySet()) {
            throw mistake(field, "there is no such field");
        }
    }
}
