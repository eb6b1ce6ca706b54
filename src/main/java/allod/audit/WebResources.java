package allod.audit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fetches over HTTP, with a limit on length, on the whole time of each try, and on tries; follows no redirect. */
final class WebResources implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int TRIES = 3;

    private final Duration timeout;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    WebResources() {
        this(Duration.ofSeconds(30));
    }

    /** @param timeout of one try, from the request to the last byte of its answer */
    WebResources(Duration timeout) {
        this.timeout = timeout;
    }

    /** The address of a resource under a prefix, whether that ends in a slash or not. */
    static URI under(URI prefix, String path) throws IOException {
        String scheme = prefix.getScheme() == null ? "" : prefix.getScheme().toLowerCase(Locale.ROOT);
        if ((!scheme.equals("http") && !scheme.equals("https")) || prefix.getHost() == null) {
            throw new IOException(prefix + " is not an http or https address");
        }
        if (prefix.getRawQuery() != null || prefix.getRawFragment() != null) {
            throw new IOException(prefix + " has a query or a fragment");
        }
        String base = prefix.toString();
        return URI.create(base.endsWith("/") ? base + path : base + "/" + path);
    }

    /**
     * The bytes at an address.
     *
     * @return empty where the server says that it has nothing there
     * @throws IOException for any other answer, one longer than maxBytes included, and where there was none
     */
    Optional<byte[]> get(URI address, int maxBytes) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                HttpResponse<byte[]> answer = send(address, maxBytes);
                switch (answer.statusCode()) {
                    case 200 -> {
                        return Optional.of(answer.body());
                    }
                    case 404, 410 -> {
                        return Optional.empty();
                    }
                    default -> {
                        boolean passing = answer.statusCode() >= 500 || answer.statusCode() == 429;
                        if (!passing || tries == TRIES) {
                            throw new RefusedException(address + " answered " + answer.statusCode());
                        }
                    }
                }
            } catch (RefusedException e) {
                throw e;
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw new IOException(address + " could not be read: " + e.getMessage(), e);
                }
            }
            pause(tries);
        }
    }

    /** An answer that another try will not change. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    private HttpResponse<byte[]> send(URI address, int maxBytes) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header("User-Agent", "allod-audit")
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), maxBytes));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no whole answer within " + timeout.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw interrupted(e);
        }
    }

    private static void pause(int tries) throws IOException {
        try {
            Thread.sleep(Duration.ofMillis(200L * tries));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", e);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
