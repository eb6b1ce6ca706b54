package allod.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which installation a custody folder belongs to, which of its mirrors it is, and which others there are. Written once,
 * as the file {@code mirror}.
 *
 * @param installation 16 random bytes
 * @param mirror 16 random bytes, one of {@code all}
 * @param all every mirror, 1 to 16
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record MirrorIdentity(byte[] installation, byte[] mirror, List<byte[]> all) {
    static final String FILE = "mirror";
    static final int MAX_MIRRORS = 16;
    private static final int ID_BYTES = 16;
    private static final byte[] MAGIC = "allodCM1".getBytes(StandardCharsets.US_ASCII);

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(MAGIC.length + ID_BYTES * (2 + all.size()) + 1 + 32);
        out.put(MAGIC).put(installation).put(mirror).put((byte) all.size());
        all.forEach(out::put);
        return out.put(Sha256.of(Arrays.copyOf(out.array(), out.position()))).array();
    }

    /** @throws IllegalArgumentException if the bytes are not the one encoding of an identity */
    static MirrorIdentity parse(byte[] bytes) {
        int fixed = MAGIC.length + 2 * ID_BYTES + 1 + 32;
        boolean whole = bytes.length > fixed && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
        int count = whole ? bytes[MAGIC.length + 2 * ID_BYTES] : 0;
        if (count < 1 || count > MAX_MIRRORS || bytes.length != fixed + count * ID_BYTES) {
            throw new IllegalArgumentException("the file 'mirror' is not one of this program's");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, MAGIC.length, bytes.length - MAGIC.length);
        byte[] installation = take(in);
        byte[] mirror = take(in);
        in.get();
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(take(in));
        }
        MirrorIdentity identity = new MirrorIdentity(installation, mirror, List.copyOf(all));
        if (!Arrays.equals(identity.encode(), bytes)) {
            throw new IllegalArgumentException("the file 'mirror' is damaged");
        }
        return identity;
    }

    private static byte[] take(ByteBuffer in) {
        byte[] id = new byte[ID_BYTES];
        in.get(id);
        return id;
    }
}
