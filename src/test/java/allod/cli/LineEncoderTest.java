package allod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import allod.Config;
import allod.base.Problem;
import allod.base.Reason;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LineEncoderTest {
    private static final Logger LOGGER = new LoggerContext().getLogger("allod.store");

    @Test
    void an_event_is_one_line_whatever_it_says() {
        assertThat(encoded(Config.Logging.Format.TEXT, "two\nlines \u2028 and \"quotes\"", null))
                .isEqualTo("time=1970-01-01T00:00:00Z level=INFO logger=allod.store"
                        + " msg=\"two\\nlines \\u2028 and \\\"quotes\\\"\"\n");
        assertThat(encoded(Config.Logging.Format.TEXT, "plain", null)).endsWith(" msg=plain\n");
    }

    @Test
    void json_is_read_back_as_it_was() {
        String message = "tab\t, nul\u0000, \ud83d\ude00, back\\slash";
        var json =
                JsonOption.JSON.readTree(encoded(Config.Logging.Format.JSON, message, new IllegalStateException("x")));
        assertThat(json.path("msg").asString()).isEqualTo(message);
        assertThat(json.path("error").asString()).isEqualTo("java.lang.IllegalStateException: x");
        assertThat(json.path("at").asString()).contains("LineEncoderTest.");
    }

    @Test
    void of_a_problem_only_the_reason_is_written_since_its_texts_may_name_an_object() {
        var problem = new Problem(Reason.NO_SUCH_KEY, "s3://bucket/private.txt is not there.", "Why.", "Next.");
        assertThat(encoded(Config.Logging.Format.TEXT, "failed", new IllegalStateException("outer", problem)))
                .contains("Problem NO_SUCH_KEY")
                .doesNotContain("private.txt");
    }

    @Test
    void logback_takes_our_configuration_and_shows_others_only_from_warnings_on() {
        assertThat(LoggerFactory.getILoggerFactory()).isInstanceOf(LoggerContext.class);
        assertThat(LoggerFactory.getLogger("allod.store").isInfoEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("org.eclipse.jetty").isInfoEnabled()).isFalse();
        assertThat(LoggerFactory.getLogger("org.eclipse.jetty").isWarnEnabled()).isTrue();
    }

    private static String encoded(Config.Logging.Format format, String message, @Nullable Throwable fault) {
        var event = new LoggingEvent("", LOGGER, Level.INFO, message, fault, null);
        event.setInstant(java.time.Instant.EPOCH);
        return new String(new LineEncoder(format).encode(event), StandardCharsets.UTF_8);
    }
}
