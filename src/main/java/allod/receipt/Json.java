package allod.receipt;

import allod.log.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A JSON value that has exactly one text: RFC 8785 (JCS) without fractions, exponents, negative numbers and null. Larger
 * numbers than 2<sup>53</sup> - 1 are written as texts, for a JSON reader may hold a number as a double.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785, JSON canonicalization scheme</a>
 */
public sealed interface Json {
    /** Greatest number: every JSON reader holds it exactly. */
    long MAX_NUMBER = (1L << 53) - 1;

    /** Most objects and arrays within each other. */
    int MAX_DEPTH = 8;

    /** Members by name, in the order of UTF-16 code units. */
    record Members(SortedMap<String, Json> byName) implements Json {
        public Members {
            byName = new TreeMap<>(byName);
            byName.keySet().forEach(Json::requireUnicode);
        }

        /** An object of one shape with these members added or replaced. */
        public Members with(String name, Json value) {
            SortedMap<String, Json> more = new TreeMap<>(byName);
            more.put(name, value);
            return new Members(more);
        }
    }

    record Items(List<Json> values) implements Json {
        public Items {
            values = List.copyOf(values);
        }
    }

    record Text(String value) implements Json {
        /** @throws IllegalArgumentException if it holds half a surrogate pair, which has no UTF-8 form */
        public Text {
            requireUnicode(value);
        }
    }

    /** An integer, 0 to {@link #MAX_NUMBER}. */
    record Int(long value) implements Json {
        /** @throws IllegalArgumentException if the value is out of range */
        public Int {
            if (value < 0 || value > MAX_NUMBER) {
                throw new IllegalArgumentException("number " + value + " is not 0 to 2^53 - 1");
            }
        }
    }

    record Truth(boolean value) implements Json {}

    static Members object(Map<String, Json> members) {
        return new Members(new TreeMap<>(members));
    }

    /**
     * Reads a value.
     *
     * @param bytes the whole document; the caller has checked its length
     * @throws MalformedException unless it is the one text of a value, UTF-8, at most {@link #MAX_DEPTH} deep
     */
    static Json parse(byte[] bytes) {
        return JsonParser.parse(bytes);
    }

    /** The one text of this value, in UTF-8. */
    default byte[] encode() {
        StringBuilder out = new StringBuilder();
        write(this, out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Json value, StringBuilder out) {
        switch (value) {
            case Members(var byName) -> {
                String before = "{";
                for (Map.Entry<String, Json> member : byName.entrySet()) {
                    out.append(before);
                    quote(member.getKey(), out);
                    out.append(':');
                    write(member.getValue(), out);
                    before = ",";
                }
                out.append(byName.isEmpty() ? "{}" : "}");
            }
            case Items(var values) -> {
                String before = "[";
                for (Json item : values) {
                    out.append(before);
                    write(item, out);
                    before = ",";
                }
                out.append(values.isEmpty() ? "[]" : "]");
            }
            case Text(String text) -> quote(text, out);
            case Int(long number) -> out.append(number);
            case Truth(boolean truth) -> out.append(truth);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void requireUnicode(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("a text of a JSON document is not Unicode");
        }
    }
}
