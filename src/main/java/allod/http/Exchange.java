package allod.http;

import java.io.IOException;

/**
 * One request and its answer. Belongs to the thread that handles it and ends when {@link HttpHandler#handle} returns.
 *
 * <p>The end of the response is sent only when the handler returns without an exception: a handler that fails half-way,
 * even inside try-with-resources, ends with an aborted connection and never with a short body that looks whole.
 */
public interface Exchange {
    /** The method as sent, such as {@code GET}; methods are case-sensitive. */
    String method();

    /** The path exactly as sent: undecoded, not normalised, beginning with a slash. */
    String rawPath();

    /** What followed the first question mark, exactly as sent; empty if there was none. */
    String rawQuery();

    /** The request's headers in the order sent; characters are bytes, as in ISO 8859-1. */
    Headers headers();

    /** The Host header, port included; empty where an HTTP/1.0 client sent none. */
    String host();

    /** The address of the peer, without its port. */
    String remoteAddress();

    /** 16 upper-case hexadecimal digits, unlike those of any other request of this process. */
    String requestId();

    /**
     * Says which endpoint carries the request out, for the numbers and the access log.
     *
     * @param name from a fixed set, such as an operation's name; never anything that a client chose
     */
    default void endpoint(String name) {}

    /** Whether the request came over TLS. */
    boolean secure();

    /** The request's content; the first read is what sends {@code 100 Continue} to a client that waits for it. */
    RequestBody body();

    /**
     * Fixes status and headers; they leave with the first bytes of the body. Content-Length, Transfer-Encoding, Connection
     * and Date are the listener's own and must not be among the headers.
     *
     * @param length bytes of the body that will follow, -1 if unknown; an answer to HEAD announces it and sends none
     * @throws IllegalStateException if the exchange was answered before
     */
    ResponseBody respond(int status, Headers headers, long length) throws IOException;

    /** Answers with a body held in memory; it leaves in one write with its head. */
    default void respond(int status, Headers headers, byte[] body) throws IOException {
        try (var response = respond(status, headers, body.length)) {
            response.write(body, 0, body.length);
        }
    }

    /** Whether {@link #respond} was called; from then on no other answer can be given. */
    boolean committed();

    /** The status of the answer; 0 while there is none. */
    int status();
}
