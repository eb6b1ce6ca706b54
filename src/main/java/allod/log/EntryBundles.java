package allod.log;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The bytes of an entry bundle: each entry after its length as a big-endian u16. */
public final class EntryBundles {
    /** Longest entry a bundle can hold. */
    public static final int MAX_ENTRY_BYTES = 0xFFFF;

    private EntryBundles() {}

    /**
     * Joins entries.
     *
     * @throws IllegalArgumentException if an entry is longer than 65,535 bytes
     */
    public static byte[] encode(List<byte[]> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(entries.size() * 36);
        for (byte[] entry : entries) {
            if (entry.length > MAX_ENTRY_BYTES) {
                throw new IllegalArgumentException("an entry of " + entry.length + " bytes does not fit a bundle");
            }
            out.write(entry.length >>> 8);
            out.write(entry.length);
            out.writeBytes(entry);
        }
        return out.toByteArray();
    }

    /**
     * Splits a bundle.
     *
     * @param count how many entries it must hold, exactly
     * @throws MalformedException if it holds fewer or more, or ends inside an entry
     */
    public static List<byte[]> decode(byte[] bundle, int count) {
        List<byte[]> entries = new ArrayList<>(count);
        int at = 0;
        while (at < bundle.length) {
            if (entries.size() == count) {
                throw new MalformedException("entry bundle holds more than " + count + " entries");
            }
            if (bundle.length - at < 2) {
                throw new MalformedException("entry bundle ends inside a length");
            }
            int length = ((bundle[at] & 0xFF) << 8) | (bundle[at + 1] & 0xFF);
            at += 2;
            if (bundle.length - at < length) {
                throw new MalformedException("entry bundle ends inside entry " + entries.size());
            }
            entries.add(Arrays.copyOfRange(bundle, at, at + length));
            at += length;
        }
        if (entries.size() != count) {
            throw new MalformedException("entry bundle holds " + entries.size() + " entries instead of " + count);
        }
        return entries;
    }
}
