package allod.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.admin.Administration.AccessKey;
import allod.admin.Administration.KeyPair;
import allod.admin.Administration.Secret;
import allod.admin.IdentityAdministration.Explanation;
import allod.admin.IdentityAdministration.Named;
import allod.admin.IdentityAdministration.Question;
import allod.admin.IdentityAdministration.RoleTerms;
import allod.base.AccessKeyId;
import allod.base.Problem;
import allod.base.Reason;
import allod.pact.Party;
import allod.store.IdentityKind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTest {
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final String SECRET = "a-secret-of-forty-characters-0123456789ab";

    @TempDir
    Path folder = Path.of("");

    private final MemoryAdministration administration = new MemoryAdministration();

    @Test
    void tenants_and_keys_are_made_listed_and_disabled_in_the_name_of_the_user_who_asks() throws IOException {
        try (var server = start(PATIENT)) {
            var client = new AdminClient(folder);
            var acme = client.addTenant("acme");
            assertThat(client.listTenants()).containsExactly(acme);
            var drawn = client.addKey("acme", Optional.empty(), Optional.empty());
            var chosen = client.addKey(
                    "acme", Optional.of("ann"), Optional.of(new KeyPair(new AccessKeyId("mine"), new Secret(SECRET))));
            assertThat(chosen.secret().value()).isEqualTo(SECRET);
            assertThat(client.listKeys(Optional.of("acme"))).containsExactlyInAnyOrder(drawn.key(), chosen.key());
            assertThat(client.disableKey(new AccessKeyId("mine")).state()).isEqualTo(AccessKey.State.DISABLED);
            assertThat(administration.actors()).containsOnly("admin/" + System.getProperty("user.name"));
            assertThat(server.socket()).isEqualTo(folder.toAbsolutePath().resolve("admin.sock"));
        }
    }

    @Test
    void custody_is_shown_changed_and_drilled() throws IOException {
        try (var _ = start(PATIENT)) {
            var custody = new AdminClient(folder).custody();
            assertThat(custody.show()).hasSize(CustodyAdministration.MAX_PAGE + 1);
            var bucket = new CustodyAdministration.Target(Optional.of("acme"), Optional.of("docs"));
            var three = new CustodyAdministration.Holders(2, List.of("file", "bao", "hsm"));
            for (var change : List.of(custody.attach(bucket, three), custody.migrate(bucket, three))) {
                assertThat(change.domain())
                        .isEqualTo(custody.show().get(change.domain().number()));
                assertThat(change.domain().threshold()).isEqualTo(2);
                assertThat(change.domain().custodians())
                        .extracting(CustodyAdministration.Holder::id)
                        .containsExactly("file", "bao", "hsm");
                assertThat(change.domain().buckets()).containsExactly("docs");
                assertThat(change.domain().generation()).isEqualTo(1L << 40);
                assertThat(change.notes()).containsExactly("a note");
                assertThat(change.destroyed())
                        .singleElement()
                        .satisfies(one -> assertThat(one.response()).isEqualTo("overwritten"));
            }
            assertThat(custody.rotate(bucket).domain().custodians()).hasSize(1);
            assertThatThrownBy(() -> custody.attach(bucket, new CustodyAdministration.Holders(1, List.of("unknown"))))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.reason()).isEqualTo(Reason.INVALID_ARGUMENT));
            var drill = custody.beginDrill(bucket);
            assertThat(custody.lookAtDrill(drill.domain()).refused()).isTrue();
            var end = custody.endDrill(drill.domain());
            assertThat(end.refusedAfter()).isEqualTo(-1);
            assertThat(new String(custody.drillEvidence(1, end.end()), StandardCharsets.UTF_8))
                    .contains("8589934592");
        }
    }

    @Test
    void a_copy_for_a_backup_is_begun_extended_and_ended_and_only_one_at_a_time() throws IOException {
        try (var _ = start(PATIENT)) {
            var upkeep = new AdminClient(folder).upkeep();
            var copy = upkeep.beginBackup();
            assertThat(copy)
                    .isEqualTo(new UpkeepAdministration.MapCopy(
                            "0123456789abcdef", Path.of("/data/map"), Duration.ofMinutes(10)));
            assertThatThrownBy(upkeep::beginBackup)
                    .isInstanceOfSatisfying(
                            Problem.class, busy -> assertThat(busy.reason()).isEqualTo(Reason.BUSY));
            upkeep.extendBackup(copy.id());
            upkeep.endBackup(copy.id());
            assertThatThrownBy(() -> upkeep.extendBackup(copy.id())).isInstanceOf(Problem.class);
        }
    }

    @Test
    void a_scrub_is_begun_watched_and_stopped_and_rows_are_shown() throws IOException {
        try (var _ = start(PATIENT)) {
            var upkeep = new AdminClient(folder).upkeep();
            var begun = upkeep.startScrub(OptionalLong.of(1L << 40), true);
            assertThat(begun.rows()).isEqualTo(1L << 40);
            assertThat(begun.bytes()).isEqualTo(1);
            assertThat(upkeep.startScrub(OptionalLong.empty(), false).rows()).isZero();
            assertThat(upkeep.scrub().bytes()).isEqualTo(1L << 60);
            assertThat(upkeep.scrub().damages()).containsExactly("s3://b/\"k\": gone");
            assertThat(upkeep.stopScrub().state()).isEqualTo("NEVER");
            var rows = upkeep.inspect("s3://b/k", "6f", 7);
            assertThat(rows.next()).isEqualTo("7");
            assertThat(rows.rows())
                    .containsExactly(new UpkeepAdministration.Row(
                            "o", "CURRENT", "6f", Map.of("what", "s3://b/k", "after", "6f")));
        }
    }

    @Test
    void users_groups_and_roles_are_made_shown_and_ended_with_their_policies() throws IOException {
        try (var _ = start(PATIENT)) {
            var client = new AdminClient(folder).identities();
            var ann = new Named("acme", IdentityKind.USER, "ann");
            var staff = new Named("acme", IdentityKind.GROUP, "staff");
            var reader = new Named("acme", IdentityKind.ROLE, "reader");
            assertThat(client.add(ann, Optional.empty()).name()).isEqualTo("ann");
            client.add(staff, Optional.empty());
            client.add(reader, Optional.of(new RoleTerms("{\"trust\"}", 7200)));
            // The longest policy there is, each character of it escaped.
            String policy = "\"".repeat(16 << 10);
            client.putPolicy(ann, "all", policy);
            assertThat(client.getPolicy(ann, "all")).isEqualTo(policy);
            client.setMember("acme", "staff", "ann", true);
            assertThat(client.list("acme", IdentityKind.USER)).singleElement().satisfies(user -> {
                assertThat(user.policies()).containsExactly("all");
                assertThat(user.groups()).containsExactly("staff");
            });
            assertThat(client.list("acme", IdentityKind.GROUP).getFirst().users())
                    .isEqualTo(1);
            assertThat(client.list("acme", IdentityKind.ROLE).getFirst().maxSessionSeconds())
                    .isEqualTo(7200);
            client.putTrust("acme", "reader", "{\"other\"}");
            assertThat(client.getTrust("acme", "reader")).isEqualTo("{\"other\"}");
            client.setMember("acme", "staff", "ann", false);
            client.deletePolicy(ann, "all");
            assertThatThrownBy(() -> client.getPolicy(ann, "all")).isInstanceOf(Problem.class);
            client.delete(ann);
            assertThat(client.list("acme", IdentityKind.USER)).isEmpty();
            var question = new Question(Optional.of("acme"), "root", "s3:GetObject", "*", List.of("a=b", "a=c"));
            assertThat(client.check(question))
                    .isEqualTo(new Explanation(true, question.toString(), List.of("allow 1", "deny 2")));
        }
    }

    @Test
    void escrows_are_added_listed_removed_and_forbidden() throws IOException {
        try (var _ = start(PATIENT)) {
            var escrow = new AdminClient(folder).escrow();
            var bucket = new EscrowAdministration.Scope(Optional.empty(), Optional.of("docs"));
            var added = escrow.add(bucket, Party.in("DE", "Agency \"A\""), "KEY");
            assertThat(added.party()).isEqualTo(Party.in("DE", "Agency \"A\""));
            assertThat(added.scope().bucket()).contains("docs");
            for (int i = 0; i < EscrowAdministration.MAX_PAGE; i++) {
                escrow.add(
                        new EscrowAdministration.Scope(Optional.of("acme"), Optional.empty()),
                        new Party("p" + i, Optional.empty()),
                        "KEY");
            }
            assertThat(escrow.list()).hasSize(1 + EscrowAdministration.MAX_PAGE).contains(added);
            assertThat(escrow.list().getLast().exempt()).containsExactly("forbidding");
            assertThat(escrow.remove(added.id()).inForce()).isFalse();
            escrow.forbid("docs");
            var forbidding = new EscrowAdministration.Scope(Optional.empty(), Optional.of("forbidding"));
            assertThatThrownBy(() -> escrow.add(forbidding, Party.in("DE", "A"), "KEY"))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.reason()).isEqualTo(Reason.ACCESS_DENIED));
        }
    }

    @Test
    void the_socket_and_its_folder_are_closed_to_everybody_else() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var server = start(PATIENT)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.socket())))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                    .isEqualTo("rwx------");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_problem_of_the_server_reaches_the_client_whole() throws IOException {
        try (var _ = start(PATIENT)) {
            var client = new AdminClient(folder);
            assertThatThrownBy(() -> client.addKey("nobody", Optional.empty(), Optional.empty()))
                    .isInstanceOfSatisfying(Problem.class, problem -> {
                        assertThat(problem.reason()).isEqualTo(Reason.NO_SUCH_TENANT);
                        assertThat(problem.next()).isNotEmpty();
                    });
        }
    }

    @Test
    void mirrors_are_listed_and_one_that_is_missing_is_given_up() throws IOException {
        try (var _ = start(PATIENT)) {
            var client = new AdminClient(folder);
            assertThat(client.listMirrors())
                    .containsExactly(
                            new Administration.Mirror(
                                    "gone", Administration.Mirror.State.MISSING, "/b", Optional.of("no such folder")),
                            new Administration.Mirror(
                                    "here", Administration.Mirror.State.PRESENT, "/a", Optional.empty()));
            client.forgetMirror("gone");
            assertThat(client.listMirrors().getFirst().state()).isEqualTo(Administration.Mirror.State.FORGOTTEN);
            assertThatThrownBy(() -> client.forgetMirror("here")).isInstanceOf(Problem.class);
        }
    }

    @Test
    void lists_longer_than_a_page_come_whole() throws IOException {
        try (var _ = start(PATIENT)) {
            var client = new AdminClient(folder);
            client.addTenant("acme");
            for (int i = 0; i < 2 * Administration.MAX_PAGE; i++) {
                administration.addKey(MemoryAdministration.TEST, "acme", Optional.empty(), Optional.empty());
            }
            assertThat(client.listKeys(Optional.empty())).hasSize(2 * Administration.MAX_PAGE);
        }
    }

    @Test
    void a_socket_left_by_a_killed_server_is_replaced() throws IOException {
        Path left = folder.resolve("admin.sock");
        try (var killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(left));
        }
        assertThat(left).exists();
        assertThatThrownBy(() -> new AdminClient(folder).listTenants())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("allod serve");
        try (var _ = start(PATIENT)) {
            assertThat(new AdminClient(folder).listTenants()).isEmpty();
        }
    }

    @Test
    void a_path_too_long_for_a_socket_leads_to_a_private_folder() throws IOException {
        Path runtime = Files.createDirectory(folder.resolve("run"));
        int spare = SocketPlace.MAX_PATH - folder.toAbsolutePath().toString().length() - "//admin.sock".length();
        Path fits = Files.createDirectory(folder.resolve("d".repeat(spare)));
        try (var server = AdminServer.start(fits, runtime, administration)) {
            assertThat(server.socket().getParent()).isEqualTo(fits.toAbsolutePath());
        }
        Path past = Files.createDirectory(folder.resolve("d".repeat(spare + 1)));
        try (var server = AdminServer.start(past, runtime, administration)) {
            assertThat(server.socket()).startsWith(runtime.toAbsolutePath());
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(server.socket().getParent())))
                    .isEqualTo("rwx------");
            assertThat(Files.readString(past.resolve("admin.path")))
                    .isEqualTo(server.socket().toString());
            assertThat(new AdminClient(past).listTenants()).isEmpty();
        }
        assertThat(past).isEmptyDirectory();
        assertThat(runtime).isEmptyDirectory();
    }

    @Test
    void a_request_of_the_limit_is_read_and_a_longer_one_is_not() throws IOException {
        try (var server = start(PATIENT)) {
            assertThat(new String(exchange(server, " ".repeat(Frames.MAX_REQUEST)), StandardCharsets.UTF_8))
                    .contains("INVALID_ARGUMENT");
            assertThatThrownBy(() -> exchange(server, " ".repeat(Frames.MAX_REQUEST + 1)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_client_that_sends_nothing_is_cut_at_the_deadline() throws IOException {
        try (var server = start(Duration.ofMillis(50));
                var silent = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
            assertThat(silent.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void one_connection_past_the_limit_is_told_to_try_again() throws IOException {
        var held = new ArrayList<SocketChannel>();
        try (var server = start(PATIENT)) {
            for (int i = 0; i < AdminServer.MAX_CONNECTIONS - 1; i++) {
                held.add(SocketChannel.open(UnixDomainSocketAddress.of(server.socket())));
            }
            assertThat(new AdminClient(folder).listTenants()).isEmpty();
            awaitFree(server, 1);
            held.add(SocketChannel.open(UnixDomainSocketAddress.of(server.socket())));
            awaitFree(server, 0);
            assertThatThrownBy(() -> new AdminClient(folder).listTenants())
                    .isInstanceOfSatisfying(Problem.class, problem -> {
                        assertThat(problem.reason()).isEqualTo(Reason.BUSY);
                        assertThat(problem.why()).contains("8 connections");
                    });
        } finally {
            for (SocketChannel channel : held) {
                channel.close();
            }
        }
    }

    /** Waits until so many places are free: they are taken and given back on the server's own threads. */
    private static void awaitFree(AdminServer server, int places) {
        while (server.freePlaces() != places) {
            Thread.onSpinWait();
        }
    }

    @Test
    void requests_that_are_not_exactly_ours_are_refused() throws IOException {
        try (var server = start(PATIENT)) {
            for (String request : new String[] {
                "",
                "[]",
                "{}",
                "{\"do\":\"tenant.drop\",\"name\":\"a\"}",
                "{\"do\":\"tenant.add\"}",
                "{\"do\":\"tenant.add\",\"name\":7}",
                "{\"do\":\"tenant.add\",\"name\":\"acme\",\"more\":1}",
                "{\"do\":\"tenant.add\",\"name\":\"acme\",\"name\":\"acme\"}",
                "{\"do\":\"tenant.add\",\"name\":\"acme\"} {}",
                "{\"do\":\"key.list\",\"limit\":0}",
                "{\"do\":\"escrow.list\",\"limit\":101}",
                "{\"do\":\"escrow.drop\"}",
                "{\"do\":\"escrow.add\",\"party\":\"a\",\"recipient\":\"k\"}",
                "{\"do\":\"escrow.add\",\"party\":\"a\",\"recipient\":\"k\",\"bucket\":\"b\",\"jurisdiction\":\"de\"}",
                "{\"do\":\"escrow.add\",\"party\":\"a\\nb\",\"recipient\":\"k\",\"bucket\":\"b\"}",
                "{\"do\":\"key.list\",\"limit\":501}",
                "{\"do\":\"key.add\",\"tenant\":\"acme\",\"secretKey\":\"" + SECRET + "\"}",
                "{\"do\":\"key.add\",\"tenant\":\"acme\",\"accessKey\":\"mine\",\"secretKey\":\"" + SECRET + "\"",
            }) {
                String answer = new String(exchange(server, request), StandardCharsets.UTF_8);
                assertThat(answer).as(request).contains("INVALID_ARGUMENT").doesNotContain(SECRET);
            }
        }
        assertThat(administration.actors()).isEmpty();
    }

    @Test
    void the_bytes_are_those_of_the_documentation() throws IOException {
        String document = Files.readString(Path.of("docs/formats/admin.md"));
        assertThat(document)
                .contains(new String(
                        AdminMessages.encode(new AdminRequest.AddKey(
                                "acme",
                                Optional.empty(),
                                Optional.of(new KeyPair(new AccessKeyId("mine"), new Secret("0123456789abcdef"))))),
                        StandardCharsets.UTF_8))
                .contains(new String(
                        AdminMessages.encode(new Problem(Reason.NO_SUCH_TENANT, "a.", "b.", "c.")),
                        StandardCharsets.UTF_8));
    }

    @Test
    void a_secret_shows_in_no_text() {
        var pair = new KeyPair(new AccessKeyId("mine"), new Secret(SECRET));
        assertThat(new AdminRequest.AddKey("acme", Optional.empty(), Optional.of(pair)).toString())
                .contains("mine")
                .doesNotContain(SECRET);
    }

    private AdminServer start(Duration deadline) throws IOException {
        return AdminServer.start(folder, folder, administration, deadline);
    }

    private static byte[] exchange(AdminServer server, String request) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(server.socket()))) {
            Frames.write(channel, request.getBytes(StandardCharsets.UTF_8), PATIENT);
            return Frames.read(channel, Frames.MAX_ANSWER, PATIENT);
        }
    }
}
