package allod.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a policy's JSON and refuses by name what is not carried out. */
final class PolicyReader {
    static final String S3_ARN = "arn:aws:s3:::";

    private static final int MAX_DEPTH = 12;
    private static final Set<String> VERSIONS = Set.of("2012-10-17", "2008-10-17");
    private static final Set<String> ELEMENTS = Set.of("Version", "Id", "Statement");
    private static final Set<String> OF_STATEMENT = Set.of(
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Policy.Kind kind;
    private final Set<String> sids = new HashSet<>();
    private boolean variables;

    PolicyReader(Policy.Kind kind) {
        this.kind = kind;
    }

    Policy read(byte[] json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new MalformedPolicyException("Policies must be valid JSON, and a member stands once in its object.");
        }
        if (root == null || !root.isObject()) {
            throw new MalformedPolicyException("Policies must be valid JSON and the first byte must be '{'.");
        }
        requireKnown(root, ELEMENTS);
        String version = root.has("Version") ? text(root, "Version") : "2008-10-17";
        if (!VERSIONS.contains(version)) {
            throw new MalformedPolicyException("The policy must contain a valid version string, not " + version + ".");
        }
        if (root.has("Id")) {
            text(root, "Id");
        }
        variables = version.equals("2012-10-17");
        JsonNode statements = root.path("Statement");
        var read = new ArrayList<Statement>();
        if (statements.isObject()) {
            read.add(statement(statements, 1));
        } else if (statements.isArray()) {
            for (JsonNode statement : statements) {
                read.add(statement(statement, read.size() + 1));
            }
        }
        if (read.isEmpty()) {
            throw new MalformedPolicyException("Missing required field Statement.");
        }
        return new Policy(read);
    }

    private static void requireKnown(JsonNode object, Set<String> known) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!known.contains(member.getKey())) {
                throw new MalformedPolicyException("Policy has an element that is not known: " + member.getKey() + ".");
            }
        }
    }

    private static String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (!value.isString()) {
            throw new MalformedPolicyException("The element " + name + " is not text.");
        }
        return value.asString();
    }

    private Statement statement(JsonNode statement, int place) {
        if (!statement.isObject()) {
            throw new MalformedPolicyException("Statement " + place + " is not an object.");
        }
        requireKnown(statement, OF_STATEMENT);
        String sid = statement.has("Sid") ? text(statement, "Sid") : "";
        if (!sid.isEmpty() && !sids.add(sid)) {
            throw new MalformedPolicyException("Statement IDs (SID) in a single policy must be unique: " + sid + ".");
        }
        if (!statement.has("Effect")) {
            throw new MalformedPolicyException("Missing required field Effect.");
        }
        String effect = text(statement, "Effect");
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw new MalformedPolicyException("Invalid effect: " + effect + ". There are Allow and Deny.");
        }
        boolean notPrincipals = statement.has("NotPrincipal");
        if (notPrincipals && effect.equals("Allow")) {
            throw new MalformedPolicyException("Allow with NotPrincipal is not allowed: it would let everybody else.");
        }
        boolean notActions = statement.has("NotAction");
        boolean notResources = statement.has("NotResource");
        return new Statement(
                sid.isEmpty() ? "#" + place : sid,
                effect.equals("Allow"),
                principals(statement),
                notPrincipals,
                actions(statement, notActions),
                notActions,
                resources(statement, notResources),
                notResources,
                conditions(statement.path("Condition")));
    }

    /** The one of two elements that must be there, and the other not. */
    private static JsonNode either(JsonNode statement, String name) {
        boolean plain = statement.has(name);
        boolean not = statement.has("Not" + name);
        if (plain && not) {
            throw new MalformedPolicyException("A statement has both " + name + " and Not" + name + ".");
        }
        if (!plain && !not) {
            throw new MalformedPolicyException("Missing required field " + name + ".");
        }
        return statement.path(plain ? name : "Not" + name);
    }

    private static List<String> texts(JsonNode value, String name) {
        var texts = new ArrayList<String>();
        if (value.isString()) {
            texts.add(value.asString());
        } else if (value.isArray()) {
            for (JsonNode one : value) {
                if (!one.isString()) {
                    throw new MalformedPolicyException("A value of " + name + " is not text.");
                }
                texts.add(one.asString());
            }
        }
        if (texts.isEmpty()) {
            throw new MalformedPolicyException("The element " + name + " has no value.");
        }
        return texts;
    }

    private List<PrincipalPattern> principals(JsonNode statement) {
        boolean wanted = kind == Policy.Kind.BUCKET || kind == Policy.Kind.TRUST;
        if (!wanted) {
            if (statement.has("Principal") || statement.has("NotPrincipal")) {
                throw new MalformedPolicyException(
                        "Policy has an element that is not for it: Principal. It hangs on one" + " itself.");
            }
            return List.of();
        }
        JsonNode principal = either(statement, "Principal");
        if (principal.isString()) {
            if (!principal.asString().equals("*")) {
                throw new MalformedPolicyException("Invalid principal in policy: " + principal.asString() + ".");
            }
            return List.of(new PrincipalPattern.Everyone());
        }
        if (!principal.isObject() || principal.isEmpty()) {
            throw new MalformedPolicyException("Invalid principal in policy: it is neither * nor an object.");
        }
        var patterns = new ArrayList<PrincipalPattern>();
        for (Map.Entry<String, JsonNode> member : principal.properties()) {
            for (String text : texts(member.getValue(), "Principal")) {
                patterns.add(
                        switch (member.getKey()) {
                            case "AWS" -> PrincipalPattern.parse(text);
                            case "CanonicalUser" -> canonicalUser(text);
                            default ->
                                throw new MalformedPolicyException("Invalid principal in policy: " + member.getKey()
                                        + " is not known here. There are AWS and CanonicalUser.");
                        });
            }
        }
        return patterns;
    }

    /** A canonical user id is an owner's number in 64 hexadecimal digits. */
    private static PrincipalPattern canonicalUser(String text) {
        boolean id = text.length() == 64
                && text.startsWith("0".repeat(56))
                && text.chars().allMatch(c -> Character.digit(c, 16) >= 0)
                && Long.parseLong(text.substring(56), 16) <= Integer.MAX_VALUE;
        if (!id) {
            throw new MalformedPolicyException("Invalid principal in policy: there is no canonical user " + text + ".");
        }
        return new PrincipalPattern.Owner(Who.account(Integer.parseInt(text.substring(56), 16)));
    }

    private List<Glob> actions(JsonNode statement, boolean not) {
        var actions = new ArrayList<Glob>();
        for (String text : texts(either(statement, "Action"), not ? "NotAction" : "Action")) {
            Glob action = Glob.parse(text, false, true);
            List<Actions.Subject> subjects = Actions.subjects(action);
            boolean known = switch (kind) {
                case TRUST -> subjects.contains(Actions.Subject.ROLE);
                case BUCKET -> subjects.contains(Actions.Subject.BUCKET) || subjects.contains(Actions.Subject.OBJECT);
                case IDENTITY, SESSION -> !subjects.isEmpty();
            };
            if (!known) {
                throw new MalformedPolicyException("Policy has invalid action: " + text + ".");
            }
            actions.add(action);
        }
        return actions;
    }

    private List<Glob> resources(JsonNode statement, boolean not) {
        if (kind == Policy.Kind.TRUST) {
            if (statement.has("Resource") || statement.has("NotResource")) {
                throw new MalformedPolicyException("Has prohibited field Resource: a trust policy hangs on its role.");
            }
            return List.of();
        }
        var resources = new ArrayList<Glob>();
        for (String text : texts(either(statement, "Resource"), not ? "NotResource" : "Resource")) {
            boolean s3 = text.startsWith(S3_ARN) && text.length() > S3_ARN.length();
            boolean ofIdentity = kind != Policy.Kind.BUCKET && (text.equals("*") || text.startsWith("arn:aws:iam::"));
            if (!s3 && !ofIdentity) {
                throw new MalformedPolicyException("Policy has invalid resource: " + text + ".");
            }
            resources.add(Glob.parse(text, variables, true));
        }
        return resources;
    }

    private List<Condition> conditions(JsonNode block) {
        if (block.isMissingNode()) {
            return List.of();
        }
        if (!block.isObject()) {
            throw new MalformedPolicyException("The element Condition is not an object.");
        }
        var conditions = new ArrayList<Condition>();
        for (Map.Entry<String, JsonNode> operator : block.properties()) {
            if (!operator.getValue().isObject() || operator.getValue().isEmpty()) {
                throw new MalformedPolicyException("The condition " + operator.getKey() + " has no key.");
            }
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                conditions.add(Condition.parse(operator.getKey(), key.getKey(), values(key), variables));
            }
        }
        return conditions;
    }

    /** Values of a condition may be numbers and booleans too. */
    private static List<String> values(Map.Entry<String, JsonNode> key) {
        var values = new ArrayList<String>();
        Iterable<JsonNode> nodes = key.getValue().isArray() ? key.getValue() : List.of(key.getValue());
        for (JsonNode node : nodes) {
            if (node.isString()) {
                values.add(node.asString());
            } else if (node.isBoolean() || node.isNumber()) {
                values.add(node.toString());
            } else {
                throw new MalformedPolicyException("A value of the condition on " + key.getKey() + " is not text.");
            }
        }
        return values;
    }
}
