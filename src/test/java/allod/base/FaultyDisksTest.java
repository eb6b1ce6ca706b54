package allod.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FaultyDisksTest {
    @TempDir
    Path folder = Path.of("unset");

    @Test
    void a_full_disk_takes_its_bytes_and_not_one_more_until_something_goes() throws IOException {
        var disk = new FullDisk(Disk.real(), 100);
        write(disk, "x", 60);
        write(disk, "x", 60);
        write(disk, "y", 40);
        assertThat(disk.usableSpace(folder)).isZero();
        assertThatThrownBy(() -> write(disk, "z", 1))
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
        disk.rename(folder.resolve("y"), folder.resolve("x"));
        assertThat(disk.usableSpace(folder)).isEqualTo(60);
        disk.delete(folder.resolve("x"));
        assertThat(disk.usableSpace(folder)).isEqualTo(100);
        disk.setLeft(1);
        write(disk, "z", 1);
        assertThatThrownBy(() -> write(disk, "z", 2)).isInstanceOf(IOException.class);
    }

    @Test
    void a_failing_disk_fails_the_named_operation_only_and_only_until_it_is_healed() throws IOException {
        var disk = new FailingDisk(Disk.real());
        disk.failAfter(FailingDisk.Operation.FORCE, 1, path -> path.endsWith("x"));
        try (var file = disk.open(folder.resolve("x"), Disk.Mode.WRITE);
                var other = disk.open(folder.resolve("y"), Disk.Mode.WRITE)) {
            file.force();
            assertThatThrownBy(file::force).isInstanceOf(IOException.class);
            assertThatThrownBy(file::force).isInstanceOf(IOException.class);
            other.force();
            disk.heal();
            file.force();
        }
        disk.fail(FailingDisk.Operation.FORCE_FOLDER);
        assertThatThrownBy(() -> disk.forceFolder(folder)).isInstanceOf(IOException.class);
        assertThatCode(() -> disk.delete(folder.resolve("x"))).doesNotThrowAnyException();
    }

    @Test
    void a_fault_point_acts_once_at_its_occurrence_through_all_wrappers() {
        var acted = new AtomicInteger();
        Disk disk = new FailingDisk(new PowerCutDisk(
                FaultPointDisk.running(Disk.real(), FaultPoint.BLOB_SYNCED, 2, acted::incrementAndGet)));
        disk.reached(FaultPoint.BLOB_SYNCED);
        disk.reached(FaultPoint.ERASE_DONE);
        assertThat(acted).hasValue(0);
        disk.reached(FaultPoint.BLOB_SYNCED);
        disk.reached(FaultPoint.BLOB_SYNCED);
        assertThat(acted).hasValue(1);
    }

    private void write(Disk disk, String name, int size) throws IOException {
        try (var file = disk.open(folder.resolve(name), Disk.Mode.WRITE)) {
            file.write(ByteBuffer.allocate(size), 0);
        }
    }
}
