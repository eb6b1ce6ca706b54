package allod.store.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Disk;
import allod.base.FailingDisk;
import allod.base.FaultPoint;
import allod.base.FaultPointDisk;
import allod.base.FullDisk;
import allod.base.PowerCutDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileBlobStoreTest extends BlobStoreContract {
    @TempDir
    Path folder = Path.of("unset");

    @Override
    BlobStore open() throws IOException {
        return BlobStore.files(Disk.real(), folder.resolve("blobs"));
    }

    @Test
    void a_committed_blob_survives_a_power_cut_and_an_uncommitted_one_leaves_nothing() throws IOException {
        var disk = new PowerCutDisk(Disk.real());
        var blobs = BlobStore.files(disk, folder.resolve("cut"));
        byte[] content = randomBytes(100_000);
        BlobName kept = store(blobs, content);
        BlobName deleted = store(blobs, content);
        blobs.delete(List.of(deleted));
        var pending = blobs.create(BlobName.random(new Random(1)));
        pending.write(content, 0, content.length);
        disk.cut();
        assertThatThrownBy(pending::commit).isInstanceOf(IOException.class);
        var after = BlobStore.files(Disk.real(), folder.resolve("cut"));
        assertThat(list(after)).containsExactly(kept);
        assertThat(read(after, kept)).isEqualTo(content);
    }

    @Test
    void what_an_earlier_run_left_unfinished_is_cleared_away_and_nothing_else() throws IOException {
        BlobName name = BlobName.random(new Random(1));
        open().create(name);
        Path incoming = folder.resolve("blobs/incoming");
        Files.writeString(incoming.resolve("foreign"), "not ours");
        assertThat(incoming.resolve(name.toString())).exists();
        try (var again = open().create(name)) {
            again.commit();
        }
        assertThat(incoming.resolve("foreign")).exists();
        assertThat(list(open())).containsExactly(name);
    }

    @Test
    void a_blob_lies_in_the_folder_of_its_first_byte() throws IOException {
        BlobName name = store(open(), new byte[5]);
        String text = name.toString();
        assertThat(folder.resolve("blobs").resolve(text.substring(0, 2)).resolve(text))
                .hasSize(5);
    }

    @Test
    void a_failed_sync_stores_nothing() throws IOException {
        var disk = new FailingDisk(Disk.real());
        var blobs = BlobStore.files(disk, folder.resolve("blobs"));
        disk.fail(FailingDisk.Operation.FORCE);
        assertThatThrownBy(() -> store(blobs, new byte[5])).isInstanceOf(IOException.class);
        disk.heal();
        assertThat(list(blobs)).isEmpty();
        assertThat(Disk.real().list(folder.resolve("blobs/incoming"))).isEmpty();
    }

    @Test
    void after_a_failed_folder_sync_the_folder_takes_nothing_more() throws IOException {
        var disk = new FailingDisk(Disk.real());
        var sync = new FolderSync(disk, folder);
        sync.force();
        disk.fail(FailingDisk.Operation.FORCE_FOLDER);
        assertThatThrownBy(sync::force).isInstanceOf(IOException.class);
        disk.heal();
        assertThatThrownBy(sync::force).isInstanceOf(IOException.class);
    }

    @Test
    void a_full_disk_refuses_and_leaves_nothing() throws IOException {
        var disk = new FullDisk(Disk.real(), 1_000);
        var blobs = BlobStore.files(disk, folder.resolve("blobs"));
        assertThatThrownBy(() -> store(blobs, new byte[1_001]))
                .isInstanceOfSatisfying(
                        IOException.class,
                        e -> assertThat(FreeSpace.isOutOfSpace(e)).isTrue());
        assertThat(disk.usableSpace(folder)).isEqualTo(1_000);
        store(blobs, new byte[1_000]);
    }

    @Test
    void the_fault_point_stands_where_the_blob_is_durable() throws IOException {
        var reached = new AtomicInteger();
        var cutting = new PowerCutDisk(Disk.real());
        var disk = FaultPointDisk.running(cutting, FaultPoint.BLOB_SYNCED, 1, () -> {
            cutting.cut();
            reached.incrementAndGet();
        });
        BlobName name = store(BlobStore.files(disk, folder.resolve("blobs")), new byte[5]);
        assertThat(reached).hasValue(1);
        assertThat(read(open(), name)).hasSize(5);
        assertThatThrownBy(() -> open().open(BlobName.random(new Random(2)))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_blob_is_as_old_as_its_content() throws IOException {
        store(open(), new byte[5]);
        open().list(listed -> assertThat(
                        Duration.between(listed.modified(), Instant.now()).abs())
                .isLessThan(Duration.ofHours(1)));
    }

    @Test
    void a_name_is_16_bytes_and_its_text_reads_back() {
        BlobName name = BlobName.of(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, (byte) 0xff});
        assertThat(name).hasToString("000102030405060708090a0b0c0d0eff").isEqualTo(BlobName.parse(name.toString()));
        assertThat(BlobName.of(name.bytes())).hasSameHashCodeAs(name).isEqualTo(name);
        for (String bad : List.of("", "00", name + "0", name.toString().toUpperCase(Locale.ROOT), "../" + name)) {
            assertThatThrownBy(() -> BlobName.parse(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> BlobName.of(new byte[15])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BlobName.of(new byte[17])).isInstanceOf(IllegalArgumentException.class);
    }
}
