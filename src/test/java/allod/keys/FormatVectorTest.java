package allod.keys;

import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The vectors in docs/formats are what this code makes. */
class FormatVectorTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] DOMAIN = HEX.parseHex("000102030405060708090a0b0c0d0e0f");

    private static final byte[] OTHER = Arrays.copyOf(Sha256.of(DOMAIN), 16);

    @TempDir
    Path folder;

    /** Draw n, counted from 0, is the beginning of SHA-256("allod/vector" || u64 n). */
    private static final class Draws implements RandomGenerator {
        private long next;

        @Override
        public void nextBytes(byte[] bytes) {
            byte[] purpose = "allod/vector".getBytes(StandardCharsets.US_ASCII);
            byte[] draw = Sha256.of(ByteBuffer.allocate(purpose.length + 8)
                    .put(purpose)
                    .putLong(next++)
                    .array());
            System.arraycopy(draw, 0, bytes, 0, bytes.length);
        }

        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void the_key_tree_page_says_what_the_code_does() throws IOException {
        Draws draws = new Draws();
        MapPages pages = new MapPages();
        KeyTree tree = pages.genesis(DOMAIN, draws, new PageCache(10));
        StringBuilder vector = new StringBuilder();
        line(
                vector,
                "seed 0",
                OpenPage.open(pages.stored(new PageName(5, 0)), tree.rootPageId(), tree.rootKey())
                        .orElseThrow()
                        .secretAt(0));
        line(vector, "root key 1", tree.rootKey());
        line(vector, "root page id 1", tree.rootPageId());
        line(vector, "SHA-256 of root page 1", Sha256.of(pages.stored(new PageName(5, 0))));
        line(vector, "secret of slot 0", tree.slotSecret(0).orElseThrow());
        line(vector, "secret of slot 77", tree.slotSecret(77).orElseThrow());
        line(
                vector,
                "secret of slot 68719476735",
                tree.slotSecret((1L << 36) - 1).orElseThrow());
        KeyTree next = pages.puncture(tree, draws, 77);
        assertThat(next.slotSecret(77)).isEmpty();
        line(vector, "root key 2", next.rootKey());
        line(vector, "root page id 2", next.rootPageId());
        line(vector, "secret of slot 78", next.slotSecret(78).orElseThrow());
        byte[] leaf = pages.stored(new PageName(0, 1));
        byte[] header = Arrays.copyOf(leaf, PageHeader.lengthWithin(leaf));
        line(vector, "header of page 0/1", header);
        line(vector, "SHA-256 of page 0/1", Sha256.of(leaf));
        line(vector, "root record", RootRecordTest.sample().encode());
        line(vector, "root record's hash", RootRecordTest.sample().hash());
        assertPublished("key-tree.md", vector);
    }

    @Test
    void the_custody_page_says_what_the_code_does() throws IOException {
        StringBuilder vector = new StringBuilder();
        MirrorIdentity identity = new MirrorIdentity(DOMAIN, OTHER);
        line(vector, "mirror", identity.encode());
        Segment segment = Segment.create(Disk.real(), folder, 1, identity);
        segment.append(Segment.frame(
                1, List.of(JournalEntry.highWater(1, 1 << 20), JournalEntry.logHead(new byte[] {1, 2, 3}))));
        segment.close();
        line(vector, "segment", Files.readAllBytes(Segment.path(folder, 1)));
        line(vector, "CURRENT", JournalEntry.current(1, RootRecordTest.sample()));
        StoredPage page = new StoredPage(new PageName(0, 1), new byte[PageHeader.MIN_BYTES + 16]);
        Pack pack =
                new Pack(new Domain(1, DOMAIN), RootRecordTest.sample(), List.of(page), List.of(new PageName(0, 2)));
        line(vector, "SHA-256 of PACK", Sha256.of(JournalEntry.packed(pack)));
        line(vector, "SHA-256 of KEPT", Sha256.of(JournalEntry.kept(1, pack.record(), pack.changed())));
        line(vector, "RESET", JournalEntry.reset());
        line(vector, "COPIED", JournalEntry.copied());
        line(
                vector,
                "MIRRORS",
                JournalEntry.mirrors(List.of(
                        new KnownMirror(identity.id(), "/a", Optional.empty()),
                        new KnownMirror(HEX.formatHex(DOMAIN), "/b", Optional.of(1_767_323_045L)))));
        ByteBuffer sector = ByteBuffer.allocate(KeyFile.SECTOR_BYTES);
        KeySector.fill(sector, new Domain(1, DOMAIN), 2, HEX.parseHex("0011223344556677"), new Draws());
        line(vector, "first 108 bytes of a sector", Arrays.copyOf(sector.array(), 108));
        assertThat(Arrays.copyOfRange(sector.array(), 108, 4096)).containsOnly(0);
        assertPublished("custody.md", vector);
    }

    private static void line(StringBuilder vector, String name, byte[] value) {
        vector.append(name).append(": ").append(HEX.formatHex(value)).append('\n');
    }

    private static void assertPublished(String page, CharSequence vector) throws IOException {
        assertThat(Files.readString(Path.of("docs/formats", page))).contains(vector);
    }
}
