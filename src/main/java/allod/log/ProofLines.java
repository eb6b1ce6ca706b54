package allod.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The form that proof files and witness requests share: header lines, hash lines, a blank line, then a signed note
 * verbatim. A cursor over the part before the note.
 */
final class ProofLines {
    private final List<String> lines;
    private final byte[] note;
    private int next;

    private ProofLines(List<String> lines, byte[] note) {
        this.lines = lines;
        this.note = note;
    }

    /** Divides at the first blank line; a note's own text never comes before it. */
    static ProofLines of(byte[] bytes, String what) {
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
                String head = new String(bytes, 0, i, StandardCharsets.ISO_8859_1);
                return new ProofLines(
                        Arrays.asList(head.split("\n", -1)), Arrays.copyOfRange(bytes, i + 2, bytes.length));
            }
        }
        throw new MalformedException(what + " has no blank line before its checkpoint");
    }

    boolean startsWith(String prefix) {
        return next < lines.size() && lines.get(next).startsWith(prefix);
    }

    /** The rest of the next line after its prefix. */
    String after(String prefix, String what) {
        if (!startsWith(prefix)) {
            throw new MalformedException(what + " has no line " + Strict.shown(prefix) + " where it must stand");
        }
        return lines.get(next++).substring(prefix.length());
    }

    /** All remaining lines. */
    List<Hash> hashes(String what) {
        if (lines.size() - next > MerkleTree.MAX_PATH) {
            throw new MalformedException(what + " has more than 63 hashes");
        }
        List<Hash> hashes = new ArrayList<>();
        while (next < lines.size()) {
            hashes.add(Hash.fromBase64(lines.get(next++)));
        }
        return hashes;
    }

    SignedNote note() {
        return SignedNote.parse(note);
    }

    /** Writes the same form. */
    static byte[] write(String head, List<Hash> hashes, SignedNote note) {
        StringBuilder out = new StringBuilder(head);
        hashes.forEach(hash -> out.append(hash.toBase64()).append('\n'));
        byte[] before = out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        byte[] after = note.encode();
        byte[] all = Arrays.copyOf(before, before.length + after.length);
        System.arraycopy(after, 0, all, before.length, after.length);
        return all;
    }
}
