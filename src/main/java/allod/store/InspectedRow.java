package allod.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One row of the map as an operator reads it.
 *
 * @param family its family's letter
 * @param name its family's name
 * @param key all of its key, in hexadecimal
 * @param fields what key and value hold, by name, in their order; of sealed bytes only their length
 */
public record InspectedRow(String family, String name, String key, Map<String, String> fields) {
    public InspectedRow {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
