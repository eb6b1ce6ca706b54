package allod.receipt;

import allod.log.Hash;
import allod.log.MalformedException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads an object of one fixed shape: every member must be there, in its type, and no other. */
final class JsonMembers {
    private static final int SHOWN_CHARS = 40;

    private final String what;
    private final Json.Members object;
    private final Set<String> unread;

    private JsonMembers(String what, Json.Members object) {
        this.what = what;
        this.object = object;
        this.unread = new TreeSet<>(object.byName().keySet());
    }

    static JsonMembers of(Json value, String what) {
        if (value instanceof Json.Members members) {
            return new JsonMembers(what, members);
        }
        throw new MalformedException(what + " is not a JSON object");
    }

    /** Reads a whole document of one shape; a value's own refusal is a malformed document too. */
    static <T> T read(Json value, String what, Function<JsonMembers, T> reader) {
        JsonMembers members = of(value, what);
        T read;
        try {
            read = reader.apply(members);
        } catch (IllegalArgumentException e) {
            throw malformed(what + ": " + e.getMessage(), e);
        }
        members.end();
        return read;
    }

    private static MalformedException malformed(String why, RuntimeException cause) {
        MalformedException malformed = new MalformedException(why);
        malformed.initCause(cause);
        return malformed;
    }

    Json get(String name) {
        Json value = object.byName().get(name);
        if (value == null) {
            throw new MalformedException(what + " has no member " + name);
        }
        unread.remove(name);
        return value;
    }

    String text(String name) {
        return asText(get(name), name);
    }

    long number(String name) {
        if (get(name) instanceof Json.Int(long value)) {
            return value;
        }
        throw wrongType(name, "a number");
    }

    int smallNumber(String name) {
        long value = number(name);
        if (value > Integer.MAX_VALUE) {
            throw new MalformedException(what + " has " + value + " for " + name + ", the limit is 2^31 - 1");
        }
        return (int) value;
    }

    boolean truth(String name) {
        if (get(name) instanceof Json.Truth(boolean value)) {
            return value;
        }
        throw wrongType(name, "true or false");
    }

    /** An unsigned 64-bit number, a text in decimal. */
    long unsigned(String name) {
        return asUnsigned(get(name), name);
    }

    List<Long> unsignedList(String name) {
        return list(name, value -> asUnsigned(value, name));
    }

    byte[] bytes(String name) {
        return asBytes(get(name), name);
    }

    Hash hash(String name) {
        return Hash.fromBase64(text(name));
    }

    List<Hash> hashes(String name) {
        return list(name, value -> Hash.fromBase64(asText(value, name)));
    }

    List<String> texts(String name) {
        return list(name, value -> asText(value, name));
    }

    <T> List<T> list(String name, Function<Json, T> reader) {
        if (get(name) instanceof Json.Items(var values)) {
            return values.stream().map(reader).toList();
        }
        throw wrongType(name, "an array");
    }

    /** A member with exactly one allowed text. */
    void constant(String name, String expected) {
        if (!text(name).equals(expected)) {
            throw new MalformedException(what + " has a " + name + " other than " + expected);
        }
    }

    void end() {
        if (!unread.isEmpty()) {
            String name = unread.iterator().next();
            String shown = name.length() <= SHOWN_CHARS ? name : name.substring(0, SHOWN_CHARS) + "...";
            throw new MalformedException(what + " has an unknown member " + shown);
        }
    }

    private String asText(Json value, String name) {
        if (value instanceof Json.Text(String text)) {
            return text;
        }
        throw wrongType(name, "a text");
    }

    private long asUnsigned(Json value, String name) {
        String text = asText(value, name);
        try {
            long number = Long.parseUnsignedLong(text);
            if (Long.toUnsignedString(number).equals(text)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw malformed(what + " has a " + name + " that is no number", e);
        }
        throw new MalformedException(what + " has a " + name + " that is not in canonical decimal");
    }

    private byte[] asBytes(Json value, String name) {
        String text = asText(value, name);
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw malformed(what + " has a " + name + " that is not base64", e);
        }
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw new MalformedException(what + " has a " + name + " that is not canonical base64");
        }
        return bytes;
    }

    private MalformedException wrongType(String name, String type) {
        return new MalformedException(what + " has a " + name + " that is not " + type);
    }

    // The other way: values as JSON.

    static Json text(Enum<?> value) {
        return new Json.Text(value.name());
    }

    static Json json(byte[] bytes) {
        return new Json.Text(Base64.getEncoder().encodeToString(bytes));
    }

    static Json json(Hash hash) {
        return new Json.Text(hash.toBase64());
    }

    static Json json(String text) {
        return new Json.Text(text);
    }

    static Json json(long number) {
        return new Json.Int(number);
    }

    static Json unsignedJson(long number) {
        return new Json.Text(Long.toUnsignedString(number));
    }

    static <T> Json json(List<T> values, Function<T, Json> writer) {
        return new Json.Items(values.stream().map(writer).toList());
    }
}
