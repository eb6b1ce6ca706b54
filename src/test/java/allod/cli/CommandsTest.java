package allod.cli;

import static org.assertj.core.api.Assertions.assertThat;

import allod.admin.AdminServer;
import allod.admin.MemoryAdministration;
import allod.log.NoteSigner;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private static final String VKEY = NoteSigner.ofLog("log.example.org", new byte[NoteSigner.SEED_BYTES])
            .verifierKey()
            .toString();
    private static final String OTHER_VKEY = NoteSigner.ofLog(
                    "log.example.org", "another seed, of 32 bytes, here!".getBytes(StandardCharsets.US_ASCII))
            .verifierKey()
            .toString();
    private static final byte[] RECEIPT = "{\"receipt\":1}".getBytes(StandardCharsets.UTF_8);

    private static final String READERS = """
            {"object":{"bucket":"b","key":"k"},
             "keys":{"generation":7,"threshold":2,"of":3,"envelopes":[
               {"kind":"own","minimalSets":[]},{"kind":"escrow","party":"Agency","minimalSets":[["Agency","Bank"]]}]},
             "views":[{"view":"at rest","sentence":"It can be read by Bank (DE) alone; and by nobody else."}],
             "parties":[{"name":"Bank","jurisdiction":"DE","roles":["root custodian bank"],"law":"Germany: x."}],
             "assumed":["one\\u001bthing"],"catalogue":{"compiled":"2026-11-23"},"notice":"Not advice."}""";

    @TempDir
    Path folder = Path.of("");

    private final Map<String, String> environment = new HashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger notYet = new AtomicInteger();
    private final HttpServer server = open();

    private record Run(int exit, String out, String err) {}

    private static HttpServer open() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void serve() {
        environment.put("HOME", folder.toString());
        environment.put("ALLOD_ACCESS_KEY", "mine");
        environment.put("ALLOD_SECRET_KEY", "0123456789abcdef");
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().toString();
                requests.add(exchange.getRequestMethod() + " " + path + " "
                        + exchange.getRequestHeaders().getFirst("Authorization"));
                byte[] body = new byte[0];
                int status = 404;
                if (path.startsWith("/bucket/gone")) {
                    exchange.getResponseHeaders().add("x-allod-outcome", "nothing");
                    status = 204;
                } else if (path.startsWith("/bucket/")) {
                    exchange.getResponseHeaders().add("x-allod-outcome", "erased");
                    exchange.getResponseHeaders().add("x-allod-receipt", "1-2-3");
                    status = 204;
                } else if (path.equals("/api/v1/receipts/1-2-3")) {
                    status = notYet.getAndDecrement() > 0 ? 503 : 200;
                    exchange.getResponseHeaders().add("Retry-After", "0");
                    body = RECEIPT;
                } else if (path.endsWith("/readers")) {
                    status = 200;
                    body = READERS.getBytes(StandardCharsets.UTF_8);
                } else if (path.startsWith("/api/v1/events")) {
                    status = 200;
                    body =
                            "{\"events\":[{\"seq\":7,\"time\":1,\"event\":{\"type\":\"PUT\",\"outcome\":\"ok\",\"bucket\":\"b\",\"key\":\"k\"}}]}"
                                    .getBytes(StandardCharsets.UTF_8);
                } else if (path.equals("/.well-known/data-protection-pact")) {
                    status = 200;
                    body = ("{\"log\":{\"vkey\":\"" + VKEY + "\"}}").getBytes(StandardCharsets.UTF_8);
                } else if (path.startsWith("/forbidden/")) {
                    status = 403;
                    body = "<Error><Code>AccessDenied</Code><Message>Not yours.</Message></Error>"
                            .getBytes(StandardCharsets.UTF_8);
                }
                exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void erase_deletes_with_a_signature_and_fetches_the_receipt_byte_for_byte() throws IOException {
        notYet.set(2);
        Path file = folder.resolve("receipt.json");
        Run run = run("erase", "s3://bucket/a b/ü+?", "-o", file.toString(), "--json", "--s3", url(), "--pact", url());
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("\"outcome\":\"erased\"", "\"receipt\":\"1-2-3\"");
        assertThat(Files.readAllBytes(file)).isEqualTo(RECEIPT);
        assertThat(requests.getFirst())
                .startsWith("DELETE /bucket/a%20b/%C3%BC%2B%3F AWS4-HMAC-SHA256 Credential=mine/")
                .contains("/us-east-1/s3/aws4_request");
        assertThat(requests.getLast()).contains("/us-east-1/allod/aws4_request");
        assertThat(requests).hasSize(4);
    }

    @Test
    void erase_of_what_is_not_there_fails_and_says_so() {
        Run run = run("erase", "s3://bucket/gone", "--s3", url());
        assertThat(run.exit()).isEqualTo(Exit.FAILED);
        assertThat(run.out()).contains("no such object");
        assertThat(run("erase", "bucket/key").exit()).isEqualTo(Exit.UNUSABLE_INPUT);
        assertThat(run("erase", "s3://bucket/").exit()).isEqualTo(Exit.UNUSABLE_INPUT);
    }

    @Test
    void who_can_read_shows_the_sentences_the_parties_and_what_was_assumed() {
        Run run = run("who-can-read", "s3://b/a b/ü+?", "--pact", url());
        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("s3://b/k, key generation 7, root opened by 2 of 3 custodians")
                .contains("AT REST", "It can be read by Bank (DE) alone; and by nobody else.")
                .contains("Agency has an envelope of its own, opened by Agency and Bank")
                .contains("Bank (DE): root custodian bank", "Germany: x.", "one?thing", "2026-11-23. Not advice.");
        assertThat(requests.getFirst())
                .startsWith("GET /api/v1/objects/b/a%20b/%C3%BC%2B%3F/readers AWS4-HMAC-SHA256 ")
                .contains("/us-east-1/allod/aws4_request");
        assertThat(run("who-can-read", "s3://b/k", "--json", "--pact", url()).out())
                .contains("\"generation\":7");
        assertThat(run("who-can-read", "b/k").exit()).isEqualTo(Exit.UNUSABLE_INPUT);
    }

    @Test
    void a_refusal_is_told_with_the_servers_reason() {
        Run run = run("erase", "s3://forbidden/key", "--s3", url());
        assertThat(run.exit()).isEqualTo(Exit.FAILED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("403", "AccessDenied: Not yours.");
    }

    @Test
    void no_server_and_no_key_are_told_with_the_way_out() {
        server.stop(0);
        Run none = run("events", "--pact", url());
        assertThat(none.exit()).isEqualTo(Exit.NO_ANSWER);
        assertThat(none.err()).contains("allod serve");
        environment.remove("ALLOD_ACCESS_KEY");
        environment.remove("ALLOD_SECRET_KEY");
        Run unsigned = run("events", "--pact", url());
        assertThat(unsigned.exit()).isEqualTo(Exit.UNUSABLE_INPUT);
        assertThat(unsigned.err()).contains("allod key add");
    }

    @Test
    void events_print_a_line_each() {
        Run run = run("events", "--pact", url() + "/", "--after", "6", "--limit", "1");
        assertThat(run.out()).contains("7  1  PUT  ok").contains("b/k");
        assertThat(requests.getFirst()).startsWith("GET /api/v1/events?after=6&limit=1 ");
    }

    @Test
    void a_log_is_trusted_by_its_url_once_and_another_key_of_its_name_is_refused() throws IOException {
        assertThat(run("trust", url()).exit()).isZero();
        Path pinned = folder.resolve(".config/allod/pinned.policy");
        String policy = "quorum none\nlog " + VKEY + "\n";
        assertThat(Files.readString(pinned)).isEqualTo(policy);
        assertThat(run("trust", VKEY, "--json").out()).contains("\"added\":false");
        Run other = run("trust", OTHER_VKEY);
        assertThat(other.exit()).isEqualTo(Exit.FAILED);
        assertThat(other.err()).contains("Another key is pinned");
        assertThat(Files.readString(pinned)).isEqualTo(policy);
        environment.put("XDG_CONFIG_HOME", folder.resolve("xdg").toString());
        assertThat(run("trust", OTHER_VKEY).exit()).isZero();
        assertThat(folder.resolve("xdg/allod/pinned.policy")).exists();
        assertThat(run("trust", "no-key").exit()).isEqualTo(Exit.UNUSABLE_INPUT);
    }

    @Test
    void log_key_prints_the_vkey_alone() {
        assertThat(run("log", "key", "--pact", url()).out()).isEqualTo(VKEY + "\n");
    }

    @Test
    void fsck_of_a_folder_and_of_a_url_without_a_log_fails_naming_the_checkpoint() {
        assertThat(run("log", "fsck", folder.toString(), "--key", VKEY))
                .matches(run -> run.exit() == Exit.FAILED && run.out().contains("checkpoint is not there"));
        assertThat(run("log", "fsck", url() + "/log", "--key", VKEY))
                .matches(run -> run.exit() == Exit.FAILED && run.out().contains("checkpoint is not there"));
        assertThat(run("log", "fsck", folder.resolve("none").toString(), "--key", VKEY)
                        .exit())
                .isEqualTo(Exit.UNUSABLE_INPUT);
        assertThat(run("log", "fsck", folder.toString()).exit()).isEqualTo(Exit.UNUSABLE_INPUT);
    }

    @Test
    void what_is_no_receipt_or_no_policy_is_unusable_input() throws IOException {
        Path file = Files.write(folder.resolve("receipt.json"), RECEIPT);
        Run run = run("verify", file.toString(), "--json");
        assertThat(run.exit()).isEqualTo(Exit.UNUSABLE_INPUT);
        assertThat(run.out()).contains("\"outcome\":\"UNREADABLE\"");
        assertThat(run("verify", folder.resolve("none").toString()).exit()).isEqualTo(Exit.UNUSABLE_INPUT);
        assertThat(run("verify", file.toString(), "--policy", file.toString()).out())
                .contains("the policy cannot be read");
    }

    @Test
    void tenants_and_keys_go_through_the_socket() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Path secret = Files.writeString(folder.resolve("secret"), "a-secret-of-my-own-choice\n");
        try (var _ = AdminServer.start(data, folder, new MemoryAdministration())) {
            String at = "--data=" + data;
            assertThat(run("tenant", "add", "acme", at, "--json").out()).isEqualTo("{\"id\":1,\"name\":\"acme\"}\n");
            assertThat(run("tenant", "add", "acme", at).exit()).isEqualTo(Exit.FAILED);
            assertThat(run("tenant", "add", "Acme!", at).exit()).isEqualTo(Exit.UNUSABLE_INPUT);
            assertThat(run("tenant", "list", at).out()).isEqualTo("acme\n");
            assertThat(run("key", "add", "--tenant", "acme", at).out()).contains("AWS_SECRET_ACCESS_KEY=");
            Run own = run(
                    "key",
                    "add",
                    "--tenant",
                    "acme",
                    "--access-key",
                    "own",
                    "--secret-key-file",
                    secret.toString(),
                    at,
                    "--json");
            assertThat(own.out()).contains("\"secretKey\":\"a-secret-of-my-own-choice\"");
            assertThat(run("key", "add", "--tenant", "acme", "--access-key", "own", at)
                            .exit())
                    .isEqualTo(Exit.UNUSABLE_INPUT);
            assertThat(run("key", "disable", "own", at).exit()).isZero();
            assertThat(run("key", "list", at).out())
                    .contains("own  acme  root  disabled")
                    .doesNotContain("a-secret-of-my-own-choice");
        }
        assertThat(run("key", "list", "--data=" + data).exit()).isEqualTo(Exit.NO_ANSWER);
    }

    @Test
    void users_groups_roles_and_questions_go_through_the_socket() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        String policy = Files.writeString(folder.resolve("policy"), "{}\n").toString();
        try (var _ = AdminServer.start(data, folder, new MemoryAdministration())) {
            String[] at = {"--data=" + data, "--tenant", "acme"};
            assertThat(run(of(at, "user", "add", "ann")).out()).contains("allod key add --tenant acme --user ann");
            assertThat(run(of(at, "group", "add", "staff")).exit()).isZero();
            assertThat(run(of(at, "group", "add-user", "staff", "ann")).out()).contains("is in the group staff");
            assertThat(run(of(at, "user", "policy", "put", "ann", "all", policy))
                            .exit())
                    .isZero();
            assertThat(run(of(at, "user", "policy", "show", "ann", "all")).out())
                    .isEqualTo("{}\n\n");
            assertThat(run(of(at, "user", "list")).out()).isEqualTo("ann  policies: all  groups: staff  keys: none\n");
            assertThat(run(of(at, "user", "list", "--json")).out()).contains("\"groups\":[\"staff\"]");
            assertThat(run(of(at, "group", "list")).out()).isEqualTo("staff  policies: none  users: 1\n");
            assertThat(run(of(at, "group", "remove-user", "staff", "ann")).exit())
                    .isZero();
            assertThat(run(of(at, "user", "policy", "delete", "ann", "all")).exit())
                    .isZero();
            assertThat(run(of(at, "user", "policy", "show", "ann", "all")).exit())
                    .isEqualTo(Exit.FAILED);
            assertThat(run(of(at, "role", "add", "r", "--trust", policy, "--max-session", "7200"))
                            .exit())
                    .isZero();
            assertThat(run(of(at, "role", "list")).out()).contains("sessions of at most 7200 s");
            assertThat(run(of(at, "role", "trust", "r")).out()).isEqualTo("{}\n\n");
            assertThat(run(of(at, "role", "trust", "r", policy)).exit()).isZero();
            assertThat(run(of(at, "user", "delete", "ann")).out()).contains("Deleted the user ann");
            assertThat(run(of(at, "user", "delete", "ann")).exit()).isEqualTo(Exit.FAILED);
            String[] check = of(at, "policy", "check", "--action", "s3:GetObject", "--resource", "s3://b/k");
            Run checked = run(with(check, "--user", "ann", "--condition", "aws:SourceIp=192.0.2.1"));
            assertThat(checked.exit()).isZero();
            assertThat(checked.out())
                    .startsWith("ALLOWED: ")
                    .contains("user/ann", "arn:aws:s3:::b/k", "aws:SourceIp=192.0.2.1", "  deny 2");
            assertThat(run(with(check, "--user", "ann", "--anonymous")).exit()).isEqualTo(Exit.UNUSABLE_INPUT);
        }
    }

    @Test
    void escrow_goes_through_the_socket_and_says_what_it_does_not_do() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        String key = "QxDul9iMwfCIpVdsd6sM9cOseX89lROcbIS1QpxZZio=";
        try (var _ = AdminServer.start(data, folder, new MemoryAdministration())) {
            String at = "--data=" + data;
            String[] add = {"custody", "escrow", "add", "--party", "A B", "--recipient", key, at};
            Run added = run(with(add, "--jurisdiction", "DE", "--bucket", "docs"));
            assertThat(added.exit()).isZero();
            assertThat(added.out()).contains("for A B (DE), bucket docs", "Versions that were there before have none");
            assertThat(run(with(add, "--jurisdiction", "DE", "--tenant", "acme"))
                            .out())
                    .contains("all buckets of tenant acme but those that forbid it: forbidding");
            assertThat(run(with(add, "--jurisdiction", "DE")).err()).contains("--bucket or --tenant");
            assertThat(run(with(add, "--jurisdiction", "DE", "--bucket", "a", "--tenant", "b"))
                            .exit())
                    .isEqualTo(Exit.UNUSABLE_INPUT);
            assertThat(run(with(add, "--jurisdiction", "Germany", "--bucket", "a"))
                            .exit())
                    .isEqualTo(Exit.UNUSABLE_INPUT);
            assertThat(run(with(add, "--jurisdiction", "DE", "--bucket", "forbidding"))
                            .exit())
                    .isEqualTo(Exit.FAILED);
            String id = "0".repeat(32);
            assertThat(run("custody", "escrow", "remove", id, at).out()).contains("Envelopes of earlier versions stay");
            assertThat(run("custody", "escrow", "list", at).out())
                    .contains(id + "  removed  A B (DE)  bucket docs", "in force");
            assertThat(run("custody", "escrow", "list", at, "--json").out())
                    .contains("\"jurisdiction\":\"DE\"", "\"bucket\":\"docs\"", key);
            assertThat(run("custody", "escrow", "forbid", "--bucket", "docs", at)
                            .out())
                    .contains("nothing undoes this");
        }
    }

    /** A command before the options that all have. */
    private static String[] of(String[] options, String... command) {
        return with(command, options);
    }

    private static String[] with(String[] first, String... more) {
        String[] all = java.util.Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    @Test
    void serve_reads_flags_environment_and_file() throws IOException {
        Path config = Files.writeString(folder.resolve("allod.yaml"), "s3:\n  adress: x\n");
        Run run = run("serve", "--config", config.toString());
        assertThat(run.exit()).isEqualTo(Exit.UNUSABLE_INPUT);
        assertThat(run.err()).contains("allod.yaml line 2", "s3.address");
        assertThat(run("serve", "--s3", "nowhere").err()).contains("HOST:PORT");
    }

    @Test
    void every_command_explains_itself_and_stands_in_the_documentation() throws IOException {
        String document = Files.readString(Path.of("docs/cli.md"));
        var all = Main.commandLine(new Surroundings(environment));
        all.getSubcommands().forEach((name, command) -> {
            assertThat(document).contains("`allod " + name);
            command.getSubcommands()
                    .keySet()
                    .forEach(below -> assertThat(document).contains("`allod " + name + " " + below));
        });
        assertThat(run("--help").out()).contains("serve", "erase", "receipt");
        assertThat(run("nonsense").exit()).isEqualTo(Exit.UNUSABLE_INPUT);
    }

    private Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.commandLine(new Surroundings(environment))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Run(exit, out.toString(), err.toString());
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }
}
