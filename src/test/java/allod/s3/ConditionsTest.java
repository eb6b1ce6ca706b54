package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.store.ReadRequest.ByteRange;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {
    @Test
    void the_three_forms_of_a_range_are_read() {
        assertThat(Conditions.range("bytes=0-0")).contains(new ByteRange.Span(0, 0));
        assertThat(Conditions.range("bytes=5-9")).contains(new ByteRange.Span(5, 9));
        assertThat(Conditions.range("bytes=5-")).contains(new ByteRange.From(5));
        assertThat(Conditions.range("bytes=-5")).contains(new ByteRange.Suffix(5));
        assertThat(Conditions.range("bytes=-0")).contains(new ByteRange.Suffix(0));
    }

    @Test
    void a_number_too_large_for_64_bits_stands_for_the_largest() {
        assertThat(Conditions.range("bytes=0-9223372036854775807")).contains(new ByteRange.Span(0, Long.MAX_VALUE));
        assertThat(Conditions.range("bytes=0-9223372036854775808")).contains(new ByteRange.Span(0, Long.MAX_VALUE));
        assertThat(Conditions.range("bytes=99999999999999999999-")).contains(new ByteRange.From(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-1,3-4",
                "bytes=4-3",
                "bytes= 4-5",
                "bytes= -1",
                "bytes=",
                "bytes=-",
                "bytes=a-b",
                "bytes=1",
                "bytes=+1-2",
                "bytes=1-2-3",
                "items=0-1",
                "0-1",
                ""
            })
    void what_is_no_single_range_of_bytes_means_the_whole(String header) {
        assertThat(Conditions.range(header)).isEmpty();
    }

    @Test
    void times_are_printed_in_both_of_s3s_forms() {
        Instant time = Instant.parse("2008-06-03T01:05:09.987Z");
        assertThat(HttpDates.header(time)).isEqualTo("Tue, 03 Jun 2008 01:05:09 GMT");
        assertThat(HttpDates.document(time)).isEqualTo("2008-06-03T01:05:09.000Z");
        assertThat(HttpDates.parse(HttpDates.header(time))).contains(Instant.parse("2008-06-03T01:05:09Z"));
        assertThat(HttpDates.parse("yesterday")).isEmpty();
    }
}
