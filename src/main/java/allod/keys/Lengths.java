package allod.keys;

/** The check that a byte string has the one length its format knows. */
final class Lengths {
    private Lengths() {}

    /** @throws IllegalArgumentException with the name and both lengths, never the bytes */
    static byte[] exactly(byte[] bytes, int length, String name) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(name + " has " + length + " bytes, not " + bytes.length);
        }
        return bytes;
    }
}
