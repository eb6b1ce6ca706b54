package allod;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The settings file: sections with keys, read node by node so that a mistake is told with its line. */
final class YamlFile {
    /** The largest file read, in characters. */
    static final int MAX_LENGTH = 1 << 20;

    private final Path file;
    private final Map<String, Given> settings = new HashMap<>();
    private final Set<String> sections = new HashSet<>();
    private final Set<String> custodians = new HashSet<>();

    private YamlFile(Path file) {
        this.file = file;
        for (var setting : Settings.ALL) {
            for (int dot = setting.path().indexOf('.');
                    dot >= 0;
                    dot = setting.path().indexOf('.', dot + 1)) {
                sections.add(setting.path().substring(0, dot));
            }
        }
        sections.add(CustodianSettings.SECTION);
    }

    /** The values in the file by path; their shapes are not yet checked. */
    static Map<String, Given> read(Path file) {
        var yaml = new YamlFile(file);
        yaml.root().ifPresent(root -> yaml.section("", root));
        return yaml.settings;
    }

    private Optional<Node> root() {
        var settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setCodePointLimit(MAX_LENGTH)
                .setMaxAliasesForCollections(0)
                .build();
        try {
            if (Files.size(file) > MAX_LENGTH) {
                throw problem(file.toString(), "It is larger than 1 MiB.", "Name a settings file.");
            }
            return new Compose(settings).composeString(Files.readString(file, StandardCharsets.UTF_8));
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark().map(mark -> line(mark.getLine())).orElse(file.toString());
            throw problem(where, "It is not YAML: " + e.getProblem() + ".", "Correct that line.");
        } catch (YamlEngineException e) {
            throw problem(file.toString(), "It is not YAML: " + e.getMessage() + ".", "Correct it.");
        } catch (IOException e) {
            throw problem(file.toString(), "It could not be read: " + e + ".", "Name a readable UTF-8 file.");
        }
    }

    private void section(String path, Node node) {
        String name = path.isEmpty() ? "The file" : path;
        if (!(node instanceof MappingNode mapping)) {
            throw problem(
                    line(node),
                    name + " is not a section of keys.",
                    "Write its keys below it, such as: " + example(path));
        }
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw problem(line(entry.getKeyNode()), name + " has a key that is not a name.", "Write a name.");
            }
            String below = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            if (path.equals(CustodianSettings.SECTION)) {
                custodian(key, entry.getValueNode());
            } else if (sections.contains(below)) {
                section(below, entry.getValueNode());
            } else if (Settings.ALL.stream().anyMatch(setting -> setting.path().equals(below))) {
                value(below, key, entry.getValueNode());
            } else {
                throw problem(
                        line(key),
                        below + " is not a setting.",
                        "The nearest is " + nearest(below) + "; docs/configuration.md lists all.");
            }
        }
    }

    /** A section whose name the operator chose. */
    private void custodian(ScalarNode name, Node node) {
        if (!CustodianSettings.NAME.matcher(name.getValue()).matches()) {
            throw problem(
                    line(name),
                    "'" + name.getValue() + "' is not a custodian's name.",
                    "Expected small letters, digits and '-', at most 64, such as vault-eu.");
        }
        String path = CustodianSettings.SECTION + "." + name.getValue();
        if (!(node instanceof MappingNode mapping)) {
            throw problem(line(node), path + " is not a section of keys.", "Write its keys below it: kind and others.");
        }
        if (!custodians.add(name.getValue())) {
            throw problem(line(name), path + " is set a second time.", "Keep one of the two.");
        }
        var known = CustodianSettings.ALL.stream().map(Setting::path).toList();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw problem(line(entry.getKeyNode()), path + " has a key that is not a name.", "Write a name.");
            }
            if (!known.contains(key.getValue())) {
                throw problem(
                        line(key),
                        path + "." + key.getValue() + " is not a setting.",
                        "The nearest is " + Nearest.to(key.getValue(), known) + "; docs/configuration.md lists all.");
            }
            value(path + "." + key.getValue(), key, entry.getValueNode());
        }
        if (mapping.getValue().isEmpty()) {
            throw problem(line(node), path + " is empty.", "Write its keys below it: kind and others.");
        }
    }

    private void value(String path, ScalarNode key, Node node) {
        String text = switch (node) {
            case ScalarNode scalar -> scalarText(scalar);
            case SequenceNode list -> listText(path, list);
            default -> throw problem(line(node), path + " has keys below it but takes a value.", expected(path));
        };
        if (settings.put(path, new Given(text, line(node))) != null) {
            throw problem(line(key), path + " is set a second time.", "Keep one of the two.");
        }
    }

    private String listText(String path, SequenceNode list) {
        return String.join(
                ConfigReader.BETWEEN,
                list.getValue().stream()
                        .map(element -> {
                            if (element instanceof ScalarNode scalar) {
                                return scalarText(scalar);
                            }
                            throw problem(line(element), path + " holds something that is no value.", expected(path));
                        })
                        .toList());
    }

    /** A missing value ({@code key:}) reads as empty text, which no shape takes. */
    private static String scalarText(ScalarNode scalar) {
        return scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue();
    }

    private String nearest(String path) {
        var known = Settings.ALL.stream().map(Setting::path).toList();
        return Nearest.to(path, path.contains(".") ? known : withSections(known));
    }

    private List<String> withSections(List<String> known) {
        var all = new HashSet<>(known);
        all.addAll(sections);
        return all.stream().sorted().toList();
    }

    private static String expected(String path) {
        boolean custodians = path.startsWith(CustodianSettings.SECTION + ".");
        String name = custodians ? path.substring(path.lastIndexOf('.') + 1) : path;
        return (custodians ? CustodianSettings.ALL : Settings.ALL)
                .stream()
                        .filter(setting -> setting.path().equals(name))
                        .map(setting -> "Expected " + setting.shape().expected() + ".")
                        .findFirst()
                        .orElseThrow();
    }

    private static String example(String path) {
        return Settings.ALL.stream()
                .filter(setting ->
                        setting.path().startsWith(path) && !setting.standard().isEmpty())
                .map(setting -> setting.path() + " = " + setting.standard())
                .findFirst()
                .orElseGet(() -> "its keys in docs/configuration.md");
    }

    private String line(Node node) {
        return node.getStartMark().map(mark -> line(mark.getLine())).orElse(file.toString());
    }

    private String line(int zeroBased) {
        return file + " line " + (zeroBased + 1);
    }

    private static Problem problem(String where, String why, String next) {
        return new Problem(Reason.INVALID_ARGUMENT, where + ": the settings are not valid.", why, next);
    }
}
