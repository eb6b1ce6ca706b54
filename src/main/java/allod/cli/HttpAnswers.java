package allod.cli;

import allod.base.Problem;
import allod.base.Reason;
import allod.http.Headers;
import allod.http.RequestSigner;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Requests to a server's two addresses. An answer is read whole, up to a limit; one that asks to come back later is asked
 * again for a while.
 */
final class HttpAnswers {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(2);

    /** How often and how long a server that answers 503 is asked again. */
    private static final int ATTEMPTS = 6;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final Pattern S3_MESSAGE =
            Pattern.compile("<Code>([A-Za-z]{1,64})</Code>\\s*<Message>([^<]{0,1000})</Message>");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final InstantSource clock;

    HttpAnswers(InstantSource clock) {
        this.clock = clock;
    }

    /** What came back, whole. */
    record Answer(int status, HttpHeaders headers, byte[] body) {
        Optional<String> header(String name) {
            return headers.firstValue(name);
        }
    }

    /** Sends a signed request. */
    Answer signed(String method, URI uri, String service, ClientCredentials credentials, int maxBytes)
            throws IOException {
        RequestSigner signer = credentials.signer(service, clock);
        Headers session = credentials
                .session()
                .map(token -> Headers.of("x-amz-security-token", token))
                .orElse(Headers.empty());
        // Signed anew for each attempt, so that no wait makes a signature too old.
        Answer answer = repeated(() -> send(signer.request(method, uri, session, new byte[0]), maxBytes));
        if (answer.status() / 100 != 2) {
            throw refused(answer, uri);
        }
        return answer;
    }

    private interface Attempt {
        Answer make() throws IOException;
    }

    private static Answer repeated(Attempt attempt) throws IOException {
        Answer answer = attempt.make();
        for (int count = 1; answer.status() == 503 && count < ATTEMPTS; count++) {
            pause(answer.header("retry-after"));
            answer = attempt.make();
        }
        return answer;
    }

    private static void pause(Optional<String> retryAfter) throws IOException {
        Duration wait = retryAfter
                .filter(text -> text.matches("[0-9]{1,4}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ofSeconds(1));
        try {
            Thread.sleep(wait.compareTo(LONGEST_PAUSE) < 0 ? wait : LONGEST_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the server", e);
        }
    }

    private Answer send(HttpRequest signed, int maxBytes) throws IOException {
        URI uri = signed.uri();
        var request = HttpRequest.newBuilder(signed, (name, value) -> true)
                .timeout(ANSWER)
                .build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(maxBytes + 1);
                if (bytes.length > maxBytes) {
                    throw new IOException("the answer of " + uri + " is longer than " + maxBytes + " bytes");
                }
                return new Answer(response.statusCode(), response.headers(), bytes);
            }
        } catch (ConnectException | HttpTimeoutException e) {
            throw new Problem(
                    Reason.BUSY,
                    "No server answered at " + uri.getScheme() + "://" + uri.getRawAuthority() + ".",
                    "The connection failed: " + e.getClass().getSimpleName() + ".",
                    "Start it with `allod serve`, or name its addresses with --pact and --s3.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + uri, e);
        }
    }

    private static Problem refused(Answer answer, URI uri) {
        String text = new String(answer.body(), 0, Math.min(answer.body().length, 4096), StandardCharsets.UTF_8);
        String what = "The request to " + uri.getRawAuthority() + " was answered " + answer.status() + ".";
        Reason reason = reason(answer.status());
        try {
            JsonNode json = JsonOption.JSON.readTree(answer.body());
            if (json.path("what").isString() && json.path("why").isString()) {
                return new Problem(
                        reason,
                        json.path("what").asString(),
                        json.path("why").asString(),
                        json.path("next").asString(""));
            }
        } catch (JacksonException e) {
            // Not JSON: perhaps S3's XML, else text.
        }
        var s3 = S3_MESSAGE.matcher(text);
        String why =
                s3.find() ? s3.group(1) + ": " + s3.group(2) : text.isBlank() ? "It gave no reason." : text.strip();
        return new Problem(reason, what, why.replaceAll("\\p{Cntrl}", " "), "See docs/cli.md.");
    }

    private static Reason reason(int status) {
        return switch (status) {
            case 400 -> Reason.INVALID_ARGUMENT;
            case 401, 403 -> Reason.ACCESS_DENIED;
            case 404 -> Reason.NO_SUCH_KEY;
            case 503 -> Reason.BUSY;
            default -> Reason.INTERNAL;
        };
    }
}
