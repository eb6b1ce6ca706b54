package allod.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccessLogTest {
    private static void endpoint(Exchange exchange) throws IOException {
        exchange.endpoint("GetThing");
        switch (exchange.rawPath()) {
            case "/whole" -> exchange.respond(200, Headers.empty(), Listening.bytes("content"));
            case "/refused" -> throw new IllegalStateException("inner words");
            default -> {
                try (var body = exchange.respond(200, Headers.empty(), 100)) {
                    body.write(Listening.bytes("cut"), 0, 3);
                    throw new IllegalStateException("half-way");
                }
            }
        }
    }

    private static Answered told(String method, String path) throws Exception {
        BlockingQueue<Answered> answers = new LinkedBlockingQueue<>();
        try (var listener = HttpListener.start(
                        Listening.ANY,
                        Optional.empty(),
                        HttpLimits.defaults(),
                        AccessLogTest::endpoint,
                        Listening.ERRORS,
                        answers::add);
                var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + listener.bound() + path))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            try {
                client.send(request, HttpResponse.BodyHandlers.ofString());
            } catch (IOException cut) {
                assertThat(path).isEqualTo("/cut");
            }
            Answered answered = answers.poll(30, TimeUnit.SECONDS);
            assertThat(answered).isNotNull();
            return answered;
        }
    }

    @Test
    void every_answer_is_told_with_its_endpoint_status_and_bytes() throws Exception {
        assertThat(told("GET", "/whole"))
                .matches(a -> a.endpoint().equals("GetThing") && a.status() == 200 && a.bytes() == 7);
        assertThat(told("HEAD", "/whole")).matches(a -> a.status() == 200 && a.bytes() == 0);
        assertThat(told("GET", "/refused")).matches(a -> a.endpoint().equals("GetThing") && a.status() == 500);
        assertThat(told("GET", "/cut")).matches(a -> a.status() == 200 && a.bytes() == 3);
        assertThat(told("GET", "/whole").requestId()).matches("[0-9A-F]{16}");
    }

    @Test
    void a_line_at_debug_has_nothing_that_a_client_chose() throws Exception {
        var logger = (Logger) LoggerFactory.getLogger(AccessLog.class);
        Level before = logger.getLevel();
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        try {
            var log = new AccessLog("s3", new Metrics(InstantSource.system()));
            var answered = told("GET", "/whole");
            logger.setLevel(Level.INFO);
            log.answered(answered);
            assertThat(lines.list).isEmpty();
            logger.setLevel(Level.DEBUG);
            log.answered(answered);
            assertThat(lines.list).hasSize(1);
            assertThat(lines.list.getFirst().getKeyValuePairs().stream().map(pair -> pair.key))
                    .isEqualTo(List.of("address", "request", "endpoint", "status", "bytes", "ms"));
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(before);
        }
    }
}
