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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of what every request pays besides content: envelopes, sealed metadata, masked ETags, event blocks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EnvelopeBenchmark {
    private final SecureRandom random = new SecureRandom();
    private final byte[] slot = new byte[32];
    private final byte[] etag = new byte[16];
    private final byte[] block = new byte[4096];
    private final EnvelopeBinding binding = new EnvelopeBinding(new byte[16], 1, new byte[16]);
    private final Envelope.Sealed sealed = Envelope.seal(slot, Envelope.NO_ACCESS_SECRET, binding, random);
    private final byte[] metadata = sealed.contentKey().sealMetadata(etag, new byte[200], random);

    @Benchmark
    public Envelope.Sealed sealEnvelope() {
        return Envelope.seal(slot, Envelope.NO_ACCESS_SECRET, binding, random);
    }

    @Benchmark
    public ContentKey openEnvelope() {
        return sealed.envelope().open(slot, Envelope.NO_ACCESS_SECRET, binding);
    }

    @Benchmark
    public byte[] openMetadata() {
        return sealed.contentKey().openMetadata(etag, metadata);
    }

    @Benchmark
    public byte[] maskEtag() {
        return EtagMask.apply(slot, etag);
    }

    @Benchmark
    public byte[] sealEventBlockOf4KiB() {
        return SecretBox.EVENTS.seal(slot, etag, block, random);
    }
}
