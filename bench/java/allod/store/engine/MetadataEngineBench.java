package allod.store.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The rows of a 4 KiB object: a name of 60 bytes, a slot of 4,431, an event of 70 and a leaf of 33, in commits of one
 * object and of 64, and their reading.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@State(Scope.Benchmark)
public class MetadataEngineBench {
    private static final int STORED = 20_000;
    private static final int LISTED = 1_000;

    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[] content = new byte[4_431];
    private MetadataEngine engine = MetadataEngine.memory();
    private long next;

    @Setup(Level.Trial)
    public void open() throws IOException {
        random.nextBytes(content);
        Path folder = Files.createTempDirectory(Path.of("target"), "bench-engine-");
        engine = MetadataEngine.rocks(folder, RocksOptions.defaults(Path.of("target", "native")));
        while (next < STORED) {
            commit(100);
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        System.out.println(engine.metrics());
        engine.close();
    }

    @Benchmark
    public void commitOne() throws IOException {
        commit(1);
    }

    @Benchmark
    public void commitSixtyFour() throws IOException {
        commit(64);
    }

    @Benchmark
    public byte @Nullable [] getName() {
        return engine.get(key('o', random.nextInt(STORED)));
    }

    @Benchmark
    public byte @Nullable [] getSlot() {
        return engine.get(key('s', random.nextInt(STORED)));
    }

    @Benchmark
    public byte @Nullable [] getAbsentName() {
        return engine.get(key('o', -1 - random.nextInt(STORED)));
    }

    @Benchmark
    public long listThousand() {
        long bytes = 0;
        try (Cursor cursor = engine.scan(key('o', random.nextInt(STORED - LISTED)), new byte[] {'o' + 1})) {
            for (int i = 0; i < LISTED && cursor.next(); i++) {
                bytes += cursor.key().length + cursor.value().length;
            }
        }
        return bytes;
    }

    private void commit(int objects) throws IOException {
        var guards = new ArrayList<Guard>();
        var writes = new ArrayList<Write>();
        for (int i = 0; i < objects; i++) {
            long number = next++;
            guards.add(new Guard(key('o', number), null));
            writes.add(new Write.Put(key('o', number), new byte[60]));
            writes.add(new Write.Put(key('s', number), content));
            writes.add(new Write.Put(key('e', number), new byte[70]));
            writes.add(new Write.Put(key('l', number), new byte[33]));
        }
        engine.commit(List.copyOf(guards), List.copyOf(writes));
    }

    private static byte[] key(char family, long number) {
        return ByteBuffer.allocate(20)
                .put((byte) family)
                .putLong(1)
                .put((byte) '/')
                .putLong(number)
                .putShort((short) 0)
                .array();
    }
}
