package allod.store;

import allod.log.DerivedTiles;
import allod.log.InclusionProof;
import allod.log.LogResource;
import allod.log.SignedNote;
import allod.log.TiledTree;
import allod.log.TlogProof;
import allod.log.VerifierKey;
import java.time.Duration;
import java.util.Optional;

/**
 * The log as anyone may read it: checkpoint, tiles, entries and proofs, rendered from committed rows. Nothing is served
 * that a published checkpoint does not cover.
 */
public final class PublicLog {
    /** How long a proof waits for the checkpoint that covers it. */
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final Checkpoints checkpoints;
    private final LogEntries entries;
    private final DerivedTiles tiles;
    private final VerifierKey verifierKey;

    PublicLog(Checkpoints checkpoints, LogEntries entries, DerivedTiles tiles, VerifierKey verifierKey) {
        this.checkpoints = checkpoints;
        this.entries = entries;
        this.tiles = tiles;
        this.verifierKey = verifierKey;
    }

    /** The key that checks the log's checkpoints. */
    public VerifierKey verifierKey() {
        return verifierKey;
    }

    /** The latest signed checkpoint; empty before the first event. */
    public Optional<SignedNote> checkpoint() {
        return checkpoints.latest().map(Checkpoints.Signed::note);
    }

    /** The bytes of a resource; empty where the latest checkpoint's tree does not have it. */
    public Optional<byte[]> read(LogResource resource) {
        Optional<Checkpoints.Signed> latest = checkpoints.latest();
        if (latest.isEmpty()) {
            return Optional.empty();
        }
        var tree = new TiledTree(tiles, latest.get().checkpoint().size());
        return switch (resource) {
            case LogResource.LatestCheckpoint() ->
                Optional.of(latest.get().note().encode());
            case LogResource.Tile tile -> tree.render(tile);
            case LogResource.EntryBundle bundle -> tree.render(bundle, entries);
        };
    }

    /** That an entry is in the log; empty if no checkpoint covered it within five seconds. */
    Optional<TlogProof> prove(long index) throws InterruptedException {
        return checkpoints.covering(index, WAIT).map(signed -> {
            InclusionProof proof = new TiledTree(tiles, signed.checkpoint().size()).inclusion(index);
            return TlogProof.of(proof, signed.note());
        });
    }
}
