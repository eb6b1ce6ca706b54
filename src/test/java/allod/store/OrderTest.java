package allod.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {
    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00.000001Z", "2026-11-25T12:00:00.123456Z", "2050-01-01T00:00:00Z"})
    void an_order_tells_its_time_to_the_microsecond(String time) {
        assertThat(Order.time(Order.next(0, Instant.parse(time)))).isEqualTo(Instant.parse(time));
    }

    @Test
    void orders_grow_past_the_year_2041_where_their_highest_bit_is_set() {
        long before = Order.next(0, Instant.parse("2041-01-01T00:00:00Z"));
        long after = Order.next(before, Instant.parse("2042-01-01T00:00:00Z"));
        assertThat(Order.time(after)).isEqualTo(Instant.parse("2042-01-01T00:00:00Z"));
        assertThat(Long.compareUnsigned(after, before)).isPositive();
    }

    @Test
    void a_clock_that_was_put_back_gives_no_order_twice() {
        long first = Order.next(0, Instant.parse("2045-01-01T00:00:00Z"));
        assertThat(Order.next(first, Instant.parse("2026-01-01T00:00:00Z"))).isEqualTo(first + 1);
    }
}
