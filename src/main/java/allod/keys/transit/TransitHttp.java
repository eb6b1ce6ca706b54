package allod.keys.transit;

import allod.base.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * The requests: one address, no redirects, an answer of bounded size within a bounded time. A request is sent again at
 * most twice, after a pause of random length, and only where a second one changes nothing that the first did not.
 */
final class TransitHttp implements AutoCloseable {
    /** Longest answer, in bytes: a key with some thousand versions. */
    static final int MAX_ANSWER = 256 * 1024;

    private static final int MAX_TRIES = 3;
    private static final int PAUSE_MILLIS = 50;

    private final TransitSettings settings;
    private final RandomGenerator random;
    private final HttpClient client;
    private final Login login;

    /** Whether a request may be sent a second time when it is not known what came of the first. */
    enum Repeat {
        SAFE,
        /** It is sent again only where it certainly did not arrive. */
        ONCE
    }

    /** One request without any repetition, for logging in. */
    @FunctionalInterface
    interface Door {
        Answer exchange(String method, String path, byte[] body, Optional<String> token) throws IOException;
    }

    TransitHttp(TransitSettings settings, InstantSource clock, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout());
        settings.caFile().ifPresent(file -> builder.sslContext(TransitTls.trusting(settings.id(), file)));
        this.client = builder.build();
        this.login = switch (settings.credentials()) {
            case TransitSettings.Credentials.TokenFile(var file) -> new TokenFileLogin(file);
            case TransitSettings.Credentials.AppRole role -> new AppRoleLogin(role, this::exchange, clock);
        };
    }

    /** What the operator should know of how the login's secret is kept. */
    List<String> loginRemarks() {
        return login.remarks();
    }

    /**
     * Sends a request with a token.
     *
     * @return the answer, whatever its status, but not one that says that the server cannot answer now
     * @throws Problem CUSTODIAN_AWAY if there is no answer, no token, or the server is sealed or failing
     */
    Answer send(String method, String path, byte[] body, Repeat repeat) {
        boolean tokenReplaced = false;
        for (int attempt = 1; ; attempt++) {
            try {
                String token = login.token();
                Answer answer = exchange(method, path, body, Optional.of(token));
                if (answer.status() == 403 && !tokenReplaced && login.replace(token)) {
                    tokenReplaced = true;
                } else if (answer.status() < 500 && answer.status() != 429 && answer.status() != 412) {
                    return answer;
                } else if (repeat == Repeat.ONCE || isFinal(answer) || attempt == MAX_TRIES) {
                    return answer;
                }
            } catch (TooLong e) {
                throw away(String.valueOf(e.getMessage()), "See what answers at " + settings.address() + ".", e);
            } catch (IOException e) {
                boolean arrived = !(e instanceof ConnectException || e instanceof HttpConnectTimeoutException);
                if (attempt == MAX_TRIES || (arrived && repeat == Repeat.ONCE)) {
                    throw away(described(e), "See that it runs at " + settings.address() + " and can be reached.", e);
                }
            }
            pause(attempt);
        }
    }

    /** Sealed stays sealed for longer than a pause, and a bad value gives 500 however often it is sent. */
    private static boolean isFinal(Answer answer) {
        return answer.status() == 500 || answer.error().contains("sealed");
    }

    /** Asks without a token, as health is asked; not repeated. */
    Answer health() throws IOException {
        return exchange("GET", "sys/health", new byte[0], Optional.empty(), false);
    }

    private Answer exchange(String method, String path, byte[] body, Optional<String> token) throws IOException {
        return exchange(method, path, body, token, true);
    }

    private Answer exchange(String method, String path, byte[] body, Optional<String> token, boolean inNamespace)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.address() + "/v1/" + path))
                .timeout(settings.timeout())
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        token.ifPresent(value -> request.header("X-Vault-Token", value));
        if (inNamespace) {
            settings.namespace().ifPresent(name -> request.header("X-Vault-Namespace", name));
        }
        CompletableFuture<HttpResponse<byte[]>> coming =
                client.sendAsync(request.build(), info -> new BoundedBody(MAX_ANSWER));
        try {
            // The request's own timeout ends at the headers; this one takes in the body.
            HttpResponse<byte[]> response = coming.get(settings.timeout().toMillis() * 2, TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.body());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException("the request failed", e.getCause());
        } catch (TimeoutException e) {
            coming.cancel(true);
            throw new IOException("the answer did not end in time", e);
        } catch (InterruptedException e) {
            coming.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void pause(int attempt) {
        try {
            int base = PAUSE_MILLIS << (attempt - 1);
            Thread.sleep(base + random.nextInt(base));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away("the wait for it was interrupted", "Send the request again.", e);
        }
    }

    private static String described(IOException e) {
        String message = e.getMessage();
        return message == null || message.isBlank()
                ? e instanceof ConnectException ? "the connection was refused" : e.toString()
                : message;
    }

    private Problem away(String why, String next, Throwable cause) {
        Problem problem = TransitKeys.problem(settings.id(), "it did not answer: " + why + ".", next);
        problem.initCause(cause);
        return problem;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** An answer beyond the limit. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1;

        TooLong(int limit) {
            super("its answer is longer than " + limit + " bytes");
        }
    }

    /** Takes an answer of bounded size; its pieces are overwritten as soon as they are in one place. */
    private static final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
        private final Pieces pieces = new Pieces();
        private final int limit;
        private Optional<Flow.Subscription> source = Optional.empty();

        BoundedBody(int limit) {
            this.limit = limit;
        }

        /** A stream of bytes whose inner array can be overwritten. */
        private static final class Pieces extends ByteArrayOutputStream {
            Pieces() {
                super(4096);
            }

            byte[] take() {
                byte[] bytes = toByteArray();
                Arrays.fill(buf, (byte) 0);
                reset();
                return bytes;
            }
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            source = Optional.of(subscription);
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (pieces.size() + buffer.remaining() > limit) {
                    source.ifPresent(Flow.Subscription::cancel);
                    whole.completeExceptionally(new TooLong(limit));
                    return;
                }
                byte[] piece = new byte[buffer.remaining()];
                buffer.get(piece);
                pieces.write(piece, 0, piece.length);
                Arrays.fill(piece, (byte) 0);
            }
        }

        @Override
        public void onError(Throwable failure) {
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            whole.complete(pieces.take());
        }
    }
}
