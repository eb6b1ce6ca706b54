package allod.http;

import java.util.Optional;
import org.eclipse.jetty.server.Request;

/**
 * What a request asks for, exactly as it was sent.
 *
 * @param path begins with a slash
 * @param query what follows the first question mark; empty if there is none
 */
record Target(String path, String query) {
    /** The target of a request; empty if it is none that can be served: {@code *}, an authority, or not UTF-8. */
    static Optional<Target> of(Request request) {
        String raw = request.getConnectionMetaData().getConnection() instanceof RawTargetConnection connection
                ? connection.target()
                : "";
        if (!raw.startsWith("/")) {
            // The absolute form, which proxies send.
            String pathAndQuery = request.getHttpURI().getPathQuery();
            raw = pathAndQuery == null ? "" : pathAndQuery;
        }
        if (!raw.startsWith("/") || raw.indexOf('\uFFFD') >= 0 || raw.indexOf('#') >= 0) {
            return Optional.empty();
        }
        int question = raw.indexOf('?');
        return Optional.of(
                question < 0
                        ? new Target(raw, "")
                        : new Target(raw.substring(0, question), raw.substring(question + 1)));
    }
}
