package allod.keys;

import java.util.Arrays;

/**
 * HKDF-SHA256 (RFC 5869). Over a kept {@code Mac}, which is as fast as the JDK's {@code KDF} and needs no parameter
 * objects.
 */
final class Hkdf {
    private Hkdf() {}

    /** Extract with the salt (at least one byte), then expand: {@code length} bytes, at most 8,160. */
    static byte[] derive(byte[] salt, byte[] inputKey, byte[] info, int length) {
        Hmac hmac = Hmac.takeSha256();
        try {
            byte[] extracted = hmac.key(salt).add(inputKey).finish();
            try {
                return hmac.key(extracted).expand(info, length);
            } finally {
                Arrays.fill(extracted, (byte) 0);
            }
        } finally {
            hmac.release();
        }
    }

    /** Expand alone, from a key that is already uniformly random. */
    static byte[] expand(byte[] key, byte[] info, int length) {
        Hmac hmac = Hmac.takeSha256();
        try {
            return hmac.key(key).expand(info, length);
        } finally {
            hmac.release();
        }
    }
}
