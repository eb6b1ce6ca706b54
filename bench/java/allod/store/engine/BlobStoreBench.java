package allod.store.engine;

import allod.base.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** A durable blob of 64 KiB and of 1 MiB, written by one thread and by 16, and deleted again so that the disk stays small. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
@State(Scope.Benchmark)
public class BlobStoreBench {
    private static final int SEGMENT = 64 << 10;

    @Param({"65536", "1048576"})
    public int size;

    private final byte[] segment = new byte[SEGMENT];
    private BlobStore blobs = BlobStore.memory(InstantSource.system());

    @Setup(Level.Trial)
    public void open() throws IOException {
        ThreadLocalRandom.current().nextBytes(segment);
        blobs = BlobStore.files(Disk.real(), Files.createTempDirectory(Path.of("target"), "bench-blobs-"));
    }

    @Benchmark
    @Threads(1)
    public BlobName storeAlone() throws IOException {
        return store();
    }

    @Benchmark
    @Threads(16)
    public BlobName storeWithSixteen() throws IOException {
        return store();
    }

    private BlobName store() throws IOException {
        BlobName name = BlobName.random(ThreadLocalRandom.current());
        try (var pending = blobs.create(name)) {
            for (int at = 0; at < size; at += SEGMENT) {
                pending.write(segment, 0, SEGMENT);
            }
            pending.commit();
        }
        blobs.delete(List.of(name));
        return name;
    }
}
