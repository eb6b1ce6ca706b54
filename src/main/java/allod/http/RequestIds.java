package allod.http;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names for requests, each once in a process. They count in steps of an odd number from a random start, so neighbours
 * look unlike and none repeats before 2<sup>64</sup> were given.
 */
final class RequestIds {
    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private final AtomicLong last = new AtomicLong(ThreadLocalRandom.current().nextLong());

    String next() {
        long value = last.addAndGet(STEP);
        var digits = new byte[16];
        for (int i = 15; i >= 0; i--) {
            digits[i] = HEX[(int) value & 15];
            value >>>= 4;
        }
        return new String(digits, StandardCharsets.ISO_8859_1);
    }
}
