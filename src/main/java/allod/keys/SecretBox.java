package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;

/**
 * Authenticated encryption of a record directly under a slot secret, for many records a slot: each has a random salt and
 * with it a key of its own, so no nonce can repeat. The box is {@code salt 32 || ciphertext || tag 16}; key =
 * HKDF-SHA256(salt, slot secret, purpose), AES-256-GCM with the zero nonce. The constants are the purposes; a box of one
 * never opens as another.
 */
public enum SecretBox {
    /** A block of a commit's events, under the secret of a period's slot. */
    EVENTS("allod/v1/events"),
    /** An item of an erasure's receipt, under the secret of an evidence period's slot. */
    ITEM("allod/v1/item"),
    /** A secret that the system itself keeps (of an access key, a grant, the log's signer), under the secret of its slot. */
    SECRET("allod/v1/secret"),
    /** A session token, under the secret of the slot of the access key that the session began with. */
    SESSION("allod/v1/session");

    /** What a box adds to its plaintext: salt 32, tag 16. */
    public static final int OVERHEAD = 48;

    private static final int SALT_BYTES = 32;
    private static final byte[] ZERO_NONCE = new byte[AesGcm.NONCE_BYTES];

    private final String info;

    SecretBox(String info) {
        this.info = info;
    }

    /**
     * Seals a record.
     *
     * @param slotSecret 32 bytes
     * @param aad where the record belongs, chosen by the caller and needed to open it
     */
    public byte[] seal(byte[] slotSecret, byte[] aad, byte[] plaintext, SecureRandom random) {
        return seal(slotSecret, aad, plaintext, 0, plaintext.length, random);
    }

    /** Seals the {@code length} bytes of an array from an offset on. */
    public byte[] seal(byte[] slotSecret, byte[] aad, byte[] in, int offset, int length, SecureRandom random) {
        Objects.checkFromIndexSize(offset, length, in.length);
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] box = Arrays.copyOf(salt, OVERHEAD + length);
        byte[] key = key(slotSecret, salt);
        AesGcm gcm = AesGcm.take();
        try {
            gcm.seal(AesGcm.key(key), ZERO_NONCE, 0, aad, in, offset, length, box, SALT_BYTES);
        } finally {
            gcm.release();
            Arrays.fill(key, (byte) 0);
        }
        return box;
    }

    /**
     * Opens a box.
     *
     * @throws Problem DAMAGED if the box is not this slot's, purpose's and place's, or was changed
     */
    public byte[] open(byte[] slotSecret, byte[] aad, byte[] box) {
        if (box.length < OVERHEAD) {
            throw damaged("It is shorter than a salt and a tag.");
        }
        byte[] plaintext = new byte[box.length - OVERHEAD];
        byte[] key = key(slotSecret, Arrays.copyOf(box, SALT_BYTES));
        AesGcm gcm = AesGcm.take();
        try {
            gcm.open(AesGcm.key(key), ZERO_NONCE, 0, aad, box, SALT_BYTES, box.length - SALT_BYTES, plaintext, 0);
        } catch (AEADBadTagException forged) {
            throw damaged("It fails its authentication.");
        } finally {
            gcm.release();
            Arrays.fill(key, (byte) 0);
        }
        return plaintext;
    }

    private byte[] key(byte[] slotSecret, byte[] salt) {
        Lengths.exactly(slotSecret, WrappingKey.SLOT_SECRET_BYTES, "a slot secret");
        return Hkdf.derive(salt, slotSecret, info.getBytes(StandardCharsets.US_ASCII), AesGcm.KEY_BYTES);
    }

    private static Problem damaged(String why) {
        return new Problem(
                Reason.DAMAGED,
                "A sealed record could not be opened.",
                why,
                "Read another copy of it; if its slot was erased, nothing opens it any more.");
    }
}
