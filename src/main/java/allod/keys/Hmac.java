package allod.keys;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC (RFC 2104) and the two steps of HKDF (RFC 5869) over it. An engine is taken from a pool and given back with its
 * key overwritten; it is used by one thread at a time.
 */
final class Hmac {
    private static final Pool<Hmac> SHA256 = new Pool<>(() -> new Hmac("HmacSHA256", 32));
    private static final Pool<Hmac> SHA384 = new Pool<>(() -> new Hmac("HmacSHA384", 48));
    private static final byte[] ZERO_KEY = new byte[32];

    private final Mac mac;
    private final int hashBytes;

    private Hmac(String algorithm, int hashBytes) {
        this.hashBytes = hashBytes;
        try {
            mac = Mac.getInstance(algorithm, "SunJCE");
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime lacks " + algorithm + " in SunJCE", missing);
        }
    }

    static Hmac takeSha256() {
        return SHA256.take();
    }

    static Hmac takeSha384() {
        return SHA384.take();
    }

    /** Gives the engine back, once; it then holds no key. */
    void release() {
        key(ZERO_KEY);
        (hashBytes == 32 ? SHA256 : SHA384).give(this);
    }

    /** Starts under a key of at least one byte. */
    Hmac key(byte[] key) {
        try {
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
        } catch (InvalidKeyException impossible) {
            throw new IllegalStateException("HMAC refused a key", impossible);
        }
        return this;
    }

    Hmac add(byte[] bytes) {
        mac.update(bytes);
        return this;
    }

    Hmac add(byte octet) {
        mac.update(octet);
        return this;
    }

    /** The code over what was added; the engine is then ready for the next message under the same key. */
    byte[] finish() {
        return mac.doFinal();
    }

    /** HKDF-Expand of the key this engine was started under. */
    byte[] expand(byte[] info, int length) {
        if (length > 255 * hashBytes) {
            throw new IllegalArgumentException("HKDF yields at most 255 blocks");
        }
        int blocks = (length + hashBytes - 1) / hashBytes;
        byte[] all = new byte[blocks * hashBytes];
        for (int i = 0; i < blocks; i++) {
            if (i > 0) {
                mac.update(all, (i - 1) * hashBytes, hashBytes);
            }
            mac.update(info);
            mac.update((byte) (i + 1));
            try {
                mac.doFinal(all, i * hashBytes);
            } catch (ShortBufferException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        if (all.length == length) {
            return all;
        }
        byte[] cut = Arrays.copyOf(all, length);
        Arrays.fill(all, (byte) 0);
        return cut;
    }
}
