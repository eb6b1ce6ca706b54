package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DerivedTilesTest {
    @Test
    void stored_upper_tiles_give_the_same_bytes_as_computed_ones() {
        DerivedTiles computed = Fixtures.tiles();
        Map<String, byte[]> rows = new HashMap<>();
        rows.put("1/0", computed.tile(1, 0, 256));
        AtomicLong entriesRead = new AtomicLong();
        DerivedTiles stored = new DerivedTiles(
                (first, count) -> {
                    entriesRead.addAndGet(count);
                    return Fixtures.ENTRIES.entries(first, count);
                },
                (level, index) -> Optional.ofNullable(rows.get(level + "/" + index)));
        assertThat(stored.tile(2, 0, 1)).isEqualTo(computed.tile(2, 0, 1));
        assertThat(stored.tile(1, 0, 7)).isEqualTo(computed.tile(1, 0, 7));
        assertThat(entriesRead).hasValue(0);
    }

    @Test
    void a_partial_upper_tile_is_hashed_from_entries_once() {
        AtomicLong entriesRead = new AtomicLong();
        DerivedTiles tiles = new DerivedTiles(
                (first, count) -> {
                    entriesRead.addAndGet(count);
                    return Fixtures.ENTRIES.entries(first, count);
                },
                (level, index) -> Optional.empty());
        tiles.tile(1, 0, 10);
        assertThat(entriesRead).hasValue(2560);
        tiles.tile(1, 0, 11);
        assertThat(entriesRead).hasValue(2816);
    }

    @Test
    void more_upper_nodes_than_are_kept_are_still_right() {
        DerivedTiles tiles = Fixtures.tiles();
        Hash expected = MerkleTree.fullTileHash(tiles.tile(0, 0, 256));
        for (long n = 0; n < DerivedTiles.MAX_KEPT_NODES / 256 + 1; n++) {
            tiles.tile(1, n, 256);
        }
        assertThat(Hash.at(tiles.tile(1, 0, 1), 0)).isEqualTo(expected);
    }

    @Test
    void a_source_that_gives_fewer_entries_is_a_fault() {
        DerivedTiles tiles = new DerivedTiles((first, count) -> List.of(), (level, index) -> Optional.empty());
        assertThatThrownBy(() -> tiles.tile(0, 0, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void only_a_full_tile_hashes_upward() {
        byte[] full = Fixtures.tiles().tile(0, 0, 256);
        assertThat(MerkleTree.fullTileHash(full)).isEqualTo(NaiveTree.root(Fixtures.entries(256)));
        assertThatThrownBy(() -> MerkleTree.fullTileHash(Arrays.copyOf(full, 255 * 32)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_bundle_is_read_back_and_refused_where_it_is_cut_or_too_long() {
        List<byte[]> entries = List.of(new byte[0], new byte[EntryBundles.MAX_ENTRY_BYTES], Fixtures.entry(7));
        byte[] bundle = EntryBundles.encode(entries);
        assertThat(EntryBundles.decode(bundle, 3)).containsExactlyElementsOf(entries);
        for (int cut : new int[] {1, 2, 3, bundle.length - 1}) {
            assertThatThrownBy(() -> EntryBundles.decode(Arrays.copyOf(bundle, cut), 3))
                    .isInstanceOf(MalformedException.class);
        }
        assertThatThrownBy(() -> EntryBundles.decode(bundle, 2)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> EntryBundles.decode(bundle, 4)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> EntryBundles.encode(List.of(new byte[EntryBundles.MAX_ENTRY_BYTES + 1])))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
