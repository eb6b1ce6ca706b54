package allod.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.LiveServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an operator does when a custody mirror is lost. */
@Tag("server")
class CustodyMirrorIT {
    @TempDir
    Path folder = Path.of("");

    private LiveServer start() {
        return LiveServer.start(
                folder,
                Map.of("ALLOD_ACCESS_KEY", LiveServer.KEY, "ALLOD_SECRET_KEY", LiveServer.SECRET),
                Map.of("custody.paths", folder.resolve("one") + "," + folder.resolve("two")));
    }

    private static String run(LiveServer server, int expected, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--data=" + server.data());
        var out = new StringWriter();
        int exit = Main.commandLine(new Surroundings(Map.of()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(all.toArray(String[]::new));
        assertThat(exit).as(out.toString()).isEqualTo(expected);
        return out.toString();
    }

    @Test
    void a_lost_mirror_is_shown_and_given_up_and_erasure_goes_on() throws IOException {
        try (LiveServer server = start();
                var s3 = server.client()) {
            assertThat(run(server, Exit.DONE, "custody", "mirror", "list").lines())
                    .hasSize(2)
                    .allMatch(line -> line.contains("  present  "));
            s3.createBucket(b -> b.bucket("mirrored"));
            s3.putObject(b -> b.bucket("mirrored").key("k"), RequestBody.fromString("content"));
            s3.putObject(b -> b.bucket("mirrored").key("kept"), RequestBody.fromString("content"));
        }
        Files.move(folder.resolve("one"), folder.resolve("away"));
        try (LiveServer server = start();
                var s3 = server.client()) {
            assertThat(server.allod().welcome().warnings())
                    .singleElement()
                    .satisfies(warning -> assertThat(warning)
                            .contains("is missing", folder.resolve("one").toString()));
            String missing = run(server, Exit.DONE, "custody", "mirror", "list")
                    .lines()
                    .filter(line -> line.contains("  missing  "))
                    .findFirst()
                    .orElseThrow()
                    .substring(0, 32);
            assertThatThrownBy(() -> s3.deleteObject(b -> b.bucket("mirrored").key("k")))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            refused -> assertThat(refused.statusCode()).isEqualTo(503));
            run(server, Exit.UNUSABLE_INPUT, "custody", "mirror", "forget", "0".repeat(32));
            run(server, Exit.DONE, "custody", "mirror", "forget", missing);
            assertThat(run(server, Exit.DONE, "custody", "mirror", "list", "--json"))
                    .contains("{\"mirror\":\"" + missing + "\",\"state\":\"FORGOTTEN\"");
            assertThat(s3.deleteObject(b -> b.bucket("mirrored").key("k"))
                            .sdkHttpResponse()
                            .firstMatchingHeader("x-allod-outcome"))
                    .hasValue("erased");
            assertThat(s3.getObjectAsBytes(b -> b.bucket("mirrored").key("kept"))
                            .asUtf8String())
                    .isEqualTo("content");
        }
    }
}
