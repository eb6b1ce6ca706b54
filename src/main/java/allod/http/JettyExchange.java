package allod.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.jspecify.annotations.Nullable;

/** An exchange over Jetty's request and response. */
final class JettyExchange implements Exchange {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Request request;
    private final Response response;
    private final Target target;
    private final String requestId;
    private final boolean secure;
    private final HttpLimits limits;
    private final Headers headers;
    private final JettyRequestBody body;
    private @Nullable Answer answer;
    private boolean closeAfterwards;
    private String endpoint = Answered.NO_ENDPOINT;
    private long bytesSent;
    /** Kept here too: the response is the connection's again as soon as the exchange ends. */
    private int status;

    JettyExchange(
            Request request, Response response, Target target, String requestId, boolean secure, HttpLimits limits) {
        this.request = request;
        this.response = response;
        this.target = target;
        this.requestId = requestId;
        this.secure = secure;
        this.limits = limits;
        this.headers = withHost(headers(request.getHeaders()), request);
        this.body = new JettyRequestBody(request, limits);
    }

    static boolean isVersion2(Request request) {
        return request.getConnectionMetaData().getHttpVersion().getVersion() >= HttpVersion.HTTP_2.getVersion();
    }

    /** HTTP/2 names the host in a pseudo header (RFC 9113, section 8.3.1), which signatures know as Host. */
    private static Headers withHost(Headers headers, Request request) {
        String authority = request.getHttpURI().getAuthority();
        return isVersion2(request) && !headers.contains("Host") && authority != null
                ? Headers.builder().add("host", authority).addAll(headers).build()
                : headers;
    }

    static Headers headers(HttpFields fields) {
        var namesAndValues = new String[2 * fields.size()];
        int i = 0;
        for (HttpField field : fields) {
            namesAndValues[i++] = field.getName();
            String value = field.getValue();
            namesAndValues[i++] = value == null ? "" : value;
        }
        return Headers.ofParsed(namesAndValues);
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String rawPath() {
        return target.path();
    }

    @Override
    public String rawQuery() {
        return target.query();
    }

    @Override
    public Headers headers() {
        return headers;
    }

    @Override
    public String host() {
        return headers.first("Host").orElse("");
    }

    @Override
    public String remoteAddress() {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer
                        && peer.getAddress() != null
                ? text(peer.getAddress())
                : Request.getRemoteAddr(request);
    }

    /** An address as policies compare it: without the brackets of a URL, and without the name of this machine's link. */
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public void endpoint(String name) {
        endpoint = name;
    }

    String endpoint() {
        return endpoint;
    }

    /** Bytes of content that were handed to the connection. */
    long bytesSent() {
        return bytesSent;
    }

    @Override
    public boolean secure() {
        return secure;
    }

    @Override
    public RequestBody body() {
        return body;
    }

    @Override
    public ResponseBody respond(int newStatus, Headers responseHeaders, long length) {
        if (answer != null) {
            throw new IllegalStateException("the exchange was answered before");
        }
        if (newStatus < 200 || newStatus > 599 || length < -1) {
            throw new IllegalArgumentException("status " + newStatus + " with length " + length);
        }
        status = newStatus;
        response.setStatus(newStatus);
        HttpFields.Mutable fields = response.getHeaders();
        for (int i = 0; i < responseHeaders.size(); i++) {
            fields.add(responseHeaders.name(i), responseHeaders.value(i));
        }
        boolean bodiless = status == 204 || status == 304;
        if (length >= 0 && !bodiless) {
            fields.put(HttpHeader.CONTENT_LENGTH, length);
        } else if (length < 0
                && !bodiless
                && request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            // Said here because a body that ends with its connection cannot be told from one cut short.
            fields.put(HttpHeader.TRANSFER_ENCODING, "chunked");
        }
        if ((closeAfterwards || body.mustClose()) && !isVersion2(request)) {
            fields.put(HttpHeader.CONNECTION, "close");
        }
        answer = new Answer(length, bodiless || request.getMethod().equals("HEAD"));
        return answer;
    }

    @Override
    public boolean committed() {
        return answer != null;
    }

    @Override
    public int status() {
        return status;
    }

    void closeConnectionAfterwards() {
        closeAfterwards = true;
    }

    /** Whether bytes of the answer may have reached the client. */
    boolean onTheWire() {
        return answer != null && answer.sent;
    }

    /** Forgets an answer of which nothing was sent. */
    void takeBack() {
        answer = null;
        status = 0;
        response.reset();
    }

    /** @throws IllegalStateException if the handler returned with less written than it announced */
    void requireWhole() {
        if (answer != null && !answer.bodiless && answer.left > 0) {
            throw new IllegalStateException(answer.left + " bytes of the announced body were not written");
        }
    }

    /** Sends what ends the answer, after the handler returned in peace. */
    void finish() throws IOException {
        if (answer != null) {
            answer.end();
        }
    }

    /** Reads what is left of a request that was answered early, within limits. */
    void discardRest() {
        body.discardRest();
    }

    /** The response's content. */
    private final class Answer implements ResponseBody {
        private final boolean bodiless;
        private final PatienceBudget patience = new PatienceBudget(limits);
        /** Bytes still to come; -1 if unknown. */
        private long left;

        private boolean sent;
        private boolean ended;
        private boolean closed;

        Answer(long length, boolean bodiless) {
            this.left = length;
            this.bodiless = bodiless;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (closed || (left >= 0 && length > left)) {
                throw new IllegalStateException(closed ? "the body is closed" : "more bytes than were announced");
            }
            if (length == 0) {
                return;
            }
            if (left >= 0) {
                left -= length;
            }
            if (!bodiless) {
                send(left == 0, ByteBuffer.wrap(source, offset, length));
            }
        }

        @Override
        public void close() {
            closed = true;
        }

        private void end() throws IOException {
            if (!ended) {
                send(true, NOTHING.duplicate());
            }
        }

        private void send(boolean last, ByteBuffer bytes) throws IOException {
            sent = true;
            ended = last;
            int length = bytes.remaining();
            patience.passed(length);
            long started = System.nanoTime();
            try (Blocker.Callback done = Blocker.callback()) {
                response.write(last, bytes, done);
                done.block(Math.max(1, patience.leftNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new ClientGone("the client reads too slowly", e);
            } catch (IOException e) {
                throw new ClientGone("the connection ended before the answer did", e);
            }
            bytesSent += length;
            patience.waited(System.nanoTime() - started);
        }
    }
}
