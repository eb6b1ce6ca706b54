package allod.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A text and its signatures. The text means nothing before {@link #verify} has found a known key's signature.
 *
 * @param text one or more lines, each ended by a line feed, without other control characters
 * @param signatures 1 to 64 signature lines in order
 * @see <a href="https://c2sp.org/signed-note">C2SP signed-note</a>
 */
public record SignedNote(String text, List<Signature> signatures) {
    public static final int MAX_BYTES = 256 * 1024;
    public static final int MAX_SIGNATURES = 64;

    private static final String LINE_START = "\u2014 ";

    /**
     * One signature line: em dash, name, and the base64 of key id and signature.
     *
     * @param name the key's name, not empty, without spaces or plus
     * @param keyId the key's id, see {@link VerifierKey#keyId}
     * @param signature what follows the id: 1 or more bytes, for a cosignature its time first
     */
    @SuppressWarnings("ArrayRecordComponent") // Copied on the way in and out, compared by content.
    public record Signature(String name, int keyId, byte[] signature) {
        /** @throws IllegalArgumentException if the name breaks its rule or the signature is empty */
        public Signature {
            if (!Strict.isKeyName(name)) {
                throw new IllegalArgumentException("key name is empty or has a space or plus: " + Strict.shown(name));
            }
            if (signature.length == 0) {
                throw new IllegalArgumentException("signature by " + Strict.shown(name) + " is empty");
            }
            signature = signature.clone();
        }

        @Override
        public byte[] signature() {
            return signature.clone();
        }

        /** The line with its line feed. */
        public String line() {
            byte[] blob = ByteBuffer.allocate(Integer.BYTES + signature.length)
                    .putInt(keyId)
                    .put(signature)
                    .array();
            return LINE_START + name + " " + Strict.base64(blob) + "\n";
        }

        /** @param line without its line feed */
        static Signature parse(String line) {
            String[] parts = line.split(" ", -1);
            if (parts.length != 3 || !line.startsWith(LINE_START)) {
                throw new MalformedException("not a signature line: " + Strict.shown(line));
            }
            byte[] blob = Strict.base64(parts[2], "signature");
            if (blob.length <= Integer.BYTES) {
                throw new MalformedException("signature is shorter than 5 bytes: " + Strict.shown(line));
            }
            try {
                return new Signature(
                        parts[1], ByteBuffer.wrap(blob).getInt(), Arrays.copyOfRange(blob, Integer.BYTES, blob.length));
            } catch (IllegalArgumentException e) {
                throw new MalformedException("signature line", e);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Signature(String otherName, int otherId, byte[] otherSignature)
                    && name.equals(otherName)
                    && keyId == otherId
                    && Arrays.equals(signature, otherSignature);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * name.hashCode() + keyId) + Arrays.hashCode(signature);
        }

        @Override
        public String toString() {
            return line().stripTrailing();
        }
    }

    /** What the known keys say of a note. */
    public sealed interface Verdict {
        /**
         * At least one known key signed it, and no known key's signature is bad.
         *
         * @param by the keys that signed, each once, in the order of the note
         */
        record Verified(List<VerifierKey> by) implements Verdict {
            public Verified {
                by = List.copyOf(by);
            }
        }

        /** A line names a known key and its signature is not that key's: the whole note is refused. */
        record BadSignature(VerifierKey key) implements Verdict {}

        /** No line names a known key: nothing can be said. */
        record NoKnownKey() implements Verdict {}
    }

    /** @throws IllegalArgumentException if the text is empty, unended or has control characters, or on any limit */
    public SignedNote {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n")) {
            throw new IllegalArgumentException("note text does not end in a line feed");
        }
        if (text.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
            throw new IllegalArgumentException("note text has a control character");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("note text is not Unicode");
        }
        if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
            throw new IllegalArgumentException("a note has 1 to 64 signatures, not " + signatures.size());
        }
    }

    /**
     * Reads a signed note.
     *
     * @throws MalformedException if it is not a signed note in its one form, or over a limit
     */
    public static SignedNote parse(byte[] note) {
        Strict.atMost(note.length, MAX_BYTES, "note");
        String all = Strict.utf8(note, "note");
        // The text may hold blank lines of its own, a signature cannot: the last one divides.
        int divide = all.lastIndexOf("\n\n");
        if (divide < 0 || !all.endsWith("\n")) {
            throw new MalformedException("note has no blank line before its signatures, or its last line is not ended");
        }
        String lines = all.substring(divide + 2);
        if (lines.isEmpty()) {
            throw new MalformedException("note has no signature");
        }
        String[] split = lines.substring(0, lines.length() - 1).split("\n", MAX_SIGNATURES + 2);
        if (split.length > MAX_SIGNATURES) {
            throw new MalformedException("note has more than 64 signatures");
        }
        List<Signature> signatures = new ArrayList<>();
        for (String line : split) {
            signatures.add(Signature.parse(line));
        }
        SignedNote parsed;
        try {
            parsed = new SignedNote(all.substring(0, divide + 1), signatures);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("note", e);
        }
        Strict.sameBytes(note, parsed.encode(), "note");
        return parsed;
    }

    /** The bytes: text, blank line, signature lines. */
    public byte[] encode() {
        StringBuilder out = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> out.append(signature.line()));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The same note with more signatures after its own. */
    public SignedNote with(List<Signature> more) {
        List<Signature> all = new ArrayList<>(signatures);
        all.addAll(more);
        return new SignedNote(text, all);
    }

    /** Checks every signature of a known key; lines of other keys are ignored, even under a known name. */
    public Verdict verify(Collection<VerifierKey> known) {
        Set<VerifierKey> by = new LinkedHashSet<>();
        for (Signature signature : signatures) {
            for (VerifierKey key : known) {
                if (key.isNamedBy(signature)) {
                    if (!key.verifies(text, signature)) {
                        return new Verdict.BadSignature(key);
                    }
                    by.add(key);
                }
            }
        }
        return by.isEmpty() ? new Verdict.NoKnownKey() : new Verdict.Verified(List.copyOf(by));
    }
}
