package allod.keys.transit;

import java.util.Arrays;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the server answered. Its texts may be shown; a decrypted secret is taken out by {@link #secret} alone, and
 * {@link #wipe} overwrites it.
 */
@SuppressWarnings("ArrayRecordComponent") // wiped in place, never compared
record Answer(int status, byte[] body) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Longest text of the server's that is passed on, in characters. */
    private static final int MAX_SHOWN = 200;

    static byte[] json(Object value) {
        return JSON.writeValueAsBytes(value);
    }

    boolean ok() {
        return status == 200 || status == 204;
    }

    /** The object under {@code data} or {@code auth}; empty where the answer has none. */
    Optional<JsonNode> member(String name) {
        try {
            return Optional.ofNullable(JSON.readTree(body).get(name)).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            // Its message may quote the answer.
            return Optional.empty();
        }
    }

    /** What the server said was wrong, in one line of printable characters; empty where it said nothing. */
    String error() {
        try {
            JsonNode errors = JSON.readTree(body).get("errors");
            if (errors == null || !errors.isArray() || errors.isEmpty()) {
                return "";
            }
            String text = errors.get(0).asString().replaceAll("[^ -~]+", " ").strip();
            return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
        } catch (JacksonException e) {
            return "";
        }
    }

    /** Whether the answer is {@code {"errors":[]}}: with status 404, there is no such key in a mount that is there. */
    boolean hasEmptyErrors() {
        try {
            JsonNode errors = JSON.readTree(body).get("errors");
            return errors != null && errors.isArray() && errors.isEmpty();
        } catch (JacksonException e) {
            return false;
        }
    }

    /** Status and words, to follow "it answered". */
    String shown() {
        String error = error();
        return "status " + status + (error.isEmpty() ? "" : ", '" + error + "'");
    }

    /** The bytes under {@code data.plaintext}, decoded without a text in between; empty where there are none. */
    Optional<byte[]> secret() {
        try (JsonParser parser = JSON.createParser(body)) {
            int depth = 0;
            boolean inData = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    depth++;
                } else if (token == JsonToken.END_OBJECT) {
                    depth--;
                } else if (token == JsonToken.PROPERTY_NAME && depth == 1) {
                    inData = parser.currentName().equals("data");
                } else if (token == JsonToken.VALUE_STRING
                        && depth == 2
                        && inData
                        && "plaintext".equals(parser.currentName())) {
                    return Optional.of(parser.getBinaryValue());
                }
            }
            return Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    void wipe() {
        Arrays.fill(body, (byte) 0);
    }

    @Override
    public String toString() {
        return "answer of status " + status;
    }
}
