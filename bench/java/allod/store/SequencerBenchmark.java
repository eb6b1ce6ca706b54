package allod.store;

import allod.base.Disk;
import allod.base.TenantId;
import allod.log.CompactTree;
import allod.store.engine.MetadataEngine;
import allod.store.engine.RocksOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What one request's turn costs while 64 of them wait: the rows of a 4 KiB PUT, and the event of a GET. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SequencerBenchmark {
    private static final int AT_ONCE = 64;
    private static final TenantId TENANT = new TenantId(1);

    /** The engine beneath; in memory nothing is synced. */
    @Param({"memory", "rocks"})
    public String engine = "memory";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final byte[] slotRow = new byte[335 + 4096 + 106];
    private final byte[] nameRow = new byte[46];
    private final byte[] put = ("{\"type\":\"object.put\",\"actor\":\"root\",\"access_key\":\"AKIAIOSFODNN7EXAMPLE\",\"purpose\":"
                    + "\"owner\",\"source\":\"127.0.0.1\",\"request\":\"5f3a9c0b7d1e\",\"bucket\":\"photos\",\"key\":"
                    + "\"2026/03/29/IMG_0042.jpg\",\"version\":\"7259871234567890\",\"size\":4096,\"outcome\":\"ok\"}")
            .getBytes(StandardCharsets.UTF_8);
    private final byte[] get = new String(put, StandardCharsets.UTF_8)
            .replace("object.put", "object.get")
            .getBytes(StandardCharsets.UTF_8);

    private Path folder = Path.of("");
    private MetadataEngine map = MetadataEngine.memory();
    private Sequencer sequencer = sequencer();

    private Sequencer sequencer() {
        var slots = new SlotAllocator((domain, mark) -> {});
        var periods = new PeriodKeys(new SlotSecrets() {
            @Override
            public Optional<byte[]> secret(int domain, long slot) {
                return Optional.of(new byte[32]);
            }

            @Override
            public Reader reader(int domain) {
                return slot -> secret(domain, slot);
            }

            @Override
            public void reread(int domain, long slot) {}

            @Override
            public byte[] domainId(int domain) {
                return new byte[16];
            }
        });
        var state = new LogState(0, "log.example", new CompactTree(), 0, 0);
        return new Sequencer(
                map, slots, periods, state, InstantSource.system(), new SecureRandom(), Disk.real(), fault -> {
                    throw new AssertionError(fault);
                });
    }

    @Setup(Level.Trial)
    public void start() throws IOException {
        slotRow[0] = 1;
        nameRow[0] = 1;
        if (engine.equals("rocks")) {
            folder = Files.createTempDirectory("allod-bench");
            map = MetadataEngine.rocks(folder.resolve("map"), RocksOptions.defaults(folder));
        }
        sequencer = sequencer();
        sequencer.start();
    }

    @TearDown(Level.Trial)
    public void stop() throws IOException {
        sequencer.close();
        map.close();
        threads.close();
        if (engine.equals("rocks")) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private List<Long> together(Plan<Long> plan) throws InterruptedException, ExecutionException {
        List<Future<Long>> turns = new ArrayList<>(AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++) {
            turns.add(threads.submit(() -> sequencer.submit(plan)));
        }
        List<Long> answers = new ArrayList<>(AT_ONCE);
        for (Future<Long> turn : turns) {
            answers.add(turn.get());
        }
        return answers;
    }

    /** Name row, slot row with 4 KiB of content, event. Keys recur, so that the map stays small. */
    @Benchmark
    @OperationsPerInvocation(AT_ONCE)
    public List<Long> put() throws InterruptedException, ExecutionException {
        return together(transaction -> {
            long order = transaction.nextOrder();
            long place = Long.remainderUnsigned(order, 8192);
            transaction.put(MapKey.current(1, ObjectKey.stored(new RowWriter(8).u64(place).toBytes())), nameRow);
            transaction.put(MapKey.slot(1, place), slotRow);
            return transaction
                    .append(new Event(TENANT, 1, EventClass.CHANGE, put))
                    .index();
        });
    }

    @Benchmark
    @OperationsPerInvocation(AT_ONCE)
    public List<Long> get() throws InterruptedException, ExecutionException {
        return together(transaction -> transaction
                .append(new Event(TENANT, 1, EventClass.ACCESS, get))
                .index());
    }
}
