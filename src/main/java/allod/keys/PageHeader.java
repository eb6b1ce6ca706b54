package allod.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * The clear half of a key page: where the page stands in the tree and, for each of its 64 entries, whether anything can
 * still be derived below it. It holds no secret. A reader who knows only the id of the root page can follow headers
 * down to an {@link Kind#EMPTY} entry and so see that a slot's key is in no page of the tree.
 *
 * <p>The bytes are in docs/formats/key-tree.md; there is exactly one encoding for each header.
 */
public final class PageHeader {
    /** Entries of a page. */
    public static final int FANOUT = 64;

    /** Most levels a tree can have; eleven digits of six bits cover every unsigned 64-bit slot. */
    public static final int MAX_HEIGHT = 11;

    /** Bytes of a domain, of a hash and of a page id. */
    public static final int DOMAIN_BYTES = 16;

    public static final int HASH_BYTES = 32;

    /** Bytes of a header whose entries name no page. */
    public static final int MIN_BYTES = 8 + DOMAIN_BYTES + 1 + 8 + 8 + FANOUT;

    /** Bytes of a header whose entries all name a page. */
    public static final int MAX_BYTES = MIN_BYTES + FANOUT * HASH_BYTES;

    private static final byte[] MAGIC = "allodKT1".getBytes(StandardCharsets.US_ASCII);
    private static final int LEVEL_AT = 8 + DOMAIN_BYTES;
    private static final int KINDS_AT = MIN_BYTES - FANOUT;

    private final byte[] encoded;
    private final int level;
    private final long index;
    private final long generation;
    private final int[] childAt = new int[FANOUT];

    private PageHeader(byte[] encoded) {
        this.encoded = encoded;
        ByteBuffer in = ByteBuffer.wrap(encoded);
        this.level = in.get(LEVEL_AT);
        this.index = in.getLong(LEVEL_AT + 1);
        this.generation = in.getLong(LEVEL_AT + 9);
    }

    /** What stands below an entry. */
    public enum Kind {
        /** Nothing: every slot below is erased. */
        EMPTY(0),
        /** A seed of a whole subtree that was never touched, or at level 0 a slot's secret. */
        SEED(1),
        /** Another page, named by its id. */
        PAGE(2);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }
    }

    /**
     * A page on the way to a slot: its header, and the hash of its encrypted body with the tag, which is all that is
     * needed to compute its id.
     */
    @SuppressWarnings("ArrayRecordComponent") // copied in and out, compared by content
    public record OnPath(PageHeader header, byte[] bodyHash) {
        /** @throws IllegalArgumentException if the hash is not 32 bytes */
        public OnPath {
            if (bodyHash.length != HASH_BYTES) {
                throw new IllegalArgumentException("a body hash has 32 bytes, not " + bodyHash.length);
            }
            bodyHash = bodyHash.clone();
        }

        @Override
        public byte[] bodyHash() {
            return bodyHash.clone();
        }

        /** The page's id. */
        public byte[] id() {
            return PageHeader.id(header.encoded, bodyHash);
        }

        private boolean standsAt(byte[] expectedId, byte[] domain, int level, long slot) {
            return Arrays.equals(id(), expectedId)
                    && Arrays.equals(header.domain(), domain)
                    && header.level == level
                    && header.index == indexOf(slot, level);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof OnPath that && header.equals(that.header) && Arrays.equals(bodyHash, that.bodyHash);
        }

        @Override
        public int hashCode() {
            return 31 * header.hashCode() + Arrays.hashCode(bodyHash);
        }
    }

    /**
     * Reads a header.
     *
     * @param bytes a whole header, nothing after it
     * @throws IllegalArgumentException if the bytes are not the one encoding of a header; the message says where
     */
    public static PageHeader parse(byte[] bytes) {
        if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a page header has " + MIN_BYTES + " to " + MAX_BYTES + " bytes, not " + bytes.length);
        }
        if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IllegalArgumentException("not a key page: it does not begin with allodKT1");
        }
        PageHeader header = new PageHeader(bytes.clone());
        header.check();
        return header;
    }

    /** The length of the header that a page's bytes begin with, read from its entry kinds. */
    static int lengthWithin(byte[] page) {
        if (page.length < MIN_BYTES) {
            throw new IllegalArgumentException("a key page of " + page.length + " bytes is too short");
        }
        int pages = 0;
        for (int i = 0; i < FANOUT; i++) {
            pages += page[KINDS_AT + i] == Kind.PAGE.code ? 1 : 0;
        }
        return MIN_BYTES + pages * HASH_BYTES;
    }

    /** Encodes a header; {@code childIds} holds an id for each PAGE entry, in the order of the entries. */
    static PageHeader of(byte[] domain, int level, long index, long generation, Kind[] kinds, List<byte[]> childIds) {
        ByteBuffer out = ByteBuffer.allocate(MIN_BYTES + childIds.size() * HASH_BYTES);
        out.put(MAGIC).put(domain).put((byte) level).putLong(index).putLong(generation);
        for (Kind kind : kinds) {
            out.put(kind.code);
        }
        childIds.forEach(out::put);
        return parse(out.array());
    }

    private void check() {
        if (level < 0 || level >= MAX_HEIGHT) {
            throw new IllegalArgumentException("level " + level + " is not 0 to " + (MAX_HEIGHT - 1));
        }
        if (Long.compareUnsigned(index, indexOf(-1L, level)) > 0) {
            throw new IllegalArgumentException("no slot lies below page " + index + " of level " + level);
        }
        int at = MIN_BYTES;
        for (int i = 0; i < FANOUT; i++) {
            int kind = encoded[KINDS_AT + i];
            if (kind < 0 || kind > Kind.PAGE.code) {
                throw new IllegalArgumentException("entry " + i + " has the unknown kind " + kind);
            }
            if (kind == Kind.PAGE.code) {
                if (level == 0) {
                    throw new IllegalArgumentException("entry " + i + " names a page below level 0");
                }
                childAt[i] = at;
                at += HASH_BYTES;
            }
        }
        if (at != encoded.length) {
            throw new IllegalArgumentException(
                    "the header has " + encoded.length + " bytes, its entries ask for " + at);
        }
    }

    public byte[] encode() {
        return encoded.clone();
    }

    /** The erasure domain's 16 random bytes. */
    public byte[] domain() {
        return Arrays.copyOfRange(encoded, MAGIC.length, LEVEL_AT);
    }

    /** 0 for a page whose entries are slots. */
    public int level() {
        return level;
    }

    /** The page's place in its level: the slots below it, without their last six bits for each level up to its own. */
    public long index() {
        return index;
    }

    /** The generation of the root with which the page was written. */
    public long generation() {
        return generation;
    }

    public Kind kindAt(int entry) {
        return switch (encoded[KINDS_AT + entry]) {
            case 0 -> Kind.EMPTY;
            case 1 -> Kind.SEED;
            default -> Kind.PAGE;
        };
    }

    /**
     * The id of the page below an entry.
     *
     * @throws IllegalArgumentException if the entry is not of kind {@link Kind#PAGE}
     */
    public byte[] childId(int entry) {
        if (kindAt(entry) != Kind.PAGE) {
            throw new IllegalArgumentException("entry " + entry + " is " + kindAt(entry) + " and names no page");
        }
        return Arrays.copyOfRange(encoded, childAt[entry], childAt[entry] + HASH_BYTES);
    }

    /** A page's id: SHA-256(SHA-256(header) || SHA-256(encrypted body and tag)). */
    public static byte[] id(byte[] headerBytes, byte[] bodyHash) {
        MessageDigest sha = Sha256.start();
        byte[] headerHash = sha.digest(headerBytes);
        sha.update(headerHash);
        return sha.digest(bodyHash);
    }

    /** The entry that leads to a slot in a page of this level: six bits of the slot, the lowest at level 0. */
    public static int entryOf(long slot, int level) {
        return (int) (slot >>> (6 * level)) & (FANOUT - 1);
    }

    /** The index of the page of this level that leads to a slot. */
    public static long indexOf(long slot, int level) {
        int shift = 6 * (level + 1);
        return shift >= Long.SIZE ? 0 : slot >>> shift;
    }

    /** Whether a tree of this many levels has a place for the slot. */
    public static boolean covers(int height, long slot) {
        return height >= MAX_HEIGHT || slot >>> (6 * height) == 0;
    }

    /**
     * Whether the pages prove that the slot is erased in the tree of this root: they lead from the root page down to
     * one whose entry on the way to the slot is EMPTY, and every id on the way is the one its parent names.
     *
     * @param rootPageId as in the {@link RootRecord}, the only thing taken on trust
     * @param height levels of the tree, as in the record
     * @param domain 16 bytes, as in the record
     * @param path from the root page downwards, and nothing below the page with the EMPTY entry
     */
    public static boolean provesEmpty(byte[] rootPageId, int height, byte[] domain, long slot, List<OnPath> path) {
        if (height < 1 || height > MAX_HEIGHT || !covers(height, slot) || path.isEmpty() || path.size() > height) {
            return false;
        }
        byte[] expectedId = rootPageId;
        int level = height - 1;
        for (OnPath page : path.subList(0, path.size() - 1)) {
            int entry = entryOf(slot, level);
            if (!page.standsAt(expectedId, domain, level, slot) || page.header.kindAt(entry) != Kind.PAGE) {
                return false;
            }
            expectedId = page.header.childId(entry);
            level--;
        }
        OnPath last = path.getLast();
        return last.standsAt(expectedId, domain, level, slot) && last.header.kindAt(entryOf(slot, level)) == Kind.EMPTY;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PageHeader that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return "page " + Long.toUnsignedString(index) + " of level " + level + ", generation " + generation;
    }
}
