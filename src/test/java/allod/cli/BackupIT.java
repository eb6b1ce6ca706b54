package allod.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.LiveServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import tools.jackson.databind.JsonNode;

/** Backups of running and stopped servers, into a folder and into another server, and what they are restored to. */
@Tag("server")
class BackupIT {
    private static final String BUCKET = "backed-up";
    private static final String LARGE = "0123456789abcdef".repeat(4096);

    @TempDir
    Path folder = Path.of("");

    private record Run(int exit, String out, String err) {
        JsonNode json() {
            return JsonOption.JSON.readTree(out);
        }
    }

    private static Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.commandLine(new Surroundings(Map.of()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    private static Run run(int expected, String... arguments) {
        Run run = run(arguments);
        assertThat(run.exit()).as(run.toString()).isEqualTo(expected);
        return run;
    }

    private Path place() {
        return folder.resolve("place");
    }

    private String data() {
        return "--data=" + folder.resolve("data");
    }

    private String custody() {
        return "--custody=" + folder.resolve("custody");
    }

    private static void remove(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void put(S3Client s3, String key, String content) {
        s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString(content));
    }

    private static String get(S3Client s3, String key) {
        return s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asUtf8String();
    }

    private static long files(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void a_running_server_is_backed_up_while_it_writes_and_only_what_is_new_is_copied() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                S3Client s3 = server.client()) {
            s3.createBucket(b -> b.bucket(BUCKET));
            put(s3, "keep", "kept");
            put(s3, "large", LARGE);
            put(s3, "gone", LARGE);
            var stop = new AtomicBoolean();
            try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> writer = writers.submit(() -> {
                    for (int i = 0; !stop.get(); i++) {
                        put(s3, "busy" + i % 20, LARGE);
                    }
                });
                JsonNode first = run(Exit.DONE, "backup", place().toString(), data(), "--json", "--verify")
                        .json();
                stop.set(true);
                writer.get();
                assertThat(first.path("missingBlobs")).isEmpty();
                assertThat(first.path("damaged").asInt()).isZero();
                assertThat(first.path("newBytes").asLong()).isGreaterThan(2L * LARGE.length());
            }
            JsonNode second = run(Exit.DONE, "backup", place().toString(), data(), "--json")
                    .json();
            assertThat(second.path("blobs").asInt()).isGreaterThan(2);
            put(s3, "another", LARGE);
            s3.deleteObject(b -> b.bucket(BUCKET).key("gone"));
            JsonNode third = run(Exit.DONE, "backup", place().toString(), data(), "--json", "--keep=1")
                    .json();
            assertThat(third.path("newFiles").asLong())
                    .isLessThan(third.path("files").asLong());
            assertThat(third.path("removed").asLong()).isPositive();
            // Pruning keeps the newest, also of two within one moment.
            assertThat(place().resolve("backups").toFile().list())
                    .containsExactly(third.path("backup").asString());
            // One list; files of the map that are alike lie there once.
            assertThat(files(place()))
                    .isGreaterThan(third.path("blobs").asLong())
                    .isLessThanOrEqualTo(third.path("files").asLong() + 1);
            assertThat(folder.resolve("data").toFile().list()).noneMatch(name -> name.startsWith("backup-"));
        }
        loseDataAndRestore();
    }

    private void loseDataAndRestore() throws IOException {
        remove(folder.resolve("data"));
        assertThatThrownBy(() -> LiveServer.start(folder)).hasMessageContaining("allod restore --from");
        String from = "--from=" + place();
        Run asked = run(Exit.FAILED, "restore", from, data(), custody());
        assertThat(asked.out()).contains("Lost:", "was signed with", "--accept-loss");
        assertThat(files(folder.resolve("data"))).isLessThanOrEqualTo(1);
        Run done = run(Exit.DONE, "restore", from, data(), custody(), "--accept-loss");
        assertThat(done.out()).contains("is closed. It goes on as", "Restored.");
        try (LiveServer server = LiveServer.start(folder);
                S3Client s3 = server.client()) {
            assertThat(get(s3, "keep")).isEqualTo("kept");
            assertThat(get(s3, "large")).isEqualTo(LARGE);
            assertThat(get(s3, "another")).isEqualTo(LARGE);
            assertThatThrownBy(() -> get(s3, "gone")).isInstanceOf(NoSuchKeyException.class);
        }
    }

    @Test
    void a_stopped_server_is_backed_up_into_another_one_by_s3_and_restored_without_loss() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                S3Client s3 = server.client()) {
            s3.createBucket(b -> b.bucket(BUCKET));
            put(s3, "keep", "kept");
            put(s3, "large", LARGE);
        }
        System.setProperty("aws.accessKeyId", LiveServer.KEY);
        System.setProperty("aws.secretAccessKey", LiveServer.SECRET);
        try (LiveServer other = LiveServer.start(folder.resolve("other"));
                S3Client s3 = other.client()) {
            s3.createBucket(b -> b.bucket("backups"));
            String endpoint = "--endpoint=" + other.s3();
            Run made = run(Exit.DONE, "backup", "s3://backups/of/one", endpoint, data(), "--verify");
            assertThat(made.out()).contains("All of it was read back and is whole.", "custody folder is not in it");
            JsonNode again = run(Exit.DONE, "backup", "s3://backups/of/one", endpoint, data(), "--json", "--keep=1")
                    .json();
            assertThat(again.path("newFiles").asInt()).isZero();
            remove(folder.resolve("data"));
            run(Exit.DONE, "restore", "--from=s3://backups/of/one", endpoint, data(), custody());
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
        try (LiveServer server = LiveServer.start(folder);
                S3Client s3 = server.client()) {
            assertThat(get(s3, "keep")).isEqualTo("kept");
            assertThat(get(s3, "large")).isEqualTo(LARGE);
        }
    }

    @Test
    void a_backup_that_was_damaged_is_not_restored_and_a_fetch_cut_short_is_gone_on_with() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                S3Client s3 = server.client()) {
            s3.createBucket(b -> b.bucket(BUCKET));
            put(s3, "large", LARGE);
        }
        run(Exit.DONE, "backup", place().toString(), data());
        remove(folder.resolve("data"));
        Path blob;
        try (var files = Files.walk(place().resolve("blobs"))) {
            blob = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(blob);
        byte[] damaged = whole.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(blob, damaged, StandardOpenOption.TRUNCATE_EXISTING);
        String from = "--from=" + place();
        Run refused = run("restore", from, data(), custody());
        assertThat(refused.exit()).isEqualTo(Exit.FAILED);
        assertThat(refused.err()).contains("is not what was written");
        assertThatThrownBy(() -> LiveServer.start(folder)).hasMessageContaining("begun and not finished");
        Files.write(blob, whole, StandardOpenOption.TRUNCATE_EXISTING);
        run(Exit.DONE, "restore", from, data(), custody());
        try (LiveServer server = LiveServer.start(folder);
                S3Client s3 = server.client()) {
            assertThat(get(s3, "large")).isEqualTo(LARGE);
        }
    }

    @Test
    void places_that_cannot_be_are_refused_before_anything_is_written() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("something"), "else");
        for (String bad : List.of(folder.toString(), folder.resolve("data/in").toString(), "s3://B_", "s3://")) {
            assertThat(run("backup", bad, data()).exit()).as(bad).isNotEqualTo(Exit.DONE);
        }
        assertThat(run("backup", place().toString(), data(), "--keep=0").exit()).isEqualTo(Exit.UNUSABLE_INPUT);
        assertThat(folder.resolve("data").toFile().list()).isEmpty();
    }
}
