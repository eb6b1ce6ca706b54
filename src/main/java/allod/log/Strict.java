package allod.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Readers that accept exactly one spelling of each value. The JDK's own are wider: base64 without its padding, numbers
 * such as {@code +5} or {@code 007}; so each value is read, written again and compared.
 */
final class Strict {
    /** As much of a foreign value as a message shows. */
    private static final int SHOWN_CHARS = 80;

    private Strict() {}

    static String utf8(byte[] bytes, String what) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException(what + " is not valid UTF-8");
        }
    }

    static byte[] base64(String text, String what) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(what + " is not base64: " + shown(text));
        }
        if (!base64(decoded).equals(text)) {
            throw new MalformedException(what + " is not canonical base64: " + shown(text));
        }
        return decoded;
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** A number from 0 to 2<sup>63</sup> - 1 in ASCII decimal without sign or leading zero. */
    static long decimal(String text, String what) {
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedException(what + " is not a decimal number below 2^63: " + shown(text));
        }
        if (value < 0 || !Long.toString(value).equals(text)) {
            throw new MalformedException(what + " is not a canonical decimal number: " + shown(text));
        }
        return value;
    }

    /** The last word of every parser: what was read, written again, is what came in. */
    static void sameBytes(byte[] read, byte[] writtenAgain, String what) {
        if (!Arrays.equals(read, writtenAgain)) {
            throw new MalformedException(what + " is not in its canonical form");
        }
    }

    static void atMost(int length, int limit, String what) {
        if (length > limit) {
            throw new MalformedException(what + " has " + length + " bytes, the limit is " + limit);
        }
    }

    /** Whether a name may stand in a signature line: not empty, no space of any kind, no plus, no control character. */
    static boolean isKeyName(String name) {
        return !name.isEmpty()
                && StandardCharsets.UTF_8.newEncoder().canEncode(name)
                && name.codePoints()
                        .noneMatch(c -> c == '+'
                                || c < 0x20
                                || c == 0x85
                                || Character.isWhitespace(c)
                                || Character.isSpaceChar(c));
    }

    static String shown(String text) {
        String cut = text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "...";
        StringBuilder out = new StringBuilder("\"");
        cut.chars().forEach(c -> out.append(c < 0x20 || c == 0x7F ? '?' : (char) c));
        return out.append('"').toString();
    }
}
