package allod.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.log.Hash;
import allod.log.InclusionProof;
import allod.log.MerkleTree;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ItemTreeTest {
    private static List<Hash> commitments(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Hash.sha256(new byte[] {(byte) (i >>> 8), (byte) i}))
                .toList();
    }

    @Test
    void every_item_of_every_small_batch_is_proven_at_its_place_and_at_no_other() {
        for (int count : List.of(1, 2, 3, 7, 8, 255, 256, 257, 600)) {
            List<Hash> commitments = commitments(count);
            ItemTree tree = new ItemTree(commitments);
            assertThat(tree.root())
                    .isEqualTo(MerkleTree.root(
                            commitments.stream().map(Hash::bytes).toList()));
            for (int i = 0; i < count; i += count > 10 ? 37 : 1) {
                Hash leaf = MerkleTree.leafHash(commitments.get(i).bytes());
                InclusionProof proof = tree.path(i);
                assertThat(proof.proves(leaf, tree.root())).isTrue();
                if (count > 1) {
                    int other = (i + 1) % count;
                    assertThat(new InclusionProof(other, count, proof.path()).proves(leaf, tree.root()))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void there_is_no_tree_without_items_and_no_path_past_the_last() {
        assertThatThrownBy(() -> new ItemTree(List.of())).isInstanceOf(IllegalArgumentException.class);
        ItemTree tree = new ItemTree(commitments(3));
        assertThatThrownBy(() -> tree.path(3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tree.path(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
