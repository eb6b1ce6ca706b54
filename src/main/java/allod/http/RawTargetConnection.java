package allod.http;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * A connection that keeps the target of each request as it was sent. The server beneath resolves dots, escapes and zero
 * bytes and refuses what makes no path, all of which an object's key may hold; so it is told a plain slash in place of
 * every target that begins with one.
 */
final class RawTargetConnection extends HttpConnection {
    private String target = "";

    private RawTargetConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
        super(configuration, connector, endPoint);
    }

    /** The target of the request whose head was parsed last; the next head is parsed only after its answer. */
    String target() {
        return target;
    }

    @Override
    protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
        target = uri;
        return super.newHttpStream(method, uri.startsWith("/") ? "/" : uri, version);
    }

    /** Makes such connections. */
    static final class Factory extends HttpConnectionFactory {
        Factory(HttpConfiguration configuration) {
            super(configuration);
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            return configure(new RawTargetConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
        }
    }
}
