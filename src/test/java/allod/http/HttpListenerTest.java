package allod.http;

import static allod.http.Listening.bytes;
import static allod.http.Listening.readAll;
import static allod.http.Listening.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpListenerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/bucket/a//b",
                "//a/b",
                "/b/a/../b",
                "/b/./c",
                "/..",
                "/../../x",
                "/b/%2F%2f",
                "/b/%00",
                "/b/a+b%20c;v=1",
                "/b/%2e%2e/%zz",
                "/b/%E2%82%AC~!$&'()*,:@",
                "/b/a%3Fb%23"
            })
    void a_path_reaches_the_handler_as_it_was_sent(String path) throws Exception {
        try (var listener = start(e -> e.respond(200, Headers.empty(), bytes(e.rawPath() + " " + e.rawQuery())));
                var client = new RawClient(listener.bound())) {
            client.send("GET " + path + "?x=%2F&y HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo(path + " x=%2F&y");
        }
    }

    @Test
    void headers_keep_their_order_their_repetitions_and_their_bytes() throws Exception {
        try (var listener = start(e -> e.respond(
                        200,
                        Headers.empty(),
                        bytes(String.join("|", e.headers().all("x-AMZ-meta-a")) + "|" + e.host())));
                var client = new RawClient(listener.bound())) {
            client.send(
                    "GET / HTTP/1.1\r\nHost: h:1\r\nX-Amz-Meta-A: one  two\r\nx-amz-meta-a: \u00e2\u0082\u00ac\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("one  two|\u00e2\u0082\u00ac|h:1");
        }
    }

    @Test
    void a_peers_address_stands_without_brackets_and_without_its_link() throws Exception {
        byte[] linkLocal = new byte[16];
        linkLocal[0] = (byte) 0xfe;
        linkLocal[1] = (byte) 0x80;
        linkLocal[15] = 1;
        assertThat(JettyExchange.text(Inet6Address.getByAddress("", linkLocal, 1)))
                .isEqualTo("fe80:0:0:0:0:0:0:1");
        boolean loopback = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress());
        assumeTrue(loopback, "this machine has no IPv6");
        try (var listener = HttpListener.start(
                        new Address("::1", 0),
                        Optional.empty(),
                        HttpLimits.defaults(),
                        e -> e.respond(200, Headers.empty(), bytes(e.remoteAddress())),
                        Listening.ERRORS);
                var client = new RawClient(listener.bound())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("0:0:0:0:0:0:0:1");
        }
    }

    @Test
    void an_answer_says_nothing_of_the_server() throws Exception {
        try (var listener = start(e -> e.respond(200, Headers.empty(), bytes("hi")));
                var client = new RawClient(listener.bound())) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().head())
                    .doesNotContainIgnoringCase("server:")
                    .doesNotContainIgnoringCase("jetty");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\nbad header\r\n\r\n")
                            .rest())
                    .startsWith("HTTP/1.1 400")
                    .doesNotContainIgnoringCase("jetty");
        }
    }

    @Test
    void pipelined_requests_are_answered_in_order_on_one_connection() throws Exception {
        try (var listener = start(Listening::echo);
                var client = new RawClient(listener.bound())) {
            client.send("PUT /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\none"
                    + "PUT /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n"
                    + "PUT /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("one");
            assertThat(client.answer().body()).isEqualTo("two");
            assertThat(client.answer().body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                "Content-Length: 3\r\nContent-Length: 4\r\n",
                "Content-Length: 3\r\nContent-Length: 3\r\n",
                "Content-Length: 3, 3\r\n",
                "Content-Length: +3\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: 3 \r\n folded\r\n",
                "X-A: b\r\n folded: c\r\n",
                "X-A : b\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Host: other\r\n",
                "X-A: b\0c\r\n",
                "X-A: b\rc\r\n",
                "X-A: b\n"
            })
    void a_head_that_two_servers_could_read_differently_is_refused(String header) throws Exception {
        var handled = new AtomicInteger();
        try (var listener = start(e -> {
                    handled.incrementAndGet();
                    Listening.echo(e);
                });
                var client = new RawClient(listener.bound())) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\n" + header
                    + "\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 4").doesNotContain("HTTP/1.1 2");
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void continue_is_sent_only_when_the_handler_reads() throws Exception {
        try (var listener = start(e -> {
                    if (e.rawPath().equals("/read")) {
                        Listening.echo(e);
                    } else {
                        e.respond(403, Headers.empty(), bytes("no"));
                    }
                });
                var reading = new RawClient(listener.bound());
                var refused = new RawClient(listener.bound())) {
            reading.send("PUT /read HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertThat(reading.head()).startsWith("HTTP/1.1 100");
            assertThat(reading.send("body").answer().body()).isEqualTo("body");
            refused.send("PUT /no HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertThat(refused.rest()).startsWith("HTTP/1.1 403").doesNotContain(" 100 ");
        }
    }

    @Test
    void a_refused_body_on_its_way_does_not_cost_the_client_its_answer() throws Exception {
        try (var listener = start(e -> e.respond(403, Headers.empty(), bytes("no")));
                var client = new RawClient(listener.bound())) {
            String body = "x".repeat(500_000);
            client.send("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\n" + body);
            assertThat(client.answer().status()).isEqualTo(403);
            client.send("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(403);
        }
    }

    @Test
    void trailers_are_known_after_the_end() throws Exception {
        try (var listener = start(e -> {
                    assertThat(e.body().trailers().size()).isZero();
                    byte[] content = readAll(e.body());
                    String trailer = e.body().trailers().first("X-Sum").orElse("none");
                    e.respond(
                            200,
                            Headers.empty(),
                            bytes(new String(content, java.nio.charset.StandardCharsets.US_ASCII) + trailer));
                });
                var client = new RawClient(listener.bound())) {
            client.send(
                    "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nx-sum: 7\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("ab7");
        }
    }

    @Test
    void a_body_that_ends_early_never_reads_as_whole() throws Exception {
        for (String framing :
                new String[] {"Content-Length: 10\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"}) {
            var seen = new CountDownLatch(1);
            try (var listener = start(e -> {
                        assertThatThrownBy(() -> readAll(e.body())).isInstanceOf(ClientGone.class);
                        assertThatThrownBy(() -> readAll(e.body())).isInstanceOf(ClientGone.class);
                        seen.countDown();
                    });
                    var client = new RawClient(listener.bound())) {
                client.send("PUT / HTTP/1.1\r\nHost: h\r\n" + framing).finishSending();
                seen.await();
            }
        }
    }

    @Test
    void a_bad_chunk_of_the_transfer_never_reads_as_whole() throws Exception {
        var seen = new CountDownLatch(1);
        try (var listener = start(e -> {
                    assertThatThrownBy(() -> readAll(e.body())).isInstanceOf(IOException.class);
                    seen.countDown();
                });
                var client = new RawClient(listener.bound())) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n");
            seen.await();
        }
    }

    @Test
    void head_and_bodiless_answers_send_no_body() throws Exception {
        try (var listener = start(e -> {
                    int status = e.rawPath().equals("/304") ? 304 : e.rawPath().equals("/204") ? 204 : 200;
                    e.respond(status, Headers.of("ETag", "\"x\""), bytes(status == 200 ? "four" : ""));
                });
                var client = new RawClient(listener.bound())) {
            String head = client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n").head();
            assertThat(head).contains("Content-Length: 4").startsWith("HTTP/1.1 200");
            assertThat(client.send("GET /204 HTTP/1.1\r\nHost: h\r\n\r\n").head())
                    .startsWith("HTTP/1.1 204")
                    .doesNotContain("Content-Length");
            assertThat(client.send("GET /304 HTTP/1.1\r\nHost: h\r\n\r\n").head())
                    .startsWith("HTTP/1.1 304");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().body())
                    .isEqualTo("four");
        }
    }

    @Test
    void an_answer_of_unknown_length_is_chunked_and_ends_when_the_handler_returns() throws Exception {
        try (var listener = start(e -> {
                    try (var out = e.respond(200, Headers.empty(), -1)) {
                        out.write(bytes("abc"), 0, 3);
                        out.write(bytes("de"), 0, 2);
                    }
                });
                var client = new RawClient(listener.bound())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(client.rest())
                    .contains("Transfer-Encoding: chunked")
                    .endsWith("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        }
    }

    @Test
    void a_handler_that_fails_half_way_never_leaves_a_body_that_looks_whole() throws Exception {
        try (var listener = start(e -> {
            try (var out = e.respond(200, Headers.empty(), e.rawPath().equals("/known") ? 10 : -1)) {
                out.write(bytes("abc"), 0, 3);
                if (!e.rawPath().equals("/known")) {
                    throw new IllegalStateException("expected by the test");
                }
            }
        })) {
            for (String path : new String[] {"/known", "/unknown"}) {
                try (var client = new RawClient(listener.bound())) {
                    client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
                    assertThat(client.rest())
                            .startsWith("HTTP/1.1 200")
                            .contains("abc")
                            .doesNotContain("\r\n0\r\n");
                }
            }
        }
    }

    @Test
    void a_fault_before_the_first_byte_gets_the_addresss_own_answer() throws Exception {
        try (var listener = start(e -> {
                    if (e.rawPath().equals("/announced")) {
                        e.respond(200, Headers.of("ETag", "\"x\""), 10);
                    }
                    if (!e.rawPath().equals("/silent")) {
                        throw new UnsupportedOperationException("expected by the test");
                    }
                });
                var client = new RawClient(listener.bound())) {
            for (String path : new String[] {"/plain", "/announced", "/silent"}) {
                var answer = client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n")
                        .answer();
                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.body())
                        .isEqualTo(path.equals("/silent") ? "IllegalStateException" : "UnsupportedOperationException");
                assertThat(answer.head()).doesNotContain("ETag");
            }
        }
    }

    @Test
    void large_bodies_pass_both_ways_unchanged() throws Exception {
        try (var listener = start(e -> {
                    var buffer = new byte[70_000];
                    try (var out = e.respond(200, Headers.empty(), e.body().declaredLength())) {
                        for (int n = e.body().read(buffer, 0, buffer.length);
                                n >= 0;
                                n = e.body().read(buffer, 0, buffer.length)) {
                            out.write(buffer, 0, n);
                        }
                    }
                });
                var client = new RawClient(listener.bound())) {
            var text = new StringBuilder();
            for (int i = 0; text.length() < 3_000_000; i++) {
                text.append(i).append(' ');
            }
            String body = text.toString();
            var sender = Thread.ofVirtual().start(() -> {
                try {
                    client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(client.answer().body()).isEqualTo(body);
            sender.join();
        }
    }

    @Test
    void closing_lets_running_requests_end_and_answers_new_ones_busy() throws Exception {
        var inside = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var listener = start(e -> {
            if (e.rawPath().equals("/slow")) {
                inside.countDown();
                go.await();
            }
            e.respond(200, Headers.empty(), bytes("done"));
        });
        try (var running = new RawClient(listener.bound());
                var open = new RawClient(listener.bound())) {
            assertThat(open.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().status())
                    .isEqualTo(200);
            running.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
            inside.await();
            var closing = Thread.ofVirtual().start(listener::close);
            RawClient.Answer answer;
            do {
                answer = open.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer();
            } while (answer.status() == 200);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.hasHeader("Connection: close")).isTrue();
            go.countDown();
            assertThat(running.answer().body()).isEqualTo("done");
            closing.join();
        }
    }

    @Test
    void closing_aborts_what_does_not_end_in_time() throws Exception {
        var inside = new CountDownLatch(1);
        var listener = start(HttpLimits.defaults().withStop(Duration.ofMillis(50)), e -> {
            inside.countDown();
            readAll(e.body());
        });
        try (var client = new RawClient(listener.bound())) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
            inside.await();
            listener.close();
            assertThat(client.rest()).doesNotContain("200");
        }
    }

    @Test
    void each_request_has_its_own_id() throws Exception {
        var ids = new ArrayList<String>();
        try (var listener = start(e -> {
                    ids.add(e.requestId());
                    e.respond(200, Headers.empty(), new byte[0]);
                });
                var client = new RawClient(listener.bound())) {
            for (int i = 0; i < 20; i++) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer();
            }
        }
        assertThat(ids).hasSize(20).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9A-F]{16}"));
    }

    @Test
    void an_address_that_is_taken_is_named() throws Exception {
        try (var listener = start(Listening::echo)) {
            assertThatThrownBy(() -> HttpListener.start(
                            listener.bound(),
                            java.util.Optional.empty(),
                            HttpLimits.defaults(),
                            Listening::echo,
                            Listening.ERRORS))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(listener.bound().toString());
        }
    }
}
