package allod.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The log of the vectors: entry i is i in decimal, signed by the seed 00 01 .. 1f, cosigned by 20 21 .. 3f. */
final class Fixtures {
    static final int SIZE = 70_000;
    static final NoteSigner LOG = NoteSigner.ofLog("log.allod.example/g1", seed(0));
    static final NoteSigner WITNESS = NoteSigner.ofWitness("witness.example/w1", seed(0x20));
    static final Instant COSIGNED = Instant.ofEpochSecond(1_700_000_000);

    static final EntrySource ENTRIES = (first, count) ->
            IntStream.range(0, count).mapToObj(i -> entry(first + i)).toList();

    private Fixtures() {}

    static byte[] entry(long index) {
        return Long.toString(index).getBytes(StandardCharsets.US_ASCII);
    }

    static List<byte[]> entries(int size) {
        return IntStream.range(0, size).mapToObj(Fixtures::entry).toList();
    }

    static byte[] seed(int first) {
        byte[] seed = new byte[32];
        for (int i = 0; i < seed.length; i++) {
            seed[i] = (byte) (first + i);
        }
        return seed;
    }

    static DerivedTiles tiles() {
        return new DerivedTiles(ENTRIES, (level, index) -> Optional.empty());
    }

    static TiledTree tree(long size) {
        return new TiledTree(tiles(), size);
    }

    static byte[] resource(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no test resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every resource that a log of this size must serve, by path. */
    static Map<String, byte[]> files(TiledTree tree, EntrySource entries, SignedNote checkpoint) {
        Map<String, byte[]> files = new HashMap<>();
        files.put("checkpoint", checkpoint.encode());
        for (int level = 0; LogResource.nodesAt(level, tree.size()) > 0; level++) {
            int width;
            for (long n = 0; (width = LogResource.widthAt(level, n, tree.size())) > 0; n++) {
                LogResource.Tile tile = new LogResource.Tile(level, n, width);
                files.put(tile.path(), tree.render(tile).orElseThrow());
                if (level == 0) {
                    LogResource.EntryBundle bundle = new LogResource.EntryBundle(n, width);
                    files.put(bundle.path(), tree.render(bundle, entries).orElseThrow());
                }
            }
        }
        return files;
    }

    /** The same bytes with one bit turned. */
    static byte[] flipped(byte[] bytes, int bit) {
        byte[] copy = bytes.clone();
        copy[bit / 8] ^= (byte) (1 << (bit % 8));
        return copy;
    }

    static List<Hash> flipped(List<Hash> path, int bit) {
        List<Hash> copy = new ArrayList<>(path);
        int at = bit / 256;
        copy.set(at, Hash.of(flipped(path.get(at).bytes(), bit % 256)));
        return copy;
    }
}
