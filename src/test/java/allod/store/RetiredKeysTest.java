package allod.store;

import static org.assertj.core.api.Assertions.assertThat;

import allod.base.Disk;
import allod.keys.MaskedSecrets;
import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an erasure retires leaves the process's memory, too, once what is unreachable was collected. */
@Tag("server")
class RetiredKeysTest {
    private static final int OBJECTS = 1000;

    @Test
    void retired_root_and_page_keys_are_in_no_heap_dump(@TempDir Path folder) throws Exception {
        try (OpenStore open = OpenStore.in(folder, Disk.real(), OpenStore.NEVER)) {
            BucketName bucket = open.bucket("remembered");
            for (int i = 0; i < OBJECTS; i++) {
                open.put(bucket, "object-" + i, "content " + i);
            }
            // The first erasure gives the tree pages below its root, whose keys the second retires.
            open.delete(bucket, "object-0");
            long slot = slotOf(open, bucket, "object-500");
            for (int i = 1; i < OBJECTS; i++) {
                assertThat(open.get(bucket, "object-" + i)).asString().isEqualTo("content " + i);
            }
            MaskedSecrets retiring = keysAbove(open, bucket, slot);
            assertThat(retiring.names()).hasSizeGreaterThan(2);

            assertThat(retiring.foundIn(dump(folder.resolve("before.hprof"))))
                    .as("the search sees keys that are in use")
                    .isEqualTo(retiring.names());

            open.delete(bucket, "object-500");
            assertThat(open.get(bucket, "object-501")).asString().isEqualTo("content 501");
            assertThat(retiring.foundIn(dump(folder.resolve("after.hprof")))).isEmpty();
        }
    }

    private static long slotOf(OpenStore open, BucketName bucket, String key) {
        byte[] row = open.ground().map().get(MapKey.current(open.row(bucket).id(), ObjectKey.of(key)));
        return NameRow.decode(java.util.Objects.requireNonNull(row)).slot();
    }

    private static MaskedSecrets keysAbove(OpenStore open, BucketName bucket, long slot) throws IOException {
        Path copy = Files.createDirectory(open.folder.resolve("custody-copy"));
        try (Stream<Path> files = Files.list(open.folder.resolve("custody"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        int domain = open.row(bucket).domain();
        byte[] root = java.util.Objects.requireNonNull(open.ground().map().get(MapKey.root(domain)));
        return MaskedSecrets.onTheWay(
                copy,
                domain,
                DomainRow.decode(root).root(),
                Domains.pages(open.ground().map(), domain),
                slot);
    }

    /** All that is reachable; asking for that collects first. */
    private static Path dump(Path file) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
        return file;
    }
}
