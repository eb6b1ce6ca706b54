package allod.keys;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the key tree costs at 10^6 slots, of which a tenth was erased at random. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KeyTreeBenchmark {
    private static final int SLOTS = 1_000_000;

    private final SecureRandom random = new SecureRandom();
    private final Random where = new Random(1);
    private final Map<PageName, byte[]> pages = new HashMap<>();
    private KeyTree tree = emptyTree();
    private SlotReader listing = new SlotReader(new CurrentTree(tree));
    private long nextSlot;

    private KeyTree emptyTree() {
        byte[] domain = new byte[PageHeader.DOMAIN_BYTES];
        OpenPage.Sealed root = KeyTree.genesis(domain, random);
        pages.put(root.page().name(), root.page().bytes());
        return new KeyTree(
                domain, 1, KeyTree.FIRST_HEIGHT, root.id(), root.key(), pages::get, new PageCache(20_000));
    }

    @Setup
    public void erase_a_tenth() {
        Puncture puncture = Puncture.of(tree, randomSlots(SLOTS / 10), 0, random);
        puncture.changed().forEach(page -> pages.put(page.name(), page.bytes()));
        puncture.dropped().forEach(pages::remove);
        tree = puncture.next();
        listing = new SlotReader(new CurrentTree(tree));
    }

    private long[] randomSlots(int count) {
        return where.longs(count, 0, SLOTS).toArray();
    }

    @Benchmark
    public Optional<byte[]> secretOfARandomSlot() {
        return tree.slotSecret(where.nextInt(SLOTS));
    }

    @Benchmark
    public Optional<byte[]> secretOfTheNextSlotOfAListing() {
        nextSlot = (nextSlot + 1) % SLOTS;
        return listing.secret(nextSlot);
    }

    @Benchmark
    public int punctureOne() {
        return Puncture.of(tree, randomSlots(1), 0, random).changed().size();
    }

    @Benchmark
    public int punctureAThousandAtRandom() {
        return Puncture.of(tree, randomSlots(1000), 0, random).changed().size();
    }

    @Benchmark
    public int punctureAThousandNeighbours() {
        long first = where.nextInt(SLOTS - 1000);
        return Puncture.of(tree, LongStream.range(first, first + 1000).toArray(), 0, random)
                .changed()
                .size();
    }
}
