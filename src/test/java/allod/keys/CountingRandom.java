package allod.keys;

import java.security.SecureRandom;

/** Yields the bytes start, start + 1, ... so that what is made with it can be written down. For tests alone. */
final class CountingRandom extends SecureRandom {
    private int next;

    CountingRandom(int start) {
        next = start;
    }

    @Override
    public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) next++;
        }
    }

    /** The {@code length} bytes that follow {@code start}. */
    static byte[] bytes(int start, int length) {
        byte[] bytes = new byte[length];
        new CountingRandom(start).nextBytes(bytes);
        return bytes;
    }
}
