package allod.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The published vectors, byte for byte: they were made by other people's code. */
class LogVectorsTest {
    private static final String VECTORS = new String(Fixtures.resource("log-vectors.txt"), StandardCharsets.UTF_8);
    private static final List<String> LINES = List.of(VECTORS.split("\n", -1));
    private static final Map<Long, Hash> ROOTS = new HashMap<>();

    private static DerivedTiles tiles;
    private static TiledTree tree;

    @BeforeAll
    static void build_the_log_of_70000_entries() {
        tiles = Fixtures.tiles();
        tree = new TiledTree(tiles, Fixtures.SIZE);
        CompactTree compact = new CompactTree();
        for (int i = 0; i < Fixtures.SIZE; i++) {
            compact.append(Fixtures.entry(i));
            ROOTS.put(compact.size(), compact.root());
        }
    }

    private static Stream<String[]> lines(String first) {
        return LINES.stream().filter(line -> line.startsWith(first + " ")).map(line -> line.split(" +"));
    }

    private static List<Hash> hashesAfter(String start) {
        int at = 0;
        while (!LINES.get(at).startsWith(start)) {
            at++;
        }
        int count = Integer.parseInt(LINES.get(at).substring(LINES.get(at).lastIndexOf(' ') + 1));
        return LINES.subList(at + 1, at + 1 + count).stream()
                .map(line -> Hash.fromBase64(line.strip()))
                .toList();
    }

    private static String afterLast(String start) {
        String line =
                LINES.stream().filter(l -> l.startsWith(start)).findFirst().orElseThrow();
        return line.substring(start.length());
    }

    @Test
    void every_root_appended_and_from_tiles_is_the_published_one() {
        assertThat(lines("root")).hasSize(14).allSatisfy(words -> {
            long size = Long.parseLong(words[1]);
            assertThat(ROOTS).containsEntry(size, Hash.fromBase64(words[3]));
            assertThat(new TiledTree(tiles, size).root()).hasToString(words[2]);
        });
    }

    @Test
    void every_tile_and_bundle_has_the_published_length_and_hash() {
        assertThat(lines("file")).hasSize(7).allSatisfy(words -> {
            byte[] bytes = switch (LogResource.parse(words[1]).orElseThrow()) {
                case LogResource.Tile tile -> tree.render(tile).orElseThrow();
                case LogResource.EntryBundle bundle ->
                    tree.render(bundle, Fixtures.ENTRIES).orElseThrow();
                case LogResource.LatestCheckpoint c -> throw new AssertionError(c);
            };
            assertThat("len=" + bytes.length).isEqualTo(words[2]);
            assertThat("sha256=" + Hash.sha256(bytes)).isEqualTo(words[3]);
        });
    }

    @Test
    void the_inclusion_proof_is_the_published_one_and_holds() {
        InclusionProof proof = tree.inclusion(12345);
        Hash leaf = MerkleTree.leafHash(Fixtures.entry(12345));
        assertThat(leaf).hasToString(afterLast("leafhash 12345 "));
        assertThat(tree.leafHash(12345)).isEqualTo(leaf);
        assertThat(proof.path()).isEqualTo(hashesAfter("inclusion 12345 in 70000"));
        assertThat(proof.proves(leaf, tree.root())).isTrue();
    }

    @Test
    void the_consistency_proof_is_the_published_one_and_holds() {
        ConsistencyProof proof = tree.consistency(65537);
        assertThat(proof.path()).isEqualTo(hashesAfter("consistency 65537->70000"));
        assertThat(proof.proves(new TiledTree(tiles, 65537).root(), tree.root()))
                .isTrue();
    }

    @Test
    void the_keys_are_the_published_ones_as_text() {
        String skey = afterLast("log skey ");
        assertThat(Fixtures.LOG.skey()).isEqualTo(skey);
        assertThat(NoteSigner.parse(skey).skey()).isEqualTo(skey);
        assertThat(Fixtures.LOG.verifierKey()).hasToString(afterLast("log vkey "));
        assertThat(Fixtures.WITNESS.verifierKey()).hasToString(afterLast("witness vkey "));
        assertThat(VerifierKey.parse(afterLast("log vkey "))).isEqualTo(Fixtures.LOG.verifierKey());
        assertThat(VerifierKey.parse(afterLast("witness vkey "))).isEqualTo(Fixtures.WITNESS.verifierKey());
    }

    private static SignedNote cosignedCheckpoint() {
        String text = new Checkpoint(Fixtures.LOG.verifierKey().name(), Fixtures.SIZE, tree.root()).text();
        return Fixtures.LOG.sign(text).with(List.of(Fixtures.WITNESS.cosign(text, Fixtures.COSIGNED)));
    }

    @Test
    void the_signed_and_cosigned_checkpoint_is_the_published_one() {
        SignedNote note = cosignedCheckpoint();
        assertThat(VECTORS).contains("\n" + new String(note.encode(), StandardCharsets.UTF_8));
        assertThat(SignedNote.parse(note.encode())).isEqualTo(note);
        VerifierKey log = Fixtures.LOG.verifierKey();
        VerifierKey witness = Fixtures.WITNESS.verifierKey();
        assertThat(note.verify(List.of(log))).isEqualTo(new SignedNote.Verdict.Verified(List.of(log)));
        assertThat(note.verify(List.of(witness, log)))
                .isEqualTo(new SignedNote.Verdict.Verified(List.of(log, witness)));
        assertThat(witness.signedAt(note.signatures().get(1))).hasValue(1_700_000_000);
        assertThat(log.signedAt(note.signatures().getFirst())).isEmpty();
    }

    @Test
    void the_proof_file_is_the_published_one_and_holds() {
        TlogProof proof = TlogProof.of(tree.inclusion(12345), cosignedCheckpoint());
        byte[] published = Fixtures.resource("12345.tlog-proof");
        assertThat(proof.encode()).isEqualTo(published);
        assertThat(TlogProof.parse(published)).isEqualTo(proof);
        assertThat(proof.verify(Fixtures.entry(12345), WitnessPolicy.ofLogs(List.of(Fixtures.LOG.verifierKey()))))
                .isInstanceOf(TlogProof.Outcome.Proven.class);
    }

    @Test
    void the_witness_request_is_the_published_one() {
        SignedNote note = Fixtures.LOG.sign(cosignedCheckpoint().text());
        AddCheckpointRequest request = new AddCheckpointRequest(tree.consistency(65537), note);
        byte[] published = Fixtures.resource("add-checkpoint.txt");
        assertThat(request.encode()).isEqualTo(published);
        assertThat(AddCheckpointRequest.parse(published)).isEqualTo(request);
    }

    @Test
    void the_whole_log_is_rederived_from_its_files() throws Exception {
        Map<String, byte[]> files = new TreeMap<>(Fixtures.files(tree, Fixtures.ENTRIES, cosignedCheckpoint()));
        FsckReport report =
                LogFsck.check((path, max) -> Optional.ofNullable(files.get(path)), Fixtures.LOG.verifierKey());
        assertThat(report.faults()).isEmpty();
        assertThat(report.isConsistent()).isTrue();
        assertThat(report.entries()).isEqualTo(70_000);
        assertThat(report.tiles()).isEqualTo(274 + 2 + 1);
        assertThat(report.otherLengths()).isEqualTo(70_000);
    }
}
