package allod.keys;

import allod.base.Problem;
import allod.base.Reason;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * Decrypts the segments of one FLOE stream in any order. The caller must know, from a length it trusts, which segment is
 * the last one: that is what makes a cut stream fail. Used by one thread at a time; closing wipes its keys.
 *
 * @see <a href="https://c2sp.org/FLOE">C2SP FLOE</a>
 */
public final class FloeDecryptor implements AutoCloseable {
    private final FloeParameters parameters;
    private final FloeKeys keys;
    private final byte[] segmentAad = new byte[Long.BYTES + 1];
    private @Nullable AesGcm gcm;

    /**
     * Checks the header, which commits to key, parameters and associated data, before any segment is read.
     *
     * @param key 32 bytes
     * @param bytes holds the header's 74 bytes at {@code offset}
     * @throws Problem DAMAGED if the header was not made with this key, these parameters and this associated data
     */
    public FloeDecryptor(FloeParameters parameters, byte[] key, byte[] aad, byte[] bytes, int offset) {
        Objects.checkFromIndexSize(offset, FloeParameters.HEADER_BYTES, bytes.length);
        this.parameters = parameters;
        byte[] expected = FloeKeys.encode(parameters);
        if (!Arrays.equals(expected, 0, expected.length, bytes, offset, offset + expected.length)) {
            throw damaged("Its header names other parameters than the ones in use.");
        }
        int tag = offset + FloeKeys.PARAMETERS_BYTES + FloeKeys.IV_BYTES;
        keys = new FloeKeys(parameters, Arrays.copyOfRange(bytes, offset, tag), key, aad);
        if (!MessageDigest.isEqual(keys.headerTag(), Arrays.copyOfRange(bytes, tag, tag + FloeKeys.TAG_BYTES))) {
            keys.wipe();
            throw damaged("Its header was made with another key or for another place, or was changed.");
        }
        gcm = AesGcm.take();
    }

    /**
     * Decrypts one segment.
     *
     * @param segment its number, from 0
     * @param last whether the stream ends with it
     * @param length bytes of the encrypted segment: a full one unless it is the last, which has at least 32
     * @param out takes {@code length - 32} bytes at {@code outOffset}; another array than {@code in}
     * @return the plaintext bytes written
     * @throws Problem DAMAGED if the bytes are not this stream's segment of that number, whole and unchanged; nothing of
     *     the plaintext is then in {@code out}
     */
    public int open(long segment, boolean last, byte[] in, int offset, int length, byte[] out, int outOffset) {
        AesGcm engine = gcm;
        if (engine == null) {
            throw new IllegalStateException("the decryptor is closed");
        }
        Objects.checkFromIndexSize(offset, length, in.length);
        Objects.checkIndex(segment, FloeParameters.MAX_SEGMENTS);
        boolean fits = last
                ? length >= FloeParameters.SEGMENT_OVERHEAD && length <= parameters.segmentBytes()
                : length == parameters.segmentBytes();
        if (!fits || getInt(in, offset) != (last ? length : -1)) {
            throw damaged("Segment " + segment + " has a wrong length, or is the last where another should be.");
        }
        Objects.checkFromIndexSize(outOffset, length - FloeParameters.SEGMENT_OVERHEAD, out.length);
        FloeKeys.describe(segmentAad, segment, last);
        int nonce = offset + Integer.BYTES;
        int ciphertext = nonce + AesGcm.NONCE_BYTES;
        try {
            return engine.open(
                    keys.segmentKey(segment),
                    in,
                    nonce,
                    segmentAad,
                    in,
                    ciphertext,
                    offset + length - ciphertext,
                    out,
                    outOffset);
        } catch (AEADBadTagException forged) {
            throw damaged("Segment " + segment + " fails its authentication.");
        }
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

    static Problem damaged(String why) {
        return new Problem(
                Reason.DAMAGED,
                "Stored content could not be decrypted.",
                why,
                "Read another copy of it; no byte of this one was released.");
    }

    private static int getInt(byte[] in, int offset) {
        return in[offset] << 24
                | (in[offset + 1] & 0xff) << 16
                | (in[offset + 2] & 0xff) << 8
                | (in[offset + 3] & 0xff);
    }
}
