package allod.s3;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;

/** Arrays of 64 KiB for content on its way in, used again. One that was used is wiped, for it held plaintext. */
final class Buffers {
    static final int SIZE = 64 * 1024;

    /** Kept for later use; further ones are made and dropped as they are needed. */
    private static final int KEPT = 64;

    private final ArrayBlockingQueue<byte[]> idle = new ArrayBlockingQueue<>(KEPT);

    byte[] take() {
        byte[] buffer = idle.poll();
        return buffer == null ? new byte[SIZE] : buffer;
    }

    /** @param used bytes from the front that may hold content */
    void give(byte[] buffer, int used) {
        Arrays.fill(buffer, 0, used, (byte) 0);
        idle.offer(buffer);
    }
}
