package allod.s3;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Writes one XML document of S3's into memory, as UTF-8 without indentation.
 *
 * <p>Control characters are written as numeric references, those below U+0020 that XML 1.0 does not have included. S3 does
 * the same; a parser that keeps to XML 1.0 refuses such a document, and a client whose keys hold such characters asks for
 * {@code encoding-type=url}.
 */
final class XmlWriter {
    static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
    static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    private byte[] bytes;
    private int length;
    private final ArrayDeque<String> open = new ArrayDeque<>();

    private XmlWriter(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** A document of S3's namespace. */
    static XmlWriter document(String root) {
        return document(root, 1024);
    }

    /** @param capacity bytes it will probably have */
    static XmlWriter document(String root, int capacity) {
        var writer = new XmlWriter(capacity);
        writer.raw(DECLARATION);
        writer.raw("<" + root + " xmlns=\"" + NAMESPACE + "\">");
        writer.open.push(root);
        return writer;
    }

    /** An error document, which has no namespace. */
    static XmlWriter error() {
        return bare("Error");
    }

    /** A document without a namespace. */
    static XmlWriter bare(String root) {
        var writer = new XmlWriter(1024);
        writer.raw(DECLARATION);
        return writer.open(root);
    }

    XmlWriter open(String name) {
        raw('<', name);
        raw('>');
        open.push(name);
        return this;
    }

    XmlWriter close() {
        end(open.pop());
        return this;
    }

    XmlWriter element(String name, String text) {
        return element(name, text.getBytes(StandardCharsets.UTF_8));
    }

    XmlWriter element(String name, long number) {
        raw('<', name);
        raw('>');
        raw(Long.toString(number));
        end(name);
        return this;
    }

    XmlWriter element(String name, boolean value) {
        return element(name, value ? "true" : "false");
    }

    /** @param utf8 text */
    XmlWriter element(String name, byte[] utf8) {
        raw('<', name);
        raw('>');
        characters(utf8);
        end(name);
        return this;
    }

    /** Text of the element that is open. */
    XmlWriter text(String text) {
        characters(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Closes what is open and gives the document. */
    byte[] toBytes() {
        while (!open.isEmpty()) {
            close();
        }
        return Arrays.copyOf(bytes, length);
    }

    /** Text, of which what stands for itself is copied in one piece; in a name that is nearly always all. */
    private void characters(byte[] utf8) {
        int from = 0;
        for (int at = 0; at < utf8.length; at++) {
            if (!standsForItself(utf8[at])) {
                raw(utf8, from, at);
                raw(reference(utf8[at]));
                from = at + 1;
            }
        }
        raw(utf8, from, utf8.length);
    }

    private static boolean standsForItself(byte b) {
        return b < 0 || (b >= ' ' && b != '&' && b != '<' && b != '>' && b != '"');
    }

    private static String reference(byte b) {
        return switch (b) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            default -> "&#x" + Integer.toHexString(b) + ";";
        };
    }

    private void end(String name) {
        raw('<', "/");
        raw(name);
        raw('>');
    }

    private void raw(char first, String ascii) {
        raw(first);
        raw(ascii);
    }

    private void raw(String ascii) {
        byte[] text = ascii.getBytes(StandardCharsets.US_ASCII);
        raw(text, 0, text.length);
    }

    private void raw(char oneByte) {
        require(1);
        bytes[length++] = (byte) oneByte;
    }

    private void raw(byte[] source, int from, int to) {
        require(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }

    private void require(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
