package allod.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The one-way step down from a seed to its 64 children:
 * {@code child(i) = HMAC-SHA256(seed, "allod/v1/ggm" || domain16 || u8 level || u8 i)}, after Goldreich, Goldwasser and
 * Micali. A node of level 0 has slot secrets as its children. For use by one thread, as long as one request.
 */
final class SeedDerivation {
    private static final byte[] PURPOSE = "allod/v1/ggm".getBytes(StandardCharsets.US_ASCII);

    private final Mac mac;
    private final byte[] message;

    SeedDerivation(byte[] domain) {
        try {
            mac = Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no HMAC-SHA256", e);
        }
        message = new byte[PURPOSE.length + domain.length + 2];
        System.arraycopy(PURPOSE, 0, message, 0, PURPOSE.length);
        System.arraycopy(domain, 0, message, PURPOSE.length, domain.length);
    }

    /** The child of a node of this level: a seed of the level below, or at level 0 a slot's secret. */
    byte[] child(byte[] seed, int level, int entry) {
        use(seed);
        return child(level, entry);
    }

    /** All 64 children of a node of this level. */
    byte[][] children(byte[] seed, int level) {
        use(seed);
        byte[][] children = new byte[PageHeader.FANOUT][];
        for (int entry = 0; entry < PageHeader.FANOUT; entry++) {
            children[entry] = child(level, entry);
        }
        return children;
    }

    /** From the node of a level down to the node of level 0 that leads to the slot. */
    byte[] leafNode(byte[] seed, int level, long slot) {
        byte[] node = seed;
        for (int at = level; at > 0; at--) {
            node = child(node, at, PageHeader.entryOf(slot, at));
        }
        return node;
    }

    private void use(byte[] seed) {
        try {
            mac.init(new SecretKeySpec(seed, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 refused a 32-byte key", e);
        }
    }

    private byte[] child(int level, int entry) {
        message[message.length - 2] = (byte) level;
        message[message.length - 1] = (byte) entry;
        return mac.doFinal(message);
    }
}
