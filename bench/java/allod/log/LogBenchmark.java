package allod.log;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the log costs a request and a checkpoint, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LogBenchmark {
    private static final int BATCH = 64;
    private static final String ORIGIN = "log.allod.example/g1";

    private final byte[] body = "x".repeat(300).getBytes(StandardCharsets.UTF_8);
    private final Commitments commitments = new Commitments();
    private final Commitments.Openings openings = new Commitments.Openings(new byte[32], ORIGIN);
    private final Frame frame = new Frame(ORIGIN, new byte[4], 7, Hash.ZERO, 1_700_000_000_000_000L);
    private final byte[] entry = EventLeaf.entry(Hash.ZERO);
    private final CompactTree tree = new CompactTree();
    private final NoteSigner signer = NoteSigner.ofLog(ORIGIN, new byte[32]);
    private final EntrySource entries =
            (first, count) -> IntStream.range(0, count).mapToObj(i -> entry).toList();
    private final DerivedTiles tiles = new DerivedTiles(entries, (level, index) -> Optional.empty());
    private final byte[] signed =
            signer.sign(new Checkpoint(ORIGIN, 70_000, Hash.ZERO).text()).encode();
    private long index;

    @Setup
    public void grow() {
        for (int i = 0; i < 70_000; i++) {
            tree.append(entry);
        }
    }

    /** Opening and commitment of one event with a body of 300 bytes. */
    @Benchmark
    public Hash commit() {
        return commitments.commitment(openings.opening(index++), frame, body);
    }

    /** One entry's share of a batch of 64 appends and the root after them. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Hash appendAndRoot() {
        for (int i = 0; i < BATCH; i++) {
            tree.append(entry);
        }
        return tree.root();
    }

    /** An inclusion proof in a tree of 70,000, its leaf tiles hashed from entries. */
    @Benchmark
    public InclusionProof prove() {
        return new TiledTree(tiles, 70_000).inclusion(index++ % 70_000);
    }

    /** One signed checkpoint. */
    @Benchmark
    public SignedNote sign() {
        return signer.sign(new Checkpoint(ORIGIN, tree.size(), Hash.ZERO).text());
    }

    /** One checkpoint read and its signature checked. */
    @Benchmark
    public SignedNote.Verdict verify() {
        return SignedNote.parse(signed).verify(List.of(signer.verifierKey()));
    }
}
