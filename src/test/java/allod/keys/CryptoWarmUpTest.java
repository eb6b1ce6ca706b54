package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CryptoWarmUpTest {
    @Test
    void it_ends_when_its_time_is_over() {
        var second = new AtomicLong();
        InstantSource clock = () -> Instant.ofEpochSecond(second.getAndIncrement());
        assertThat(new CryptoWarmUp(new SecureRandom(), clock).run(Duration.ofSeconds(5)))
                .isEqualTo(4);
        assertThat(new CryptoWarmUp(new SecureRandom(), clock).run(Duration.ZERO))
                .isZero();
    }

    @Test
    void it_ends_after_its_rounds_though_time_stands_still() {
        InstantSource clock = () -> Instant.EPOCH;
        assertThat(new CryptoWarmUp(new SecureRandom(), clock).run(Duration.ofSeconds(1)))
                .isEqualTo(CryptoWarmUp.MAX_ROUNDS);
    }

    @Test
    void it_runs_in_the_background_and_ends_when_interrupted() throws InterruptedException {
        Thread thread = new CryptoWarmUp(new SecureRandom(), InstantSource.system()).start(Duration.ofMinutes(1));
        assertThat(thread.isDaemon()).isTrue();
        thread.interrupt();
        thread.join();
    }
}
