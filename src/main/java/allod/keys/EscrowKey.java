package allod.keys;

import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.Base64;

/**
 * The X25519 public key of a party in escrow: whoever has its private half can open what is sealed to it.
 *
 * @param bytes 32 bytes as in RFC 7748
 */
public record EscrowKey(byte[] bytes) {
    /** Bytes of a key, public or private. */
    public static final int BYTES = X25519.BYTES;

    private static final byte[] PROBE = new byte[BYTES];

    static {
        PROBE[0] = 1;
    }

    /** @throws IllegalArgumentException unless it is 32 bytes of a key that keeps a secret */
    public EscrowKey {
        bytes = Lengths.exactly(bytes, BYTES, "a recipient's key").clone();
        try {
            X25519.agree(PROBE, bytes);
        } catch (InvalidKeyException smallOrder) {
            throw new IllegalArgumentException("a recipient's key of small order keeps no secret", smallOrder);
        }
    }

    /**
     * Reads the 44 characters that {@link #toString} writes.
     *
     * @throws IllegalArgumentException if they are not the one base64 of such a key
     */
    public static EscrowKey parse(String base64) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("a recipient's key is base64 of its 32 bytes", notBase64);
        }
        var key = new EscrowKey(decoded);
        if (!key.toString().equals(base64)) {
            throw new IllegalArgumentException("a recipient's key is base64 of its 32 bytes, 44 characters");
        }
        return key;
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EscrowKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
