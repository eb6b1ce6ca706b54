package allod.s3;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The policy of a browser's form: until when it holds, and what must be true of its fields and its file.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html">Creating a POST
 *     policy</a>
 */
record PostPolicy(Instant expiration, List<Condition> conditions) {
    /** Fields that no condition needs to name. */
    private static final Set<String> FREE = Set.of("x-amz-signature", "file", "policy", "awsaccesskeyid", "signature");

    private static final String IGNORED_PREFIX = "x-ignore-";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** One condition; field names are in lower case. */
    sealed interface Condition {
        /** The field must have this value. */
        record Exact(String field, String value) implements Condition {}

        /** The field's value must begin so. */
        record Beginning(String field, String prefix) implements Condition {}

        /** The file must have a size from least to most bytes. */
        record Length(long least, long most) implements Condition {}
    }

    /**
     * Reads a policy.
     *
     * @param base64 as the form has it
     * @throws S3Refusal INVALID_POLICY_DOCUMENT
     */
    static PostPolicy parse(String base64) {
        try {
            byte[] text = Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.ISO_8859_1));
            JsonNode document = JSON.readTree(text);
            for (String name : document.propertyNames()) {
                if (!name.equals("expiration") && !name.equals("conditions")) {
                    throw invalid("Unexpected: '" + name + "'.");
                }
            }
            JsonNode conditions = document.path("conditions");
            if (!document.path("expiration").isString()) {
                throw invalid("Policy missing expiration.");
            }
            if (!conditions.isArray()) {
                throw invalid("Policy missing conditions.");
            }
            var read = new ArrayList<Condition>(conditions.size());
            for (JsonNode condition : conditions) {
                add(read, condition);
            }
            return new PostPolicy(Instant.parse(document.path("expiration").stringValue()), List.copyOf(read));
        } catch (DateTimeException e) {
            throw invalid("Invalid 'expiration' value.");
        } catch (JacksonException | IllegalArgumentException e) {
            throw invalid("Invalid JSON.");
        }
    }

    private static S3Refusal invalid(String why) {
        return new S3Refusal(
                S3Error.INVALID_POLICY_DOCUMENT,
                "The content of the form does not meet the conditions specified in the policy document. Invalid Policy: "
                        + why + " Send the base64 of a policy as the S3 pages on browser uploads describe it.");
    }

    private static void add(List<Condition> conditions, JsonNode node) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties().forEach(entry -> {
                if (!entry.getValue().isString()) {
                    throw invalid("Invalid Simple-Condition: value must be a string.");
                }
                conditions.add(new Condition.Exact(
                        entry.getKey().toLowerCase(Locale.ROOT),
                        entry.getValue().stringValue()));
            });
            return;
        }
        boolean list = node.isArray() && node.size() == 3 && node.get(0).isString();
        if (!list) {
            throw invalid("Invalid Condition: neither one field with its value nor a list of three.");
        }
        String operator = node.get(0).stringValue().toLowerCase(Locale.ROOT);
        if (operator.equals("content-length-range")) {
            conditions.add(new Condition.Length(bytes(node.get(1)), bytes(node.get(2))));
            return;
        }
        boolean texts = node.get(1).isString() && node.get(2).isString();
        if (!texts || !node.get(1).stringValue().startsWith("$")) {
            throw invalid("Invalid Condition: a field is named with a dollar sign.");
        }
        String field = node.get(1).stringValue().substring(1).toLowerCase(Locale.ROOT);
        String value = node.get(2).stringValue();
        conditions.add(
                switch (operator) {
                    case "eq" -> new Condition.Exact(field, value);
                    case "starts-with" -> new Condition.Beginning(field, value);
                    default -> throw invalid("Invalid Condition: unknown operation '" + operator + "'.");
                });
    }

    private static long bytes(JsonNode node) {
        String text = node.isString() ? node.stringValue() : node.isIntegralNumber() ? node.asString() : "";
        if (!text.matches("[0-9]{1,18}")) {
            throw invalid("Invalid content-length-range: its ends are whole numbers of bytes.");
        }
        return Long.parseLong(text);
    }

    /**
     * Checks the fields of a form.
     *
     * @param fields by name in lower case, with {@code bucket}, and {@code key} as it will be stored
     * @throws S3Refusal ACCESS_DENIED
     */
    void check(Map<String, String> fields, Instant now) {
        if (!now.isBefore(expiration)) {
            throw denied("Policy expired.");
        }
        for (Condition condition : conditions) {
            switch (condition) {
                case Condition.Exact(var field, var value) -> {
                    if (!value.equals(fields.getOrDefault(field, ""))) {
                        throw failed("eq", field, value);
                    }
                }
                case Condition.Beginning(var field, var prefix) -> {
                    if (!begins(field, fields.getOrDefault(field, ""), prefix)) {
                        throw failed("starts-with", field, prefix);
                    }
                }
                case Condition.Length length -> {
                    // Checked as the file comes.
                }
            }
        }
        for (String field : fields.keySet()) {
            if (!FREE.contains(field) && !field.startsWith(IGNORED_PREFIX) && !names(field)) {
                throw denied("Extra input fields: " + field);
            }
        }
    }

    /** A list of content types begins so if each of them does. */
    private static boolean begins(String field, String value, String prefix) {
        if (!field.equals("content-type") || value.indexOf(',') < 0) {
            return value.startsWith(prefix);
        }
        for (String one : value.split(",", -1)) {
            if (!one.strip().startsWith(prefix)) {
                return false;
            }
        }
        return true;
    }

    private boolean names(String field) {
        for (Condition condition : conditions) {
            boolean same = switch (condition) {
                case Condition.Exact exact -> exact.field().equals(field);
                case Condition.Beginning beginning -> beginning.field().equals(field);
                case Condition.Length length -> false;
            };
            if (same) {
                return true;
            }
        }
        return false;
    }

    private static S3Refusal denied(String why) {
        return new S3Refusal(S3Error.ACCESS_DENIED, "Invalid according to Policy: " + why);
    }

    private static S3Refusal failed(String operator, String field, String value) {
        return denied("Policy Condition failed: [\"" + operator + "\", \"$" + field + "\", \"" + value + "\"]");
    }

    /** The least size of the file, in bytes. */
    long least() {
        return conditions.stream()
                .mapToLong(condition -> condition instanceof Condition.Length length ? length.least() : 0)
                .max()
                .orElse(0);
    }

    /** The largest size of the file, in bytes. */
    long most() {
        return conditions.stream()
                .mapToLong(condition -> condition instanceof Condition.Length length ? length.most() : Long.MAX_VALUE)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
