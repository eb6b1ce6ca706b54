package allod.keys.transit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.AssuranceClass;
import allod.keys.CustodianMemory;
import allod.keys.Domain;
import allod.keys.ErasableCustodian.Destruction;
import allod.keys.ErasableCustodian.Keep;
import allod.keys.ErasableCustodian.Preparation;
import allod.keys.ErasableCustodian.Status;
import allod.keys.ErasableCustodian.Unwrapped;
import allod.keys.Evidence;
import allod.keys.OneDomain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that lie, go back to what they were, fail, dawdle or talk too much: none of them gets a receipt it should not. */
class TransitLiesTest {
    private static final byte[] AAD = "aad".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder = Path.of("");

    private final TransitTarget target = TransitTarget.standIn();
    private final StandInTransit server = target.server();
    private final Domain domain = new Domain(3, new byte[16]);
    private String mount = "";

    @BeforeEach
    void mount() throws IOException {
        mount = target.mount("allod");
        Files.writeString(folder.resolve("token"), target.token(mount));
    }

    @AfterEach
    void close() {
        target.close();
    }

    private TransitCustodian custodian() {
        return TransitSetUp.custodian(target, mount, folder, true);
    }

    private String prepare(TransitCustodian custodian, Optional<String> current) {
        return custodian
                .prepare(List.of(new Preparation(domain, 1, new byte[8], current)))
                .getFirst();
    }

    private Destruction keep(TransitCustodian custodian, String handle) {
        return custodian
                .destroyAllBut(List.of(new Keep(domain, Optional.of(handle))))
                .getFirst();
    }

    private static void assertAway(ThrowingCallable call, String... words) {
        assertThatExceptionOfType(Problem.class).isThrownBy(call).satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Reason.CUSTODIAN_AWAY);
            assertThat(problem.getMessage()).contains(words);
        });
    }

    @Test
    void a_server_that_hides_a_version_and_calls_it_trimmed_is_caught_when_the_key_is_read_back() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            keep(custodian, first);
            String second = prepare(custodian, Optional.of(first));
            server.lie = StandInTransit.Lie.HIDES;
            assertAway(() -> keep(custodian, second), "min_available_version reads back as 1", "No receipt is given");
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(custodian::examine)
                    .withMessageContaining("must not be entrusted");
        }
    }

    @Test
    void a_server_that_shows_a_trim_and_decrypts_all_the_same_is_caught_by_the_probe() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            byte[] wrapped = custodian.wrap(domain, first, new byte[32], AAD);
            keep(custodian, first);
            String second = prepare(custodian, Optional.of(first));
            server.lie = StandInTransit.Lie.KEEPS;
            keep(custodian, second);
            assertThat(custodian.unwrap(domain, first, wrapped, AAD)).isInstanceOf(Unwrapped.Opened.class);
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(custodian::examine)
                    .withMessageContaining("still decrypts");
        }
    }

    @Test
    void a_server_put_back_from_before_the_current_version_is_away_and_nothing_is_made() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            keep(custodian, first);
            var before = server.snapshot();
            String second = prepare(custodian, Optional.of(first));
            byte[] wrapped = custodian.wrap(domain, second, new byte[32], AAD);
            keep(custodian, second);
            server.goBackTo(before);
            assertAway(() -> custodian.unwrap(domain, second, wrapped, AAD), "put back from an older copy");
            assertAway(() -> prepare(custodian, Optional.of(second)), "put back from an older copy");
            assertAway(() -> keep(custodian, second), "put back from an older copy");
        }
    }

    @Test
    void a_server_put_back_from_before_a_trim_is_noticed_after_a_restart_and_trimmed_again_for_less() {
        byte[] wrapped;
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            wrapped = custodian.wrap(domain, first, new byte[32], AAD);
            keep(custodian, first);
            String second = prepare(custodian, Optional.of(first));
            var before = server.snapshot();
            assertThat(keep(custodian, second).assuranceClass()).isEqualTo(AssuranceClass.E2);
            server.goBackTo(before);
        }
        try (TransitCustodian custodian = custodian()) {
            assertThat(custodian.list(domain)).containsExactly("v1", "v2");
            assertThat(custodian.unwrap(domain, "v1", wrapped, AAD)).isInstanceOf(Unwrapped.Opened.class);
            Destruction again = keep(custodian, "v2");
            assertThat(again.destroyed()).containsExactly("v1");
            assertThat(again.assuranceClass()).isEqualTo(AssuranceClass.E0);
            assertThat(again.response()).contains("but it was put back from an older copy at least once");
            assertThat(custodian.unwrap(domain, "v1", wrapped, AAD)).isInstanceOf(Unwrapped.NoSuchHandle.class);
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(custodian::examine)
                    .withMessageContaining("no-older-copies is stated, but the server was put back");
        }
        try (TransitCustodian custodian = custodian()) {
            String third = prepare(custodian, Optional.of("v2"));
            assertThat(keep(custodian, third).assuranceClass()).isEqualTo(AssuranceClass.E0);
        }
    }

    @Test
    void a_key_restored_from_a_backup_shows_it_and_is_not_entrusted_again() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            String key = mount + "/keys/allod-" + "0".repeat(32);
            target.must("POST", key + "/config", "{\"exportable\": true, \"allow_plaintext_backup\": true}");
            String backup = target.must("GET", key.replace("/keys/", "/backup/"), "")
                    .body()
                    .path("data")
                    .path("backup")
                    .asString();
            target.must(
                    "POST", key.replace("/keys/", "/restore/"), "{\"backup\": \"" + backup + "\", \"force\": true}");
            assertAway(() -> prepare(custodian, Optional.of(first)), "must not be entrusted");
            assertThat(keep(custodian, first).assuranceClass()).isEqualTo(AssuranceClass.E0);
        }
    }

    @Test
    void a_sealed_server_is_away_at_once() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            target.must("POST", "sys/seal", "");
            assertThat(custodian.status()).isEqualTo(new Status.Away("it is sealed"));
            int before = server.requests.get();
            assertAway(() -> custodian.list(domain), "503", "Vault is sealed", "Unseal it");
            assertThat(server.requests.get() - before).isEqualTo(1);
            assertAway(() -> keep(custodian, first), "sealed");
        }
    }

    @Test
    void a_failing_server_is_asked_three_times_and_no_more() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            server.failWith = 502;
            server.failures.set(2);
            assertThat(custodian.list(domain)).containsExactly(first);
            server.failures.set(3);
            assertAway(() -> custodian.list(domain), "502");
            assertThat(server.failures).hasValue(0);
            assertThat(custodian.list(domain)).containsExactly(first);
        }
    }

    @Test
    void a_rotation_is_never_sent_a_second_time() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            server.failWith = 502;
            server.failAt = "/rotate";
            server.failures.set(1);
            assertAway(() -> prepare(custodian, Optional.of(first)), "502");
            assertThat(prepare(custodian, Optional.of(first))).isEqualTo("v2");
        }
    }

    @Test
    void a_trim_whose_answer_is_lost_is_sent_again_and_read_back() {
        try (TransitCustodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            String second = prepare(custodian, Optional.of(first));
            server.losses.set(2);
            assertThat(keep(custodian, second).destroyed()).containsExactly(first);
        }
    }

    @Test
    void a_server_that_dawdles_is_away_when_the_time_is_over() {
        TransitSettings settings = TransitSetUp.settings(target, mount, folder, true);
        var hasty = new TransitSettings(
                settings.id(),
                settings.address(),
                mount,
                "allod-",
                Optional.empty(),
                settings.credentials(),
                Optional.empty(),
                Duration.ofMillis(100),
                true);
        try (TransitCustodian custodian = TransitSetUp.custodian(hasty, folder)) {
            server.delayMillis = 2000;
            assertThat(custodian.status()).isInstanceOf(Status.Away.class);
            assertAway(() -> custodian.list(domain), "did not answer");
        }
    }

    @Test
    void an_answer_is_taken_up_to_its_limit_and_not_beyond() {
        try (TransitCustodian custodian = custodian()) {
            prepare(custodian, Optional.empty());
            server.padding = TransitHttp.MAX_ANSWER - 2000;
            assertThat(custodian.list(domain)).hasSize(1);
            server.padding = TransitHttp.MAX_ANSWER;
            assertAway(() -> custodian.list(domain), "longer than 262144 bytes");
        }
    }

    @Test
    void a_lease_is_renewed_at_two_thirds_and_a_login_follows_where_it_ended() throws IOException {
        target.must("POST", "auth/approle/role/r", "{\"token_policies\": [\"" + mount + "\"], \"token_ttl\": 300}");
        Files.writeString(folder.resolve("role-id"), "role-r");
        Files.writeString(folder.resolve("secret-id"), "secret-r");
        TransitSettings settings = TransitSetUp.settings(target, mount, folder, true);
        var byRole = new TransitSettings(
                settings.id(),
                settings.address(),
                mount,
                "allod-",
                Optional.empty(),
                new TransitSettings.Credentials.AppRole(
                        folder.resolve("role-id"), folder.resolve("secret-id"), "approle"),
                Optional.empty(),
                Duration.ofSeconds(5),
                true);
        var now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        try (var custodian = new TransitCustodian(
                byRole,
                new CustodianMemory(List.of(folder), TransitSetUp.ID, Disk.real()),
                now::get,
                new SecureRandom())) {
            custodian.list(domain);
            now.set(now.get().plusSeconds(199));
            custodian.list(domain);
            assertThat(server.logins).hasValue(1);
            assertThat(server.renewals).hasValue(0);
            now.set(now.get().plusSeconds(1));
            custodian.list(domain);
            custodian.list(domain);
            assertThat(server.renewals).hasValue(1);
            now.set(now.get().plusSeconds(301));
            custodian.list(domain);
            assertThat(server.logins).hasValue(2);
        }
    }

    @Test
    void a_key_that_is_not_as_the_engine_describes_one_is_not_believed() {
        var json = tools.jackson.databind.json.JsonMapper.builder().build();
        String whole = json.writeValueAsString(new StandInKey("k").shown());
        assertThat(TransitKey.read(json.readTree(whole), "k").unfit()).isEmpty();
        for (String wrong : List.of(
                whole.replace("\"name\":\"k\"", "\"name\":\"other\""),
                whole.replace("aes256-gcm96", "chacha20-poly1305"),
                whole.replace("\"latest_version\":1", "\"latest_version\":0"),
                whole.replace("\"latest_version\":1", "\"latest_version\":1.5"),
                whole.replace("\"latest_version\":1", "\"latest_version\":900719925474099200"),
                whole.replace("\"min_available_version\":0", "\"min_available_version\":2"),
                whole.replace("\"min_available_version\":0", "\"min_available_version\":-1"),
                whole.replace("\"exportable\":false,", ""),
                whole.replace("\"deletion_allowed\":false", "\"deletion_allowed\":\"no\""))) {
            assertThat(wrong).isNotEqualTo(whole);
            assertThatIllegalArgumentException().isThrownBy(() -> TransitKey.read(json.readTree(wrong), "k"));
        }
        for (String unfit : List.of(
                whole.replace("\"soft_deleted\":false", "\"soft_deleted\":true"),
                whole.replace("\"imported_key\":false", "\"imported_key\":true"),
                whole.replace("\"derived\":false", "\"derived\":true"),
                whole.replace("\"auto_rotate_period\":0", "\"auto_rotate_period\":86400"),
                whole.replace("\"derived\":false", "\"derived\":false,\"restore_info\":{}"),
                whole.replace("\"derived\":false", "\"derived\":false,\"backup_info\":{}"))) {
            assertThat(TransitKey.read(json.readTree(unfit), "k").unfit()).isPresent();
        }
    }

    @Test
    void an_erasure_under_a_server_that_lies_gets_no_receipt_until_it_tells_the_truth() {
        for (StandInTransit.Lie lie : List.of(StandInTransit.Lie.HIDES, StandInTransit.Lie.KEEPS)) {
            Path own = folder.resolve(lie.name());
            try (TransitCustodian custodian = custodian();
                    OneDomain keys = new OneDomain(own, List.of(custodian))) {
                keys.create();
                keys.begin(1);
                server.lie = lie;
                assertAway(keys::destroy, "No receipt is given");
                assertAway(keys::destroy, "No receipt is given");
                server.lie = StandInTransit.Lie.NONE;
                server.tellTheTruth();
                assertThat(keys.destroy()).singleElement().satisfies(evidence -> {
                    assertThat(evidence.probe()).contains("is trimmed: min_available_version is 2");
                    assertThat(evidence.liveHandles()).containsExactly("v2");
                });
            }
        }
    }

    @Test
    void an_erasure_waits_while_the_server_is_away_and_is_finished_when_it_is_back() {
        try (TransitCustodian custodian = custodian();
                OneDomain keys = new OneDomain(folder, List.of(custodian))) {
            keys.create();
            server.sealed = true;
            assertAway(() -> keys.begin(1), TransitSetUp.ID, "sealed");
            assertThat(keys.secret(1)).isPresent();
            assertAway(keys::reopen, TransitSetUp.ID, "sealed");
            server.sealed = false;
            keys.begin(1);
            server.sealed = true;
            assertAway(keys::destroy, TransitSetUp.ID, "sealed");
            server.sealed = false;
            assertThat(keys.destroy()).hasSize(1);
            assertThat(keys.secret(1)).isEmpty();
        }
    }

    @Test
    void a_server_put_back_from_before_the_erasure_takes_the_class_of_later_receipts() {
        try (TransitCustodian custodian = custodian();
                OneDomain keys = new OneDomain(folder, List.of(custodian))) {
            keys.create();
            keys.begin(1);
            var before = server.snapshot();
            assertThat(keys.destroy().getFirst().assuranceClass()).isEqualTo(AssuranceClass.E2);
            server.goBackTo(before);
            Evidence later = keys.erase(2).getFirst();
            assertThat(later.assuranceClass()).isEqualTo(AssuranceClass.E0);
            assertThat(later.response()).contains("put back from an older copy");
        }
    }
}
