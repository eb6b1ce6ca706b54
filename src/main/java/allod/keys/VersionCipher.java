package allod.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.OptionalLong;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns the order of a version into 16 bytes that look random, and back: one block of AES-256 over the order and eight
 * zero bytes, under a key from a slot secret. Who lacks the key learns neither when a version was written nor which of two
 * came first. Safe for use by many threads.
 */
public final class VersionCipher {
    /** What a name has. */
    public static final int BYTES = 16;

    private static final byte[] LABEL = "allod/v1/version-id".getBytes(StandardCharsets.US_ASCII);

    private final Pool<Cipher> naming;
    private final Pool<Cipher> reading;

    /** @param slotSecret 32 bytes; the key is HKDF-Expand of it, info {@code allod/v1/version-id} */
    public VersionCipher(byte[] slotSecret) {
        Lengths.exactly(slotSecret, WrappingKey.SLOT_SECRET_BYTES, "a slot secret");
        var key = new SecretKeySpec(Hkdf.expand(slotSecret, LABEL, AesGcm.KEY_BYTES), "AES");
        this.naming = new Pool<>(() -> cipher(Cipher.ENCRYPT_MODE, key));
        this.reading = new Pool<>(() -> cipher(Cipher.DECRYPT_MODE, key));
    }

    private static Cipher cipher(int mode, SecretKeySpec key) {
        try {
            // One block alone, and no two blocks are equal: what is wrong with ECB does not arise.
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(mode, key);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no AES", e);
        }
    }

    /** The name of an order, 16 bytes. */
    public byte[] name(long order) {
        return apply(naming, ByteBuffer.allocate(BYTES).putLong(order).array());
    }

    /** The order of a name; empty if it is none of ours. */
    public OptionalLong order(byte[] name) {
        Lengths.exactly(name, BYTES, "a version's name");
        ByteBuffer block = ByteBuffer.wrap(apply(reading, name));
        long order = block.getLong();
        return block.getLong() == 0 ? OptionalLong.of(order) : OptionalLong.empty();
    }

    private static byte[] apply(Pool<Cipher> pool, byte[] block) {
        Cipher cipher = pool.take();
        try {
            return cipher.doFinal(block);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("one block of AES failed", e);
        } finally {
            pool.give(cipher);
        }
    }
}
