package allod.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Percent-encoding of RFC 3986 in the one spelling that AWS signatures use. */
public final class PercentEncoding {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private PercentEncoding() {}

    /**
     * Decodes each {@code %XX}; every other character stands for its UTF-8 bytes.
     *
     * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
     */
    public static byte[] decode(String text) {
        byte[] source = text.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < source.length; i++) {
            byte b = source[i];
            if (b == '%') {
                if (i + 2 >= source.length) {
                    throw new IllegalArgumentException("a percent sign without two hexadecimal digits");
                }
                b = (byte) (digit(source[i + 1]) << 4 | digit(source[i + 2]));
                i += 2;
            }
            source[length++] = b;
        }
        return Arrays.copyOf(source, length);
    }

    /**
     * Decodes to text.
     *
     * @throws IllegalArgumentException also if the bytes are not text in this charset
     */
    public static String decode(String text, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(decode(text))).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not " + charset + " after percent-decoding", e);
        }
    }

    /** Encodes all but A-Z, a-z, 0-9, '-', '.', '_', '~', the slash included. */
    public static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8), false);
    }

    /** The same, but leaves slashes. */
    public static String encodePath(byte[] path) {
        return encode(path, true);
    }

    private static String encode(byte[] source, boolean keepSlash) {
        var out = new byte[source.length * 3];
        int length = 0;
        for (byte b : source) {
            if (isUnreserved(b) || (keepSlash && b == '/')) {
                out[length++] = b;
            } else {
                out[length++] = '%';
                out[length++] = HEX[(b >> 4) & 15];
                out[length++] = HEX[b & 15];
            }
        }
        return new String(out, 0, length, StandardCharsets.US_ASCII);
    }

    /** Whether the text is already what {@link #encodePath} would make of it. */
    static boolean isCanonicalPath(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' && (c > 0x7e || !isUnreserved((byte) c))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnreserved(byte b) {
        return (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~';
    }

    private static int digit(byte b) {
        int digit = Character.digit(b, 16);
        if (digit < 0) {
            throw new IllegalArgumentException("a percent sign without two hexadecimal digits");
        }
        return digit;
    }
}
