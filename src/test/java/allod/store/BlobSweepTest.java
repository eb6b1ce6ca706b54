package allod.store;

import static org.assertj.core.api.Assertions.assertThat;

import allod.store.engine.BlobName;
import allod.store.engine.BlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobSweepTest {
    private static void stray(OpenStore open) throws IOException {
        try (BlobStore.Pending pending = open.ground().blobs().create(BlobName.random(new SecureRandom()))) {
            pending.write(new byte[10], 0, 10);
            pending.commit();
        }
    }

    private static Instant youngest(OpenStore open) throws IOException {
        List<Instant> times = new ArrayList<>();
        open.ground().blobs().list(blob -> times.add(blob.modified()));
        return times.stream().max(Instant::compareTo).orElseThrow();
    }

    private static long sweep(OpenStore open, InstantSource clock, int namesAPass) throws IOException {
        return new BlobSweep(open.ground(), open.store.parts().dropped(), clock, namesAPass).sweep();
    }

    /** Blobs of every kind of row, whatever the number of passes that the memory allows. */
    @Test
    void a_blob_that_no_row_names_goes_and_every_other_stays(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, allod.base.Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("swept");
            byte[] content = new byte[50_000];
            for (int i = 0; i < 5; i++) {
                open.put(bucket, "version" + i, content);
                open.put(bucket, "overwritten", content);
            }
            ObjectKey key = ObjectKey.of("upload");
            UploadId upload =
                    open.objects().createUpload(open.owner, bucket, key, ObjectMetadata.NONE, Optional.empty());
            for (int i = 1; i <= 3; i++) {
                UploadsTest.part(open, open.objects(), bucket, key, upload, i, content);
            }
            int named = open.blobs();
            for (int namesAPass : new int[] {1, 3, 7, 1000}) {
                for (int i = 0; i < 6; i++) {
                    stray(open);
                }
                Instant later = youngest(open).plus(BlobSweep.AGE);
                assertThat(sweep(open, InstantSource.fixed(later.minus(Duration.ofSeconds(5))), namesAPass))
                        .as("younger than a day")
                        .isZero();
                assertThat(sweep(open, InstantSource.fixed(later.plusMillis(1)), namesAPass))
                        .isEqualTo(6);
                while (!open.keys(Family.DROPPED_BLOB).isEmpty()) {
                    Thread.sleep(5);
                }
                assertThat(open.blobs()).isEqualTo(named);
            }
            List<EventRecord> system = open.store.parts().history().read(allod.base.TenantId.SYSTEM, 0, 10_000);
            assertThat(system)
                    .anySatisfy(event -> assertThat(OpenStore.body(event)).contains("blob.sweep", "\"blobs\":6"));
            assertThat(open.get(bucket, "version0")).isEqualTo(content);
        }
    }

    @Test
    void a_sweep_after_the_start_clears_what_a_crash_left(@TempDir Path folder) throws Exception {
        OpenStore open = OpenStore.in(folder);
        stray(open);
        open.clock.step(Duration.ofDays(36_500));
        try (OpenStore again = open.reopen()) {
            while (again.blobs() > 0) {
                Thread.sleep(5);
            }
        }
    }
}
