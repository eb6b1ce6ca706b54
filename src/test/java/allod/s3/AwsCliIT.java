package allod.s3;

import static org.assertj.core.api.Assertions.assertThat;

import allod.TestServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A day with the AWS command line, unmodified, in the clear and over TLS; with each one that is installed here. */
class AwsCliIT {
    private static final String NONE = "no aws is installed";

    @TempDir
    private Path folder;

    /** Each {@code aws} on the path, or a word that there is none. */
    static Stream<Arguments> installed() throws IOException {
        var found = new LinkedHashSet<Path>();
        for (String place : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path aws = Path.of(place, "aws");
            if (!place.isEmpty() && Files.isExecutable(aws)) {
                found.add(aws.toRealPath());
            }
        }
        return found.isEmpty()
                ? Stream.of(Arguments.of(NONE, false))
                : found.stream().flatMap(aws -> Stream.of(Arguments.of("" + aws, false), Arguments.of("" + aws, true)));
    }

    private record Ended(int status, String output) {}

    /** One command line against one server. */
    private record Shell(String aws, TestServer server, Path home) {
        Ended run(String... arguments) throws Exception {
            var command = new ArrayList<String>(List.of(aws, "--endpoint-url", "" + server.uri()));
            server.certificate()
                    .ifPresent(shown -> command.addAll(
                            List.of("--ca-bundle", "" + shown.files().chain())));
            command.addAll(List.of(arguments));
            Path output = Files.createTempFile(home, "output", "");
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .directory(home.toFile());
            var environment = builder.environment();
            environment.keySet().removeIf(name -> name.startsWith("AWS_"));
            environment.put("AWS_ACCESS_KEY_ID", TestServer.KEY);
            environment.put("AWS_SECRET_ACCESS_KEY", TestServer.SECRET);
            environment.put("AWS_DEFAULT_REGION", "us-east-1");
            environment.put("AWS_EC2_METADATA_DISABLED", "true");
            environment.put("AWS_CONFIG_FILE", "" + home.resolve("config"));
            environment.put("AWS_SHARED_CREDENTIALS_FILE", "" + home.resolve("credentials"));
            int status = builder.start().waitFor();
            return new Ended(status, Files.readString(output));
        }

        String succeed(String... arguments) throws Exception {
            Ended ended = run(arguments);
            assertThat(ended.status())
                    .as("%s: %s", String.join(" ", arguments), ended.output())
                    .isZero();
            return ended.output();
        }
    }

    @ParameterizedTest(name = "{0}, over TLS: {1}")
    @MethodSource("installed")
    void a_day_with_the_command_line(String aws, boolean tls) throws Exception {
        Assumptions.assumeFalse(aws.equals(NONE), NONE);
        Files.writeString(folder.resolve("config"), "[default]\ns3 =\n  signature_version = s3v4\n");
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(files.resolve("small ä+b.txt"), "small");
        byte[] large = new byte[(8 << 20) + 1];
        new Random(8).nextBytes(large);
        Files.write(files.resolve("large"), large);
        try (TestServer server = tls ? TestServer.startWithTls() : TestServer.start()) {
            var shell = new Shell(aws, server, folder);
            shell.succeed("s3", "mb", "s3://day");
            assertThat(shell.succeed("s3", "ls")).contains("day");
            shell.succeed("s3", "sync", "files", "s3://day/up");
            shell.succeed("s3", "cp", "s3://day/up/large", "s3://day/copied");
            shell.succeed("s3", "cp", "s3://day/copied", "back");
            assertThat(Files.mismatch(files.resolve("large"), folder.resolve("back")))
                    .isEqualTo(-1);
            assertThat(shell.succeed("s3api", "head-object", "--bucket", "day", "--key", "copied"))
                    .contains("-2");
            assertThat(shell.succeed("s3", "ls", "--recursive", "s3://day"))
                    .contains("up/large", "up/small ä+b.txt", "copied", "" + large.length);
            assertThat(shell.succeed("s3", "cp", "s3://day/up/small ä+b.txt", "-"))
                    .contains("small");
            assertPresigned(shell, server);
            String deleted = shell.succeed(
                    "s3api", "delete-objects", "--bucket", "day", "--delete", "Objects=[{Key=copied},{Key=absent}]");
            assertThat(deleted).contains("\"copied\"", "\"absent\"").doesNotContain("Errors");
            shell.succeed("s3", "rm", "--recursive", "s3://day/up");
            assertThat(shell.run("s3", "cp", "s3://day/up/large", "-").status()).isNotZero();
            shell.succeed("s3", "rb", "s3://day");
        }
    }

    private static void assertPresigned(Shell shell, TestServer server) throws Exception {
        String address =
                shell.succeed("s3", "presign", "s3://day/up/small ä+b.txt").strip();
        var builder = HttpClient.newBuilder();
        server.certificate().ifPresent(shown -> builder.sslContext(shown.context()));
        try (HttpClient client = builder.build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(address)).build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertThat(answer.body()).isEqualTo("small");
        }
    }
}
