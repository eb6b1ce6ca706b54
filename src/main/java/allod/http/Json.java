package allod.http;

import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Answers of JSON, in UTF-8. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static void answer(Exchange exchange, int status, Headers headers, Map<String, ?> value) throws IOException {
        exchange.respond(status, headers, MAPPER.writeValueAsBytes(value));
    }
}
