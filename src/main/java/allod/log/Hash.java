package allod.log;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 hash: 32 bytes, compared by content. Immutable. */
public final class Hash {
    public static final int LENGTH = 32;

    /** 32 zero bytes: what stands before the first link of a chain. Never the hash of anything known. */
    public static final Hash ZERO = new Hash(new byte[LENGTH]);

    private final byte[] bytes;

    private Hash(byte[] owned) {
        this.bytes = owned;
    }

    /**
     * The hash that these bytes are, copied.
     *
     * @throws IllegalArgumentException if it is not exactly 32 bytes
     */
    public static Hash of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** @throws IllegalArgumentException if length is not exactly 32 */
    static Hash of(byte[] bytes, int offset, int length) {
        if (length != LENGTH) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + length);
        }
        return new Hash(Arrays.copyOfRange(bytes, offset, offset + LENGTH));
    }

    /** The 32-byte hash at a position of concatenated hashes, such as a tile. */
    public static Hash at(byte[] hashes, int position) {
        return of(hashes, position * LENGTH, LENGTH);
    }

    /** Takes the array over; the caller must not touch it again. */
    static Hash owning(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        return new Hash(bytes);
    }

    /**
     * Reads a hash.
     *
     * @throws MalformedException unless it is the one canonical base64 of 32 bytes
     */
    public static Hash fromBase64(String text) {
        byte[] decoded = Strict.base64(text, "hash");
        if (decoded.length != LENGTH) {
            throw new MalformedException("hash has " + decoded.length + " bytes, not 32: " + Strict.shown(text));
        }
        return new Hash(decoded);
    }

    /** SHA-256 over the concatenation of the parts, without any prefix. */
    public static Hash sha256(byte[]... parts) {
        MessageDigest digest = MerkleHasher.newSha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return new Hash(digest.digest());
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, LENGTH);
    }

    public String toBase64() {
        return Strict.base64(bytes);
    }

    void feed(MessageDigest digest) {
        digest.update(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Lower-case hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
