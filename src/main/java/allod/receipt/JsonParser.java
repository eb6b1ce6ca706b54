package allod.receipt;

import allod.log.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the one text of a {@link Json}: no space, members in order and each once, integers and escapes in one spelling. */
final class JsonParser {
    /** Digits of {@link Json#MAX_NUMBER}. */
    private static final int MAX_DIGITS = 16;

    private final String in;
    private int at;

    private JsonParser(String in) {
        this.in = in;
    }

    static Json parse(byte[] bytes) {
        JsonParser parser = new JsonParser(utf8(bytes));
        Json value = parser.value(0);
        if (parser.at != parser.in.length()) {
            throw parser.malformed("something follows the document");
        }
        // Whatever the reader above let pass, only the one spelling is accepted.
        if (!Arrays.equals(value.encode(), bytes)) {
            throw new MalformedException("JSON is not in its canonical form");
        }
        return value;
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("JSON is not valid UTF-8");
        }
    }

    private Json value(int depth) {
        char c = peek();
        if (c == '{' || c == '[') {
            if (depth == Json.MAX_DEPTH) {
                throw malformed("more than " + Json.MAX_DEPTH + " objects and arrays within each other");
            }
            return c == '{' ? object(depth + 1) : array(depth + 1);
        }
        if (c == '"') {
            return new Json.Text(text());
        }
        if (c >= '0' && c <= '9') {
            return number();
        }
        if (in.startsWith("true", at)) {
            at += 4;
            return new Json.Truth(true);
        }
        if (in.startsWith("false", at)) {
            at += 5;
            return new Json.Truth(false);
        }
        throw malformed("no value that is allowed here");
    }

    private Json object(int depth) {
        expect('{');
        SortedMap<String, Json> members = new TreeMap<>();
        while (peek() != '}') {
            if (!members.isEmpty()) {
                expect(',');
            }
            String name = text();
            if (!members.isEmpty() && name.compareTo(members.lastKey()) <= 0) {
                throw malformed("a member twice or not in order");
            }
            expect(':');
            members.put(name, value(depth));
        }
        expect('}');
        return new Json.Members(members);
    }

    private Json array(int depth) {
        expect('[');
        List<Json> values = new ArrayList<>();
        while (peek() != ']') {
            if (!values.isEmpty()) {
                expect(',');
            }
            values.add(value(depth));
        }
        expect(']');
        return new Json.Items(values);
    }

    private Json number() {
        int start = at;
        while (at < in.length() && in.charAt(at) >= '0' && in.charAt(at) <= '9') {
            at++;
        }
        String digits = in.substring(start, at);
        if (digits.length() > MAX_DIGITS || (digits.length() > 1 && digits.startsWith("0"))) {
            throw malformed("a number with a leading zero or too many digits");
        }
        long value = Long.parseLong(digits);
        if (value > Json.MAX_NUMBER) {
            throw malformed("a number above 2^53 - 1");
        }
        return new Json.Int(value);
    }

    private String text() {
        expect('"');
        StringBuilder out = new StringBuilder();
        while (peek() != '"') {
            char c = next();
            if (c < 0x20) {
                throw malformed("a control character in a text");
            }
            out.append(c == '\\' ? escaped() : c);
        }
        expect('"');
        return out.toString();
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\' -> c;
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            case 'u' -> control();
            default -> throw malformed("an escape that is not canonical");
        };
    }

    /** Only control characters are written by their number. */
    private char control() {
        int end = Math.min(at + 4, in.length());
        String hex = in.substring(at, end);
        if (!hex.matches("00[01][0-9a-f]")) {
            throw malformed("an escape that is not canonical");
        }
        at = end;
        return (char) Integer.parseInt(hex, 16);
    }

    private char peek() {
        if (at == in.length()) {
            throw malformed("the end of the document too early");
        }
        return in.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private void expect(char expected) {
        if (next() != expected) {
            at--;
            throw malformed("no '" + expected + "'");
        }
    }

    private MalformedException malformed(String why) {
        return new MalformedException("JSON has " + why + " at character " + at);
    }
}
