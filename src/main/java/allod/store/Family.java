package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import java.util.Optional;

/**
 * The families of the map: the first byte of every key. All are reserved here; {@code written} ones exist in this
 * version, and a folder that holds another was written by a later one and is refused.
 */
enum Family {
    FORMAT('!', true),
    TENANT('T', true),
    BUCKET('b', true),
    BUCKET_OF_TENANT('B', true),
    CONFIGURATION('C', true),
    CURRENT('o', true),
    NONCURRENT('v', true),
    NULL_VERSION('n', true),
    SLOT('s', true),
    UPLOAD('u', true),
    PART('p', true),
    SEALED('z', false),
    DUE('i', true),
    PENDING('q', true),
    PAGE('k', true),
    ROOT('K', true),
    DROPPED_BLOB('d', true),
    RESERVATION('x', true),
    RECEIPT('r', true),
    PERIOD('P', true),
    EVENTS('e', true),
    LOG('L', true),
    LEAVES('l', true),
    TILE('t', true),
    CHAIN('h', true),
    CHECKPOINT('c', true),
    RUN('H', true),
    ACCESS_KEY('a', true),
    GRANT('g', false),
    ESCROW('E', true),
    RESTORE('R', true),
    IDENTITY('I', true);

    final byte code;
    private final boolean written;

    Family(char code, boolean written) {
        this.code = (byte) code;
        this.written = written;
    }

    /** Refuses a first byte that this version does not write. */
    static void check(byte code) {
        for (Family family : values()) {
            if (family.code == code && family.written) {
                return;
            }
        }
        String name = Optional.of(code)
                .filter(c -> c > ' ' && c < 0x7f)
                .map(c -> "'" + (char) (byte) c + "'")
                .orElse(Integer.toHexString(code & 0xff));
        throw new Problem(
                Reason.UNUSABLE_FOLDER,
                "The data folder cannot be opened.",
                "It holds records of the family " + name + ", which this version does not know.",
                "Open it with the version of Allod that wrote it.");
    }
}
