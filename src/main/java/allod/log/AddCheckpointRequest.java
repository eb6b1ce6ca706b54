package allod.log;

import java.util.List;

/**
 * What a log sends a witness: the size the witness last cosigned, the proof from there, and the new checkpoint.
 *
 * @param proof from the old size to the checkpoint's size; not checked here
 * @param note the signed checkpoint
 * @see <a href="https://c2sp.org/tlog-witness">C2SP tlog-witness, add-checkpoint</a>
 */
public record AddCheckpointRequest(ConsistencyProof proof, SignedNote note) {
    /** Longest body, 16 KiB. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final String WHAT = "add-checkpoint request";

    /** @throws IllegalArgumentException if the note is no checkpoint or is one of another size */
    public AddCheckpointRequest {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.parse(note.text());
        } catch (MalformedException e) {
            throw new IllegalArgumentException(e.why(), e);
        }
        if (checkpoint.size() != proof.newSize()) {
            throw new IllegalArgumentException(
                    "a proof to size " + proof.newSize() + " has no checkpoint of " + checkpoint.size());
        }
    }

    /** Reads a body; a {@link MalformedException}, answered with 400, also where old is larger than the checkpoint. */
    public static AddCheckpointRequest parse(byte[] body) {
        Strict.atMost(body.length, MAX_BYTES, WHAT);
        ProofLines lines = ProofLines.of(body, WHAT);
        long oldSize = Strict.decimal(lines.after("old ", WHAT), "old size");
        List<Hash> path = lines.hashes(WHAT);
        SignedNote note = lines.note();
        AddCheckpointRequest request;
        try {
            long size = Checkpoint.parse(note.text()).size();
            request = new AddCheckpointRequest(new ConsistencyProof(oldSize, size, path), note);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(WHAT, e);
        }
        Strict.sameBytes(body, request.encode(), WHAT);
        return request;
    }

    public byte[] encode() {
        return ProofLines.write("old " + proof.oldSize() + "\n", proof.path(), note);
    }

    /** The checkpoint's three lines; not to be believed before its signature is checked. */
    public Checkpoint checkpoint() {
        return Checkpoint.parse(note.text());
    }
}
