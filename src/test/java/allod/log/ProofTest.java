package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProofTest {
    private static final int SMALL = 40;
    private static final long SEED = 20_260_101;

    @Test
    void every_inclusion_proof_of_every_small_tree_is_the_naive_one_and_holds() {
        for (int size = 1; size <= SMALL; size++) {
            List<byte[]> entries = Fixtures.entries(size);
            Hash root = NaiveTree.root(entries);
            TiledTree tree = Fixtures.tree(size);
            assertThat(tree.root()).isEqualTo(root);
            for (int index = 0; index < size; index++) {
                InclusionProof proof = tree.inclusion(index);
                assertThat(proof.path()).as("%d in %d", index, size).isEqualTo(NaiveTree.path(index, entries));
                assertThat(proof.proves(MerkleTree.leafHash(entries.get(index)), root))
                        .isTrue();
            }
        }
    }

    @Test
    void every_consistency_proof_of_every_small_tree_is_the_naive_one_and_holds() {
        for (int size = 0; size <= SMALL; size++) {
            List<byte[]> entries = Fixtures.entries(size);
            TiledTree tree = Fixtures.tree(size);
            for (int old = 0; old <= size; old++) {
                ConsistencyProof proof = tree.consistency(old);
                assertThat(proof.path()).as("%d to %d", old, size).isEqualTo(NaiveTree.consistency(old, entries));
                assertThat(proof.proves(NaiveTree.root(entries.subList(0, old)), tree.root()))
                        .isTrue();
            }
        }
    }

    @Test
    void proofs_of_random_larger_trees_are_the_naive_ones_and_hold() {
        Random random = new Random(SEED);
        DerivedTiles tiles = Fixtures.tiles();
        for (int round = 0; round < 25; round++) {
            int size = 1 + random.nextInt(3000);
            int index = random.nextInt(size);
            int old = random.nextInt(size + 1);
            List<byte[]> entries = Fixtures.entries(size);
            TiledTree tree = new TiledTree(tiles, size);
            String what = "seed %d size %d index %d old %d".formatted(SEED, size, index, old);
            assertThat(tree.root()).as(what).isEqualTo(NaiveTree.root(entries));
            assertThat(tree.inclusion(index).path()).as(what).isEqualTo(NaiveTree.path(index, entries));
            assertThat(tree.consistency(old).path()).as(what).isEqualTo(NaiveTree.consistency(old, entries));
            assertThat(tree.inclusion(index).proves(MerkleTree.leafHash(entries.get(index)), tree.root()))
                    .as(what)
                    .isTrue();
            assertThat(tree.consistency(old).proves(new TiledTree(tiles, old).root(), tree.root()))
                    .as(what)
                    .isTrue();
        }
    }

    @Test
    void an_inclusion_proof_holds_for_no_other_index_size_leaf_or_root() {
        TiledTree tree = Fixtures.tree(13);
        for (int index = 0; index < 13; index++) {
            InclusionProof proof = tree.inclusion(index);
            Hash leaf = tree.leafHash(index);
            for (int other = 0; other < 13; other++) {
                boolean same = other == index;
                assertThat(new InclusionProof(other, 13, proof.path()).proves(leaf, tree.root()))
                        .isEqualTo(same);
                assertThat(proof.proves(tree.leafHash(other), tree.root())).isEqualTo(same);
            }
            assertThat(proof.proves(leaf, Fixtures.tree(12).root())).isFalse();
        }
    }

    @Test
    void a_path_that_is_one_hash_too_long_or_too_short_proves_nothing() {
        TiledTree tree = Fixtures.tree(21);
        for (int index = 0; index < 21; index++) {
            List<Hash> path = tree.inclusion(index).path();
            for (List<Hash> wrong : wrongLengths(path)) {
                assertThat(new InclusionProof(index, 21, wrong).proves(tree.leafHash(index), tree.root()))
                        .isFalse();
            }
        }
        for (int old = 0; old <= 21; old++) {
            List<Hash> path = tree.consistency(old).path();
            Hash oldRoot = Fixtures.tree(old).root();
            for (List<Hash> wrong : wrongLengths(path)) {
                assertThat(new ConsistencyProof(old, 21, wrong).proves(oldRoot, tree.root()))
                        .as("from %d", old)
                        .isFalse();
            }
        }
    }

    private static List<List<Hash>> wrongLengths(List<Hash> path) {
        List<List<Hash>> wrong = new ArrayList<>();
        List<Hash> longer = new ArrayList<>(path);
        longer.add(Hash.ZERO);
        wrong.add(longer);
        List<Hash> longerInFront = new ArrayList<>(path);
        longerInFront.addFirst(Hash.ZERO);
        wrong.add(longerInFront);
        if (!path.isEmpty()) {
            wrong.add(path.subList(0, path.size() - 1));
            wrong.add(path.subList(1, path.size()));
        }
        return wrong;
    }

    @Test
    void every_single_bit_of_a_path_matters() {
        TiledTree tree = Fixtures.tree(300);
        InclusionProof inclusion = tree.inclusion(123);
        for (int bit = 0; bit < inclusion.path().size() * 256; bit++) {
            InclusionProof turned = new InclusionProof(123, 300, Fixtures.flipped(inclusion.path(), bit));
            assertThat(turned.proves(tree.leafHash(123), tree.root())).isFalse();
        }
        ConsistencyProof consistency = tree.consistency(123);
        Hash oldRoot = Fixtures.tree(123).root();
        for (int bit = 0; bit < consistency.path().size() * 256; bit++) {
            ConsistencyProof turned = new ConsistencyProof(123, 300, Fixtures.flipped(consistency.path(), bit));
            assertThat(turned.proves(oldRoot, tree.root())).isFalse();
        }
    }

    @Test
    void a_consistency_proof_holds_for_no_other_old_size_or_root() {
        TiledTree tree = Fixtures.tree(21);
        for (int old = 1; old < 21; old++) {
            List<Hash> path = tree.consistency(old).path();
            for (int other = 0; other <= 21; other++) {
                boolean holds = new ConsistencyProof(other, 21, path)
                        .proves(Fixtures.tree(other).root(), tree.root());
                assertThat(holds).as("%d as %d", old, other).isEqualTo(other == old);
            }
        }
    }

    @Test
    void an_empty_tree_is_the_start_of_every_tree_and_of_no_other_root() {
        ConsistencyProof proof = new ConsistencyProof(0, 5, List.of());
        assertThat(proof.proves(MerkleTree.EMPTY_ROOT, Fixtures.tree(5).root())).isTrue();
        assertThat(proof.proves(Hash.ZERO, Fixtures.tree(5).root())).isFalse();
        assertThat(new ConsistencyProof(0, 0, List.of()).proves(MerkleTree.EMPTY_ROOT, Hash.ZERO))
                .isFalse();
    }

    @Test
    void an_index_at_the_size_is_refused_and_one_below_is_not() {
        assertThat(Fixtures.tree(5).inclusion(4).index()).isEqualTo(4);
        assertThatThrownBy(() -> Fixtures.tree(5).inclusion(5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Fixtures.tree(5).inclusion(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Fixtures.tree(5).leafHash(5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Fixtures.tree(5).consistency(6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Fixtures.tree(0).inclusion(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new InclusionProof(0, 0, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_path_has_at_most_63_hashes() {
        List<Hash> most = Collections.nCopies(63, Hash.ZERO);
        List<Hash> tooMany = Collections.nCopies(64, Hash.ZERO);
        assertThat(new InclusionProof(0, Long.MAX_VALUE, most).proves(Hash.ZERO, Hash.ZERO))
                .isFalse();
        assertThatThrownBy(() -> new InclusionProof(0, Long.MAX_VALUE, tooMany))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ConsistencyProof(1, Long.MAX_VALUE, tooMany))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
