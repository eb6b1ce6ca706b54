package allod.s3;

import allod.http.RequestBody;
import allod.s3.ChunkProblem.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The bytes of an aws-chunked body: lines through a small buffer, data past it where it can. */
final class ChunkInput {
    /** The longest line, its end included; a chunk's own needs 98. */
    static final int MAX_LINE = 1024;

    private final RequestBody body;
    private final byte[] buffer = new byte[MAX_LINE];
    private int start;
    private int end;

    ChunkInput(RequestBody body) {
        this.body = body;
    }

    /** Reads at least one byte of data. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (start < end) {
            int count = Math.min(length, end - start);
            System.arraycopy(buffer, start, target, offset, count);
            start += count;
            return count;
        }
        int count = body.read(target, offset, length);
        if (count < 0) {
            throw incomplete();
        }
        return count;
    }

    /** Reads a line of ASCII ended by CR LF, which is not part of the answer. */
    String line(Kind ifWrong) throws IOException {
        return line(ifWrong, false);
    }

    /** The same; a line that is not empty may also end with LF, or with LF CR LF. */
    String trailerLine() throws IOException {
        return line(Kind.MALFORMED_TRAILER, true);
    }

    private String line(Kind ifWrong, boolean lineFeedEnds) throws IOException {
        var line = new StringBuilder(100);
        while (true) {
            int b = next();
            if (b == '\n' && lineFeedEnds && !line.isEmpty()) {
                skipLineEnd(ifWrong);
                return line.toString();
            }
            if (b == '\r') {
                expectLineFeed(ifWrong);
                return line.toString();
            }
            if (b < ' ' || b > '~') {
                throw new ChunkProblem(ifWrong, "a line between chunks holds a byte that is not printable ASCII");
            }
            if (line.length() == MAX_LINE - 2) {
                throw new ChunkProblem(ifWrong, "a line between chunks is over " + MAX_LINE + " bytes");
            }
            line.append((char) b);
        }
    }

    private void skipLineEnd(Kind ifWrong) throws IOException {
        if (next() == '\r') {
            expectLineFeed(ifWrong);
        } else {
            start--;
        }
    }

    private void expectLineFeed(Kind ifWrong) throws IOException {
        if (next() != '\n') {
            throw new ChunkProblem(ifWrong, "a carriage return without its line feed");
        }
    }

    void expectLineEnd() throws IOException {
        if (next() != '\r' || next() != '\n') {
            throw new ChunkProblem(
                    Kind.MALFORMED, "a chunk's data is longer than its size, or its line end is missing");
        }
    }

    void expectEnd() throws IOException {
        if (start < end || body.read(buffer, 0, 1) >= 0) {
            throw new ChunkProblem(Kind.MALFORMED, "bytes follow the end of the chunks");
        }
    }

    private int next() throws IOException {
        if (start == end) {
            int count = body.read(buffer, 0, buffer.length);
            if (count < 0) {
                throw incomplete();
            }
            start = 0;
            end = count;
        }
        return buffer[start++] & 0xff;
    }

    private static ChunkProblem incomplete() {
        return new ChunkProblem(
                Kind.INCOMPLETE,
                "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header");
    }

    static byte[] bytes(String line) {
        return line.getBytes(StandardCharsets.US_ASCII);
    }
}
