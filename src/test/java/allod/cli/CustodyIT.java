package allod.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.LiveServer;
import allod.keys.transit.TransitTarget;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an operator does with custodians elsewhere, over a server, with a transit engine that answers as OpenBao does. */
@Tag("server")
class CustodyIT {
    private static final String OTHER_KEY = "OTHERTENANTKEY";
    private static final String OTHER_SECRET = "the other tenant's own secret".replace(' ', '-');

    @TempDir
    Path folder = Path.of("");

    private LiveServer start(TransitTarget target, String lease) throws IOException {
        Path settings = folder.resolve("allod.yaml");
        if (Files.notExists(settings)) {
            String mount = target.mount("allod");
            Path token = Files.writeString(folder.resolve("token"), target.token(mount));
            Files.writeString(settings, """
                    custody:
                      lease: %s
                      custodians:
                        vault-eu:
                          kind: transit
                          address: %s
                          mount: %s
                          token-file: %s
                          party: Keys AG
                          jurisdiction: CH
                    """.formatted(lease, target.address(), mount, token));
        }
        return LiveServer.start(
                folder,
                settings,
                Map.of("ALLOD_ACCESS_KEY", LiveServer.KEY, "ALLOD_SECRET_KEY", LiveServer.SECRET),
                Map.of());
    }

    private String run(LiveServer server, int expected, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        if (!List.of("verify", "trust").contains(arguments[0])) {
            all.add("--data=" + server.data());
        }
        var out = new StringWriter();
        int exit = Main.commandLine(new Surroundings(Map.of("HOME", folder.toString())))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(all.toArray(String[]::new));
        assertThat(exit).as(out.toString()).isEqualTo(expected);
        return out.toString();
    }

    private void addOther(LiveServer server) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), OTHER_SECRET);
        run(server, Exit.DONE, "tenant", "add", "other");
        run(
                server,
                Exit.DONE,
                "key",
                "add",
                "--tenant=other",
                "--access-key=" + OTHER_KEY,
                "--secret-key-file=" + secret);
    }

    private static void put(S3Client s3, String bucket, String key) {
        s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString("content"));
    }

    private static String get(S3Client s3, String bucket, String key) {
        return s3.getObjectAsBytes(b -> b.bucket(bucket).key(key)).asUtf8String();
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, refused -> {
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.getMessage()).contains("vault-eu");
        });
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("given up waiting").isLessThan(end);
            Thread.sleep(50);
        }
    }

    @Test
    void the_tenant_whose_custodian_is_gone_is_refused_within_the_lease_and_nobody_else() throws Exception {
        try (var target = TransitTarget.standIn();
                LiveServer server = start(target, "1s");
                S3Client s3 = server.client();
                S3Client others = server.client(OTHER_KEY, OTHER_SECRET)) {
            addOther(server);
            s3.createBucket(b -> b.bucket("mine"));
            others.createBucket(b -> b.bucket("theirs"));
            put(s3, "mine", "k");
            put(others, "theirs", "k");
            run(server, Exit.UNUSABLE_INPUT, "custody", "attach", "--tenant=other", "vault-us");
            run(server, Exit.UNUSABLE_INPUT, "custody", "attach", "vault-eu");
            run(server, Exit.UNUSABLE_INPUT, "custody", "attach", "--tenant=other", "file", "vault-eu");
            run(server, Exit.FAILED, "custody", "attach", "--tenant=nobody", "vault-eu");
            assertThat(run(server, Exit.DONE, "custody", "attach", "--tenant=other", "vault-eu"))
                    .contains("Attached. It is held by vault-eu.", "The old root's key at file is destroyed (E0)");
            run(server, Exit.UNUSABLE_INPUT, "custody", "attach", "--tenant=other", "vault-eu");
            assertThat(get(others, "theirs", "k")).isEqualTo("content");

            target.seal(true);
            until(() ->
                    run(server, Exit.DONE, "custody", "show", "--tenant=other").contains("CLOSED"));
            assertRefused(() -> get(others, "theirs", "k"));
            assertRefused(() -> put(others, "theirs", "new"));
            assertRefused(() -> others.deleteObject(b -> b.bucket("theirs").key("k")));
            assertThatThrownBy(() -> others.headObject(b -> b.bucket("theirs").key("k")))
                    .isInstanceOfSatisfying(
                            S3Exception.class,
                            refused -> assertThat(refused.statusCode()).isEqualTo(503));
            run(server, Exit.NO_ANSWER, "custody", "migrate", "--tenant=other", "file");
            run(
                    server,
                    Exit.NO_ANSWER,
                    "custody",
                    "drill",
                    "--tenant=other",
                    "--yes",
                    "-o",
                    folder.resolve("none").toString());
            put(s3, "mine", "new");
            assertThat(get(s3, "mine", "k")).isEqualTo("content");
            assertThat(s3.deleteObject(b -> b.bucket("mine").key("k"))
                            .sdkHttpResponse()
                            .firstMatchingHeader("x-allod-outcome"))
                    .hasValue("erased");

            target.seal(false);
            until(() ->
                    run(server, Exit.DONE, "custody", "show", "--tenant=other").contains("  open,"));
            assertThat(get(others, "theirs", "k")).isEqualTo("content");
            assertThat(others.deleteObject(b -> b.bucket("theirs").key("k"))
                            .sdkHttpResponse()
                            .firstMatchingHeader("x-allod-outcome"))
                    .hasValue("erased");
            assertThat(run(server, Exit.DONE, "custody", "rotate", "--tenant=other", "--json"))
                    .contains("\"custodian\":\"vault-eu\"", "min_available_version");
            run(server, Exit.DONE, "custody", "migrate", "--tenant=other", "file", "vault-eu", "--threshold=1");
            assertThat(run(server, Exit.DONE, "custody", "show", "--tenant=other"))
                    .contains("held by 1 of file, vault-eu");
        }
    }

    @Test
    void without_a_lease_the_next_request_is_refused_and_a_bucket_may_have_keys_of_its_own() throws Exception {
        try (var target = TransitTarget.standIn();
                LiveServer server = start(target, "0s");
                S3Client s3 = server.client()) {
            s3.createBucket(b -> b.bucket("tenants"));
            put(s3, "tenants", "k");
            run(server, Exit.FAILED, "custody", "attach", "--bucket=tenants", "vault-eu");
            run(server, Exit.UNUSABLE_INPUT, "custody", "attach", "--bucket=own", "vault-eu");
            run(server, Exit.DONE, "custody", "attach", "--bucket=own", "--tenant=default", "vault-eu");
            put(s3, "own", "k");
            assertThat(get(s3, "own", "k")).isEqualTo("content");
            target.seal(true);
            assertRefused(() -> get(s3, "own", "k"));
            assertThat(get(s3, "tenants", "k")).isEqualTo("content");
            target.seal(false);
            until(() ->
                    run(server, Exit.DONE, "custody", "show", "--bucket=own").contains("  open,"));
            assertThat(get(s3, "own", "k")).isEqualTo("content");
        }
    }

    @Test
    void a_drill_leaves_evidence_that_is_checked_without_the_server() throws Exception {
        Path file = folder.resolve("drill.json");
        try (var target = TransitTarget.standIn()) {
            try (LiveServer server = start(target, "1s");
                    S3Client s3 = server.client()) {
                s3.createBucket(b -> b.bucket("drilled"));
                put(s3, "drilled", "k");
                run(server, Exit.DONE, "custody", "attach", "--tenant=default", "vault-eu");
                run(server, Exit.UNUSABLE_INPUT, "custody", "drill", "--tenant=default", "-o", file.toString());
                assertThat(run(
                                server,
                                Exit.DONE,
                                "custody",
                                "drill",
                                "--tenant=default",
                                "--yes",
                                "-o",
                                file.toString()))
                        .contains("The drill passed: before: opened: drilled/k", "without the key: refused");
                assertThat(get(s3, "drilled", "k")).isEqualTo("content");
                assertThat(run(server, Exit.SIGNER_UNKNOWN, "verify", file.toString()))
                        .contains("signer is unknown");
                run(server, Exit.DONE, "trust", server.pact().toString());
            }
            try (LiveServer _ = start(target, "1s")) {
                // A drill leaves nothing behind that a start would not open.
                assertThat(file).isNotEmptyFile();
            }
        }
        String report = offline(Exit.DONE, file);
        assertThat(report)
                .contains(
                        "custodians     vault-eu",
                        "custody lease  1000 ms",
                        "holds  reading failed within the custody lease",
                        "the drill passed");
        String text = Files.readString(file);
        offline(Exit.UNUSABLE_INPUT, Files.writeString(folder.resolve("cut"), text.substring(0, text.length() - 9)));
        int body = text.indexOf("\"body\":\"") + 60;
        char other = text.charAt(body) == 'A' ? 'B' : 'A';
        Path changed = Files.writeString(
                folder.resolve("changed"), text.substring(0, body) + other + text.substring(body + 1));
        var out = new StringWriter();
        int exit = Main.commandLine(new Surroundings(Map.of("HOME", folder.toString())))
                .setOut(new PrintWriter(out))
                .execute("verify", changed.toString());
        assertThat(exit).as(out.toString()).isIn(Exit.FAILED, Exit.UNUSABLE_INPUT);
    }

    private String offline(int expected, Path file) {
        var out = new StringWriter();
        int exit = Main.commandLine(new Surroundings(Map.of("HOME", folder.toString())))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute("verify", file.toString());
        assertThat(exit).as(out.toString()).isEqualTo(expected);
        return out.toString();
    }

    @Test
    void consent_is_the_name_typed() {
        assertThat(CustodyDrillCommand.isConsent("acme", " acme\n")).isTrue();
        assertThat(CustodyDrillCommand.isConsent("acme", "yes")).isFalse();
        assertThat(CustodyDrillCommand.isConsent("acme", "")).isFalse();
    }
}
