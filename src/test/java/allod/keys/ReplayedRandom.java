package allod.keys;

import java.security.SecureRandom;
import java.util.Arrays;

/** Yields the IV and the nonces that a FLOE ciphertext was made with, so that sealing again gives the same bytes. */
final class ReplayedRandom extends SecureRandom {
    private final transient byte[] ciphertext;
    private final int segmentBytes;
    private int segment;

    ReplayedRandom(FloeParameters parameters, byte[] ciphertext) {
        this.ciphertext = ciphertext;
        this.segmentBytes = parameters.segmentBytes();
    }

    /** The encryptor draws IV and first nonce at once, then runs of nonces that may go past the end. */
    @Override
    public void nextBytes(byte[] drawn) {
        int at = 0;
        if (segment == 0) {
            System.arraycopy(ciphertext, FloeKeys.PARAMETERS_BYTES, drawn, 0, FloeKeys.IV_BYTES);
            at = FloeKeys.IV_BYTES;
        }
        for (; at < drawn.length; at += AesGcm.NONCE_BYTES) {
            int from = FloeParameters.HEADER_BYTES + segment++ * segmentBytes + Integer.BYTES;
            byte[] nonce = from + AesGcm.NONCE_BYTES <= ciphertext.length
                    ? Arrays.copyOfRange(ciphertext, from, from + AesGcm.NONCE_BYTES)
                    : new byte[AesGcm.NONCE_BYTES];
            System.arraycopy(nonce, 0, drawn, at, nonce.length);
        }
    }
}
