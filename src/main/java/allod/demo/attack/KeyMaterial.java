package allod.demo.attack;

import allod.keys.PageHeader;
import allod.keys.RootRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What looks like keys in a heap of bytes: custody sectors, root records and key pages are known by the eight letters they
 * begin with, so they are found wherever they lie: current or replaced, in a row, a journal, or a log that was written over
 * only in part.
 */
final class KeyMaterial {
    static final int SECTOR_BYTES = 4096;

    private static final byte[] ROOT = "allodRR1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PAGE = "allodKT1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SECTOR = "allodKS1".getBytes(StandardCharsets.US_ASCII);

    private static final int KEY_IN_SECTOR = 44;
    private static final int TAG_BYTES = 16;

    /** A page of a key tree: its header in the clear, which is authenticated with the body. */
    record Page(PageHeader header, byte[] headerBytes, byte[] body) {}

    private final Map<ByteBuffer, byte[]> custodyKeys = new LinkedHashMap<>();
    private final Map<ByteBuffer, RootRecord> roots = new LinkedHashMap<>();
    private final Map<ByteBuffer, Page> pages = new LinkedHashMap<>();

    /** Looks through bytes of any kind. */
    void search(byte[] bytes) {
        for (int at = 0; at + ROOT.length <= bytes.length; at++) {
            // All three begin alike.
            if (bytes[at] != 'a' || bytes[at + 1] != 'l' || bytes[at + 2] != 'l') {
                continue;
            }
            if (stands(ROOT, bytes, at)) {
                root(bytes, at);
            } else if (stands(PAGE, bytes, at)) {
                page(bytes, at);
            } else if (stands(SECTOR, bytes, at)) {
                custodyKey(bytes, at);
            }
        }
    }

    /** Takes a key from each sector of a custodian's file, whether the sector says that it holds one or not. */
    void searchSectors(byte[] file) {
        for (int at = 0; at + SECTOR_BYTES <= file.length; at += SECTOR_BYTES) {
            custodyKey(file, at);
        }
    }

    private static boolean stands(byte[] magic, byte[] bytes, int at) {
        return Arrays.equals(bytes, at, at + magic.length, magic, 0, magic.length);
    }

    private void custodyKey(byte[] bytes, int at) {
        int from = at + KEY_IN_SECTOR;
        if (from + 32 <= bytes.length) {
            byte[] key = Arrays.copyOfRange(bytes, from, from + 32);
            if (!Arrays.equals(key, new byte[32])) {
                custodyKeys.put(ByteBuffer.wrap(key), key);
            }
        }
    }

    /** A record's length stands nowhere in front of it: it is that of its fields. */
    private void root(byte[] bytes, int start) {
        try {
            int at = start + 81;
            at += bytes[at] == 1 ? 33 : 1;
            at += bytes[at] == 1 ? 33 : 1;
            int custodians = bytes[at + 1];
            at += 2;
            for (int i = 0; i < custodians; i++) {
                at += 1 + (bytes[at] & 0xff);
            }
            int wraps = bytes[at];
            at += 1;
            for (int i = 0; i < wraps; i++) {
                at += 1 + (bytes[at] & 0xff);
                at += 1 + (bytes[at] & 0xff);
                at += 2 + ((bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff));
            }
            byte[] record = Arrays.copyOfRange(bytes, start, at);
            roots.put(ByteBuffer.wrap(record), RootRecord.parse(record));
        } catch (IllegalArgumentException | IndexOutOfBoundsException chance) {
            // The eight letters stood there for another reason, or the rest of the record is gone.
        }
    }

    private void page(byte[] bytes, int start) {
        try {
            int headerEnd = start + PageHeader.MIN_BYTES;
            int secrets = 0;
            for (int i = headerEnd - PageHeader.FANOUT; i < start + PageHeader.MIN_BYTES; i++) {
                secrets += bytes[i] == 0 ? 0 : 1;
                headerEnd += bytes[i] == 2 ? PageHeader.HASH_BYTES : 0;
            }
            int end = headerEnd + secrets * 32 + TAG_BYTES;
            if (end > bytes.length) {
                return;
            }
            byte[] header = Arrays.copyOfRange(bytes, start, headerEnd);
            byte[] body = Arrays.copyOfRange(bytes, headerEnd, end);
            pages.put(ByteBuffer.wrap(body), new Page(PageHeader.parse(header), header, body));
        } catch (IllegalArgumentException | IndexOutOfBoundsException chance) {
            // As above.
        }
    }

    List<byte[]> custodyKeys() {
        return new ArrayList<>(custodyKeys.values());
    }

    Collection<RootRecord> roots() {
        return roots.values();
    }

    Collection<Page> pages() {
        return pages.values();
    }
}
