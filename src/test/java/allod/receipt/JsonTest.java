package allod.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.log.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static String write(Json value) {
        return new String(value.encode(), StandardCharsets.UTF_8);
    }

    private static Json read(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void members_stand_in_the_order_of_utf_16_code_units_as_in_rfc_8785_section_3_2_3() {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("\u20ac", new Json.Text("Euro Sign"));
        members.put("\r", new Json.Text("Carriage Return"));
        members.put("\ufb33", new Json.Text("Hebrew Letter Dalet With Dagesh"));
        members.put("1", new Json.Text("One"));
        members.put("\ud83d\ude00", new Json.Text("Emoji: Grinning Face"));
        members.put("\u0080", new Json.Text("Control"));
        members.put("\u00f6", new Json.Text("Latin Small Letter O With Diaeresis"));
        assertThat(write(Json.object(members)))
                .isEqualTo("{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
                        + "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
                        + "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    @Test
    void texts_are_escaped_as_in_rfc_8785_section_3_2_2() {
        assertThat(write(new Json.Text("\u20ac$\u000F\nA'B\"\\\\\"/")))
                .isEqualTo("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
        assertThat(write(new Json.Text("\b\t\f\r\u0000\u001f\u007f")))
                .isEqualTo("\"\\b\\t\\f\\r\\u0000\\u001f\u007f\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "0",
                "9007199254740991",
                "true",
                "false",
                "\"\"",
                "{\"a\":[1,{\"b\":\"\\u001f\"}],\"b\":false}",
                "[[[[[[[[]]]]]]]]"
            })
    void canonical_text_is_read_and_written_unchanged(String text) {
        assertThat(write(read(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " {}",
                "{} ",
                "{\"a\": 1}",
                "{\"b\":1,\"a\":2}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,}",
                "{,}",
                "[1,]",
                "[1",
                "{\"a\"",
                "{\"a\":1",
                "\"open",
                "null",
                "-1",
                "-0",
                "1.0",
                "1e2",
                "01",
                "9007199254740992",
                "99999999999999999999",
                "tru",
                "\"\\u0041\"",
                "\"\\u000A\"",
                "\"\\u000a\"",
                "\"\\u00\"",
                "\"\\u001F\"",
                "\"\\/\"",
                "\"\n\"",
                "\"\\ud800\"",
                "\"a\"1",
                "[[[[[[[[[]]]]]]]]]",
                "\ufeff{}"
            })
    void every_other_text_is_refused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(MalformedException.class);
    }

    @Test
    void bytes_that_are_no_utf_8_are_refused() {
        assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xC0, (byte) 0x80, '"'}))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void a_value_out_of_range_cannot_be_made() {
        assertThatThrownBy(() -> new Json.Int(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Json.Int(Json.MAX_NUMBER + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Json.Text("\ud800")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Json.object(Map.of("\udc00", new Json.Items(List.of()))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
