package allod.crash;

import static org.assertj.core.api.Assertions.assertThat;

import allod.Allod;
import allod.Config;
import allod.base.Disk;
import allod.base.FailingDisk;
import allod.base.FullDisk;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server on a disk that fills up or fails. */
@Tag("server")
final class DiskFaultsTest {
    private static final long MIB = 1 << 20;
    private static final byte[] NOTHING = {};

    @TempDir
    Path temporary = Path.of("unset");

    private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();

    private interface Story {
        void tell(S3Client s3) throws IOException, InterruptedException;
    }

    private void onServer(Disk disk, String reserve, Story story) throws IOException, InterruptedException {
        Config config = CrashServer.config(temporary.resolve("data"), temporary.resolve("custody"), "200ms", reserve);
        try (var server = Allod.start(config, disk, InstantSource.system(), fatal::complete);
                var s3 = new S3Client(addresses(server.welcome().lines()), new AtomicLong())) {
            assertThat(s3.bucket("PUT", "bucket").status()).isEqualTo(200);
            story.tell(s3);
        }
    }

    private static ServerProcess.Addresses addresses(List<String> lines) {
        return new ServerProcess.Addresses(address(lines, "S3"), address(lines, "pact"));
    }

    private static URI address(List<String> lines, String name) {
        return URI.create(lines.stream()
                .filter(line -> line.startsWith(name + " "))
                .findFirst()
                .orElseThrow()
                .split(" +", -1)[1]);
    }

    private static int send(S3Client s3, String method, String key, byte[] body)
            throws IOException, InterruptedException {
        return s3.send(method, new Ledger.Place("bucket", key), "", body).status();
    }

    private static final byte[] SMALL = Content.of(1, 1000).bytes();
    private static final byte[] LARGE = Content.of(2, 100_000).bytes();

    @Test
    void below_the_floor_content_is_refused_and_everything_else_goes_on() throws IOException, InterruptedException {
        var disk = new FullDisk(Disk.real(), 256 * MIB);
        onServer(disk, "1MiB", s3 -> {
            assertThat(send(s3, "PUT", "a", SMALL)).isEqualTo(200);
            assertThat(send(s3, "PUT", "b", LARGE)).isEqualTo(200);
            disk.setLeft(10 * MIB);
            Thread.sleep(200);
            assertThat(send(s3, "PUT", "c", SMALL)).isEqualTo(507);
            assertThat(send(s3, "PUT", "a", LARGE)).isEqualTo(507);
            assertThat(send(s3, "GET", "a", NOTHING)).isEqualTo(200);
            assertThat(s3.bucket("GET", "bucket").text()).contains("<Key>a</Key>", "<Key>b</Key>");
            assertThat(send(s3, "DELETE", "b", NOTHING)).isEqualTo(204);
            disk.setLeft(256 * MIB);
            Thread.sleep(200);
            assertThat(send(s3, "PUT", "c", SMALL)).isEqualTo(200);
        });
        assertThat(fatal).isNotDone();
    }

    @Test
    void on_a_full_disk_deletes_go_on_with_the_reserve() throws IOException, InterruptedException {
        var disk = new FullDisk(Disk.real(), 256 * MIB);
        onServer(disk, "4MiB", s3 -> {
            for (int i = 0; i < 4; i++) {
                assertThat(send(s3, "PUT", "k" + i, LARGE)).isEqualTo(200);
            }
            Thread.sleep(500);
            disk.setLeft(0);
            for (int i = 0; i < 4; i++) {
                assertThat(send(s3, "DELETE", "k" + i, NOTHING)).isEqualTo(204);
            }
            assertThat(send(s3, "PUT", "k", SMALL)).isEqualTo(507);
        });
        assertThat(fatal).isNotDone();
    }

    private static Predicate<Path> under(String folder) {
        return path -> path.toString().contains('/' + folder + '/');
    }

    @Test
    void a_blob_that_cannot_be_synced_is_not_acknowledged_and_the_server_goes_on()
            throws IOException, InterruptedException {
        var disk = new FailingDisk(Disk.real());
        onServer(disk, "0B", s3 -> {
            disk.failAfter(FailingDisk.Operation.FORCE, 0, under("blobs"));
            assertThat(send(s3, "PUT", "a", LARGE)).isGreaterThanOrEqualTo(500);
            assertThat(send(s3, "GET", "a", NOTHING)).isEqualTo(404);
            disk.heal();
            assertThat(send(s3, "PUT", "a", LARGE)).isEqualTo(200);
            assertThat(send(s3, "GET", "a", NOTHING)).isEqualTo(200);
        });
        assertThat(fatal).isNotDone();
    }

    @Test
    void a_log_head_that_cannot_be_synced_ends_the_process() throws Exception {
        var disk = new FailingDisk(Disk.real());
        onServer(disk, "0B", s3 -> {
            disk.failAfter(FailingDisk.Operation.FORCE, 0, under("custody"));
            send(s3, "PUT", "a", SMALL);
            fatal.orTimeout(10, TimeUnit.SECONDS).join();
            disk.heal();
        });
    }

    @Test
    void an_erasure_that_custody_cannot_sync_is_not_acknowledged_and_ends_the_process() throws Exception {
        var disk = new FailingDisk(Disk.real());
        onServer(disk, "0B", s3 -> {
            assertThat(send(s3, "PUT", "a", SMALL)).isEqualTo(200);
            disk.failAfter(FailingDisk.Operation.FORCE, 0, under("custody"));
            var answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return send(s3, "DELETE", "a", NOTHING);
                } catch (IOException | InterruptedException e) {
                    return 0;
                }
            });
            fatal.orTimeout(10, TimeUnit.SECONDS).join();
            Thread.sleep(300);
            assertThat(answer.getNow(0)).isNotEqualTo(204);
        });
    }
}
