package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.store.CompleteRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XmlTest {
    private static XmlElement parse(String document) {
        return XmlElement.parse(document.getBytes(StandardCharsets.UTF_8), "Delete");
    }

    private static String text(XmlWriter writer) {
        return new String(writer.toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void what_is_written_is_read_back() {
        String key = "a<b>&\"'ä\u20ac\ud83d\ude00\t\n\r ]]>";
        String document = text(XmlWriter.document("Delete").open("Object").element("Key", key));
        assertThat(parse(document).children().get(0).requiredText("Key")).isEqualTo(key);
        assertThat(document)
                .startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Delete xmlns=\"http://s3.amazonaws.com/doc/")
                .endsWith("</Object></Delete>");
    }

    @Test
    void control_characters_become_numeric_references() {
        assertThat(text(XmlWriter.error().element("Key", "a\u0001b"))).contains("<Key>a&#x1;b</Key>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "<Delete>",
                "<Delete></Other>",
                "<Other/>",
                "<!DOCTYPE Delete><Delete/>",
                "<!DOCTYPE Delete [<!ENTITY a \"b\">]><Delete>&a;</Delete>",
                "<!DOCTYPE Delete SYSTEM \"file:///etc/passwd\"><Delete/>",
                "<!DOCTYPE d [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Delete>&a;</Delete>",
                "<Delete>&unknown;</Delete>",
                "<Delete/><Delete/>",
                "<Delete>\u0001</Delete>"
            })
    void what_is_not_the_document_is_malformed(String document) {
        assertThatThrownBy(() -> parse(document))
                .isInstanceOfSatisfying(
                        S3Refusal.class, refusal -> assertThat(refusal.error()).isEqualTo(S3Error.MALFORMED_XML));
    }

    @Test
    void elements_stand_in_each_other_up_to_the_limit() {
        int more = XmlElement.MAX_DEPTH - 1;
        assertThat(parse("<Delete>" + "<a>".repeat(more) + "</a>".repeat(more) + "</Delete>")
                        .name())
                .isEqualTo("Delete");
        assertThatThrownBy(() -> parse("<Delete>" + "<a>".repeat(more + 1) + "</a>".repeat(more + 1) + "</Delete>"))
                .isInstanceOf(S3Refusal.class);
    }

    @Test
    void a_document_has_elements_up_to_the_limit() {
        assertThat(parse("<Delete>" + "<a/>".repeat(XmlElement.MAX_ELEMENTS - 1) + "</Delete>")
                        .children())
                .hasSize(XmlElement.MAX_ELEMENTS - 1);
        assertThatThrownBy(() -> parse("<Delete>" + "<a/>".repeat(XmlElement.MAX_ELEMENTS) + "</Delete>"))
                .isInstanceOf(S3Refusal.class);
    }

    @Test
    void a_completion_names_ten_thousand_parts_with_quoted_tags_and_not_one_more() {
        assertThat(MultipartEndpoints.parts(completion(10_000)))
                .hasSize(10_000)
                .last()
                .isEqualTo(new CompleteRequest.NamedPart(
                        10_000, "0123456789abcdef0123456789abcdef", Optional.of("s".repeat(43) + "=")));
        assertThat(completion(10_000).length).isLessThan(MultipartEndpoints.MAX_DOCUMENT);
        assertThatThrownBy(() -> MultipartEndpoints.parts(completion(10_001))).isInstanceOf(S3Refusal.class);
        assertThatThrownBy(() -> MultipartEndpoints.parts(completion(0))).isInstanceOf(S3Refusal.class);
    }

    private static byte[] completion(int parts) {
        XmlWriter xml = XmlWriter.document("CompleteMultipartUpload");
        for (int number = 1; number <= parts; number++) {
            xml.open("Part")
                    .element("ChecksumSHA256", "s".repeat(43) + "=")
                    .element("ETag", "\"0123456789abcdef0123456789abcdef\"")
                    .element("PartNumber", number)
                    .close();
        }
        return xml.toBytes();
    }

    @Test
    void a_thousand_of_the_longest_keys_fit_in_one_delete() {
        XmlWriter xml = XmlWriter.document("Delete");
        for (int i = 0; i < DeleteEndpoints.MAX_KEYS; i++) {
            xml.open("Object").element("Key", "k".repeat(1024)).close();
        }
        assertThat(xml.toBytes().length).isLessThan(DeleteEndpoints.MAX_DOCUMENT);
    }
}
