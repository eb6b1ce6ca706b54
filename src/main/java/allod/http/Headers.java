package allod.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Header or trailer fields: names compared without case, order and repetitions kept. Characters are bytes, as in
 * ISO 8859-1. Immutable.
 */
public final class Headers {
    private static final Headers EMPTY = new Headers(new String[0]);

    /** Names at even places, values at odd ones. */
    private final String[] fields;

    private Headers(String[] fields) {
        this.fields = fields;
    }

    public static Headers empty() {
        return EMPTY;
    }

    /**
     * @param namesAndValues a name, its value, the next name and so on
     * @throws IllegalArgumentException if a name or value could not stand in a message
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a header name without a value");
        }
        var builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A view of fields that a parser has checked already; the array is not copied. */
    static Headers ofParsed(String[] namesAndValues) {
        return namesAndValues.length == 0 ? EMPTY : new Headers(namesAndValues);
    }

    public int size() {
        return fields.length / 2;
    }

    /** The name at a place, as it was given. */
    public String name(int index) {
        return fields[2 * index];
    }

    /** The value at a place. */
    public String value(int index) {
        return fields[2 * index + 1];
    }

    /** The value of the first field of this name. */
    public Optional<String> first(String name) {
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                return Optional.of(fields[i + 1]);
            }
        }
        return Optional.empty();
    }

    /** The values of all fields of this name, in order. */
    public List<String> all(String name) {
        var values = new ArrayList<String>(1);
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i].equalsIgnoreCase(name)) {
                values.add(fields[i + 1]);
            }
        }
        return values;
    }

    public boolean contains(String name) {
        return first(name).isPresent();
    }

    /** Calls with the name and value of each field, in order. */
    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < fields.length; i += 2) {
            action.accept(fields[i], fields[i + 1]);
        }
    }

    /** Only the names: values may hold credentials. */
    @Override
    public String toString() {
        var names = new ArrayList<String>();
        forEach((name, value) -> names.add(name));
        return names.toString();
    }

    /** Gathers fields in order. */
    public static final class Builder {
        private final ArrayList<String> fields = new ArrayList<>();

        private Builder() {}

        /** @throws IllegalArgumentException if name or value could not stand in a message; the value is not shown */
        public Builder add(String name, String value) {
            if (name.isEmpty() || !name.chars().allMatch(Headers::isTokenCharacter)) {
                throw new IllegalArgumentException("not a header name: " + name);
            }
            if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff))) {
                throw new IllegalArgumentException("the value of " + name + " has a character no header may hold");
            }
            fields.add(name);
            fields.add(value);
            return this;
        }

        /** Adds the field in place of all others of its name. */
        public Builder set(String name, String value) {
            for (int i = fields.size() - 2; i >= 0; i -= 2) {
                if (fields.get(i).equalsIgnoreCase(name)) {
                    fields.subList(i, i + 2).clear();
                }
            }
            return add(name, value);
        }

        public Builder addAll(Headers headers) {
            headers.forEach(this::add);
            return this;
        }

        public Headers build() {
            return ofParsed(fields.toArray(String[]::new));
        }
    }

    /** RFC 9110, section 5.6.2: the characters of a token. */
    private static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
