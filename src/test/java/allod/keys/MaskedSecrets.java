package allod.keys;

import allod.base.Disk;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keys that a test looks for in a dump of its own heap. It may not hold them itself, or it would find its own copies: it
 * keeps them XORed with a mask and unmasks eight bytes at a time, in a register.
 */
public final class MaskedSecrets {
    private static final long MASK = 0x5a17_c3e9_b08d_6f42L;
    /** Windows of a file that are mapped at once overlap by this, so that no key hides in a seam. */
    private static final int OVERLAP = OpenPage.KEY_BYTES;

    private static final int WINDOW = 1 << 30;

    private final Map<String, long[]> masked = new TreeMap<>();

    private void add(String name, byte[] secret) {
        long[] words = new long[secret.length / Long.BYTES];
        for (int i = 0; i < words.length; i++) {
            words[i] = word(secret, i) ^ MASK;
        }
        Arrays.fill(secret, (byte) 0);
        masked.put(name, words);
    }

    private static long word(byte[] bytes, int index) {
        long word = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            word = (word << 8) | (bytes[index * Long.BYTES + i] & 0xff);
        }
        return word;
    }

    /**
     * A domain's root key and the keys of the pages on the way to a slot, read from a copy of its custody folder, so that
     * nothing is shared with the store under test.
     */
    public static MaskedSecrets onTheWay(Path custodyCopy, int number, RootRecord root, PageSource pages, long slot) {
        var secrets = new MaskedSecrets();
        var random = new SecureRandom();
        try (CustodyFolder custody = CustodyFolder.open(List.of(custodyCopy), Disk.real(), random)) {
            var custodian = new FileCustodian(custody, false, random);
            var ring = new KeyRing(
                    custody, new Custodians(List.of(custodian)), Disk.real(), random, InstantSource.system(), 100);
            KeyTree tree = ring.open(number, root, pages).tree();
            secrets.add("root key", tree.rootKey());
            OpenPage page = tree.rootPage();
            for (int level = tree.height() - 1; level > 0; level--) {
                int entry = PageHeader.entryOf(slot, level);
                if (page.header().kindAt(entry) != PageHeader.Kind.PAGE) {
                    break;
                }
                secrets.add("key of the page of level " + (level - 1), page.secretAt(entry));
                page = tree.childPage(page, entry);
            }
        } catch (KeyTree.PageMismatch e) {
            throw e.asProblem();
        }
        return secrets;
    }

    public Set<String> names() {
        return masked.keySet();
    }

    /** The names of those that stand in a file, at any offset. */
    public Set<String> foundIn(Path file) throws IOException {
        Set<String> found = new TreeSet<>();
        List<Map.Entry<String, long[]>> all = new ArrayList<>(masked.entrySet());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long start = 0; start < channel.size(); start += WINDOW - OVERLAP) {
                long length = Math.min(WINDOW, channel.size() - start);
                search(channel.map(FileChannel.MapMode.READ_ONLY, start, length), all, found);
            }
        }
        return found;
    }

    private static void search(MappedByteBuffer bytes, List<Map.Entry<String, long[]>> all, Set<String> found) {
        for (int at = 0; at + OpenPage.KEY_BYTES <= bytes.limit(); at++) {
            long first = bytes.getLong(at) ^ MASK;
            for (Map.Entry<String, long[]> one : all) {
                if (one.getValue()[0] == first && stands(bytes, at, one.getValue())) {
                    found.add(one.getKey());
                }
            }
        }
    }

    private static boolean stands(MappedByteBuffer bytes, int at, long[] words) {
        for (int i = 1; i < words.length; i++) {
            if ((bytes.getLong(at + Long.BYTES * i) ^ MASK) != words[i]) {
                return false;
            }
        }
        return true;
    }
}
