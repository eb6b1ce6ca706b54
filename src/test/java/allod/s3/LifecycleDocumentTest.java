package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.store.LifecycleRules;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LifecycleDocumentTest {
    private static final String STATUS = "<Status>Enabled</Status>";
    private static final String ALL = STATUS + "<Filter/>";
    private static final String A_DAY = "<Expiration><Days>1</Days></Expiration>";

    private static LifecycleRules parse(String rules) {
        return LifecycleDocument.parse(("<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                        + rules + "</LifecycleConfiguration>")
                .getBytes(StandardCharsets.UTF_8));
    }

    private static String rule(String content) {
        return "<Rule>" + content + "</Rule>";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<ID>a</ID><Prefix>logs/</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>",
                "<ID>a</ID><Filter></Filter><Status>Disabled</Status><Expiration><Date>2030-01-01T00:00:00.000Z</Date></Expiration>",
                "<ID>a</ID><Filter><Prefix>p</Prefix></Filter><Status>Enabled</Status><Expiration>"
                        + "<ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration><NoncurrentVersionExpiration>"
                        + "<NoncurrentDays>3</NoncurrentDays><NewerNoncurrentVersions>100</NewerNoncurrentVersions>"
                        + "</NoncurrentVersionExpiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>2147483647"
                        + "</DaysAfterInitiation></AbortIncompleteMultipartUpload>",
                "<ID>a</ID><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><Status>Enabled</Status>"
                        + "<Expiration><Days>1</Days></Expiration>",
                "<ID>a</ID><Filter><ObjectSizeLessThan>5</ObjectSizeLessThan></Filter><Status>Enabled</Status>"
                        + "<Expiration><Days>1</Days></Expiration>",
                "<ID>a</ID><Filter><And><Prefix>p</Prefix><Tag><Key>k</Key><Value>v</Value></Tag><Tag><Key>l</Key>"
                        + "<Value></Value></Tag><ObjectSizeGreaterThan>4</ObjectSizeGreaterThan><ObjectSizeLessThan>6"
                        + "</ObjectSizeLessThan></And></Filter><Status>Enabled</Status><NoncurrentVersionExpiration>"
                        + "<NoncurrentDays>3</NoncurrentDays></NoncurrentVersionExpiration>",
            })
    void a_rule_is_given_back_as_it_was_put(String content) {
        LifecycleRules rules = parse(rule(content));
        String written = new String(LifecycleDocument.write(rules).toBytes(), StandardCharsets.UTF_8)
                .replace("<Filter/>", "<Filter></Filter>");
        assertThat(written).contains(content);
        assertThat(LifecycleRules.decode(rules.encode())).isEqualTo(rules);
    }

    @Test
    void a_rule_without_an_id_is_given_one_that_no_other_has() {
        LifecycleRules rules = parse(rule("<ID>rule-1</ID>" + ALL + A_DAY) + rule(ALL + A_DAY) + rule(ALL + A_DAY));
        assertThat(rules.rules()).extracting(rule -> rule.id()).containsExactly("rule-1", "rule-2", "rule-3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MALFORMED_XML|<Status>Enabled</Status><Expiration><Days>1</Days></Expiration>",
                "MALFORMED_XML|<Status>Enabled</Status><Filter/><Prefix/><Expiration><Days>1</Days></Expiration>",
                "MALFORMED_XML|<Status>On</Status><Filter/><Expiration><Days>1</Days></Expiration>",
                "MALFORMED_XML|<Filter/><Expiration><Days>1</Days></Expiration>",
                "INVALID_REQUEST|<Status>Enabled</Status><Filter/>",
                "MALFORMED_XML|<Status>Enabled</Status><Filter/><Expiration/>",
                "MALFORMED_XML|<Status>Enabled</Status><Filter/><Expiration><Days>1</Days><Date>2030-01-01T00:00:00Z</Date></Expiration>",
                "INVALID_ARGUMENT|<Status>Enabled</Status><Filter/><Expiration><Days>0</Days></Expiration>",
                "INVALID_ARGUMENT|<Status>Enabled</Status><Filter/><Expiration><Days>2147483648</Days></Expiration>",
                "INVALID_ARGUMENT|<Status>Enabled</Status><Filter/><Expiration><Date>2030-01-01T00:00:01Z</Date></Expiration>",
                "MALFORMED_XML|<Status>Enabled</Status><Filter/><Expiration><Date>tomorrow</Date></Expiration>",
                "MALFORMED_XML|<Status>Enabled</Status><Filter/><NoncurrentVersionExpiration><NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration>",
                "INVALID_ARGUMENT|<Status>Enabled</Status><Filter/><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>101</NewerNoncurrentVersions></NoncurrentVersionExpiration>",
                "INVALID_ARGUMENT|<Status>Enabled</Status><Filter/><AbortIncompleteMultipartUpload><DaysAfterInitiation>-1</DaysAfterInitiation></AbortIncompleteMultipartUpload>",
                "NOT_IMPLEMENTED|<Status>Enabled</Status><Filter/><Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>",
                "NOT_IMPLEMENTED|<Status>Enabled</Status><Filter/><NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionTransition>",
                "MALFORMED_XML|<Status>Enabled</Status><Filter><Prefix>a</Prefix><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter><Expiration><Days>1</Days></Expiration>",
                "MALFORMED_XML|<Status>Enabled</Status><Filter><And><Prefix>a</Prefix></And></Filter><Expiration><Days>1</Days></Expiration>",
                "INVALID_REQUEST|<Status>Enabled</Status><Filter><And><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan><ObjectSizeLessThan>5</ObjectSizeLessThan></And></Filter><Expiration><Days>1</Days></Expiration>",
                "INVALID_REQUEST|<Status>Enabled</Status><Filter><And><Tag><Key>k</Key><Value>1</Value></Tag><Tag><Key>k</Key><Value>2</Value></Tag></And></Filter><Expiration><Days>1</Days></Expiration>",
                "INVALID_REQUEST|<Status>Enabled</Status><Filter><Tag><Key>k</Key><Value>1</Value></Tag></Filter><AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>",
                "INVALID_REQUEST|<Status>Enabled</Status><Filter><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
                "MALFORMED_XML|<Status>Enabled</Status><Filter/><Expiration><Days>1</Days></Expiration><Surprise/>",
            })
    void what_is_no_rule_is_refused_as_s3_does(S3Error error, String content) {
        assertThatThrownBy(() -> parse(rule(content)))
                .isInstanceOfSatisfying(
                        S3Refusal.class, refusal -> assertThat(refusal.error()).isEqualTo(error));
    }

    @Test
    void there_are_one_to_a_thousand_rules_with_ids_of_their_own_of_at_most_255_characters() {
        String thousand = rule(ALL + A_DAY).repeat(1000);
        assertThat(parse(thousand).rules()).hasSize(1000);
        assertThat(parse(rule("<ID>" + "x".repeat(255) + "</ID>" + ALL + A_DAY)).rules())
                .hasSize(1);
        assertThatThrownBy(() -> parse(thousand + rule(ALL + A_DAY))).isInstanceOf(S3Refusal.class);
        assertThatThrownBy(() -> parse("")).isInstanceOf(S3Refusal.class);
        assertThatThrownBy(() -> parse(rule("<ID>" + "x".repeat(256) + "</ID>" + ALL + A_DAY)))
                .isInstanceOf(S3Refusal.class);
        assertThatThrownBy(() -> parse(rule("<ID>a</ID>" + ALL + A_DAY).repeat(2)))
                .isInstanceOf(S3Refusal.class);
    }
}
