package allod.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rederives a whole log from its entries: checks the checkpoint's signature, hashes every entry, compares every tile and
 * the root. Reads forward once and holds one tile per level, whatever the size.
 */
public final class LogFsck {
    private static final int MAX_BUNDLE_BYTES = LogResource.TILE_WIDTH * (2 + EntryBundles.MAX_ENTRY_BYTES);
    private static final int FULL_TILE_BYTES = LogResource.TILE_WIDTH * Hash.LENGTH;

    private final LogFetcher fetcher;
    private final VerifierKey key;
    private final MerkleHasher hasher = new MerkleHasher();
    private final CompactTree tree = new CompactTree();
    private final List<UpperTile> upper = new ArrayList<>();
    private final TreeMap<Integer, Long> types = new TreeMap<>();
    private final List<FsckReport.Fault> faults = new ArrayList<>();
    private long otherLengths;
    private long tiles;

    /** The tile of a level that is being filled from below. */
    private static final class UpperTile {
        final byte[] hashes = new byte[FULL_TILE_BYTES];
        long index;
        int width;
    }

    private LogFsck(LogFetcher fetcher, VerifierKey key) {
        this.fetcher = fetcher;
        this.key = key;
    }

    /**
     * Checks the log against the checkpoint it serves now.
     *
     * @param key the log's key, known from elsewhere; its name is the origin that is expected
     * @throws IOException if a resource could not be read, so that nothing can be said of the log
     */
    public static FsckReport check(LogFetcher fetcher, VerifierKey key) throws IOException {
        return new LogFsck(fetcher, key).run();
    }

    private FsckReport run() throws IOException {
        Optional<Checkpoint> checkpoint = checkpoint();
        if (checkpoint.isPresent()) {
            rederive(checkpoint.get());
        }
        return new FsckReport(checkpoint, tree.size(), tiles, types, otherLengths, faults);
    }

    private Optional<Checkpoint> checkpoint() throws IOException {
        LogResource resource = new LogResource.LatestCheckpoint();
        Optional<byte[]> bytes = fetcher.fetch(resource.path(), SignedNote.MAX_BYTES);
        if (bytes.isEmpty()) {
            faults.add(new FsckReport.Fault.Missing(resource));
            return Optional.empty();
        }
        try {
            SignedNote note = SignedNote.parse(bytes.get());
            Checkpoint read = Checkpoint.parse(note.text());
            String distrust = switch (note.verify(List.of(key))) {
                case SignedNote.Verdict.BadSignature b -> "the signature is not by " + b.key();
                case SignedNote.Verdict.NoKnownKey n -> "it has no signature by " + key;
                case SignedNote.Verdict.Verified v ->
                    read.origin().equals(key.name()) ? "" : "its origin is " + read.origin();
            };
            if (distrust.isEmpty()) {
                return Optional.of(read);
            }
            faults.add(new FsckReport.Fault.UntrustedCheckpoint(distrust));
        } catch (MalformedException e) {
            faults.add(new FsckReport.Fault.UnreadableCheckpoint(e.why()));
        }
        return Optional.empty();
    }

    private void rederive(Checkpoint checkpoint) throws IOException {
        while (tree.size() < checkpoint.size()) {
            long index = tree.size() / LogResource.TILE_WIDTH;
            int width = LogResource.widthAt(0, index, checkpoint.size());
            Optional<List<byte[]>> entries = bundle(new LogResource.EntryBundle(index, width));
            if (entries.isEmpty() || faults.size() >= FsckReport.MAX_FAULTS) {
                return; // Without these entries nothing above them can be computed.
            }
            add(new LogResource.Tile(0, index, width), entries.get());
        }
        for (int level = 1; level <= upper.size(); level++) {
            UpperTile tile = upper.get(level - 1);
            if (tile.width > 0) {
                compare(new LogResource.Tile(level, tile.index, tile.width), tile.hashes);
            }
        }
        if (!tree.root().equals(checkpoint.root())) {
            fault(new FsckReport.Fault.WrongRoot(tree.root()));
        }
    }

    private Optional<List<byte[]>> bundle(LogResource.EntryBundle bundle) throws IOException {
        Optional<byte[]> bytes = fetcher.fetch(bundle.path(), MAX_BUNDLE_BYTES);
        int count = bundle.width();
        if (bytes.isEmpty() && !bundle.isFull()) {
            // A log may drop a partial bundle once it has the full one.
            count = LogResource.TILE_WIDTH;
            bytes = fetcher.fetch(new LogResource.EntryBundle(bundle.index(), count).path(), MAX_BUNDLE_BYTES);
        }
        if (bytes.isEmpty()) {
            fault(new FsckReport.Fault.Missing(bundle));
            return Optional.empty();
        }
        try {
            return Optional.of(EntryBundles.decode(bytes.get(), count).subList(0, bundle.width()));
        } catch (MalformedException e) {
            fault(new FsckReport.Fault.Malformed(bundle, e.why()));
            return Optional.empty();
        }
    }

    private void add(LogResource.Tile tile, List<byte[]> entries) throws IOException {
        byte[] hashes = new byte[entries.size() * Hash.LENGTH];
        for (int i = 0; i < entries.size(); i++) {
            byte[] entry = entries.get(i);
            tree.append(entry).copyTo(hashes, i * Hash.LENGTH);
            if (entry.length == EventLeaf.LENGTH) {
                types.merge(entry[0] & 0xFF, 1L, Long::sum);
            } else {
                otherLengths++;
            }
        }
        compare(tile, hashes);
        if (tile.isFull()) {
            addNode(1, hasher.fold(hashes, 0, LogResource.TILE_WIDTH));
        }
    }

    private void addNode(int level, Hash node) throws IOException {
        if (upper.size() < level) {
            upper.add(new UpperTile());
        }
        UpperTile tile = upper.get(level - 1);
        node.copyTo(tile.hashes, tile.width * Hash.LENGTH);
        tile.width++;
        if (tile.width == LogResource.TILE_WIDTH) {
            compare(new LogResource.Tile(level, tile.index, tile.width), tile.hashes);
            Hash parent = hasher.fold(tile.hashes, 0, LogResource.TILE_WIDTH);
            tile.index++;
            tile.width = 0;
            addNode(level + 1, parent);
        }
    }

    /** Compares what the log serves with the first hashes computed here. */
    private void compare(LogResource.Tile tile, byte[] computed) throws IOException {
        tiles++;
        int served = tile.width();
        Optional<byte[]> bytes = fetcher.fetch(tile.path(), FULL_TILE_BYTES);
        if (bytes.isEmpty() && !tile.isFull()) {
            served = LogResource.TILE_WIDTH;
            bytes = fetcher.fetch(new LogResource.Tile(tile.level(), tile.index(), served).path(), FULL_TILE_BYTES);
        }
        if (bytes.isEmpty()) {
            fault(new FsckReport.Fault.Missing(tile));
        } else if (bytes.get().length != served * Hash.LENGTH) {
            fault(new FsckReport.Fault.Malformed(
                    tile, "it has " + bytes.get().length + " bytes instead of " + served * Hash.LENGTH));
        } else {
            int length = tile.width() * Hash.LENGTH;
            int wrong = Arrays.mismatch(bytes.get(), 0, length, computed, 0, length);
            if (wrong >= 0) {
                fault(new FsckReport.Fault.WrongTile(tile, wrong / Hash.LENGTH));
            }
        }
    }

    private void fault(FsckReport.Fault fault) {
        if (faults.size() < FsckReport.MAX_FAULTS) {
            faults.add(fault);
        }
    }
}
