package allod.http;

import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/**
 * An address that serves HTTP/1.1, and over TLS HTTP/2 as well, under {@link HttpLimits}. A request that breaks HTTP itself gets a
 * plain 400 or 431 and never reaches the handler; paths reach it as they were sent, whatever they mean elsewhere.
 */
public final class HttpListener implements AutoCloseable {
    private static final int INPUT_BUFFER = 64 * 1024;

    /** Requests under way at once on one connection of HTTP/2; all count for the limit of requests as well. */
    private static final int MAX_STREAMS = 128;

    /**
     * Content that a connection of HTTP/2 may have sent without a handler having read it, in all its streams together: as
     * much as HTTP/1.1 has in its one buffer. It stands in memory outside the heap, of which the launcher gives enough for
     * {@link HttpLimits#connections}.
     */
    static final int UNREAD_BYTES = INPUT_BUFFER;

    private final Server server;
    private final ServerConnector connector;
    private final Front front;
    private final HeadWatch watch;
    private final Optional<CertificateWatch> renewal;
    private final Address bound;

    private HttpListener(
            Server server,
            ServerConnector connector,
            Front front,
            HeadWatch watch,
            Optional<CertificateWatch> renewal,
            Address bound) {
        this.server = server;
        this.connector = connector;
        this.front = front;
        this.watch = watch;
        this.renewal = renewal;
        this.bound = bound;
    }

    /**
     * Listens from now on.
     *
     * @param address where; port 0 takes any free one
     * @param tls the certificate to serve with; empty for plain HTTP
     * @param handler what answers, on a virtual thread for each request
     * @param errors the words of the answers the listener gives by itself
     * @throws IOException if the address cannot be had or the certificate cannot be read; the message names which
     */
    public static HttpListener start(
            Address address, Optional<TlsFiles> tls, HttpLimits limits, HttpHandler handler, ErrorAnswers errors)
            throws IOException {
        return start(address, tls, limits, handler, errors, answered -> {});
    }

    /**
     * The same, with somebody who is told of every answer.
     *
     * @throws IOException as above
     */
    public static HttpListener start(
            Address address,
            Optional<TlsFiles> tls,
            HttpLimits limits,
            HttpHandler handler,
            ErrorAnswers errors,
            AnswerWatch answers)
            throws IOException {
        var server = new Server(new VirtualThreadPool(0));
        var http = new RawTargetConnection.Factory(configuration(limits));
        Optional<SslContextFactory.Server> certificates =
                tls.isPresent() ? Optional.of(PemKeys.contextFactory(tls.get())) : Optional.empty();
        var connector = certificates.isPresent()
                ? new ServerConnector(server, 1, 1, overTls(certificates.get(), http, limits))
                : new ServerConnector(server, 1, 1, http);
        connector.setHost(address.host());
        connector.setPort(address.port());
        connector.setIdleTimeout(limits.idle().toMillis());
        connector.setAcceptQueueSize(1024);
        connector.addBean(new NetworkConnectionLimit(limits.connections(), connector));
        var watch = new HeadWatch(limits.headTime());
        connector.addBean(watch);
        var front = new Front(limits, tls.isPresent(), handler, errors, watch, answers);
        server.addConnector(connector);
        server.setHandler(front);
        server.setErrorHandler(Front::answerPlainly);
        server.setStopTimeout(0);
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            throw new IOException("cannot listen at " + address + ": " + e.getMessage(), e);
        }
        watch.start(address.toString());
        Optional<CertificateWatch> renewal = Optional.empty();
        if (tls.isPresent() && certificates.isPresent()) {
            renewal = Optional.of(new CertificateWatch(tls.get(), certificates.get()));
            renewal.get().start();
        }
        return new HttpListener(
                server, connector, front, watch, renewal, new Address(address.host(), connector.getLocalPort()));
    }

    /** TLS, in which a client says whether it speaks HTTP/2 or HTTP/1.1 (ALPN, RFC 7301). */
    private static ConnectionFactory[] overTls(
            SslContextFactory.Server certificates, HttpConnectionFactory http, HttpLimits limits) {
        var two = new HTTP2ServerConnectionFactory(configuration(limits));
        two.setMaxConcurrentStreams(MAX_STREAMS);
        two.setInitialSessionRecvWindow(UNREAD_BYTES);
        two.setInitialStreamRecvWindow(UNREAD_BYTES);
        two.setStreamIdleTimeout(limits.idle().toMillis());
        // In lower case, as the client's names are compared with these letter by letter.
        var alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
        alpn.setDefaultProtocol(http.getProtocol());
        var tls = new SslConnectionFactory(certificates, alpn.getProtocol());
        // Whether the certificate has the name that was asked for is the client's to check; Host may name a bucket.
        tls.setEnsureSecureRequestCustomizer(false);
        return new ConnectionFactory[] {tls, alpn, two, http};
    }

    /** Looks at once whether the certificate was renewed. */
    void lookForRenewal() {
        renewal.ifPresent(CertificateWatch::look);
    }

    private static HttpConfiguration configuration(HttpLimits limits) {
        var configuration = new HttpConfiguration();
        configuration.setInputBufferSize(INPUT_BUFFER);
        configuration.setOutputBufferSize(INPUT_BUFFER);
        configuration.setRequestHeaderSize(limits.headBytes());
        configuration.setHttpCompliance(HttpCompliance.STRICT);
        // Paths are an object's key and reach the handler as they were sent, whatever they would mean to a file system.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        // A signature covers values as they were sent: without this, utf-8 stands where UTF-8 came.
        configuration.setHeaderCacheCaseSensitive(true);
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        return configuration;
    }

    /** Where it listens, with the real port. */
    public Address bound() {
        return bound;
    }

    /**
     * Takes no more connections, answers further requests busy, lets those under way end within the limit of
     * {@link HttpLimits#stop}, then closes every connection.
     */
    @Override
    public void close() {
        connector.setAccepting(false);
        front.drain();
        watch.close();
        renewal.ifPresent(CertificateWatch::close);
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the listener did not stop", e);
        }
    }
}
