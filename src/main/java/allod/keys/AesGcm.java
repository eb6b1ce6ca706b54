package allod.keys;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM with a 12-byte nonce and a 16-byte tag (NIST SP 800-38D) on arrays, one call a message. An engine is taken
 * from a pool and given back with its key overwritten; it is used by one thread at a time.
 */
final class AesGcm {
    static final int KEY_BYTES = 32;
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;
    static final byte[] NO_AAD = {};

    private static final Pool<AesGcm> POOL = new Pool<>(AesGcm::new);
    private static final SecretKeySpec ZERO_KEY = new SecretKeySpec(new byte[KEY_BYTES], "AES");
    private static final GCMParameterSpec EVEN = new GCMParameterSpec(8 * TAG_BYTES, new byte[NONCE_BYTES]);
    private static final GCMParameterSpec ODD =
            new GCMParameterSpec(8 * TAG_BYTES, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});

    private final Cipher cipher;
    private boolean odd;

    private AesGcm() {
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime lacks AES/GCM in SunJCE", missing);
        }
    }

    static AesGcm take() {
        return POOL.take();
    }

    /**
     * Gives the engine back, once; it then holds no key. Only a start for encryption overwrites both copies of the key
     * that the JDK's engine keeps, and two such starts in a row must differ in their nonce.
     */
    void release() {
        odd = !odd;
        try {
            cipher.init(Cipher.ENCRYPT_MODE, ZERO_KEY, odd ? ODD : EVEN);
        } catch (GeneralSecurityException unusable) {
            return; // An engine that cannot be cleared is not kept.
        }
        POOL.give(this);
    }

    static SecretKeySpec key(byte[] key) {
        return new SecretKeySpec(key, "AES");
    }

    /**
     * Encrypts {@code length} bytes to {@code length + 16} bytes of output. The nonce stands in an array of its own
     * place: {@code nonces[nonceOffset..+12)}.
     */
    int seal(
            SecretKeySpec key,
            byte[] nonces,
            int nonceOffset,
            byte[] aad,
            byte[] in,
            int offset,
            int length,
            byte[] out,
            int outOffset) {
        try {
            cipher.init(
                    Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, nonces, nonceOffset, NONCE_BYTES));
            cipher.updateAAD(aad);
            return cipher.doFinal(in, offset, length, out, outOffset);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM refused to encrypt", impossible);
        }
    }

    /**
     * Decrypts {@code length} bytes of ciphertext and tag to {@code length - 16} bytes of output.
     *
     * @throws AEADBadTagException if key, nonce, associated data or ciphertext is not what was sealed; the output then
     *     holds nothing of the plaintext
     */
    int open(
            SecretKeySpec key,
            byte[] nonces,
            int nonceOffset,
            byte[] aad,
            byte[] in,
            int offset,
            int length,
            byte[] out,
            int outOffset)
            throws AEADBadTagException {
        try {
            cipher.init(
                    Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, nonces, nonceOffset, NONCE_BYTES));
            cipher.updateAAD(aad);
            return cipher.doFinal(in, offset, length, out, outOffset);
        } catch (AEADBadTagException forged) {
            throw forged;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM refused to decrypt", impossible);
        }
    }

    /** Encrypts a message to {@code nonce || ciphertext || tag}; the nonce is the caller's and never used again. */
    static byte[] sealWithNonce(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
        byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + plaintext.length + TAG_BYTES);
        AesGcm gcm = take();
        try {
            gcm.seal(key(key), nonce, 0, aad, plaintext, 0, plaintext.length, sealed, NONCE_BYTES);
        } finally {
            gcm.release();
        }
        return sealed;
    }

    /**
     * Opens {@code nonce || ciphertext || tag}.
     *
     * @throws AEADBadTagException if it is too short or anything of it was changed
     */
    static byte[] openWithNonce(byte[] key, byte[] aad, byte[] sealed) throws AEADBadTagException {
        int length = sealed.length - NONCE_BYTES;
        if (length < TAG_BYTES) {
            throw new AEADBadTagException("shorter than a nonce and a tag");
        }
        byte[] plaintext = new byte[length - TAG_BYTES];
        AesGcm gcm = take();
        try {
            gcm.open(key(key), sealed, 0, aad, sealed, NONCE_BYTES, length, plaintext, 0);
        } finally {
            gcm.release();
        }
        return plaintext;
    }
}
