package allod.store;

import allod.log.DerivedTiles;
import allod.log.InclusionProof;
import allod.log.LogResource;
import allod.log.SignedNote;
import allod.log.TiledTree;
import allod.log.TlogProof;
import allod.log.VerifierKey;
import allod.store.engine.Reader;
import java.time.Duration;
import java.util.Optional;

/**
 * The log as anyone may read it: checkpoint, tiles, entries and proofs, rendered from committed rows. Nothing is served
 * that a published checkpoint does not cover.
 */
public final class PublicLog {
    /** How long a proof waits for the checkpoint that covers it. */
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final int number;
    private final Signatures signatures;
    private final boolean closed;
    private final LogEntries entries;
    private final DerivedTiles tiles;
    private final VerifierKey verifierKey;

    /** Where a log's signed states come from. */
    private interface Signatures {
        Optional<Checkpoints.Signed> latest();

        /** The first that covers an entry; empty if none did in time. */
        Optional<Checkpoints.Signed> covering(long index) throws InterruptedException;
    }

    private PublicLog(
            int number,
            Signatures signatures,
            boolean closed,
            LogEntries entries,
            DerivedTiles tiles,
            VerifierKey verifierKey) {
        this.number = number;
        this.signatures = signatures;
        this.closed = closed;
        this.entries = entries;
        this.tiles = tiles;
        this.verifierKey = verifierKey;
    }

    /** The log that is written now. */
    static PublicLog open(
            int number, Checkpoints checkpoints, LogEntries entries, DerivedTiles tiles, VerifierKey verifierKey) {
        var signatures = new Signatures() {
            @Override
            public Optional<Checkpoints.Signed> latest() {
                return checkpoints.latest();
            }

            @Override
            public Optional<Checkpoints.Signed> covering(long index) throws InterruptedException {
                return checkpoints.covering(index, WAIT);
            }
        };
        return new PublicLog(number, signatures, false, entries, tiles, verifierKey);
    }

    /** A log that a restore closed: it ends at the last checkpoint in the map. */
    static PublicLog closed(Reader map, int number, LogRow row) {
        var entries = new LogEntries(map, number);
        Optional<Checkpoints.Signed> last = Optional.ofNullable(map.get(MapKey.checkpoint(number)))
                .map(LogHead::decode)
                .map(LogRecovery::signed);
        var signatures = new Signatures() {
            @Override
            public Optional<Checkpoints.Signed> latest() {
                return last;
            }

            @Override
            public Optional<Checkpoints.Signed> covering(long index) {
                return last.filter(signed -> index < signed.checkpoint().size());
            }
        };
        VerifierKey key = VerifierKey.parse(row.verifierKey());
        return new PublicLog(number, signatures, true, entries, new DerivedTiles(entries, entries), key);
    }

    /** Its number in this installation: 0, or that of the restore that opened it. */
    public int number() {
        return number;
    }

    /** Its name for ever. */
    public String origin() {
        return verifierKey.name();
    }

    /** Where it is served at the pact address, with a slash at both ends. */
    public String prefix() {
        return LogNames.prefix(number);
    }

    /** Whether a restore closed it: nothing is added, and what follows its last checkpoint is proven by nothing. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether no checkpoint will ever cover an entry. */
    public boolean isNeverProven(long index) {
        return closed
                && signatures
                        .latest()
                        .filter(signed -> index < signed.checkpoint().size())
                        .isEmpty();
    }

    /** The key that checks the log's checkpoints. */
    public VerifierKey verifierKey() {
        return verifierKey;
    }

    /** The latest signed checkpoint; empty before the first event. */
    public Optional<SignedNote> checkpoint() {
        return signatures.latest().map(Checkpoints.Signed::note);
    }

    /** The bytes of a resource; empty where the latest checkpoint's tree does not have it. */
    public Optional<byte[]> read(LogResource resource) {
        Optional<Checkpoints.Signed> latest = signatures.latest();
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
        return signatures.covering(index).map(signed -> {
            InclusionProof proof = new TiledTree(tiles, signed.checkpoint().size()).inclusion(index);
            return TlogProof.of(proof, signed.note());
        });
    }
}
