package allod.keys;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
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

/** The cost of content encryption: one 64 KiB segment of a long stream, and a whole 4 KiB object. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FloeBenchmark {
    private static final FloeParameters PARAMETERS = FloeParameters.STANDARD;

    private final SecureRandom random = new SecureRandom();
    private final byte[] key = new byte[32];
    private final byte[] aad = new byte[34];
    private final byte[] small = new byte[4096];
    private final byte[] plaintext = new byte[PARAMETERS.plainSegmentBytes()];
    private final byte[] segment = new byte[PARAMETERS.segmentBytes()];
    private final byte[] opened = new byte[PARAMETERS.plainSegmentBytes()];
    private final FloeEncryptor encryptor = new FloeEncryptor(PARAMETERS, key, aad, random);
    private final FloeDecryptor decryptor = new FloeDecryptor(PARAMETERS, key, aad, encryptor.header(), 0);
    private final byte[] sealed = new byte[PARAMETERS.segmentBytes()];
    private final byte[] sealedSmall = Floe.seal(PARAMETERS, key, aad, small, random);

    @Setup
    public void sealOne() {
        encryptor.seal(plaintext, 0, plaintext.length, false, sealed, 0);
    }

    @Benchmark
    public int sealSegment() {
        return encryptor.seal(plaintext, 0, plaintext.length, false, segment, 0);
    }

    @Benchmark
    public int openSegment() {
        return decryptor.open(0, false, sealed, 0, sealed.length, opened, 0);
    }

    @Benchmark
    public byte[] sealObjectOf4KiB() {
        return Floe.seal(PARAMETERS, key, aad, small, random);
    }

    @Benchmark
    public byte[] openObjectOf4KiB() {
        return Floe.open(PARAMETERS, key, aad, sealedSmall);
    }
}
