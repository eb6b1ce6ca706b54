package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompactTreeTest {
    @Test
    void the_root_is_the_naive_one_at_every_size() {
        CompactTree tree = new CompactTree();
        for (int size = 0; size <= 130; size++) {
            assertThat(tree.root()).as("size %d", size).isEqualTo(NaiveTree.root(Fixtures.entries(size)));
            assertThat(tree.append(Fixtures.entry(size))).isEqualTo(MerkleTree.leafHash(Fixtures.entry(size)));
        }
    }

    @Test
    void a_tree_restored_from_its_frontier_or_from_tiles_grows_as_if_never_stopped() {
        CompactTree original = new CompactTree();
        for (int size = 0; size < 600; size++) {
            CompactTree restored = CompactTree.restore(original.size(), original.frontier());
            CompactTree fromTiles = Fixtures.tree(size).compact();
            original.append(Fixtures.entry(size));
            restored.append(Fixtures.entry(size));
            fromTiles.append(Fixtures.entry(size));
            assertThat(restored.root()).isEqualTo(original.root());
            assertThat(fromTiles.root()).isEqualTo(original.root());
        }
    }

    @Test
    void a_copy_grows_alone() {
        CompactTree tree = new CompactTree();
        tree.append(Fixtures.entry(0));
        CompactTree copy = tree.copy();
        copy.append(Fixtures.entry(1));
        assertThat(tree.size()).isEqualTo(1);
        assertThat(tree.root()).isEqualTo(MerkleTree.leafHash(Fixtures.entry(0)));
        assertThat(copy.root()).isEqualTo(MerkleTree.root(Fixtures.entries(2)));
    }

    @Test
    void a_frontier_has_one_hash_for_each_set_bit_of_the_size() {
        assertThatThrownBy(() -> CompactTree.restore(3, List.of(Hash.ZERO)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CompactTree.restore(0, List.of(Hash.ZERO)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CompactTree.restore(-1, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_largest_tree_takes_no_more_entries() {
        CompactTree full = CompactTree.restore(Long.MAX_VALUE, Collections.nCopies(63, Hash.ZERO));
        assertThatThrownBy(() -> full.append(new byte[0])).isInstanceOf(IllegalStateException.class);
    }
}
