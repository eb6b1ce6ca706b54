package allod.log;

import java.nio.charset.StandardCharsets;

/**
 * The log's promise: its first {@code size} entries hash to {@code root}.
 *
 * @param origin the log's name for ever, one line of at most 255 bytes without spaces or plus: the signing key has it too
 * @param size number of entries, 0 to 2<sup>63</sup> - 1
 * @param root Merkle tree hash, SHA-256 as in RFC 6962 section 2.1
 * @see <a href="https://c2sp.org/tlog-checkpoint">C2SP tlog-checkpoint, the text form</a>
 */
public record Checkpoint(String origin, long size, Hash root) {
    /** The longest name that an ML-DSA-44 cosignature can sign. */
    static final int MAX_ORIGIN_BYTES = 255;

    /** @throws IllegalArgumentException if origin or size breaks its rule; the message shows the value */
    public Checkpoint {
        if (!Strict.isKeyName(origin)) {
            throw new IllegalArgumentException("origin is empty or has a space or plus: " + Strict.shown(origin));
        }
        if (origin.getBytes(StandardCharsets.UTF_8).length > MAX_ORIGIN_BYTES) {
            throw new IllegalArgumentException("origin is longer than 255 bytes: " + Strict.shown(origin));
        }
        if (size < 0) {
            throw new IllegalArgumentException("size " + size + " is below 0");
        }
        if (size == 0 && !root.equals(MerkleTree.EMPTY_ROOT)) {
            throw new IllegalArgumentException("the root of an empty tree is not " + root);
        }
    }

    /** The note's text: origin, size and root, a line each. */
    public String text() {
        return origin + "\n" + size + "\n" + root.toBase64() + "\n";
    }

    /**
     * Reads a note's text.
     *
     * @throws MalformedException unless it is exactly the text of a checkpoint; there are no extension lines
     */
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 4 || !lines[3].isEmpty()) {
            throw new MalformedException("checkpoint is not exactly three lines");
        }
        try {
            return new Checkpoint(lines[0], Strict.decimal(lines[1], "checkpoint size"), Hash.fromBase64(lines[2]));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("checkpoint", e);
        }
    }
}
