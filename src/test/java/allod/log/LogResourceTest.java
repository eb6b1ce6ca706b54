package allod.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogResourceTest {
    private static final long LAST = (1L << 55) - 1;

    @Test
    void a_tile_number_is_written_in_groups_of_three_digits() {
        assertThat(new LogResource.Tile(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
        assertThat(new LogResource.Tile(63, 0, 255).path()).isEqualTo("tile/63/000.p/255");
        assertThat(new LogResource.Tile(1, 999, 1).path()).isEqualTo("tile/1/999.p/1");
        assertThat(new LogResource.Tile(1, 1000, 1).path()).isEqualTo("tile/1/x001/000.p/1");
        assertThat(new LogResource.EntryBundle(70_000, 256).path()).isEqualTo("tile/entries/x070/000");
        assertThat(new LogResource.EntryBundle(LAST, 255).path())
                .isEqualTo("tile/entries/x036/x028/x797/x018/x963/967.p/255");
    }

    @Test
    void every_path_written_is_read_back() {
        long seed = 42;
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            long index = random.nextLong(LAST + 1) >>> random.nextInt(55);
            int width = 1 + random.nextInt(256);
            LogResource resource = random.nextBoolean()
                    ? new LogResource.Tile(random.nextInt(64), index, width)
                    : new LogResource.EntryBundle(index, width);
            assertThat(LogResource.parse(resource.path())).as("seed %d", seed).contains(resource);
        }
        assertThat(LogResource.parse("checkpoint")).contains(new LogResource.LatestCheckpoint());
        assertThat(LogResource.parse(new LogResource.EntryBundle(LAST, 255).path()))
                .contains(new LogResource.EntryBundle(LAST, 255));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "checkpoint/",
                "/checkpoint",
                "Checkpoint",
                "tile",
                "tile/0",
                "tile//000",
                "tile/0/",
                "tile/0/0",
                "tile/0/00",
                "tile/0/0000",
                "tile/00/000",
                "tile/+0/000",
                "tile/-1/000",
                "tile/64/000",
                "tile/4294967296/000",
                "tile/0/+00",
                "tile/0/-01",
                "tile/0/x000/001",
                "tile/0/001/001",
                "tile/0/x001",
                "tile/0/x1/001",
                "tile/0/X001/001",
                "tile/0/x001/x001",
                "tile/0/000/",
                "tile/0/000.p",
                "tile/0/000.p/",
                "tile/0/000.p/0",
                "tile/0/000.p/01",
                "tile/0/000.p/256",
                "tile/0/000.p/-1",
                "tile/0/000.p/4294967297",
                "tile/0/x001.p/000",
                "tile/0/000.p/1/",
                "tile/0/000.p/1/1",
                "tile/.p/5",
                "tile/0/.p/5",
                "tile/entries",
                "tile/entries/",
                "tile/entries/0",
                "tile/Entries/000",
                "tile/entries/\u0660\u0660\u0660",
                "tile/0/000%2ep/1",
                "tile/0/../0/000",
                "tile/0/x036/x028/x797/x018/x963/968",
                "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999"
            })
    void any_other_spelling_is_no_resource(String path) {
        assertThat(LogResource.parse(path)).isEmpty();
    }

    @Test
    void an_index_or_width_out_of_range_is_refused() {
        assertThatThrownBy(() -> new LogResource.Tile(64, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LogResource.Tile(0, LAST + 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LogResource.Tile(0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LogResource.EntryBundle(0, 257)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LogResource.EntryBundle(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_tree_of_70000_has_the_tiles_that_the_specification_counts() {
        assertThat(LogResource.widthAt(0, 272, 70_000)).isEqualTo(256);
        assertThat(LogResource.widthAt(0, 273, 70_000)).isEqualTo(112);
        assertThat(LogResource.widthAt(0, 274, 70_000)).isZero();
        assertThat(LogResource.widthAt(1, 0, 70_000)).isEqualTo(256);
        assertThat(LogResource.widthAt(1, 1, 70_000)).isEqualTo(17);
        assertThat(LogResource.widthAt(2, 0, 70_000)).isEqualTo(1);
        assertThat(LogResource.widthAt(3, 0, 70_000)).isZero();
        assertThat(LogResource.widthAt(0, 1, 256)).isZero();
        assertThat(LogResource.widthAt(1, 0, 256)).isEqualTo(1);
        assertThat(LogResource.widthAt(0, 0, 0)).isZero();
        assertThat(LogResource.widthAt(63, 0, Long.MAX_VALUE)).isZero();
        assertThat(LogResource.widthAt(0, LAST, Long.MAX_VALUE)).isEqualTo(255);
    }

    @Test
    void a_resource_exists_from_the_size_that_completes_it() {
        assertThat(new LogResource.Tile(0, 1, 4).existsAt(259)).isFalse();
        assertThat(new LogResource.Tile(0, 1, 4).existsAt(260)).isTrue();
        assertThat(new LogResource.Tile(1, 0, 1).existsAt(255)).isFalse();
        assertThat(new LogResource.Tile(1, 0, 1).existsAt(256)).isTrue();
        assertThat(new LogResource.Tile(9, 0, 1).existsAt(Long.MAX_VALUE)).isFalse();
        assertThat(new LogResource.EntryBundle(0, 256).existsAt(255)).isFalse();
        assertThat(new LogResource.EntryBundle(0, 256).existsAt(256)).isTrue();
        assertThat(new LogResource.EntryBundle(LAST, 256).existsAt(Long.MAX_VALUE))
                .isFalse();
        assertThat(new LogResource.Tile(0, LAST, 256).existsAt(5)).isFalse();
        assertThat(Fixtures.tree(259).render(new LogResource.Tile(0, 1, 4))).isEmpty();
        assertThat(Fixtures.tree(259).render(new LogResource.EntryBundle(1, 4), Fixtures.ENTRIES))
                .isEmpty();
    }
}
