package allod.http;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/** A request's content over Jetty: reads what has come, else asks to be woken and parks the virtual thread. */
final class JettyRequestBody implements RequestBody, Invocable, Runnable {
    /**
     * What is still read of a refused request's content, so that a client which sends first and reads later sees the
     * answer instead of a reset connection.
     */
    private static final int DISCARD_BYTES = 1024 * 1024;

    private static final long DISCARD_NANOS = 1_000_000_000L;

    private final Request request;
    private final long declaredLength;
    private final PatienceBudget patience;
    private Content.@Nullable Chunk chunk;
    private boolean begun;
    private boolean ended;
    private boolean discarding;
    private @Nullable IOException failure;
    private volatile @Nullable Thread sleeper;
    private volatile boolean woken;

    JettyRequestBody(Request request, HttpLimits limits) {
        this.request = request;
        this.patience = new PatienceBudget(limits);
        this.declaredLength = declaredLength(request);
    }

    private static long declaredLength(Request request) {
        if (request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            return -1;
        }
        long announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
        // HTTP/2 ends a body without having told its length; HTTP/1.1 has none then.
        return announced < 0 && JettyExchange.isVersion2(request) ? -1 : Math.max(0, announced);
    }

    @Override
    public long declaredLength() {
        return declaredLength;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        begun = true;
        while (!ended) {
            if (failure != null) {
                throw failure;
            }
            Content.Chunk current = chunk;
            if (current == null) {
                current = next();
            }
            int count = Math.min(length, current.remaining());
            if (count > 0) {
                current.getByteBuffer().get(target, offset, count);
                patience.passed(count);
            }
            if (current.hasRemaining()) {
                chunk = current;
            } else {
                ended = current.isLast();
                current.release();
                chunk = null;
            }
            if (count > 0) {
                return count;
            }
        }
        return -1;
    }

    private Content.Chunk next() throws IOException {
        while (true) {
            Content.Chunk next = request.read();
            if (next == null) {
                await(discarding ? Math.min(patience.leftNanos(), DISCARD_NANOS) : patience.leftNanos());
            } else if (Content.Chunk.isFailure(next)) {
                throw fail(next.getFailure());
            } else {
                return next;
            }
        }
    }

    private void await(long limitNanos) throws IOException {
        long started = System.nanoTime();
        woken = false;
        sleeper = Thread.currentThread();
        request.demand(this);
        while (!woken) {
            long left = limitNanos - (System.nanoTime() - started);
            if (left <= 0) {
                throw remember(new BodyTooSlow("the client sends its content too slowly"));
            }
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw remember(new ClientGone("the server stops", null));
            }
        }
        patience.waited(System.nanoTime() - started);
    }

    /** Called by the server beneath when content, its end or a failure has come. */
    @Override
    public void run() {
        woken = true;
        LockSupport.unpark(sleeper);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    private IOException fail(Throwable cause) {
        return remember(
                cause instanceof TimeoutException
                        ? new BodyTooSlow("the client stopped sending its content")
                        : new ClientGone("the connection ended before the content did", cause));
    }

    private IOException remember(IOException fault) {
        failure = fault;
        return fault;
    }

    @Override
    public Headers trailers() {
        var trailers = ended ? request.getTrailers() : null;
        return trailers == null ? Headers.empty() : JettyExchange.headers(trailers);
    }

    /** Whether the rest of the content cannot be told from a next request. */
    boolean mustClose() {
        return failure != null;
    }

    /** Reads on after the answer, within limits, unless the client waits to be asked for its content. */
    void discardRest() {
        if (ended
                || failure != null
                || declaredLength == 0
                || (!begun && request.getHeaders().contains(HttpHeader.EXPECT))) {
            return;
        }
        discarding = true;
        try {
            var sink = new byte[16 * 1024];
            int count = 0;
            long deadline = System.nanoTime() + DISCARD_NANOS;
            while (count < DISCARD_BYTES && System.nanoTime() < deadline) {
                int read = read(sink, 0, sink.length);
                if (read < 0) {
                    return;
                }
                count += read;
            }
        } catch (IOException e) {
            // The client went away, which is what its unread content led it to; the answer was sent.
            failure = e;
        }
    }
}
