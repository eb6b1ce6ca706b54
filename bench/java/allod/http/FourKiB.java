package allod.http;

import java.time.Duration;
import java.util.Optional;

/**
 * Serves 4 KiB for every request, for a load tool such as {@code wrk -t2 -c64 -d10s http://127.0.0.1:9400/}: the floor
 * under every GET of the server.
 */
public final class FourKiB {
    private FourKiB() {}

    /** @param args the port, 9400 if absent */
    public static void main(String[] args) throws Exception {
        int port = args.length > 0 ? Integer.parseInt(args[0]) : 9400;
        var body = new byte[4096];
        var headers = Headers.of("Content-Type", "application/octet-stream", "ETag", "\"0123456789abcdef\"");
        var errors = new ErrorAnswers() {
            @Override
            public void busy(Exchange exchange, Duration retryAfter) throws java.io.IOException {
                exchange.respond(503, Headers.empty(), new byte[0]);
            }

            @Override
            public void failed(Exchange exchange, Throwable fault) throws java.io.IOException {
                exchange.respond(500, Headers.empty(), new byte[0]);
            }
        };
        try (var listener = HttpListener.start(
                new Address("127.0.0.1", port),
                Optional.empty(),
                HttpLimits.defaults(),
                exchange -> exchange.respond(200, headers, body),
                errors)) {
            System.out.println("listening at " + listener.bound());
            Thread.sleep(Duration.ofHours(1));
        }
    }
}
