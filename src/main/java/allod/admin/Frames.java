package allod.admin;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Messages on the socket: a big-endian u32 length, then as many bytes. A connection carries one request and one answer.
 * Each direction has a deadline, held by closing the channel from outside, since blocking channels know none.
 */
final class Frames {
    /** Longest request, bytes: a policy has room, each of its characters escaped. */
    static final int MAX_REQUEST = 64 << 10;

    /** Longest answer, bytes: a full page of keys has room. */
    static final int MAX_ANSWER = 1 << 20;

    private Frames() {}

    /** @throws IOException if the peer sends more than the limit, closes early or is slower than the deadline */
    static byte[] read(SocketChannel channel, int limit, Duration deadline) throws IOException {
        try (var _ = new Watch(channel, deadline)) {
            var header = ByteBuffer.allocate(Integer.BYTES);
            fill(channel, header);
            int length = header.flip().getInt();
            if (length < 0 || length > limit) {
                throw new ProtocolException(
                        "a message of " + Integer.toUnsignedString(length) + " bytes is over the limit of " + limit);
            }
            var message = ByteBuffer.allocate(length);
            fill(channel, message);
            return message.array();
        }
    }

    private static void fill(SocketChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the connection ended within a message");
            }
        }
    }

    static void write(SocketChannel channel, byte[] message, Duration deadline) throws IOException {
        try (var _ = new Watch(channel, deadline)) {
            var buffer = ByteBuffer.allocate(Integer.BYTES + message.length)
                    .putInt(message.length)
                    .put(message)
                    .flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    /** Closes the channel when the deadline passes before the watch is closed. */
    private static final class Watch implements AutoCloseable {
        private final Thread thread;

        Watch(SocketChannel channel, Duration deadline) {
            thread = Thread.ofVirtual().name("admin-deadline").start(() -> {
                try {
                    Thread.sleep(deadline);
                    channel.close();
                } catch (InterruptedException e) {
                    // The message was in time.
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
