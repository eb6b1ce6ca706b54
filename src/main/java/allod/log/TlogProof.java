package allod.log;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A file that proves, without a network, that an entry is in a log: index, inclusion path and the signed checkpoint.
 * By habit its name ends in {@code .tlog-proof}.
 *
 * @param extra bytes beside the proof that nothing authenticates, fewer than 48 KiB
 * @param inclusion index and path in the checkpoint's tree
 * @param note the checkpoint verbatim, with its cosignatures
 * @see <a href="https://c2sp.org/tlog-proof">C2SP tlog-proof</a>
 */
public record TlogProof(Optional<Extra> extra, InclusionProof inclusion, SignedNote note) {
    public static final int MAX_EXTRA_BYTES = 48 * 1024 - 1;
    /** Extra data in base64, 63 hashes, the largest note and the lines around them. */
    public static final int MAX_BYTES = 64 * 1024 + 4 * 1024 + SignedNote.MAX_BYTES;

    private static final String FIRST_LINE = "c2sp.org/tlog-proof@v1";
    private static final String WHAT = "proof file";

    /** Opaque bytes, compared by content. */
    @SuppressWarnings("ArrayRecordComponent") // Copied on the way in and out, compared by content.
    public record Extra(byte[] bytes) {
        /** @throws IllegalArgumentException if it is 48 KiB or longer */
        public Extra {
            if (bytes.length > MAX_EXTRA_BYTES) {
                throw new IllegalArgumentException("extra data has " + bytes.length + " bytes, not below 48 KiB");
            }
            bytes = bytes.clone();
        }

        @Override
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Extra(byte[] otherBytes) && Arrays.equals(bytes, otherBytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Extra[" + bytes.length + " bytes]";
        }
    }

    /** What a check of the file found. */
    public sealed interface Outcome {
        /** The entry is in the log, as the accepted checkpoint says. */
        record Proven(WitnessPolicy.Decision.Accepted by) implements Outcome {}

        /** The path does not lead from the entry to the checkpoint's root: whoever signed it, this entry is not it. */
        record NotIncluded() implements Outcome {}

        /**
         * The path is right, the policy does not accept the checkpoint.
         *
         * @param why never {@link WitnessPolicy.Decision.Accepted}
         */
        record NotAccepted(WitnessPolicy.Decision why) implements Outcome {}
    }

    /** @throws IllegalArgumentException if the note is no checkpoint or is one of another size */
    public TlogProof {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.parse(note.text());
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.why(), e);
        }
        if (checkpoint.size() != inclusion.size()) {
            throw new IllegalArgumentException(
                    "a path in a tree of " + inclusion.size() + " has no checkpoint of " + checkpoint.size());
        }
    }

    /** The usual proof, without extra data. */
    public static TlogProof of(InclusionProof inclusion, SignedNote note) {
        return new TlogProof(Optional.empty(), inclusion, note);
    }

    /** Reads the file; a {@link MalformedException} where it is not in its one form or its index is not in the tree. */
    public static TlogProof parse(byte[] file) {
        Strict.atMost(file.length, MAX_BYTES, WHAT);
        ProofLines lines = ProofLines.of(file, WHAT);
        if (!lines.after(FIRST_LINE, WHAT).isEmpty()) {
            throw new MalformedException(WHAT + " has a first line longer than " + FIRST_LINE);
        }
        TlogProof proof;
        try {
            Optional<Extra> extra = lines.startsWith("extra ")
                    ? Optional.of(new Extra(Strict.base64(lines.after("extra ", WHAT), "extra data")))
                    : Optional.empty();
            long index = Strict.decimal(lines.after("index ", WHAT), "index");
            List<Hash> path = lines.hashes(WHAT);
            SignedNote note = lines.note();
            long size = Checkpoint.parse(note.text()).size();
            proof = new TlogProof(extra, new InclusionProof(index, size, path), note);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(WHAT, e);
        }
        Strict.sameBytes(file, proof.encode(), WHAT);
        return proof;
    }

    public byte[] encode() {
        String extraLine =
                extra.map(e -> "extra " + Strict.base64(e.bytes()) + "\n").orElse("");
        return ProofLines.write(
                FIRST_LINE + "\n" + extraLine + "index " + inclusion.index() + "\n", inclusion.path(), note);
    }

    /** The checkpoint's three lines; not to be believed before {@link #verify}. */
    public Checkpoint checkpoint() {
        return Checkpoint.parse(note.text());
    }

    /** Whether the path leads from this entry to the checkpoint's root, whoever signed it. */
    public boolean includes(byte[] entry) {
        return inclusion.proves(MerkleTree.leafHash(entry), checkpoint().root());
    }

    /** Checks that this entry is in a log that the policy trusts. */
    public Outcome verify(byte[] entry, WitnessPolicy policy) {
        if (!includes(entry)) {
            return new Outcome.NotIncluded();
        }
        return switch (policy.evaluate(note)) {
            case WitnessPolicy.Decision.Accepted accepted -> new Outcome.Proven(accepted);
            case WitnessPolicy.Decision refused -> new Outcome.NotAccepted(refused);
        };
    }
}
