package allod.http;

import java.time.Duration;

/**
 * What one listener lets its clients have. The watch looks once a second, or more often where a limit is shorter, so a
 * time may be exceeded by that much.
 *
 * @param headBytes request line and headers together, default 16 KiB; more is answered 431
 * @param headers header fields in a request, default 200; more is answered 431
 * @param headTime from the first byte of a request's head to its last, and from a connection's opening to the end of
 *     its first head; default 20 s; then the connection is closed
 * @param leastBytesPerSecond the least average rate of a body while the server waits for the client, in either
 *     direction; default 1 KiB
 * @param grace time waited for the client before the rate counts, default 15 s
 * @param idle time without a byte in either direction before a connection is closed, default 60 s
 * @param connections open at once, default 4,096; further clients wait in the system's accept queue
 * @param requests handled at once, default 512
 * @param waiting requests that may wait for their turn, default 512; more are answered {@link ErrorAnswers#busy}
 * @param patience time a request waits for its turn before it is answered busy, default 5 s
 * @param stop time for running requests to end when the listener is closed, default 30 s; then they are aborted
 */
public record HttpLimits(
        int headBytes,
        int headers,
        Duration headTime,
        int leastBytesPerSecond,
        Duration grace,
        Duration idle,
        int connections,
        int requests,
        int waiting,
        Duration patience,
        Duration stop) {
    private static final HttpLimits DEFAULTS = new HttpLimits(
            16 * 1024,
            200,
            Duration.ofSeconds(20),
            1024,
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            4096,
            512,
            512,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));

    /** @throws IllegalArgumentException if a number or time is not above zero, or waiting is below zero */
    public HttpLimits {
        requirePositive(headBytes, "headBytes");
        requirePositive(headers, "headers");
        requirePositive(headTime.toMillis(), "headTime in milliseconds");
        requirePositive(leastBytesPerSecond, "leastBytesPerSecond");
        requirePositive(grace.toMillis(), "grace in milliseconds");
        requirePositive(idle.toMillis(), "idle in milliseconds");
        requirePositive(connections, "connections");
        requirePositive(requests, "requests");
        requirePositive(waiting + 1L, "waiting + 1");
        requirePositive(patience.toMillis(), "patience in milliseconds");
        requirePositive(stop.toMillis(), "stop in milliseconds");
    }

    public static HttpLimits defaults() {
        return DEFAULTS;
    }

    public HttpLimits withHead(int bytes, int fields, Duration time) {
        return new HttpLimits(
                bytes, fields, time, leastBytesPerSecond, grace, idle, connections, requests, waiting, patience, stop);
    }

    public HttpLimits withLeastRate(int bytesPerSecond, Duration newGrace) {
        return new HttpLimits(
                headBytes,
                headers,
                headTime,
                bytesPerSecond,
                newGrace,
                idle,
                connections,
                requests,
                waiting,
                patience,
                stop);
    }

    public HttpLimits withIdle(Duration time) {
        return new HttpLimits(
                headBytes,
                headers,
                headTime,
                leastBytesPerSecond,
                grace,
                time,
                connections,
                requests,
                waiting,
                patience,
                stop);
    }

    public HttpLimits withConnections(int count) {
        return new HttpLimits(
                headBytes,
                headers,
                headTime,
                leastBytesPerSecond,
                grace,
                idle,
                count,
                requests,
                waiting,
                patience,
                stop);
    }

    public HttpLimits withRequests(int atOnce, int mayWait, Duration waitTime) {
        return new HttpLimits(
                headBytes,
                headers,
                headTime,
                leastBytesPerSecond,
                grace,
                idle,
                connections,
                atOnce,
                mayWait,
                waitTime,
                stop);
    }

    public HttpLimits withStop(Duration time) {
        return new HttpLimits(
                headBytes,
                headers,
                headTime,
                leastBytesPerSecond,
                grace,
                idle,
                connections,
                requests,
                waiting,
                patience,
                time);
    }

    private static void requirePositive(long value, String name) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be above zero");
        }
    }
}
