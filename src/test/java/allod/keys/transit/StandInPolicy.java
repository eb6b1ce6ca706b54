package allod.keys.transit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A policy as OpenBao reads it, as far as docs/custody.md uses that language: + for a segment, * at the end. */
final class StandInPolicy {
    private static final Pattern RULE =
            Pattern.compile("path\\s+\"([^\"]+)\"\\s*\\{((?:[^{}]|\\{[^{}]*\\})*)\\}", Pattern.DOTALL);
    private static final Pattern CAPABILITIES = Pattern.compile("capabilities\\s*=\\s*\\[([^\\]]*)\\]");
    private static final Pattern PARAMETERS =
            Pattern.compile("allowed_parameters\\s*=\\s*\\{([^{}]*)\\}", Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("\"([a-z_]+)\"\\s*=\\s*\\[([^\\]]*)\\]");

    private final List<Rule> rules = new ArrayList<>();

    private record Rule(Pattern path, Set<String> capabilities, Set<String> parameters, List<String> values) {}

    StandInPolicy(String text) {
        Matcher rule = RULE.matcher(text);
        while (rule.find()) {
            String path = rule.group(1).replaceAll("([.\\-])", "\\\\$1").replace("+", "[^/]+");
            if (path.endsWith("*")) {
                path = path.substring(0, path.length() - 1) + ".*";
            }
            Set<String> capabilities = new TreeSet<>();
            Matcher found = CAPABILITIES.matcher(rule.group(2));
            if (found.find()) {
                for (String one : found.group(1).split(",", -1)) {
                    capabilities.add(one.strip().replace("\"", ""));
                }
            }
            Set<String> parameters = new TreeSet<>();
            List<String> values = new ArrayList<>();
            Matcher allowed = PARAMETERS.matcher(rule.group(2));
            if (allowed.find()) {
                Matcher parameter = PARAMETER.matcher(allowed.group(1));
                while (parameter.find()) {
                    parameters.add(parameter.group(1));
                    for (String value : parameter.group(2).split(",", -1)) {
                        if (!value.isBlank()) {
                            values.add(parameter.group(1) + "=" + value.strip().replace("\"", ""));
                        }
                    }
                }
            }
            rules.add(new Rule(Pattern.compile(path), capabilities, parameters, values));
        }
    }

    Set<String> capabilities(String path) {
        Set<String> all = new TreeSet<>();
        rules.stream()
                .filter(rule -> rule.path().matcher(path).matches())
                .forEach(rule -> all.addAll(rule.capabilities()));
        return all;
    }

    boolean allows(String capability, String path, JsonNode body) {
        return rules.stream()
                .filter(rule -> rule.path().matcher(path).matches())
                .anyMatch(rule -> rule.capabilities().contains(capability) && parametersFit(rule, body));
    }

    private static boolean parametersFit(Rule rule, JsonNode body) {
        if (rule.parameters().isEmpty()) {
            return true;
        }
        for (String name : body.propertyNames()) {
            List<String> values = rule.values().stream()
                    .filter(value -> value.startsWith(name + "="))
                    .toList();
            String given = name + "=" + body.get(name).asString();
            if (!rule.parameters().contains(name) || (!values.isEmpty() && !values.contains(given))) {
                return false;
            }
        }
        return true;
    }
}
