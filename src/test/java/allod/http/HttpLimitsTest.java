package allod.http;

import static allod.http.Listening.bytes;
import static allod.http.Listening.readAll;
import static allod.http.Listening.start;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HttpLimitsTest {
    private static final HttpLimits DEFAULTS = HttpLimits.defaults();

    private static String get(String path, int lengthOfHead) {
        String start = "GET " + path + " HTTP/1.1\r\nHost: h\r\nX-Fill: ";
        return start + "x".repeat(lengthOfHead - start.length() - 4) + "\r\n\r\n";
    }

    @Test
    void a_head_is_taken_up_to_its_limit_of_bytes_and_no_further() throws Exception {
        try (var listener = start(DEFAULTS.withHead(2048, 200, Duration.ofSeconds(20)), Listening::echo);
                var client = new RawClient(listener.bound())) {
            assertThat(client.send(get("/", 2040)).answer().status()).isEqualTo(200);
            assertThat(client.send(get("/", 2060)).rest()).startsWith("HTTP/1.1 431");
        }
    }

    @Test
    void a_head_is_taken_up_to_its_limit_of_fields_and_no_further() throws Exception {
        try (var listener = start(DEFAULTS.withHead(8192, 10, Duration.ofSeconds(20)), Listening::echo);
                var client = new RawClient(listener.bound())) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n" + "X-A: b\r\n".repeat(9) + "\r\n")
                            .answer()
                            .status())
                    .isEqualTo(200);
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n" + "X-A: b\r\n".repeat(10) + "\r\n")
                            .rest())
                    .startsWith("HTTP/1.1 431");
        }
    }

    /** Sends a line at a time until the server closes. */
    private static void dripUntilClosed(RawClient client, String line) throws InterruptedException {
        try {
            for (int i = 0; i < 1000; i++) {
                client.send(line);
                Thread.sleep(20);
            }
        } catch (IOException closed) {
            return;
        }
        throw new AssertionError("the server let a client drip 1,000 lines");
    }

    @Test
    void a_client_that_drips_its_first_head_is_cut() throws Exception {
        try (var listener = start(DEFAULTS.withHead(65536, 2000, Duration.ofMillis(300)), Listening::echo);
                var client = new RawClient(listener.bound())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n");
            dripUntilClosed(client, "X-A: b\r\n");
        }
    }

    @Test
    void a_client_that_drips_a_later_head_is_cut() throws Exception {
        try (var listener = start(DEFAULTS.withHead(65536, 2000, Duration.ofMillis(300)), Listening::echo);
                var client = new RawClient(listener.bound())) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().status())
                    .isEqualTo(200);
            client.send("GET / HTTP/1.1\r\nHost: h\r\n");
            dripUntilClosed(client, "X-A: b\r\n");
        }
    }

    @Test
    void a_client_that_connects_and_sends_nothing_is_cut() throws Exception {
        try (var listener = start(DEFAULTS.withHead(65536, 2000, Duration.ofMillis(100)), Listening::echo);
                var client = new RawClient(listener.bound())) {
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void a_client_may_rest_between_requests_longer_than_a_head_may_take() throws Exception {
        try (var listener = start(DEFAULTS.withHead(65536, 2000, Duration.ofMillis(100)), Listening::echo);
                var client = new RawClient(listener.bound())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer();
            Thread.sleep(400);
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void an_idle_connection_is_closed_and_a_long_handler_is_not() throws Exception {
        try (var listener = start(DEFAULTS.withIdle(Duration.ofMillis(200)), e -> {
                    Thread.sleep(800);
                    e.respond(200, Headers.empty(), bytes("slow"));
                });
                var client = new RawClient(listener.bound())) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().body())
                    .isEqualTo("slow");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void a_client_that_drips_its_body_is_told_so_and_cut() throws Exception {
        var fault = new AtomicReference<IOException>();
        try (var listener = start(DEFAULTS.withLeastRate(1000, Duration.ofMillis(200)), e -> {
                    try {
                        readAll(e.body());
                    } catch (BodyTooSlow slow) {
                        fault.set(slow);
                        throw slow;
                    }
                });
                var client = new RawClient(listener.bound())) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
            var reader = new AtomicReference<String>();
            var reading = Thread.ofVirtual().start(() -> {
                try {
                    reader.set(client.rest());
                } catch (IOException e) {
                    reader.set(e.toString());
                }
            });
            for (int i = 0; i < 900 && fault.get() == null; i++) {
                client.send("x");
                Thread.sleep(20);
            }
            reading.join();
            assertThat(fault.get()).isInstanceOf(BodyTooSlow.class);
            assertThat(reader.get()).startsWith("HTTP/1.1 408").containsIgnoringCase("Connection: close");
        }
    }

    @Test
    void a_client_above_the_least_rate_may_take_longer_than_the_grace() throws Exception {
        try (var listener = start(DEFAULTS.withLeastRate(50, Duration.ofMillis(100)), Listening::echo);
                var client = new RawClient(listener.bound())) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 600\r\n\r\n");
            for (int i = 0; i < 6; i++) {
                client.send("x".repeat(100));
                Thread.sleep(60);
            }
            assertThat(client.answer().body()).hasSize(600);
        }
    }

    @Test
    void a_client_that_does_not_read_its_answer_is_cut() throws Exception {
        var fault = new AtomicReference<IOException>();
        var seen = new CountDownLatch(1);
        try (var listener = start(DEFAULTS.withLeastRate(100_000_000, Duration.ofMillis(200)), e -> {
                    var block = new byte[65536];
                    try (var out = e.respond(200, Headers.empty(), 1L << 30)) {
                        for (long sent = 0; sent < 1L << 30; sent += block.length) {
                            out.write(block, 0, block.length);
                        }
                    } catch (ClientGone gone) {
                        fault.set(gone);
                        seen.countDown();
                        throw gone;
                    }
                });
                var client = new RawClient(listener.bound())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            seen.await();
            assertThat(fault.get()).hasMessageContaining("too slowly");
        }
    }

    @Test
    void requests_beyond_those_at_once_wait_and_beyond_those_that_may_wait_are_answered_busy() throws Exception {
        var go = new CountDownLatch(1);
        var inside = new CountDownLatch(1);
        try (var listener = start(DEFAULTS.withRequests(1, 1, Duration.ofSeconds(30)), e -> {
            inside.countDown();
            go.await();
            e.respond(200, Headers.empty(), bytes("done"));
        })) {
            var clients = new ArrayList<RawClient>();
            for (int i = 0; i < 3; i++) {
                var client = new RawClient(listener.bound());
                clients.add(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
                if (i == 0) {
                    inside.await();
                }
            }
            // One is inside, one waits; whichever of the two came last is answered at once, and first.
            var answers = new ArrayList<Integer>();
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(300);
                    go.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            for (var client : clients) {
                var answer = client.answer();
                answers.add(answer.status());
                if (answer.status() == 503) {
                    assertThat(answer.body()).isEqualTo("SlowDown");
                    assertThat(answer.hasHeader("Retry-After: 1")).isTrue();
                }
                client.close();
            }
            assertThat(answers).containsExactlyInAnyOrder(200, 200, 503);
        }
    }

    @Test
    void a_request_that_waited_its_time_is_answered_busy() throws Exception {
        var go = new CountDownLatch(1);
        var inside = new CountDownLatch(1);
        try (var listener = start(DEFAULTS.withRequests(1, 1, Duration.ofMillis(50)), e -> {
                    inside.countDown();
                    go.await();
                    e.respond(200, Headers.empty(), bytes("done"));
                });
                var first = new RawClient(listener.bound());
                var second = new RawClient(listener.bound())) {
            first.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            inside.await();
            assertThat(second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().status())
                    .isEqualTo(503);
            go.countDown();
            assertThat(first.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void connections_beyond_the_limit_wait_until_one_closes() throws Exception {
        try (var listener = start(DEFAULTS.withConnections(2), Listening::echo);
                var first = new RawClient(listener.bound());
                var second = new RawClient(listener.bound())) {
            assertThat(first.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().status())
                    .isEqualTo(200);
            assertThat(second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().status())
                    .isEqualTo(200);
            try (var third = new RawClient(listener.bound())) {
                third.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                Thread.sleep(200);
                assertThat(third.in().available()).isZero();
                first.hangUp();
                assertThat(third.answer().status()).isEqualTo(200);
            }
        }
    }
}
