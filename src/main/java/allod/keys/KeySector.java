package allod.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * What a 4 KiB sector of the key file holds: a live key, nothing yet, or the random bytes that overwrote a key. Anything
 * else is a write that a crash tore, and counts as holding key bytes that must still be overwritten.
 */
final class KeySector {
    private static final byte[] MAGIC = "allodKS1".getBytes(StandardCharsets.US_ASCII);
    private static final int DOMAIN_AT = 12;
    private static final int GENERATION_AT = 28;
    private static final int LABEL_AT = 36;
    private static final int KEY_AT = 44;
    private static final int HASH_AT = KEY_AT + 32;
    private static final int OVERWRITTEN_HASH_AT = KeyFile.SECTOR_BYTES - 32;

    private KeySector() {}

    enum State {
        /** A whole key of the domain. */
        LIVE,
        /** Never written. */
        BLANK,
        /** Random bytes that this program wrote over all of it. */
        OVERWRITTEN,
        /** Torn by a crash, or somebody else's. */
        UNKNOWN
    }

    /** The name of a handle, from the attempt that made it. */
    static String handle(long generation, byte[] label) {
        return Long.toUnsignedString(generation) + "-" + HexFormat.of().formatHex(label);
    }

    static State stateOf(ByteBuffer sector, Domain domain) {
        return holds(sector, domain) ? State.LIVE : stateOfOther(sector);
    }

    /** Whether key bytes of any domain may stand in the sector. */
    static boolean mayHoldKey(ByteBuffer sector) {
        return stateOfOther(sector) == State.UNKNOWN;
    }

    private static State stateOfOther(ByteBuffer sector) {
        if (Arrays.equals(hash(sector, OVERWRITTEN_HASH_AT), bytes(sector, OVERWRITTEN_HASH_AT, 32))) {
            return State.OVERWRITTEN;
        }
        for (int i = 0; i < KeyFile.SECTOR_BYTES; i++) {
            if (sector.get(i) != 0) {
                return State.UNKNOWN;
            }
        }
        return State.BLANK;
    }

    private static boolean holds(ByteBuffer sector, Domain domain) {
        return Arrays.equals(bytes(sector, 0, MAGIC.length), MAGIC)
                && sector.getInt(MAGIC.length) == domain.number()
                && Arrays.equals(bytes(sector, DOMAIN_AT, 16), domain.id())
                && Arrays.equals(hash(sector, HASH_AT), bytes(sector, HASH_AT, 32));
    }

    /** The handle of a live sector. */
    static String handleOf(ByteBuffer sector) {
        return handle(sector.getLong(GENERATION_AT), bytes(sector, LABEL_AT, RootRecord.Intent.LABEL_BYTES));
    }

    /** The key of a live sector; the caller overwrites it after use. */
    static byte[] keyOf(ByteBuffer sector) {
        return bytes(sector, KEY_AT, 32);
    }

    /** Fills the sector with a fresh key. */
    static void fill(ByteBuffer sector, Domain domain, long generation, byte[] label, RandomGenerator random) {
        clear(sector);
        byte[] key = KeyTree.fresh(random);
        sector.put(MAGIC)
                .putInt(domain.number())
                .put(domain.id())
                .putLong(generation)
                .put(label)
                .put(key);
        sector.put(hash(sector, HASH_AT));
        Arrays.fill(key, (byte) 0);
        sector.clear();
    }

    /** Fills the sector with random bytes that can be told from a torn write. */
    static void fillOverwritten(ByteBuffer sector, RandomGenerator random) {
        byte[] noise = new byte[OVERWRITTEN_HASH_AT];
        random.nextBytes(noise);
        sector.clear();
        sector.put(noise);
        sector.put(Sha256.of(noise));
        sector.clear();
    }

    /** Leaves no key byte in the buffer. */
    static void clear(ByteBuffer sector) {
        sector.clear();
        while (sector.hasRemaining()) {
            sector.putLong(0);
        }
        sector.clear();
    }

    private static byte[] bytes(ByteBuffer sector, int at, int length) {
        byte[] bytes = new byte[length];
        sector.get(at, bytes);
        return bytes;
    }

    private static byte[] hash(ByteBuffer sector, int length) {
        MessageDigest sha = Sha256.start();
        sha.update(sector.duplicate().clear().limit(length));
        return sha.digest();
    }
}
