package allod.keys;

import java.security.SecureRandom;

/** FLOE of content that fits in memory, header and all segments in one array. */
public final class Floe {
    private Floe() {}

    /** Encrypts a whole stream. */
    public static byte[] seal(
            FloeParameters parameters, byte[] key, byte[] aad, byte[] plaintext, SecureRandom random) {
        byte[] sealed = new byte[Math.toIntExact(parameters.ciphertextSize(plaintext.length))];
        try (var encryptor = new FloeEncryptor(parameters, key, aad, random)) {
            System.arraycopy(encryptor.header(), 0, sealed, 0, FloeParameters.HEADER_BYTES);
            int in = 0;
            int out = FloeParameters.HEADER_BYTES;
            boolean last;
            do {
                int length = Math.min(parameters.plainSegmentBytes(), plaintext.length - in);
                last = in + length == plaintext.length;
                out += encryptor.seal(plaintext, in, length, last, sealed, out);
                in += length;
            } while (!last);
        }
        return sealed;
    }

    /**
     * Decrypts a whole stream.
     *
     * @throws allod.base.Problem DAMAGED if the bytes are not one whole, unchanged stream of this key
     */
    public static byte[] open(FloeParameters parameters, byte[] key, byte[] aad, byte[] sealed) {
        FloeStream stream = FloeStream.ofCiphertext(parameters, sealed.length);
        byte[] plaintext = new byte[Math.toIntExact(stream.plaintextSize())];
        try (var decryptor = new FloeDecryptor(parameters, key, aad, sealed, 0)) {
            int out = 0;
            for (long segment = 0; segment < stream.segmentCount(); segment++) {
                int at = Math.toIntExact(parameters.segmentOffset(segment));
                int length = stream.segmentLength(segment);
                out += decryptor.open(segment, stream.isLast(segment), sealed, at, length, plaintext, out);
            }
        }
        return plaintext;
    }
}
