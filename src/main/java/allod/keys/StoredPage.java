package allod.keys;

import java.util.Arrays;

/**
 * A key page as it is stored: its place and its bytes, clear header and encrypted body.
 *
 * @param name where it stands in its tree
 * @param bytes whole page, at most {@link #MAX_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // pages are many and large: shared, never changed, compared by content
public record StoredPage(PageName name, byte[] bytes) {
    /** Longest page: a header whose entries are all pages, a key for each, and the tag. */
    public static final int MAX_BYTES = PageHeader.MAX_BYTES + PageHeader.FANOUT * 32 + 16;

    /** @throws IllegalArgumentException if the length is not one of a page */
    public StoredPage {
        if (bytes.length < PageHeader.MIN_BYTES + 16 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(name + " cannot have " + bytes.length + " bytes");
        }
    }

    /** What a receipt shows of the page: its header, and of its body the hash alone. */
    public PageHeader.OnPath onPath() {
        int headerBytes = PageHeader.lengthWithin(bytes);
        byte[] body = Arrays.copyOfRange(bytes, headerBytes, bytes.length);
        return new PageHeader.OnPath(PageHeader.parse(Arrays.copyOf(bytes, headerBytes)), Sha256.of(body));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredPage that && name.equals(that.name) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(bytes);
    }
}
