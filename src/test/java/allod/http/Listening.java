package allod.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What tests of a listener share: a plain start, and error answers that say which they are. */
final class Listening {
    static final Address ANY = new Address("127.0.0.1", 0);

    private Listening() {}

    static final ErrorAnswers ERRORS = new ErrorAnswers() {
        @Override
        public void busy(Exchange exchange, Duration retryAfter) throws IOException {
            exchange.respond(503, Headers.of("Retry-After", Long.toString(retryAfter.toSeconds())), bytes("SlowDown"));
        }

        @Override
        public void failed(Exchange exchange, Throwable fault) throws IOException {
            int status = fault instanceof BodyTooSlow ? 408 : 500;
            exchange.respond(status, Headers.empty(), bytes(fault.getClass().getSimpleName()));
        }
    };

    static HttpListener start(HttpLimits limits, HttpHandler handler) throws IOException {
        return HttpListener.start(ANY, Optional.empty(), limits, handler, ERRORS);
    }

    static HttpListener start(HttpHandler handler) throws IOException {
        return start(HttpLimits.defaults(), handler);
    }

    /** Reads the whole body and answers it. */
    static void echo(Exchange exchange) throws IOException {
        exchange.respond(200, Headers.empty(), readAll(exchange.body()));
    }

    static byte[] readAll(RequestBody body) throws IOException {
        var out = new java.io.ByteArrayOutputStream();
        var buffer = new byte[1000];
        for (int count = body.read(buffer, 0, buffer.length); count >= 0; count = body.read(buffer, 0, buffer.length)) {
            out.write(buffer, 0, count);
        }
        return out.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
