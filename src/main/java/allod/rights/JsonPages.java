package allod.rights;

import allod.http.Exchange;
import allod.http.Headers;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers of JSON, in UTF-8. */
final class JsonPages {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonPages() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static JsonNode parse(byte[] json) {
        return MAPPER.readTree(json);
    }

    /** Answers 200 with a document. */
    static void answer(Exchange exchange, Headers headers, JsonNode document) throws IOException {
        Headers typed = Headers.builder()
                .add("Content-Type", "application/json")
                .addAll(headers)
                .build();
        exchange.respond(200, typed, MAPPER.writeValueAsBytes(document));
    }
}
