package allod.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.CommandProcess;
import allod.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Old data beside today's custody and beside old custody: servers and commands in processes of their own. */
@Tag("server")
class ResurrectionIT {
    private static final List<String> SERVER = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");
    private static final String BUCKET = "resurrection";
    private static final String SECOND_KEY = "AKSECONDSECOND";
    private static final String SECOND_SECRET = "a-secret-of-the-second-key";
    private static final Map<String, String> OWNER = Map.of(
            "ALLOD_ACCESS_KEY", ServerProcess.ACCESS_KEY,
            "ALLOD_SECRET_KEY", ServerProcess.SECRET_KEY);

    private static final String LARGE = "0123456789abcdef".repeat(8192);

    /** Today's two folders and the copies of then, as both tests begin. */
    @TempDir
    static Path prepared = Path.of("");

    /** The log's key of then, as a policy. */
    private static Path policy = Path.of("");

    @TempDir
    Path folder = Path.of("");

    private static S3Client client(ServerProcess server, String key, String secret) {
        return S3Client.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(server.s3())
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static S3Client owner(ServerProcess server) {
        return client(server, ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY);
    }

    private static CommandProcess command(Path in, int expected, String... arguments) throws Exception {
        CommandProcess done = CommandProcess.run(in, OWNER, arguments);
        assertThat(done.exit()).as(done::toString).isEqualTo(expected);
        return done;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(file)) {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void put(S3Client s3, String key, String content) {
        s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromString(content));
    }

    private static String get(S3Client s3, String key) {
        return s3.getObjectAsBytes(b -> b.bucket(BUCKET).key(key)).asUtf8String();
    }

    @BeforeAll
    static void deleteSomeAfterACopy() throws Exception {
        try (ServerProcess server = ServerProcess.ofClassPath(prepared, SERVER);
                S3Client s3 = owner(server)) {
            s3.createBucket(b -> b.bucket(BUCKET));
            for (String key : List.of("keep", "gone", "over")) {
                put(s3, key, "content of " + key);
            }
            put(s3, "large", LARGE);
            put(s3, "large-gone", LARGE);
            Files.writeString(prepared.resolve("secret"), SECOND_SECRET);
            command(
                    prepared,
                    Exit.DONE,
                    "key",
                    "add",
                    "--data=" + prepared.resolve("data"),
                    "--tenant=default",
                    "--access-key=" + SECOND_KEY,
                    "--secret-key-file=" + prepared.resolve("secret"));
        }
        copy(prepared.resolve("data"), prepared.resolve("old"));
        copy(prepared.resolve("custody"), prepared.resolve("old-custody"));
        try (ServerProcess server = ServerProcess.ofClassPath(prepared, SERVER);
                S3Client s3 = owner(server)) {
            command(
                    prepared,
                    Exit.DONE,
                    "erase",
                    "s3://" + BUCKET + "/gone",
                    "-o=" + prepared.resolve("gone.json"),
                    "--s3=" + server.s3(),
                    "--pact=" + server.pact());
            s3.deleteObject(b -> b.bucket(BUCKET).key("large-gone"));
            // A delete takes what was overwritten before, and still waits, with it.
            put(s3, "over", "written over");
            s3.deleteObject(b -> b.bucket(BUCKET).key("over"));
            put(s3, "later", "made after the copy");
            command(prepared, Exit.DONE, "key", "disable", SECOND_KEY, "--data=" + prepared.resolve("data"));
            policy = prepared.resolve("policy");
            String key = command(prepared, Exit.DONE, "log", "key", "--pact=" + server.pact())
                    .out()
                    .strip();
            Files.writeString(policy, "log " + key + "\nquorum none\n");
        }
    }

    private String[] restore(String... more) {
        List<String> all = new ArrayList<>(
                List.of("restore", "--data=" + folder.resolve("data"), "--custody=" + folder.resolve("custody")));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void old_data_beside_current_custody_opens_what_was_kept_and_nothing_that_was_deleted() throws Exception {
        copy(prepared.resolve("old"), folder.resolve("data"));
        copy(prepared.resolve("custody"), folder.resolve("custody"));
        assertThatThrownBy(() -> ServerProcess.ofClassPath(folder, SERVER).close())
                .hasMessageContaining("allod restore");
        assertThat(command(folder, Exit.FAILED, restore()).out())
                .contains("Lost:", "was signed with", "Nothing was changed", "--accept-loss");
        assertThat(command(folder, Exit.DONE, restore("--accept-loss")).out())
                .contains("The log ", "is closed. It goes on as", "/r1", "Restored. Start the server");
        try (ServerProcess server = ServerProcess.ofClassPath(folder, SERVER);
                S3Client s3 = owner(server);
                S3Client second = client(server, SECOND_KEY, SECOND_SECRET)) {
            assertThat(get(s3, "keep")).isEqualTo("content of keep");
            assertThat(get(s3, "large")).isEqualTo(LARGE);
            for (String key : List.of("gone", "large-gone", "over", "later")) {
                assertThatThrownBy(() -> get(s3, key)).isInstanceOf(NoSuchKeyException.class);
            }
            assertThat(s3.listObjectsV2(b -> b.bucket(BUCKET)).contents())
                    .extracting(S3Object::key)
                    .containsExactly("keep", "large");
            assertThatThrownBy(() -> get(second, "keep"))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            refused -> assertThat(refused.statusCode()).isEqualTo(403));
            put(s3, "new", "goes on");
            assertThat(get(s3, "new")).isEqualTo("goes on");
        }
        assertThat(command(folder, Exit.DONE, restore()).out()).contains("today's");
        // What was proven before the restore stays so, under the key of then.
        command(folder, Exit.DONE, "verify", prepared.resolve("gone.json").toString(), "--policy=" + policy);
    }

    @Test
    void old_data_beside_old_custody_opens_everything_which_is_why_custody_is_never_backed_up() throws Exception {
        copy(prepared.resolve("old"), folder.resolve("data"));
        copy(prepared.resolve("old-custody"), folder.resolve("custody"));
        try (ServerProcess server = ServerProcess.ofClassPath(folder, SERVER);
                S3Client s3 = owner(server);
                S3Client second = client(server, SECOND_KEY, SECOND_SECRET)) {
            for (String key : List.of("keep", "gone", "over")) {
                assertThat(get(s3, key)).isEqualTo("content of " + key);
            }
            assertThat(get(s3, "large-gone")).isEqualTo(LARGE);
            assertThat(get(second, "keep")).isNotEmpty();
        }
        assertThat(Files.readString(prepared.resolve("gone.json")))
                .contains("A copy of the custody folder made before this erasure can undo it.");
    }
}
