package allod.log;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The tree's two hash functions over one reused digest. Not safe for use by several threads at once. */
final class MerkleHasher {
    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final MessageDigest digest = newSha256();

    Hash leaf(byte[] entry) {
        digest.update(LEAF);
        return Hash.owning(digest.digest(entry));
    }

    Hash node(Hash left, Hash right) {
        digest.update(NODE);
        left.feed(digest);
        right.feed(digest);
        return Hash.owning(digest.digest());
    }

    /** The root of a perfect subtree over {@code count} concatenated hashes from {@code first}; a power of two. */
    Hash fold(byte[] hashes, int first, int count) {
        if (Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException(count + " hashes are no perfect subtree");
        }
        byte[] work = new byte[count * Hash.LENGTH];
        System.arraycopy(hashes, first * Hash.LENGTH, work, 0, work.length);
        try {
            for (int width = count; width > 1; width /= 2) {
                for (int i = 0; i < width / 2; i++) {
                    digest.update(NODE);
                    digest.update(work, 2 * i * Hash.LENGTH, 2 * Hash.LENGTH);
                    digest.digest(work, i * Hash.LENGTH, Hash.LENGTH);
                }
            }
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 did not fit 32 bytes", e);
        }
        return Hash.at(work, 0);
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
