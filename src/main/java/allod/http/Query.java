package allod.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parameters of a query, decoded, in the order sent. A plus sign means a space, as in HTML forms and in S3; the
 * signature is computed over the same reading.
 *
 * @param parameters in order; a name may stand more than once
 */
public record Query(List<Parameter> parameters) {
    /**
     * @param name decoded
     * @param value decoded; empty where there was no equals sign
     */
    public record Parameter(String name, String value) {}

    public Query {
        parameters = List.copyOf(parameters);
    }

    /**
     * @param rawQuery as sent, without the question mark
     * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits, or the bytes are not
     *     UTF-8
     */
    public static Query parse(String rawQuery) {
        if (rawQuery.isEmpty()) {
            return new Query(List.of());
        }
        var parameters = new ArrayList<Parameter>();
        int start = 0;
        while (start <= rawQuery.length()) {
            int end = rawQuery.indexOf('&', start);
            if (end < 0) {
                end = rawQuery.length();
            }
            if (end > start) {
                int equals = rawQuery.indexOf('=', start);
                boolean hasValue = equals >= 0 && equals < end;
                String name = rawQuery.substring(start, hasValue ? equals : end);
                String value = hasValue ? rawQuery.substring(equals + 1, end) : "";
                parameters.add(new Parameter(decode(name), decode(value)));
            }
            start = end + 1;
        }
        return new Query(parameters);
    }

    private static String decode(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0
                ? text
                : PercentEncoding.decode(text.replace('+', ' '), StandardCharsets.UTF_8);
    }

    /** The value of the first parameter of this name; names differ by case. */
    public Optional<String> first(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return Optional.of(parameter.value());
            }
        }
        return Optional.empty();
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }
}
