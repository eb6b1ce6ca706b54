package allod.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Disk;
import allod.base.FullDisk;
import allod.base.Problem;
import allod.base.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FreeSpaceTest {
    private static final long RESERVE = 3 << 20;
    private static final long FLOOR = 10 << 20;

    @TempDir
    Path folder = Path.of("unset");

    private final FullDisk disk = new FullDisk(Disk.real(), FLOOR + RESERVE);
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource clock = now::get;

    private FreeSpace watch() {
        return new FreeSpace(disk, clock, List.of(new FreeSpace.Place(reserve(), FLOOR, true)));
    }

    private SpaceReserve reserve() {
        return new SpaceReserve(disk, folder, RESERVE);
    }

    @Test
    void content_is_refused_when_it_would_leave_less_than_the_floor() {
        var space = watch();
        disk.setLeft(FLOOR + 5);
        later(100);
        assertThatCode(() -> space.require(5)).doesNotThrowAnyException();
        assertThatThrownBy(() -> space.require(6))
                .isInstanceOfSatisfying(
                        Problem.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_SPACE));
        assertThat(space.aboveFloorBytes()).isEqualTo(5);
    }

    @Test
    void the_disk_is_asked_again_after_100_ms_and_not_before_whichever_way_the_clock_goes() {
        var space = watch();
        disk.setLeft(FLOOR - 1);
        later(99);
        assertThatCode(() -> space.require(0)).doesNotThrowAnyException();
        later(1);
        assertThatThrownBy(() -> space.require(0)).isInstanceOf(Problem.class);
        disk.setLeft(FLOOR);
        later(-100);
        assertThatCode(() -> space.require(0)).doesNotThrowAnyException();
    }

    @Test
    void the_reserve_is_taken_while_there_is_room_and_given_back_when_less_than_it_is_left() throws IOException {
        var space = watch();
        space.refill();
        assertThat(reserve().isHeld()).isTrue();
        assertThat(disk.usableSpace(folder)).isEqualTo(FLOOR);
        disk.setLeft(RESERVE);
        later(100);
        assertThat(space.aboveFloorBytes()).isNegative();
        assertThat(reserve().isHeld()).isTrue();
        disk.setLeft(RESERVE - 1);
        later(100);
        assertThat(space.aboveFloorBytes()).isEqualTo(2 * RESERVE - 1 - FLOOR);
        assertThat(reserve().isHeld()).isFalse();
        disk.setLeft(FLOOR + RESERVE - 1);
        space.refill();
        assertThat(reserve().isHeld()).isFalse();
        disk.setLeft(FLOOR + RESERVE);
        space.refill();
        assertThat(reserve().isHeld()).isTrue();
    }

    @Test
    void a_folder_found_full_at_the_start_gets_its_reserve_at_once() throws IOException {
        reserve().fill();
        disk.setLeft(0);
        var space = watch();
        assertThat(reserve().isHeld()).isFalse();
        assertThatThrownBy(() -> space.require(0)).isInstanceOf(Problem.class);
    }

    @Test
    void the_fullest_of_several_folders_decides() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        var roomy = new FreeSpace.Place(new SpaceReserve(disk, other, 0), 0, true);
        var tight = new FreeSpace.Place(reserve(), FLOOR + RESERVE, true);
        var space = new FreeSpace(disk, clock, List.of(roomy, tight));
        assertThat(space.aboveFloorBytes()).isZero();
        assertThatThrownBy(() -> space.require(1)).hasMessageContaining(folder.toString());
    }

    @Test
    void a_reserve_takes_exactly_its_size_and_one_that_does_not_fit_leaves_nothing() throws IOException {
        reserve().fill();
        assertThat(folder.resolve(SpaceReserve.FILE)).hasSize(RESERVE);
        new SpaceReserve(disk, folder, RESERVE + 1).fill();
        assertThat(folder.resolve(SpaceReserve.FILE)).hasSize(RESERVE + 1);
        reserve().release();
        reserve().release();
        disk.setLeft(RESERVE - 1);
        assertThatThrownBy(() -> reserve().fill()).isInstanceOf(IOException.class);
        assertThat(reserve().isHeld()).isFalse();
    }

    @Test
    void out_of_space_is_told_from_other_faults_also_as_a_cause() {
        assertThat(FreeSpace.isOutOfSpace(new IOException("No space left on device")))
                .isTrue();
        assertThat(FreeSpace.isOutOfSpace(new IOException("a", new IOException("Disk quota exceeded"))))
                .isTrue();
        assertThat(FreeSpace.isOutOfSpace(new IOException("Input/output error")))
                .isFalse();
    }

    private void later(long millis) {
        now.updateAndGet(then -> then.plusMillis(millis));
    }
}
