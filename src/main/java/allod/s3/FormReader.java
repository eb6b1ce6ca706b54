package allod.s3;

import allod.http.RequestBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A form of a browser (multipart/form-data, RFC 7578), read as it comes: first the fields before the file, then the file's
 * content, which is never held whole in memory and never on disk. What follows the file means nothing, as in S3.
 */
final class FormReader {
    /** All fields before the file, with the heads of their parts. */
    static final int MAX_FIELD_BYTES = 20 * 1024;

    static final int MAX_FIELDS = 100;

    /** RFC 2046 gives a boundary at most 70 characters. */
    static final int MAX_BOUNDARY = 70;

    private static final String FILE = "file";

    private final RequestBody body;
    private final byte[] delimiter;

    /** Bytes that came and were not used, from {@code start} to {@code end}. */
    private final byte[] buffer = new byte[Buffers.SIZE];

    private int start;
    private int end;
    private int fieldBytes;
    private boolean fileEnded;
    private @Nullable String filename;

    /** @param contentType the request's, with its boundary */
    FormReader(RequestBody body, String contentType) {
        this.body = body;
        this.delimiter = ("\r\n--" + boundary(contentType)).getBytes(StandardCharsets.ISO_8859_1);
        // The first delimiter has no line before it.
        buffer[0] = '\r';
        buffer[1] = '\n';
        end = 2;
    }

    private static String boundary(String contentType) {
        for (String parameter : contentType.split(";", -1)) {
            String text = parameter.strip();
            if (text.regionMatches(true, 0, "boundary=", 0, 9)) {
                String value = text.substring(9);
                boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                String boundary = quoted ? value.substring(1, value.length() - 1) : value;
                if (!boundary.isEmpty() && boundary.length() <= MAX_BOUNDARY) {
                    return boundary;
                }
            }
        }
        throw malformed("Its Content-Type has no boundary of 1 to 70 characters.");
    }

    static S3Refusal malformed(String why) {
        return new S3Refusal(
                S3Error.MALFORMED_POST_REQUEST,
                "The body of your POST request is not well-formed multipart/form-data. " + why
                        + " Send a form as browsers do.");
    }

    /**
     * Reads the fields before the file, by their names in lower case.
     *
     * @throws S3Refusal MALFORMED_POST_REQUEST, MAX_POST_PRE_DATA_LENGTH; INVALID_ARGUMENT where there is no file
     */
    Map<String, String> fields() throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        require(delimiter.length);
        if (find() != start) {
            throw malformed("It does not begin with its boundary.");
        }
        start += delimiter.length;
        while (nextPart()) {
            Head head = head();
            String name = head.name.toLowerCase(Locale.ROOT);
            if (name.equals(FILE)) {
                filename = head.filename;
                return fields;
            }
            if (fields.put(name, value()) != null) {
                throw malformed("It has two fields of the name " + name + ".");
            }
            if (fields.size() > MAX_FIELDS) {
                throw tooLarge();
            }
        }
        throw S3Refusal.argument(
                FILE,
                "",
                "POST requires exactly one file upload per request. The form has none. Send it as its last field.");
    }

    /** The file's name without folders, as the browser gave it; empty if it gave none. */
    String filename() {
        String name = filename == null ? "" : filename;
        return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    }

    /** Whether another part follows the delimiter that was just passed. */
    private boolean nextPart() throws IOException {
        require(2);
        boolean last = buffer[start] == '-' && buffer[start + 1] == '-';
        boolean part = buffer[start] == '\r' && buffer[start + 1] == '\n';
        if (!last && !part) {
            throw malformed("A boundary is not followed by a line's end.");
        }
        start += 2;
        return part;
    }

    /** The head of a part: its field's name, and its file's. */
    private record Head(String name, @Nullable String filename) {}

    private Head head() throws IOException {
        Optional<Head> found = Optional.empty();
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.regionMatches(true, 0, "Content-Disposition:", 0, 20)) {
                Map<String, String> parameters = parameters(line.substring(20));
                String name = parameters.get("name");
                if (name == null || found.isPresent()) {
                    throw malformed("A part has no name, or two.");
                }
                found = Optional.of(new Head(name, parameters.get("filename")));
            }
        }
        return found.orElseThrow(() -> malformed("A part has no Content-Disposition."));
    }

    /** Reads {@code form-data; name="a"; filename="b"}. */
    private static Map<String, String> parameters(String disposition) {
        Map<String, String> parameters = new LinkedHashMap<>();
        int at = disposition.indexOf(';');
        while (at >= 0 && at < disposition.length()) {
            int equals = disposition.indexOf('=', at);
            if (equals < 0) {
                break;
            }
            String name = disposition.substring(at + 1, equals).strip().toLowerCase(Locale.ROOT);
            var value = new StringBuilder();
            at = equals + 1;
            if (at < disposition.length() && disposition.charAt(at) == '"') {
                at++;
                while (at < disposition.length() && disposition.charAt(at) != '"') {
                    boolean escaped = disposition.startsWith("\\\"", at);
                    value.append(disposition.charAt(escaped ? at + 1 : at));
                    at += escaped ? 2 : 1;
                }
                at = disposition.indexOf(';', at);
            } else {
                int stop = disposition.indexOf(';', at);
                value.append(disposition, at, stop < 0 ? disposition.length() : stop);
                at = stop;
            }
            parameters.putIfAbsent(name, value.toString().strip());
        }
        return parameters;
    }

    private String line() throws IOException {
        int from = start;
        while (true) {
            for (int i = from; i + 1 < end; i++) {
                if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
                    String line = text(start, i);
                    count(i + 2 - start);
                    start = i + 2;
                    return line;
                }
            }
            from = Math.max(start, end - 1);
            count(0, end - start);
            int before = start;
            if (!fill()) {
                throw malformed("It ends within the head of a part.");
            }
            from -= before - start;
        }
    }

    private String value() throws IOException {
        while (true) {
            int at = find();
            if (at >= 0) {
                String value = text(start, at);
                count(at + delimiter.length - start);
                start = at + delimiter.length;
                return value;
            }
            count(0, end - start);
            if (!fill()) {
                throw malformed("It ends within a field.");
            }
        }
    }

    private void count(int bytes) {
        count(bytes, 0);
    }

    /** @param pending bytes that stand in the buffer and are surely a field's */
    private void count(int bytes, int pending) {
        fieldBytes += bytes;
        if (fieldBytes + pending > MAX_FIELD_BYTES) {
            throw tooLarge();
        }
    }

    private static S3Refusal tooLarge() {
        return new S3Refusal(
                S3Error.MAX_POST_PRE_DATA_LENGTH,
                "Your POST request fields preceding the upload file were too large. They may be " + MAX_FIELDS
                        + " with " + MAX_FIELD_BYTES + " bytes together. Send fewer.");
    }

    private String text(int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(buffer, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("A field is not UTF-8.");
        }
    }

    /**
     * Reads the file's content, once the fields were read.
     *
     * @return how many bytes, -1 at its end
     * @throws S3Refusal MALFORMED_POST_REQUEST if the form ends before the file does
     */
    int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!fileEnded) {
            int at = find();
            // Without a delimiter in sight, one may yet begin in the last bytes.
            int safe = at >= 0 ? at : Math.max(start, end - delimiter.length + 1);
            int count = Math.min(length, safe - start);
            if (count > 0) {
                System.arraycopy(buffer, start, target, offset, count);
                start += count;
                return count;
            }
            if (at >= 0) {
                start = at + delimiter.length;
                nextPart();
                fileEnded = true;
            } else if (!fill()) {
                throw malformed("It ends within the file.");
            }
        }
        return -1;
    }

    /** Wipes what may be left of the file. */
    void close() {
        Arrays.fill(buffer, (byte) 0);
    }

    /** Where the next delimiter begins in the buffer, -1 if it is not there. */
    private int find() {
        int last = end - delimiter.length;
        for (int i = start; i <= last; i++) {
            if (buffer[i] == '\r' && Arrays.equals(buffer, i, i + delimiter.length, delimiter, 0, delimiter.length)) {
                return i;
            }
        }
        return -1;
    }

    private void require(int bytes) throws IOException {
        while (end - start < bytes) {
            if (!fill()) {
                throw malformed("It ends with no last boundary.");
            }
        }
    }

    /** Moves what is left to the front and reads more; false at the end of the body. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int count = body.read(buffer, end, buffer.length - end);
        if (count > 0) {
            end += count;
        }
        return count > 0;
    }
}
