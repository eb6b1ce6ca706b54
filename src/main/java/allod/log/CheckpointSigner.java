package allod.log;

import java.util.Optional;

/**
 * Signs a log's checkpoints and never a fork: the size never falls, and one size has one root. What it signed before
 * must be given to it at start; whoever holds it stores each note durably before the note leaves the process. Safe for
 * use by many threads.
 */
public final class CheckpointSigner {
    private final NoteSigner signer;
    private Optional<Checkpoint> last;

    /**
     * A signer that goes on after the last checkpoint that was ever signed.
     *
     * @throws IllegalArgumentException if that is another log's
     */
    public CheckpointSigner(NoteSigner signer, Optional<Checkpoint> last) {
        this.signer = signer;
        this.last = last;
        last.ifPresent(this::requireOwn);
    }

    public VerifierKey verifierKey() {
        return signer.verifierKey();
    }

    /**
     * Signs the checkpoint, which becomes the last one.
     *
     * @throws IllegalStateException if it is smaller than the last one, or of the same size with another root
     * @throws IllegalArgumentException if its origin is not the signer's name
     */
    public synchronized SignedNote sign(Checkpoint checkpoint) {
        requireOwn(checkpoint);
        last.ifPresent(before -> {
            boolean forks = checkpoint.size() == before.size() && !checkpoint.equals(before);
            if (checkpoint.size() < before.size() || forks) {
                throw new IllegalStateException("refused to sign a fork: " + checkpoint + " after " + before);
            }
        });
        last = Optional.of(checkpoint);
        return signer.sign(checkpoint.text());
    }

    private void requireOwn(Checkpoint checkpoint) {
        String name = signer.verifierKey().name();
        if (!checkpoint.origin().equals(name)) {
            throw new IllegalArgumentException("the signer of " + name + " does not sign for " + checkpoint.origin());
        }
    }
}
