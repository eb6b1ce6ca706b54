package allod.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9000", "[::1]:0", "localhost:65535"})
    void an_address_reads_as_it_is_written(String text) {
        assertThat(Address.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":1", "host", "host:", "host:65536", "host:-1", "::1:9000", "host:1x", "host:123456"})
    void what_is_no_address_is_refused(String text) {
        assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void headers_are_found_in_any_case_and_kept_in_order() {
        Headers headers = Headers.builder()
                .add("A", "1")
                .add("b", "2")
                .add("a", "3")
                .set("B", "4")
                .build();
        assertThat(headers.all("a")).containsExactly("1", "3");
        assertThat(headers.first("b")).contains("4");
        assertThat(headers.first("c")).isEmpty();
        assertThat(headers.size()).isEqualTo(3);
        assertThat(headers).hasToString("[A, a, B]");
    }

    @Test
    void a_header_that_would_split_the_answer_is_refused_and_not_repeated() {
        for (String value : new String[] {"a\r\nSet: b", "a\nb", "a\0", "\u20ac", "a\u007f"}) {
            assertThatThrownBy(() -> Headers.of("X-A", value))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(value);
        }
        for (String name : new String[] {"", "a b", "a:", "\u00e4", "a\r"}) {
            assertThatThrownBy(() -> Headers.of(name, "v")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_query_is_read_in_order_with_plus_as_space() {
        Query query = Query.parse("a=1&b&&c=%2B+x&a=2=3&=v");
        assertThat(query.parameters())
                .containsExactly(
                        new Query.Parameter("a", "1"),
                        new Query.Parameter("b", ""),
                        new Query.Parameter("c", "+ x"),
                        new Query.Parameter("a", "2=3"),
                        new Query.Parameter("", "v"));
        assertThat(query.first("a")).contains("1");
        assertThat(query.has("d")).isFalse();
        for (String bad : new String[] {"a=%", "a=%4", "%zz=1", "a=%ff"}) {
            assertThatThrownBy(() -> Query.parse(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void limits_above_zero_are_taken_and_zero_is_not() {
        HttpLimits defaults = HttpLimits.defaults();
        assertThat(defaults.withConnections(1).connections()).isEqualTo(1);
        assertThatThrownBy(() -> defaults.withConnections(0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(defaults.withRequests(1, 0, defaults.patience()).waiting()).isZero();
        assertThatThrownBy(() -> defaults.withRequests(1, -1, defaults.patience()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
