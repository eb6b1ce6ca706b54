package allod.keys;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The hash that names an object's ciphertext without telling its plaintext: SHA-256 over the SHA-256 of each part's FLOE
 * header, in part order, for one part as for many. A header commits to the key, so two objects never share one.
 */
public final class FloeHash {
    /** Bytes of the hash of a part and of an object. */
    public static final int BYTES = 32;

    private FloeHash() {}

    /** The hash of one part: SHA-256 of its 74-byte header. */
    public static byte[] ofPart(byte[] header) {
        return sha256().digest(Lengths.exactly(header, FloeParameters.HEADER_BYTES, "a FLOE header"));
    }

    /** The hash of an object of one or more parts. */
    public static byte[] ofObject(List<byte[]> partHashes) {
        if (partHashes.isEmpty()) {
            throw new IllegalArgumentException("an object has at least one part");
        }
        MessageDigest digest = sha256();
        for (byte[] partHash : partHashes) {
            digest.update(Lengths.exactly(partHash, BYTES, "a part's FLOE hash"));
        }
        return digest.digest();
    }

    /** The hash of an object that is one stream. */
    public static byte[] ofObject(byte[] header) {
        return sha256().digest(ofPart(header));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", missing);
        }
    }
}
