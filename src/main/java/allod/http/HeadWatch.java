package allod.http;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Closes connections whose request head does not arrive in time. A client that sends a line a second keeps a connection
 * from being idle, so the parser alone would wait for ever. The watch looks at all connections at intervals and reads
 * only how many bytes came in, so it costs a request no more than two writes of a field.
 */
final class HeadWatch implements Connection.Listener, AutoCloseable {
    private final ConcurrentHashMap<Connection, Watched> connections = new ConcurrentHashMap<>();
    private final long headNanos;
    private final Duration interval;
    private volatile boolean closed;

    HeadWatch(Duration headTime) {
        this.headNanos = headTime.toNanos();
        long quarter = Math.max(1, headTime.toMillis() / 4);
        this.interval = Duration.ofMillis(Math.min(1000, quarter));
    }

    void start(String name) {
        Thread.ofVirtual().name("http-head-watch " + name).start(this::run);
    }

    @Override
    public void close() {
        closed = true;
    }

    /** A connection's state: bytes that had come when it last waited for a head, and since when one has been coming. */
    private static final class Watched {
        /** Requests under way: one at most, but on HTTP/2 many. */
        private final AtomicInteger handling = new AtomicInteger();

        private volatile long bytesBefore;
        private volatile long headSince;

        Watched(long opened) {
            this.headSince = opened;
        }
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection)) {
            connections.put(connection, new Watched(stamp()));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    /** A head is complete and its request is being handled. */
    void handling(Connection connection) {
        Watched watched = connections.get(connection);
        if (watched != null) {
            watched.handling.incrementAndGet();
        }
    }

    /**
     * The connection waits for its next head. On HTTP/2 frames of other kinds come meanwhile, so that a head cannot be
     * told from them: its connections are watched until their first request, and idleness ends them from there on.
     */
    void waiting(Connection connection) {
        if (!(connection instanceof HttpConnection)) {
            connections.remove(connection);
            return;
        }
        Watched watched = connections.get(connection);
        if (watched != null) {
            watched.bytesBefore = connection.getBytesIn();
            watched.headSince = 0;
            watched.handling.decrementAndGet();
        }
    }

    private void run() {
        while (!closed) {
            try {
                Thread.sleep(interval);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            long now = stamp();
            connections.forEach((connection, watched) -> look(connection, watched, now));
        }
    }

    private void look(Connection connection, Watched watched, long now) {
        if (watched.handling.get() > 0) {
            return;
        }
        if (watched.headSince == 0) {
            if (connection.getBytesIn() != watched.bytesBefore) {
                watched.headSince = now;
            }
        } else if (now - watched.headSince > headNanos) {
            connection.getEndPoint().close();
        }
    }

    /** The clock of elapsed time, never 0. */
    private static long stamp() {
        return System.nanoTime() | 1;
    }
}
