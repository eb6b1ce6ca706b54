package allod.keys.transit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.AssuranceClass;
import allod.keys.CustodianMemory;
import allod.keys.Domain;
import allod.keys.ErasableCustodian;
import allod.keys.ErasableCustodian.Keep;
import allod.keys.ErasableCustodian.Preparation;
import allod.keys.ErasableCustodian.Unwrapped;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transit custodian makes of a server whose keys, token or address are not as they should be. */
@Tag("transit")
class TransitCustodianTest {
    private static final byte[] AAD = "aad".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SECRET = new byte[32];
    private static @Nullable TransitTarget opened;
    private static String mount = "";
    private static String token = "";

    @TempDir
    Path folder = Path.of("");

    private final Domain domain = domain(1);

    @BeforeAll
    static void mount() {
        TransitTarget target = TransitTarget.named();
        opened = target;
        mount = target.mount("custodian");
        token = target.token(mount);
    }

    @AfterAll
    static void close() {
        target().close();
    }

    @BeforeEach
    void token() throws IOException {
        Files.writeString(folder.resolve("token"), token);
    }

    private static TransitTarget target() {
        return Objects.requireNonNull(opened);
    }

    private static Domain domain(int number) {
        byte[] id = new byte[16];
        new SecureRandom().nextBytes(id);
        return new Domain(number, id);
    }

    private TransitCustodian custodian() {
        return TransitSetUp.custodian(target(), mount, folder, true);
    }

    private String prepare(TransitCustodian custodian, Optional<String> current) {
        return custodian
                .prepare(List.of(new Preparation(domain, 1, new byte[8], current)))
                .getFirst();
    }

    private ErasableCustodian.Destruction keep(TransitCustodian custodian, String handle) {
        return custodian
                .destroyAllBut(List.of(new Keep(domain, Optional.of(handle))))
                .getFirst();
    }

    private String key() {
        return "keys/allod-" + HexFormat.of().formatHex(domain.id());
    }

    private void administer(String path, String body) {
        target().must("POST", mount + "/" + path, body.replace('\'', '"'));
    }

    private static void assertAway(ThrowingCallable call, String... words) {
        assertThatExceptionOfType(Problem.class).isThrownBy(call).satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Reason.CUSTODIAN_AWAY);
            assertThat(problem.getMessage()).contains(words).contains(TransitSetUp.ID);
        });
    }

    private static void assertUnfit(ThrowingCallable call, String... words) {
        assertThatExceptionOfType(Problem.class).isThrownBy(call).satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Reason.INVALID_ARGUMENT);
            assertThat(problem.getMessage()).contains(words);
        });
    }

    @Test
    void the_receipt_repeats_what_the_operator_stated_and_the_class_follows() {
        try (TransitCustodian stated = custodian();
                TransitCustodian unstated = TransitSetUp.custodian(target(), mount, folder, false)) {
            String first = prepare(stated, Optional.empty());
            keep(stated, first);
            String second = prepare(stated, Optional.of(first));
            var destruction = keep(stated, second);
            assertThat(destruction.assuranceClass()).isEqualTo(AssuranceClass.E2);
            assertThat(destruction.response())
                    .isEqualTo("trimmed; kept version 2; read back: min_available_version 2, latest_version 2; its"
                            + " operator states that no snapshots, replicas, backups or disk images are kept");
            String third = prepare(unstated, Optional.of(second));
            var worthLess = keep(unstated, third);
            assertThat(worthLess.assuranceClass()).isEqualTo(AssuranceClass.E0);
            assertThat(worthLess.response()).contains("does not state that no snapshots");
            assertThat(unstated.examine()).anyMatch(remark -> remark.contains("no-older-copies"));
        }
    }

    @Test
    void a_key_that_may_leave_is_not_entrusted_with_a_new_root_and_says_so_in_the_receipt() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            String second = prepare(custodian, Optional.of(first));
            administer(key() + "/config", "{'exportable': true}");
            assertAway(() -> prepare(custodian, Optional.of(second)), "exportable is on", "another custodian");
            var destruction = keep(custodian, second);
            assertThat(destruction.assuranceClass()).isEqualTo(AssuranceClass.E0);
            assertThat(destruction.response()).contains("min_available_version 2", "exportable is on");
        }
    }

    @Test
    void other_settings_that_undo_an_erasure_are_refused_too() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            administer(key() + "/config", "{'deletion_allowed': true}");
            assertAway(() -> prepare(custodian, Optional.of(first)), "deletion_allowed is on");
            administer(key() + "/config", "{'deletion_allowed': false}");
            administer(key() + "/config", "{'auto_rotate_period': '24h'}");
            assertAway(() -> prepare(custodian, Optional.of(first)), "auto_rotate_period is set");
            administer(key() + "/config", "{'auto_rotate_period': '0'}");
            prepare(custodian, Optional.of(first));
            administer(key() + "/config", "{'allow_plaintext_backup': true}");
            assertAway(() -> prepare(custodian, Optional.of(first)), "allow_plaintext_backup is on");
        }
    }

    @Test
    void a_version_that_is_only_hidden_is_not_called_destroyed() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            byte[] wrapped = custodian.wrap(domain, first, SECRET, AAD);
            prepare(custodian, Optional.of(first));
            administer(key() + "/config", "{'min_decryption_version': 2, 'min_encryption_version': 2}");
            assertAway(
                    () -> custodian.unwrap(domain, first, wrapped, AAD),
                    "only hidden by min_decryption_version 2",
                    "not destroyed");
            assertAway(() -> keep(custodian, first), "hidden by min_decryption_version 2", "nothing was destroyed");
            assertThat(custodian.list(domain)).containsExactly("v1", "v2");
        }
    }

    @Test
    void a_key_that_is_deleted_is_away_and_is_not_made_anew() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            byte[] wrapped = custodian.wrap(domain, first, SECRET, AAD);
            administer(key() + "/config", "{'deletion_allowed': true}");
            target().must("DELETE", mount + "/" + key(), "");
            assertAway(() -> custodian.unwrap(domain, first, wrapped, AAD), "has no key", "shows no destruction");
            assertAway(() -> custodian.list(domain), "has no key");
            assertAway(() -> prepare(custodian, Optional.of(first)), "has no key");
            assertAway(() -> prepare(custodian, Optional.empty()), "has no key");
            assertAway(() -> keep(custodian, first), "has no key");
            assertAway(() -> custodian.destroyAllBut(List.of(new Keep(domain, Optional.empty()))), "has no key");
            assertAway(() -> custodian.wrap(domain, first, SECRET, AAD), "permission denied");
        }
    }

    @Test
    void a_wrong_mount_or_namespace_is_away_and_never_a_destroyed_key() throws IOException {
        Files.writeString(folder.resolve("token"), target().adminToken());
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            byte[] wrapped = custodian.wrap(domain, first, SECRET, AAD);
            TransitSettings right = TransitSetUp.settings(target(), mount, folder, true);
            for (TransitSettings wrong : List.of(
                    with(right, "nomount", Optional.empty(), right.address()),
                    with(right, mount, Optional.of("nowhere"), right.address()))) {
                try (TransitCustodian lost = TransitSetUp.custodian(wrong, folder)) {
                    assertAway(() -> lost.unwrap(domain, first, wrapped, AAD), "404");
                    assertAway(() -> lost.list(domain), "404");
                    assertAway(() -> keep(lost, first), "404");
                    assertAway(lost::examine, "404");
                }
            }
        }
    }

    private static TransitSettings with(
            TransitSettings settings, String mount, Optional<String> namespace, URI address) {
        return new TransitSettings(
                settings.id(),
                address,
                mount,
                settings.keyPrefix(),
                namespace,
                settings.credentials(),
                settings.caFile(),
                settings.timeout(),
                settings.noOlderCopies());
    }

    @Test
    void keys_in_a_namespace_are_found_there() throws IOException {
        String namespace = target().unique("inner");
        target().must("POST", "sys/namespaces/" + namespace, "{}");
        var mounted = target().ask(
                        Optional.of(target().adminToken()),
                        Optional.of(namespace),
                        "POST",
                        "sys/mounts/allod",
                        "{\"type\": \"transit\"}");
        assertThat(mounted.status()).isEqualTo(204);
        Files.writeString(folder.resolve("token"), target().adminToken());
        TransitSettings settings = TransitSetUp.settings(target(), mount, folder, true);
        try (TransitCustodian custodian =
                TransitSetUp.custodian(with(settings, "allod", Optional.of(namespace), settings.address()), folder)) {
            String first = prepare(custodian, Optional.empty());
            byte[] wrapped = custodian.wrap(domain, first, SECRET, AAD);
            assertThat(custodian.unwrap(domain, first, wrapped, AAD)).isInstanceOf(Unwrapped.Opened.class);
        }
    }

    @Test
    void a_version_that_somebody_else_made_is_no_handle_and_does_not_hold_an_erasure_up() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            String second = prepare(custodian, Optional.of(first));
            administer(key() + "/rotate", "");
            keep(custodian, second);
            assertThat(custodian.list(domain)).containsExactly(second);
            String fourth = prepare(custodian, Optional.of(second));
            assertThat(fourth).isEqualTo("v4");
            assertThat(keep(custodian, fourth).destroyed()).containsExactly("v2", "v3");
        }
    }

    @Test
    void a_newer_attempt_given_up_is_listed_until_the_next_erasure_destroys_it() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            String givenUp = prepare(custodian, Optional.of(first));
            assertThat(keep(custodian, first).response())
                    .contains("1 newer, of attempts given up, go with the next erasure: v2");
            assertThat(custodian.list(domain)).containsExactly(first, givenUp);
        }
    }

    @Test
    void a_key_that_somebody_else_trimmed_beyond_the_kept_version_is_told_and_not_called_done() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            administer(key() + "/rotate", "");
            administer(key() + "/config", "{'min_decryption_version': 2, 'min_encryption_version': 2}");
            administer(key() + "/trim", "{'min_available_version': 2}");
            assertAway(() -> keep(custodian, first), "trimmed to version 2", "somebody else");
        }
    }

    @Test
    void a_token_with_more_rights_than_the_work_needs_is_refused_at_the_examination() throws IOException {
        Files.writeString(folder.resolve("token"), target().adminToken());
        try (TransitCustodian custodian = custodian()) {
            assertUnfit(custodian::examine, "may do more", "set exportable", "root", "docs/custody.md");
        }
    }

    @Test
    void an_examination_key_that_may_leave_is_refused_with_what_to_do() {
        TransitSettings settings = TransitSetUp.settings(target(), mount, folder, true);
        var other = new TransitSettings(
                settings.id(),
                settings.address(),
                mount,
                target().unique("open") + "-",
                Optional.empty(),
                settings.credentials(),
                Optional.empty(),
                settings.timeout(),
                true);
        administer("keys/" + other.keyPrefix() + "examination", "{'exportable': true}");
        try (TransitCustodian custodian = TransitSetUp.custodian(other, folder)) {
            assertUnfit(custodian::examine, "exportable is on", "another key-prefix");
        }
    }

    @Test
    void a_token_that_is_refused_is_read_again_when_its_file_changes() throws IOException {
        Files.writeString(folder.resolve("token"), "s.wrong");
        try (TransitCustodian custodian = custodian()) {
            assertAway(() -> prepare(custodian, Optional.empty()), "403", "docs/custody.md");
            Files.writeString(folder.resolve("token"), token + "\n");
            prepare(custodian, Optional.empty());
            Files.writeString(folder.resolve("token"), "");
            assertAway(() -> custodian.list(domain), "token-file", "does not hold one line");
            Files.writeString(folder.resolve("token"), "x".repeat(Login.MAX_BYTES + 1));
            assertAway(() -> custodian.list(domain), "longer than 4096 bytes");
            Files.delete(folder.resolve("token"));
            assertAway(() -> custodian.list(domain), "token-file", "is not there");
        }
    }

    @Test
    void a_token_file_that_others_may_read_is_remarked_on() throws IOException {
        Path file = folder.resolve("token");
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        try (TransitCustodian custodian = custodian()) {
            assertThat(custodian.examine()).anyMatch(remark -> remark.contains("can be read by others"));
            Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
            assertThat(custodian.examine()).isEmpty();
        }
    }

    @Test
    void it_logs_in_with_an_app_role_and_again_when_its_token_is_revoked() throws IOException {
        String role = target().unique("role");
        target().admin("POST", "sys/auth/approle", "{\"type\": \"approle\"}");
        target().must(
                        "POST",
                        "auth/approle/role/" + role,
                        "{\"token_policies\": [\"" + mount + "\"], \"token_ttl\": 3600}");
        String roleId = target().must("GET", "auth/approle/role/" + role + "/role-id", "")
                .body()
                .path("data")
                .path("role_id")
                .asString();
        String secretId = target().must("POST", "auth/approle/role/" + role + "/secret-id", "{}")
                .body()
                .path("data")
                .path("secret_id")
                .asString();
        Files.writeString(folder.resolve("role-id"), roleId);
        Files.writeString(folder.resolve("secret-id"), secretId);
        TransitSettings settings = appRole(folder.resolve("secret-id"));
        try (TransitCustodian custodian = TransitSetUp.custodian(settings, folder)) {
            String first = prepare(custodian, Optional.empty());
            byte[] wrapped = custodian.wrap(domain, first, SECRET, AAD);
            assertThat(custodian.unwrap(domain, first, wrapped, AAD)).isInstanceOf(Unwrapped.Opened.class);
        }
        Files.writeString(folder.resolve("wrong"), "not-the-secret");
        try (TransitCustodian custodian = TransitSetUp.custodian(appRole(folder.resolve("wrong")), folder)) {
            assertAway(() -> custodian.list(domain), "AppRole login was refused", "400");
        }
    }

    private TransitSettings appRole(Path secretId) {
        return new TransitSettings(
                TransitSetUp.ID,
                target().address(),
                mount,
                "allod-",
                Optional.empty(),
                new TransitSettings.Credentials.AppRole(folder.resolve("role-id"), secretId, "approle"),
                Optional.empty(),
                Duration.ofSeconds(5),
                true);
    }

    @Test
    void a_server_that_is_not_there_is_away_by_status_and_by_call() {
        TransitSettings settings = TransitSetUp.settings(target(), mount, folder, true);
        var nowhere = with(settings, mount, Optional.empty(), URI.create("http://127.0.0.1:1"));
        try (TransitCustodian custodian = TransitSetUp.custodian(nowhere, folder)) {
            assertThat(custodian.status()).isInstanceOf(ErasableCustodian.Status.Away.class);
            assertAway(() -> prepare(custodian, Optional.empty()), "did not answer", "127.0.0.1:1");
            assertAway(custodian::examine, "cannot be used now");
        }
    }

    @Test
    void a_memory_that_cannot_be_written_holds_a_preparation_back() throws IOException {
        Path file = Files.createFile(folder.resolve("no-folder"));
        try (var custodian = new TransitCustodian(
                TransitSetUp.settings(target(), mount, folder, true),
                new CustodianMemory(List.of(file), TransitSetUp.ID, Disk.real()),
                InstantSource.system(),
                new SecureRandom())) {
            assertAway(() -> prepare(custodian, Optional.empty()), "could not be noted", "custody folder's disk");
        }
    }
}
