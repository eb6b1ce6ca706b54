package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormReaderTest {
    private static final String TYPE = "multipart/form-data; boundary=XX";

    private static FormReader reader(byte[] form, int atOnce) {
        return new FormReader(ChunkedBodyTest.Bytes.of(form, atOnce), TYPE);
    }

    private static FormReader reader(String form) {
        return reader(form.getBytes(StandardCharsets.UTF_8), 7);
    }

    private static String field(String name, String value) {
        return "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    private static String file(String content) {
        return "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
                + "Content-Type: text/plain\r\n\r\n" + content + "\r\n--XX--\r\n";
    }

    private static byte[] content(FormReader reader) throws IOException {
        var out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1000];
        for (int count = reader.read(buffer, 0, buffer.length);
                count >= 0;
                count = reader.read(buffer, 0, buffer.length)) {
            out.write(buffer, 0, count);
        }
        return out.toByteArray();
    }

    private static void assertRefused(String form, S3Error error) {
        assertThatThrownBy(() -> content(afterFields(form)))
                .isInstanceOfSatisfying(
                        S3Refusal.class, refusal -> assertThat(refusal.error()).isEqualTo(error));
    }

    private static FormReader afterFields(String form) throws IOException {
        FormReader reader = reader(form);
        reader.fields();
        return reader;
    }

    @Test
    void fields_come_by_lower_case_names_and_the_file_after_them() throws IOException {
        FormReader reader = reader(field("Key", "a b\u00e4") + field("x", "") + file("hello"));
        assertThat(reader.fields()).isEqualTo(Map.of("key", "a b\u00e4", "x", ""));
        assertThat(reader.filename()).isEqualTo("a.txt");
        assertThat(content(reader)).asString(StandardCharsets.UTF_8).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 64, 4096, 65536, 200_000})
    void a_file_comes_whole_however_it_is_cut_even_with_what_looks_like_a_boundary(int atOnce) throws IOException {
        byte[] file = new byte[150_000];
        new Random(7).nextBytes(file);
        byte[] lookalike = "\r\n--X\r\n--XY\r\n-\r\r\n--".getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(lookalike, 0, file, 65_530, lookalike.length);
        String text = field("key", "k") + file(new String(file, StandardCharsets.ISO_8859_1));
        FormReader reader = reader(text.getBytes(StandardCharsets.ISO_8859_1), atOnce);
        reader.fields();
        assertThat(content(reader)).isEqualTo(file);
    }

    @Test
    void a_files_name_is_its_last_part() throws IOException {
        for (String name : new String[] {"C:\\\\dir\\\\a.txt", "/home/x/a.txt", "a.txt"}) {
            FormReader reader = reader(file("x").replace("filename=\"a.txt\"", "filename=\"" + name + "\""));
            reader.fields();
            assertThat(reader.filename()).isEqualTo("a.txt");
        }
    }

    @Test
    void what_is_no_form_is_refused() {
        assertRefused("", S3Error.MALFORMED_POST_REQUEST);
        assertRefused("hello", S3Error.MALFORMED_POST_REQUEST);
        assertRefused("--XX", S3Error.MALFORMED_POST_REQUEST);
        assertRefused("--XXfield", S3Error.MALFORMED_POST_REQUEST);
        assertRefused("--XX\r\n\r\nno head", S3Error.MALFORMED_POST_REQUEST);
        assertRefused(field("a", "b") + field("A", "c") + file("x"), S3Error.MALFORMED_POST_REQUEST);
        assertRefused(
                "--XX\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ncut", S3Error.MALFORMED_POST_REQUEST);
        assertRefused(field("a", "b") + "--XX--\r\n", S3Error.INVALID_ARGUMENT);
    }

    @Test
    void the_fields_have_a_limit_and_one_byte_more_is_refused() throws IOException {
        int rest = FormReader.MAX_FIELD_BYTES - overhead();
        FormReader reader = reader(field("a", "x".repeat(rest)) + file("f"));
        assertThat(reader.fields().get("a")).hasSize(rest);
        assertRefused(field("a", "x".repeat(rest + 1)) + file("f"), S3Error.MAX_POST_PRE_DATA_LENGTH);
    }

    /** What counts beside the value of one field, and the file's own head. */
    private static int overhead() {
        int disposition = "Content-Disposition: form-data; name=\"a\"\r\n\r\n".length();
        int fileHead = file("").indexOf("Content-Disposition");
        int fileHeadEnd = file("").indexOf("\r\n\r\n") + 4;
        return disposition + "\r\n--XX".length() + fileHeadEnd - fileHead;
    }

    @Test
    void a_hundred_fields_are_taken_and_no_more() throws IOException {
        var fields = new StringBuilder();
        for (int i = 0; i < FormReader.MAX_FIELDS; i++) {
            fields.append(field("f" + i, ""));
        }
        assertThat(reader(fields + file("x")).fields()).hasSize(FormReader.MAX_FIELDS);
        assertRefused(fields + field("more", "") + file("x"), S3Error.MAX_POST_PRE_DATA_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data", "multipart/form-data; boundary=", "text/plain"})
    void a_type_without_a_boundary_is_refused(String type) {
        assertThatThrownBy(() -> new FormReader(ChunkedBodyTest.Bytes.of(new byte[0], 1), type))
                .isInstanceOf(S3Refusal.class);
    }
}
