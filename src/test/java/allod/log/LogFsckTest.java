package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.log.FsckReport.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogFsckTest {
    private static final int SIZE = 700;
    private static final VerifierKey KEY = Fixtures.LOG.verifierKey();

    /** Events, but for one HEAD, one entry of a type nobody knows and one of a length nobody writes. */
    private static final EntrySource ENTRIES = (first, count) -> {
        List<byte[]> entries = new ArrayList<>();
        for (long i = first; i < first + count; i++) {
            byte[] entry = EventLeaf.entry(Hash.sha256(Fixtures.entry(i)));
            if (i == 5 || i == 300) {
                entry[0] = i == 5 ? EventLeaf.HEAD : (byte) 0x99;
            }
            entries.add(i == 600 ? new byte[7] : entry);
        }
        return entries;
    };

    private static Map<String, byte[]> log(long size) {
        TiledTree tree = new TiledTree(new DerivedTiles(ENTRIES, (level, index) -> Optional.empty()), size);
        return Fixtures.files(tree, ENTRIES, Fixtures.LOG.sign(new Checkpoint(KEY.name(), size, tree.root()).text()));
    }

    private static FsckReport check(Map<String, byte[]> files) throws IOException {
        return LogFsck.check((path, max) -> Optional.ofNullable(files.get(path)), KEY);
    }

    private static byte[] served(Map<String, byte[]> files, String path) {
        return Optional.ofNullable(files.get(path)).orElseThrow();
    }

    private static LogResource resource(String path) {
        return LogResource.parse(path).orElseThrow();
    }

    @Test
    void an_honest_log_is_consistent_and_its_entries_are_counted_by_type() throws Exception {
        FsckReport report = check(log(SIZE));
        assertThat(report.isConsistent()).isTrue();
        assertThat(report.entries()).isEqualTo(SIZE);
        assertThat(report.types()).isEqualTo(Map.of(1, 697L, 2, 1L, 0x99, 1L));
        assertThat(report.unknownTypes()).isEqualTo(Map.of(0x99, 1L));
        assertThat(report.otherLengths()).isEqualTo(1);
    }

    @Test
    void logs_of_every_shape_are_consistent() throws Exception {
        for (int size : new int[] {0, 1, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537}) {
            FsckReport report = check(log(size));
            assertThat(report.faults()).as("size %d", size).isEmpty();
            assertThat(report.entries()).isEqualTo(size);
        }
    }

    @Test
    void every_resource_is_missed_when_it_is_not_served_and_found_when_one_bit_of_it_is_wrong() throws Exception {
        Map<String, byte[]> honest = log(SIZE);
        assertThat(honest).hasSize(1 + 3 + 3 + 1);
        for (String path : honest.keySet()) {
            Map<String, byte[]> lacking = new HashMap<>(honest);
            lacking.remove(path);
            assertThat(check(lacking).faults()).as("without %s", path).contains(new Fault.Missing(resource(path)));
            byte[] bytes = served(honest, path);
            for (int bit : new int[] {0, bytes.length * 4 + 3, bytes.length * 8 - 9}) {
                Map<String, byte[]> turned = new HashMap<>(honest);
                turned.put(path, Fixtures.flipped(bytes, bit));
                assertThat(check(turned).isConsistent())
                        .as("%s bit %d", path, bit)
                        .isFalse();
            }
            for (int length : new int[] {bytes.length - 1, bytes.length + 1}) {
                Map<String, byte[]> cut = new HashMap<>(honest);
                cut.put(path, Arrays.copyOf(bytes, length));
                assertThat(check(cut).isConsistent())
                        .as("%s of %d bytes", path, length)
                        .isFalse();
            }
        }
    }

    @Test
    void a_wrong_tile_is_named_with_the_position_of_its_wrong_hash() throws Exception {
        Map<String, byte[]> files = log(SIZE);
        files.put("tile/1/000.p/2", Fixtures.flipped(served(files, "tile/1/000.p/2"), 32 * 8));
        assertThat(check(files).faults()).containsExactly(new Fault.WrongTile(new LogResource.Tile(1, 0, 2), 1));
    }

    @Test
    void a_rewritten_entry_with_rewritten_tiles_has_another_root() throws Exception {
        Map<String, byte[]> files = log(SIZE);
        EntrySource rewritten = (first, count) -> {
            List<byte[]> entries = ENTRIES.entries(first, count);
            if (first == 0) {
                entries.set(3, EventLeaf.entry(Hash.ZERO));
            }
            return entries;
        };
        TiledTree tree = new TiledTree(new DerivedTiles(rewritten, (l, n) -> Optional.empty()), SIZE);
        Map<String, byte[]> forged = Fixtures.files(tree, rewritten, SignedNote.parse(served(files, "checkpoint")));
        assertThat(check(forged).faults()).containsExactly(new Fault.WrongRoot(tree.root()));
    }

    @Test
    void a_log_that_has_grown_may_serve_full_resources_instead_of_partial_ones() throws Exception {
        Map<String, byte[]> files = log(SIZE);
        Map<String, byte[]> grown = log(768);
        files.remove("tile/0/002.p/188");
        files.remove("tile/entries/002.p/188");
        files.put("tile/0/002", served(grown, "tile/0/002"));
        files.put("tile/entries/002", served(grown, "tile/entries/002"));
        assertThat(check(files).faults()).isEmpty();
        files.put("tile/0/002", Arrays.copyOf(served(files, "tile/0/002"), 188 * 32));
        assertThat(check(files).faults()).hasSize(1).first().isInstanceOf(Fault.Malformed.class);
    }

    @Test
    void a_checkpoint_that_cannot_be_trusted_ends_the_check() throws Exception {
        Map<String, byte[]> files = log(SIZE);
        Checkpoint foreign = new Checkpoint("other.example", 0, MerkleTree.EMPTY_ROOT);
        NoteSigner stranger = NoteSigner.ofLog(KEY.name(), Fixtures.seed(60));
        for (SignedNote note : List.of(Fixtures.LOG.sign(foreign.text()), stranger.sign(foreign.text()))) {
            files.put("checkpoint", note.encode());
            FsckReport report = check(files);
            assertThat(report.isConsistent()).isFalse();
            assertThat(report.checkpoint()).isEmpty();
            assertThat(report.entries()).isZero();
            assertThat(report.faults()).hasSize(1).first().isInstanceOf(Fault.UntrustedCheckpoint.class);
        }
        files.put("checkpoint", Fixtures.LOG.sign("no checkpoint\n").encode());
        assertThat(check(files).faults()).first().isInstanceOf(Fault.UnreadableCheckpoint.class);
    }

    @Test
    void at_most_100_faults_are_listed_and_the_check_then_stops() throws Exception {
        Map<String, byte[]> files = log(65_537);
        files.replaceAll((path, bytes) -> path.startsWith("tile/0/") ? new byte[bytes.length] : bytes);
        FsckReport report = check(files);
        assertThat(report.faults()).hasSize(FsckReport.MAX_FAULTS);
        assertThat(report.isConsistent()).isFalse();
    }

    @Test
    void a_source_that_fails_is_no_verdict_on_the_log() {
        assertThatThrownBy(() -> LogFsck.check(
                        (path, max) -> {
                            throw new IOException("down");
                        },
                        KEY))
                .isInstanceOf(IOException.class);
    }
}
