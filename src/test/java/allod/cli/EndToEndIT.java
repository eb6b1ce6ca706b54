package allod.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.LiveServer;
import allod.log.Checkpoint;
import allod.log.LogResource;
import allod.log.SignedNote;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The commands against a whole server: what a user does from the first write to a receipt that holds. */
class EndToEndIT {
    @TempDir
    Path folder = Path.of("");

    private record Run(int exit, String out, String err) {}

    private Run run(LiveServer server, String... arguments) {
        return runAs(server, LiveServer.KEY, LiveServer.SECRET, arguments);
    }

    private Run runAs(LiveServer server, String key, String secret, String... arguments) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", folder.toString());
        environment.put("ALLOD_ACCESS_KEY", key);
        environment.put("ALLOD_SECRET_KEY", secret);
        List<String> all = new ArrayList<>(List.of(arguments));
        switch (arguments[0]) {
            case "erase" -> all.addAll(List.of("--s3", server.s3() + "", "--pact", server.pact() + ""));
            case "receipt", "events" -> all.addAll(List.of("--pact", server.pact() + ""));
            case "tenant", "key" -> all.add("--data=" + server.data());
            default -> {}
        }
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.commandLine(new Surroundings(environment))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        return new Run(exit, out.toString(), err.toString());
    }

    private static void put(S3Client client, String bucket, String key, String content) {
        client.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString(content));
    }

    private static void assertRefused(ThrowingCallable call, String code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.awsErrorDetails().errorCode())
                                .isEqualTo(code));
    }

    @Test
    void a_delete_gives_a_receipt_that_holds_once_its_log_is_trusted_and_the_log_rederives() throws Exception {
        try (LiveServer server = LiveServer.start(folder);
                S3Client client = server.client()) {
            client.createBucket(b -> b.bucket("mine"));
            put(client, "mine", "a/b c ü", "secret content");
            put(client, "mine", "other", "more");
            Path file = folder.resolve("receipt.json");
            Run erased = run(server, "erase", "s3://mine/a/b c ü", "-o", file.toString(), "--json");
            assertThat(erased.exit()).as(erased.err()).isZero();
            assertThat(erased.out()).contains("\"outcome\":\"erased\"");
            assertRefused(() -> client.getObjectAsBytes(b -> b.bucket("mine").key("a/b c ü")), "NoSuchKey");

            verifyInAllFourWays(server, file);
            String id = erased.out().replaceAll("(?s).*\"receipt\":\"([^\"]+)\".*", "$1");
            assertAgainAsReceipt(server, id, file);
            assertThat(run(server, "receipt").out()).contains(id + "  deleted  14  mine/a/b c ü");
            assertThat(run(server, "events").out()).contains("object.put", "erase.begin", "erase.done", "mine/a/b c ü");
            checkTheLog(server);
        }
    }

    private void verifyInAllFourWays(LiveServer server, Path file) throws IOException {
        Run unknown = run(server, "verify", file.toString());
        assertThat(unknown.exit()).as(unknown.out()).isEqualTo(Exit.SIGNER_UNKNOWN);
        String vkey = key(server);
        Path policy = Files.writeString(folder.resolve("policy"), "log " + vkey + "\nquorum none\n");
        assertThat(run(server, "verify", file.toString(), "--policy", policy.toString())
                        .exit())
                .isZero();
        assertThat(run(server, "verify", file.toString()).exit()).isEqualTo(Exit.SIGNER_UNKNOWN);
        assertThat(run(server, "trust", server.pact().toString()).exit()).isZero();
        Run holds = run(server, "verify", file.toString());
        assertThat(holds.exit()).as(holds.out()).isZero();
        assertThat(holds.out()).contains("Everything holds", "E0", "a/b c ü");

        String text = Files.readString(file);
        String size = "\"size\":14";
        assertThat(text).contains(size);
        Path flipped = Files.writeString(folder.resolve("flipped.json"), text.replace(size, "\"size\":15"));
        Run failed = run(server, "verify", flipped.toString());
        assertThat(failed.exit()).as(failed.out()).isEqualTo(Exit.FAILED);
        assertThat(failed.out()).contains("FAILED");
        Path garbage = Files.writeString(folder.resolve("garbage"), text + " ");
        assertThat(run(server, "verify", garbage.toString()).exit()).isEqualTo(Exit.UNUSABLE_INPUT);
    }

    private String key(LiveServer server) {
        return run(server, "log", "key", "--pact", server.pact().toString())
                .out()
                .strip();
    }

    private void assertAgainAsReceipt(LiveServer server, String id, Path file) throws IOException {
        Path again = folder.resolve("again.json");
        assertThat(run(server, "receipt", id, "-o", again.toString()).exit()).isZero();
        assertThat(run(server, "verify", again.toString()).exit()).isZero();
        assertThat(Files.readString(again)).contains("\"id\":\"" + id + "\"");
        assertThat(Files.size(again)).isNotZero();
        assertThat(file).exists();
        Run none = run(server, "receipt", "1-999-0", "-o", again.toString());
        assertThat(none.exit()).isEqualTo(Exit.FAILED);
        assertThat(none.err()).contains("There is no such receipt.");
    }

    private void checkTheLog(LiveServer server) throws Exception {
        String key = key(server);
        Run web = run(server, "log", "fsck", server.pact() + "/log", "--key", key);
        assertThat(web.exit()).as(web.out()).isZero();
        Path mirror = mirror(server);
        Run local = run(server, "log", "fsck", mirror.toString(), "--key", key, "--json");
        assertThat(local.exit()).as(local.out()).isZero();
        Path entries = mirror.resolve("tile/entries");
        Path bundle;
        try (var files = Files.walk(entries)) {
            bundle = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(bundle);
        bytes[10] ^= 1;
        Files.write(bundle, bytes);
        assertThat(run(server, "log", "fsck", mirror.toString(), "--key", key).exit())
                .isEqualTo(Exit.FAILED);
        Files.delete(mirror.resolve("checkpoint"));
        assertThat(run(server, "log", "fsck", mirror.toString(), "--key", key).exit())
                .isEqualTo(Exit.FAILED);
        assertThat(run(server, "log", "fsck", mirror.toString(), "--key", "no key")
                        .exit())
                .isEqualTo(Exit.UNUSABLE_INPUT);
    }

    /** The log's files, as a mirror keeps them. */
    private Path mirror(LiveServer server) throws Exception {
        Path mirror = folder.resolve("mirror");
        byte[] note = fetch(server, "checkpoint");
        int size = (int) Checkpoint.parse(SignedNote.parse(note).text()).size();
        assertThat(size).isLessThan(LogResource.TILE_WIDTH);
        for (String path : List.of("checkpoint", "tile/0/000.p/" + size, "tile/entries/000.p/" + size)) {
            Path file = mirror.resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, path.equals("checkpoint") ? note : fetch(server, path));
        }
        return mirror;
    }

    private static byte[] fetch(LiveServer server, String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(server.pact() + "/log/" + path))
                    .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        }
    }

    @Test
    void tenants_are_apart_and_a_disabled_key_stays_disabled() throws Exception {
        String secret = "a-secret-of-acmes-own";
        Path secretFile = Files.writeString(folder.resolve("secret"), secret + "\n", StandardCharsets.UTF_8);
        try (LiveServer server = LiveServer.start(folder)) {
            assertThat(run(server, "tenant", "add", "acme").exit()).isZero();
            Run added = run(
                    server,
                    "key",
                    "add",
                    "--tenant",
                    "acme",
                    "--access-key",
                    "ACMEKEY",
                    "--secret-key-file",
                    secretFile.toString());
            assertThat(added.exit()).as(added.err()).isZero();
            try (S3Client first = server.client();
                    S3Client acme = server.client("ACMEKEY", secret)) {
                first.createBucket(b -> b.bucket("firsts"));
                put(first, "firsts", "plan", "the plan");
                acme.createBucket(b -> b.bucket("acmes"));
                assertThat(acme.listBuckets().buckets())
                        .extracting(b -> b.name())
                        .containsExactly("acmes");
                assertThat(first.listBuckets().buckets())
                        .extracting(b -> b.name())
                        .containsExactly("firsts");
                assertRefused(
                        () -> acme.getObjectAsBytes(b -> b.bucket("firsts").key("plan")), "AccessDenied");
                assertRefused(() -> acme.listObjectsV2(b -> b.bucket("firsts")), "AccessDenied");
                assertRefused(() -> put(acme, "firsts", "plan", "another"), "AccessDenied");
                assertRefused(() -> acme.deleteObject(b -> b.bucket("firsts").key("plan")), "AccessDenied");
                assertRefused(() -> acme.createBucket(b -> b.bucket("firsts")), "BucketAlreadyExists");
                assertThat(first.getObjectAsBytes(b -> b.bucket("firsts").key("plan"))
                                .asUtf8String())
                        .isEqualTo("the plan");
                assertTheOwnerSeesTheRefusals(server, secret);

                assertThat(run(server, "key", "disable", "ACMEKEY").exit()).isZero();
                assertRefused(acme::listBuckets, "InvalidAccessKeyId");
                assertThat(run(server, "key", "list").out()).contains("ACMEKEY  acme  root  disabled");
            }
        }
        try (LiveServer server = LiveServer.start(folder);
                S3Client acme = server.client("ACMEKEY", secret)) {
            assertRefused(acme::listBuckets, "InvalidAccessKeyId");
            Run again = run(
                    server,
                    "key",
                    "add",
                    "--tenant",
                    "acme",
                    "--access-key",
                    "ACMEKEY",
                    "--secret-key-file",
                    secretFile.toString());
            assertThat(again.exit()).isEqualTo(Exit.FAILED);
            assertThat(runAs(server, "ACMEKEY", secret, "events").exit()).isEqualTo(Exit.FAILED);
        }
    }

    private void assertTheOwnerSeesTheRefusals(LiveServer server, String acmeSecret) {
        String owners = run(server, "events", "--json").out();
        assertThat(owners).contains("\"access_key\":\"ACMEKEY\"");
        assertThat(owners.split("\"outcome\":\"refused: ACCESS_DENIED\"", -1))
                .as("four requests were refused")
                .hasSize(5);
        assertThat(runAs(server, "ACMEKEY", acmeSecret, "events", "--json").out())
                .contains("acmes")
                .doesNotContain("plan");
    }
}
