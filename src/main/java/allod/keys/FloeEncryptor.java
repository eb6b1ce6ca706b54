package allod.keys;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts one stream with FLOE, segment after segment: write {@link #header}, then what {@link #seal} yields, the last
 * segment said to be so. Used by one thread at a time; closing wipes its keys.
 *
 * @see <a href="https://c2sp.org/FLOE">C2SP FLOE</a>
 */
public final class FloeEncryptor implements AutoCloseable {
    /** Nonces are drawn in runs, the first run of one, so that a small object costs one draw and a large one few. */
    private static final int NONCE_RUN = 16;

    private final FloeParameters parameters;
    private final FloeKeys keys;
    private final SecureRandom random;
    private final byte[] segmentAad = new byte[Long.BYTES + 1];
    private byte[] nonces;
    private int nextNonce;
    private long segment;
    private boolean finished;
    private @Nullable AesGcm gcm;

    /**
     * @param key 32 random bytes
     * @param aad bytes the ciphertext is bound to; the reader must give the same
     */
    public FloeEncryptor(FloeParameters parameters, byte[] key, byte[] aad, SecureRandom random) {
        this.parameters = parameters;
        this.random = random;
        byte[] drawn = new byte[FloeKeys.IV_BYTES + AesGcm.NONCE_BYTES];
        random.nextBytes(drawn);
        byte[] prefix = Arrays.copyOf(FloeKeys.encode(parameters), FloeKeys.PARAMETERS_BYTES + FloeKeys.IV_BYTES);
        System.arraycopy(drawn, 0, prefix, FloeKeys.PARAMETERS_BYTES, FloeKeys.IV_BYTES);
        keys = new FloeKeys(parameters, prefix, key, aad);
        nonces = drawn;
        nextNonce = FloeKeys.IV_BYTES;
        gcm = AesGcm.take();
    }

    /** The 74 bytes that begin the ciphertext; a new array each time. */
    public byte[] header() {
        return keys.header();
    }

    /**
     * Encrypts the next segment.
     *
     * @param length plaintext bytes: exactly {@link FloeParameters#plainSegmentBytes} unless it is the last; the last
     *     has 0 to that many
     * @param out takes {@code length + 32} bytes at {@code outOffset}; another array than {@code in}
     * @return the bytes written
     * @throws IllegalStateException after the last segment, after {@link #close}, or past 2<sup>40</sup> segments
     */
    public int seal(byte[] in, int offset, int length, boolean last, byte[] out, int outOffset) {
        AesGcm engine = engine();
        Objects.checkFromIndexSize(offset, length, in.length);
        int sealed = length + FloeParameters.SEGMENT_OVERHEAD;
        Objects.checkFromIndexSize(outOffset, sealed, out.length);
        int full = parameters.plainSegmentBytes();
        if (last ? length > full : length != full) {
            throw new IllegalArgumentException(
                    "a segment holds " + full + " bytes, the last at most so many, not " + length);
        }
        if (finished || segment >= FloeParameters.MAX_SEGMENTS - (last ? 0 : 1)) {
            throw new IllegalStateException("the stream has had its last segment");
        }
        int nonce = takeNonce();
        putInt(out, outOffset, last ? sealed : -1);
        System.arraycopy(nonces, nonce, out, outOffset + Integer.BYTES, AesGcm.NONCE_BYTES);
        FloeKeys.describe(segmentAad, segment, last);
        finished = last;
        engine.seal(
                keys.segmentKey(segment++),
                nonces,
                nonce,
                segmentAad,
                in,
                offset,
                length,
                out,
                outOffset + Integer.BYTES + AesGcm.NONCE_BYTES);
        return sealed;
    }

    /** Wipes the keys; more calls do nothing. */
    @Override
    public void close() {
        AesGcm engine = gcm;
        if (engine != null) {
            gcm = null;
            engine.release();
            keys.wipe();
        }
    }

    private AesGcm engine() {
        AesGcm engine = gcm;
        if (engine == null) {
            throw new IllegalStateException("the encryptor is closed");
        }
        return engine;
    }

    private int takeNonce() {
        if (nextNonce == nonces.length) {
            if (nonces.length != NONCE_RUN * AesGcm.NONCE_BYTES) {
                nonces = new byte[NONCE_RUN * AesGcm.NONCE_BYTES];
            }
            random.nextBytes(nonces);
            nextNonce = 0;
        }
        int taken = nextNonce;
        nextNonce += AesGcm.NONCE_BYTES;
        return taken;
    }

    private static void putInt(byte[] out, int offset, int value) {
        out[offset] = (byte) (value >>> 24);
        out[offset + 1] = (byte) (value >>> 16);
        out[offset + 2] = (byte) (value >>> 8);
        out[offset + 3] = (byte) value;
    }
}
