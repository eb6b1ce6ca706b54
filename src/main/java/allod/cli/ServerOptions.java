package allod.cli;

import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --pact} and {@code --s3}: where the server is; and the requests that go there. */
final class ServerOptions {
    /** The longest receipt or page of a list that is read, bytes. */
    static final int MAX_ANSWER = 64 << 20;

    private static final String PACT = "http://127.0.0.1:9001";

    private final Surroundings surroundings;
    private final HttpAnswers http = new HttpAnswers(InstantSource.system());

    @Option(names = "--pact", paramLabel = "URL", description = "The pact address (default http://127.0.0.1:9001).")
    private @Nullable String pact;

    @Option(names = "--s3", paramLabel = "URL", description = "The S3 address (default http://127.0.0.1:9000).")
    private @Nullable String s3;

    ServerOptions(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Gets a signed resource of the pact address. */
    HttpAnswers.Answer pact(String pathAndQuery) throws IOException {
        URI uri = uri(pact, PACT, pathAndQuery);
        return http.signed("GET", uri, "allod", ClientCredentials.find(surroundings), MAX_ANSWER);
    }

    /** The pact address itself. */
    URI pactAddress() {
        return uri(pact, PACT, "");
    }

    /** Deletes an object. */
    HttpAnswers.Answer delete(String bucket, String key) throws IOException {
        URI uri = uri(s3, "http://127.0.0.1:9000", "/" + bucket + "/" + encoded(key));
        return http.signed("DELETE", uri, "s3", ClientCredentials.find(surroundings), MAX_ANSWER);
    }

    /** A base URL as given, checked, with a path below it. */
    static URI uri(@Nullable String given, String standard, String pathAndQuery) {
        String base = given == null ? standard : given;
        try {
            URI uri = new URI(base.endsWith("/") ? base.substring(0, base.length() - 1) : base);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web
                    && uri.getHost() != null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null) {
                return URI.create(uri + pathAndQuery);
            }
        } catch (URISyntaxException e) {
            // Told below, like a URL of the wrong kind.
        }
        throw new Problem(
                Reason.INVALID_ARGUMENT,
                "The request was not sent.",
                "'" + base + "' is not the URL of a server.",
                "Give one such as " + standard + ".");
    }

    /** Percent-encoding as S3 signs it: all but unreserved characters and the slash. */
    static String encoded(String key) {
        StringBuilder path = new StringBuilder();
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._~/".indexOf(c) >= 0;
            if (plain) {
                path.append(c);
            } else {
                path.append(String.format("%%%02X", (int) c));
            }
        }
        return path.toString();
    }
}
