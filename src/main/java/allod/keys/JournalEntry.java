package allod.keys;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What one entry of the custody journal says, with the places of the pages it carries instead of their bytes. The bytes
 * are in docs/formats/custody.md.
 */
sealed interface JournalEntry {
    byte PACK = 1;
    byte CURRENT = 2;
    byte HIGH_WATER = 3;
    byte LOG_HEAD = 4;
    byte KEPT = 5;
    byte RESET = 6;
    byte MIRRORS = 7;
    byte COPIED = 8;

    /** Bytes before an entry's body: its type and the body's length. */
    int HEAD_BYTES = 5;

    /** A page's bytes as they lie in the buffer that was read. */
    record PageAt(PageName name, int offset, int length) {}

    /** An attempt's root and pages; not current yet. It takes the place of an older attempt of its domain. */
    record Packed(Domain domain, RootRecord record, List<PageAt> changed, List<PageName> dropped)
            implements JournalEntry {}

    /** The attempt that is current from here on. */
    record Current(int domain, long generation, long attempt) implements JournalEntry {}

    /** No slot below this one is free. */
    record HighWater(int domain, long value) implements JournalEntry {}

    /** The log's head, in the store's own bytes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record LogHead(byte[] head) implements JournalEntry {}

    /** Pages of the current root, copied on from a segment that is about to go, with their root's record. */
    record Kept(Domain domain, RootRecord record, List<PageAt> pages) implements JournalEntry {}

    /** Nothing said before counts; what follows, up to {@link Copied}, is a whole copy of another mirror's state. */
    record Reset() implements JournalEntry {}

    /** The copy that a {@link Reset} began is whole. */
    record Copied() implements JournalEntry {}

    /** Which mirrors there are; takes the place of an older list. */
    record MirrorList(List<KnownMirror> mirrors) implements JournalEntry {}

    static byte[] packed(Pack pack) {
        return entry(PACK, out -> {
            writeRoot(out, pack.domain().number(), pack.record());
            writePages(out, pack.changed());
            out.writeInt(pack.dropped().size());
            for (PageName name : pack.dropped()) {
                writeName(out, name);
            }
        });
    }

    static byte[] current(int domain, RootRecord record) {
        return entry(CURRENT, out -> {
            out.writeInt(domain);
            out.writeLong(record.generation());
            out.writeLong(record.intent().attempt());
        });
    }

    static byte[] highWater(int domain, long value) {
        return entry(HIGH_WATER, out -> {
            out.writeInt(domain);
            out.writeLong(value);
        });
    }

    static byte[] logHead(byte[] head) {
        return entry(LOG_HEAD, out -> out.write(head));
    }

    static byte[] kept(int domain, RootRecord record, Collection<StoredPage> pages) {
        return entry(KEPT, out -> {
            writeRoot(out, domain, record);
            writePages(out, pages);
        });
    }

    static byte[] reset() {
        return entry(RESET, out -> {});
    }

    static byte[] copied() {
        return entry(COPIED, out -> {});
    }

    static byte[] mirrors(List<KnownMirror> mirrors) {
        return entry(MIRRORS, out -> {
            out.writeByte(mirrors.size());
            for (KnownMirror mirror : mirrors) {
                byte[] path = mirror.path().getBytes(StandardCharsets.UTF_8);
                out.write(HexFormat.of().parseHex(mirror.id()));
                out.writeByte(mirror.isMember() ? 1 : 2);
                out.writeLong(mirror.forgotten().orElse(0L));
                out.writeShort(path.length);
                out.write(path);
            }
        });
    }

    /**
     * Reads the entry at the buffer's position and moves past it.
     *
     * @throws IllegalArgumentException if the bytes are not an entry
     */
    static JournalEntry read(ByteBuffer in) {
        try {
            byte type = in.get();
            int end = in.getInt() + in.position();
            if (end < in.position() || end > in.limit()) {
                throw new IllegalArgumentException("a journal entry is longer than its frame");
            }
            JournalEntry entry = readBody(type, in, end);
            if (in.position() != end) {
                throw new IllegalArgumentException("a journal entry of type " + type + " has bytes left over");
            }
            return entry;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a journal entry is cut short", e);
        }
    }

    /** Reads a whole PACK entry with its pages. */
    static Pack readPack(byte[] entry) {
        if (!(read(ByteBuffer.wrap(entry)) instanceof Packed packed)) {
            throw new IllegalArgumentException("the journal entry is no pack");
        }
        List<StoredPage> changed = packed.changed().stream()
                .map(page -> new StoredPage(
                        page.name(), Arrays.copyOfRange(entry, page.offset(), page.offset() + page.length())))
                .toList();
        return new Pack(packed.domain(), packed.record(), changed, packed.dropped());
    }

    private static JournalEntry readBody(byte type, ByteBuffer in, int end) {
        return switch (type) {
            case PACK -> {
                int domain = in.getInt();
                RootRecord record = readRecord(in);
                List<PageAt> changed = readPages(in);
                yield new Packed(new Domain(domain, record.domain()), record, changed, readNames(in));
            }
            case CURRENT -> new Current(in.getInt(), in.getLong(), in.getLong());
            case HIGH_WATER -> new HighWater(in.getInt(), in.getLong());
            case LOG_HEAD -> new LogHead(take(in, end - in.position()));
            case KEPT -> {
                int domain = in.getInt();
                RootRecord record = readRecord(in);
                yield new Kept(new Domain(domain, record.domain()), record, readPages(in));
            }
            case RESET -> new Reset();
            case COPIED -> new Copied();
            case MIRRORS -> new MirrorList(readMirrors(in));
            default -> throw new IllegalArgumentException("the journal entry type " + type + " is unknown");
        };
    }

    private static List<KnownMirror> readMirrors(ByteBuffer in) {
        int count = in.get();
        if (count < 0 || count > KnownMirror.MAX_MEMBERS + KnownMirror.MAX_FORGOTTEN) {
            throw new IllegalArgumentException("a journal entry cannot name " + count + " mirrors");
        }
        List<KnownMirror> mirrors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String id = HexFormat.of().formatHex(take(in, MirrorIdentity.ID_BYTES));
            byte state = in.get();
            long forgotten = in.getLong();
            if (state != 1 && state != 2) {
                throw new IllegalArgumentException("a mirror cannot be in state " + state);
            }
            String path = new String(take(in, in.getShort()), StandardCharsets.UTF_8);
            mirrors.add(new KnownMirror(id, path, state == 1 ? Optional.empty() : Optional.of(forgotten)));
        }
        return List.copyOf(mirrors);
    }

    private static RootRecord readRecord(ByteBuffer in) {
        return RootRecord.parse(take(in, in.getInt()));
    }

    private static List<PageAt> readPages(ByteBuffer in) {
        int count = count(in, 13);
        List<PageAt> pages = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            PageName name = readName(in);
            int length = in.getInt();
            if (length < 0 || length > in.remaining() || length > StoredPage.MAX_BYTES) {
                throw new IllegalArgumentException(name + " cannot have " + length + " bytes");
            }
            pages.add(new PageAt(name, in.position(), length));
            in.position(in.position() + length);
        }
        return pages;
    }

    private static List<PageName> readNames(ByteBuffer in) {
        int count = count(in, 9);
        List<PageName> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(readName(in));
        }
        return names;
    }

    private static PageName readName(ByteBuffer in) {
        return new PageName(in.get(), in.getLong());
    }

    private static int count(ByteBuffer in, int bytesEach) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / bytesEach) {
            throw new IllegalArgumentException("a journal entry cannot hold " + count + " items");
        }
        return count;
    }

    private static byte[] take(ByteBuffer in, int count) {
        if (count < 0 || count > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    private static void writeRoot(DataOutputStream out, int domain, RootRecord record) throws IOException {
        byte[] encoded = record.encode();
        out.writeInt(domain);
        out.writeInt(encoded.length);
        out.write(encoded);
    }

    private static void writePages(DataOutputStream out, Collection<StoredPage> pages) throws IOException {
        out.writeInt(pages.size());
        for (StoredPage page : pages) {
            writeName(out, page.name());
            out.writeInt(page.bytes().length);
            out.write(page.bytes());
        }
    }

    private static void writeName(DataOutputStream out, PageName name) throws IOException {
        out.writeByte(name.level());
        out.writeLong(name.index());
    }

    private static byte[] entry(byte type, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(type);
            out.writeInt(0);
            body.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        byte[] entry = bytes.toByteArray();
        ByteBuffer.wrap(entry).putInt(1, entry.length - HEAD_BYTES);
        return entry;
    }

    /** Writes an entry's body. */
    @FunctionalInterface
    interface Body {
        void writeTo(DataOutputStream out) throws IOException;
    }
}
