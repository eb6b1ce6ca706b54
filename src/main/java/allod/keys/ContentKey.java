package allod.keys;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/**
 * The random key that everything of one object version hangs on (its content encryption key), or the random key of one
 * uploaded part. Closing wipes it. Used by one thread at a time.
 */
public final class ContentKey implements AutoCloseable {
    public static final int BYTES = 32;
    /** What {@link #sealMetadata} and {@link #sealManifest} add: nonce 12, tag 16. */
    public static final int SEAL_OVERHEAD = AesGcm.NONCE_BYTES + AesGcm.TAG_BYTES;

    /** SSE-C has AES-256 keys alone. */
    public static final int CUSTOMER_KEY_BYTES = 32;

    private static final byte[] CUSTOMER = "allod/v1/sse-c".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] METADATA = "allod/v1/meta".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MANIFEST = "allod/v1/manifest".getBytes(StandardCharsets.US_ASCII);

    private final byte[] secret;
    private boolean closed;

    private ContentKey(byte[] secret) {
        this.secret = Lengths.exactly(secret, BYTES, "a content key");
    }

    /** A new key. */
    public static ContentKey random(SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return new ContentKey(secret);
    }

    /** A part key as it stood in its sealed record; copies the 32 bytes, which the caller wipes. */
    public static ContentKey of(byte[] secret) {
        return new ContentKey(secret.clone());
    }

    static ContentKey owning(byte[] secret) {
        return new ContentKey(secret);
    }

    /** The key's bytes, to be sealed in a part's record or in a manifest; a copy, which the caller wipes. */
    public byte[] copy() {
        return secret().clone();
    }

    /** The 32-byte FLOE key of one stream. */
    public byte[] streamKey(StreamBinding stream) {
        return Hkdf.expand(secret(), stream.info(), AesGcm.KEY_BYTES);
    }

    /**
     * The same where the customer brings a key: what the server holds does not open the stream.
     *
     * @param customerKey 32 bytes; empty where there is none
     */
    public byte[] streamKey(StreamBinding stream, byte[] customerKey) {
        byte[] own = streamKey(stream);
        if (customerKey.length == 0) {
            return own;
        }
        Lengths.exactly(customerKey, CUSTOMER_KEY_BYTES, "a customer's key");
        byte[] both = Arrays.copyOf(own, own.length + customerKey.length);
        System.arraycopy(customerKey, 0, both, own.length, customerKey.length);
        Arrays.fill(own, (byte) 0);
        try {
            return Hkdf.derive(CUSTOMER, both, joined("stream", stream.aad()), AesGcm.KEY_BYTES);
        } finally {
            Arrays.fill(both, (byte) 0);
        }
    }

    /**
     * What is kept of a customer's key with an object: 32 bytes that tell a wrong key and open nothing.
     *
     * @param objectId the object's, 16 bytes
     */
    public static byte[] customerCheck(byte[] customerKey, byte[] objectId) {
        Lengths.exactly(customerKey, CUSTOMER_KEY_BYTES, "a customer's key");
        return Hkdf.derive(CUSTOMER, customerKey, joined("check", objectId), AesGcm.KEY_BYTES);
    }

    private static byte[] joined(String purpose, byte[] place) {
        byte[] label = purpose.getBytes(StandardCharsets.US_ASCII);
        byte[] info = Arrays.copyOf(label, label.length + place.length);
        System.arraycopy(place, 0, info, label.length, place.length);
        return info;
    }

    /**
     * Starts to encrypt one stream under this key.
     *
     * @param customerKey 32 bytes; empty where there is none
     */
    public FloeEncryptor encryptor(StreamBinding stream, byte[] customerKey, SecureRandom random) {
        byte[] key = streamKey(stream, customerKey);
        try {
            return new FloeEncryptor(FloeParameters.STANDARD, key, stream.aad(), random);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /**
     * Seals a version's metadata: {@code nonce 12 || ciphertext || tag 16}.
     *
     * @param aad where it belongs, chosen by the caller and needed to open it
     */
    public byte[] sealMetadata(byte[] aad, byte[] metadata, SecureRandom random) {
        return seal(METADATA, aad, metadata, random);
    }

    /**
     * Opens sealed metadata.
     *
     * @throws allod.base.Problem DAMAGED if it is not what was sealed for this key and place
     */
    public byte[] openMetadata(byte[] aad, byte[] sealed) {
        return open(METADATA, aad, sealed);
    }

    /** Seals the list of a multipart object's part keys: {@code nonce 12 || ciphertext || tag 16}. */
    public byte[] sealManifest(byte[] aad, byte[] manifest, SecureRandom random) {
        return seal(MANIFEST, aad, manifest, random);
    }

    /**
     * Opens a sealed manifest.
     *
     * @throws allod.base.Problem DAMAGED if it is not what was sealed for this key and place
     */
    public byte[] openManifest(byte[] aad, byte[] sealed) {
        return open(MANIFEST, aad, sealed);
    }

    private byte[] seal(byte[] purpose, byte[] aad, byte[] plaintext, SecureRandom random) {
        byte[] nonce = new byte[AesGcm.NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] key = Hkdf.expand(secret(), purpose, AesGcm.KEY_BYTES);
        try {
            return AesGcm.sealWithNonce(key, nonce, aad, plaintext);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private byte[] open(byte[] purpose, byte[] aad, byte[] sealed) {
        byte[] key = Hkdf.expand(secret(), purpose, AesGcm.KEY_BYTES);
        try {
            return AesGcm.openWithNonce(key, aad, sealed);
        } catch (AEADBadTagException forged) {
            throw Envelope.damaged("A record sealed under it fails its authentication.");
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    byte[] secret() {
        if (closed) {
            throw new IllegalStateException("the content key was wiped");
        }
        return secret;
    }

    /** Wipes the key. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public String toString() {
        return "ContentKey[]";
    }
}
