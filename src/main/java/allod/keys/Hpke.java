package allod.keys;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hybrid public key encryption, base mode, one message a context: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
 * ChaCha20Poly1305. The one suite of X25519 with a 256-bit cipher whose vectors the RFC itself prints.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9180">RFC 9180: sections 4.1, 5.1, 6.1; vectors in A.2.1</a>
 */
final class Hpke {
    /** What a message grows by: the encapsulated key 32, the tag 16. */
    static final int OVERHEAD = X25519.BYTES + 16;

    private static final int KEM = 0x0020;
    private static final int KDF = 0x0001;
    private static final int AEAD = 0x0003;
    private static final byte[] VERSION = ascii("HPKE-v1");
    private static final byte[] KEM_SUITE =
            ByteBuffer.allocate(5).put(ascii("KEM")).putShort((short) KEM).array();
    private static final byte[] SUITE = ByteBuffer.allocate(10)
            .put(ascii("HPKE"))
            .putShort((short) KEM)
            .putShort((short) KDF)
            .putShort((short) AEAD)
            .array();
    private static final byte[] NOTHING = {};
    /** An empty salt is a key of zeros to HMAC (RFC 5869, section 2.2). */
    private static final byte[] NO_SALT = new byte[32];

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;

    private Hpke() {}

    /**
     * Seals a message to a public key: {@code enc 32 || ciphertext || tag 16}.
     *
     * @throws InvalidKeyException if the public key is of small order
     */
    static byte[] seal(byte[] recipient, byte[] info, byte[] aad, byte[] message, SecureRandom random)
            throws InvalidKeyException {
        byte[] ephemeral = new byte[X25519.BYTES];
        random.nextBytes(ephemeral);
        try {
            return seal(recipient, info, aad, message, ephemeral);
        } finally {
            Arrays.fill(ephemeral, (byte) 0);
        }
    }

    /** With a given ephemeral private key, which serves one message. */
    static byte[] seal(byte[] recipient, byte[] info, byte[] aad, byte[] message, byte[] ephemeral)
            throws InvalidKeyException {
        byte[] enc = X25519.publicKey(ephemeral);
        byte[] dh = X25519.agree(ephemeral, recipient);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, sharedSecret(dh, enc, recipient), info, aad, message);
        byte[] all = Arrays.copyOf(enc, enc.length + sealed.length);
        System.arraycopy(sealed, 0, all, enc.length, sealed.length);
        return all;
    }

    /**
     * Opens what {@link #seal} made.
     *
     * @throws AEADBadTagException if it was sealed to another key, for another purpose or place, or was changed
     */
    static byte[] open(byte[] privateKey, byte[] info, byte[] aad, byte[] sealed) throws AEADBadTagException {
        if (sealed.length < OVERHEAD) {
            throw new AEADBadTagException("shorter than an encapsulated key and a tag");
        }
        byte[] enc = Arrays.copyOf(sealed, X25519.BYTES);
        byte[] ciphertext = Arrays.copyOfRange(sealed, X25519.BYTES, sealed.length);
        try {
            byte[] dh = X25519.agree(privateKey, enc);
            byte[] shared = sharedSecret(dh, enc, X25519.publicKey(privateKey));
            return crypt(Cipher.DECRYPT_MODE, shared, info, aad, ciphertext);
        } catch (InvalidKeyException smallOrder) {
            throw new AEADBadTagException("the encapsulated key is of small order");
        } catch (SealBroken broken) {
            throw new AEADBadTagException("the ciphertext fails its authentication");
        }
    }

    private static byte[] sharedSecret(byte[] dh, byte[] enc, byte[] recipient) {
        byte[] extracted = extract(KEM_SUITE, NO_SALT, "eae_prk", dh);
        byte[] shared = expand(KEM_SUITE, extracted, "shared_secret", join(enc, recipient), KEY_BYTES);
        Arrays.fill(dh, (byte) 0);
        Arrays.fill(extracted, (byte) 0);
        return shared;
    }

    private static byte[] crypt(int mode, byte[] shared, byte[] info, byte[] aad, byte[] text) {
        byte[] context = join(
                new byte[] {0},
                extract(SUITE, NO_SALT, "psk_id_hash", NOTHING),
                extract(SUITE, NO_SALT, "info_hash", info));
        byte[] secret = extract(SUITE, shared, "secret", NOTHING);
        byte[] key = expand(SUITE, secret, "key", context, KEY_BYTES);
        byte[] nonce = expand(SUITE, secret, "base_nonce", context, NONCE_BYTES);
        try {
            Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305", "SunJCE");
            cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
            cipher.updateAAD(aad);
            return cipher.doFinal(text);
        } catch (AEADBadTagException forged) {
            throw new SealBroken();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime lacks ChaCha20-Poly1305 in SunJCE", missing);
        } finally {
            Arrays.fill(shared, (byte) 0);
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    /** A tag that does not fit, on its way to {@link #open}. */
    private static final class SealBroken extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static byte[] extract(byte[] suite, byte[] salt, String label, byte[] keyMaterial) {
        Hmac hmac = Hmac.takeSha256();
        try {
            return hmac.key(salt)
                    .add(VERSION)
                    .add(suite)
                    .add(ascii(label))
                    .add(keyMaterial)
                    .finish();
        } finally {
            hmac.release();
        }
    }

    private static byte[] expand(byte[] suite, byte[] key, String label, byte[] info, int length) {
        byte[] labelled = join(new byte[] {0, (byte) length}, VERSION, suite, ascii(label), info);
        return Hkdf.expand(key, labelled, length);
    }

    private static byte[] join(byte[]... pieces) {
        var out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
