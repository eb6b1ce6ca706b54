package allod.keys.transit;

import static org.assertj.core.api.Assertions.assertThat;

import allod.keys.transit.TransitTarget.Raw;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the transit engine answers, request by request: what {@link TransitCustodian} relies on. It holds for the stand-in,
 * and for OpenBao when it is run against one, so the stand-in is no easier to satisfy.
 */
@Tag("transit")
class TransitAnswersTest {
    private static final String PLAIN = "cm9vdCBzZWVkLCAzMiBieXRlcywgb2YgZ2VuZXJhdGk=";
    private static final String AAD = "YWxsb2QvZG9tYWluNy9nMQ==";
    private static @Nullable TransitTarget opened;
    private static String mount = "";

    @BeforeAll
    static void mount() {
        TransitTarget target = TransitTarget.named();
        opened = target;
        mount = target.mount("answers");
    }

    @AfterAll
    static void close() {
        target().close();
    }

    private static TransitTarget target() {
        return Objects.requireNonNull(opened);
    }

    private static Raw post(String path, String body) {
        return target().admin("POST", mount + "/" + path, body.replace('\'', '"'));
    }

    private static Raw get(String path) {
        return target().admin("GET", mount + "/" + path, "");
    }

    private static void refused(Raw raw, int status, String words) {
        assertThat(raw.status()).isEqualTo(status);
        assertThat(raw.error()).contains(words);
    }

    private static void key(String name, int versions) {
        assertThat(post("keys/" + name, "{'type': 'aes256-gcm96'}").status()).isEqualTo(200);
        for (int version = 2; version <= versions; version++) {
            assertThat(post("keys/" + name + "/rotate", "").status()).isEqualTo(200);
        }
    }

    private static long number(Raw raw, String member) {
        return raw.body().path("data").path(member).asLong(-1);
    }

    private static String encrypt(String name, int version) {
        Raw raw = post(
                "encrypt/" + name,
                "{'plaintext': '" + PLAIN + "', 'key_version': " + version + ", 'associated_data': '" + AAD + "'}");
        assertThat(raw.status()).isEqualTo(200);
        return raw.body().path("data").path("ciphertext").asString();
    }

    private static Raw decrypt(String name, String ciphertext) {
        return post("decrypt/" + name, "{'ciphertext': '" + ciphertext + "', 'associated_data': '" + AAD + "'}");
    }

    private static Raw config(String name, int decryption, int encryption) {
        return post(
                "keys/" + name + "/config",
                "{'min_decryption_version': " + decryption + ", 'min_encryption_version': " + encryption + "}");
    }

    private static Raw trim(String name, int version) {
        return post("keys/" + name + "/trim", "{'min_available_version': " + version + "}");
    }

    @Test
    void making_a_key_again_changes_nothing_not_even_its_type() {
        key("again", 1);
        Raw raw = post("keys/again", "{'type': 'chacha20-poly1305'}");
        assertThat(raw.status()).isEqualTo(200);
        assertThat(raw.body().path("data").path("type").asString()).isEqualTo("aes256-gcm96");
        assertThat(number(raw, "latest_version")).isEqualTo(1);
        assertThat(number(raw, "min_available_version")).isZero();
        assertThat(number(raw, "min_decryption_version")).isEqualTo(1);
    }

    @Test
    void an_absent_key_is_404_with_no_errors_and_a_wrong_mount_or_namespace_404_with_some() {
        Raw absent = get("keys/absent");
        assertThat(absent.status()).isEqualTo(404);
        assertThat(absent.body().path("errors").isArray()).isTrue();
        assertThat(absent.body().path("errors").isEmpty()).isTrue();
        refused(target().admin("GET", "nomount/keys/root", ""), 404, "no handler for route \"nomount/keys/root\"");
        refused(
                target().ask(Optional.of(target().adminToken()), Optional.of("nowhere"), "GET", mount + "/keys/x", ""),
                404,
                "namespace not found");
        refused(get("no-such-path"), 404, "unsupported path");
        refused(get("keys/absent/trim"), 405, "unsupported operation");
        refused(post("decrypt/absent", "{'ciphertext': 'vault:v1:AAAA'}"), 400, "encryption key not found");
        refused(trim("absent", 1), 400, "invalid key name");
    }

    @Test
    void a_namespace_holds_mounts_of_its_own() {
        String namespace = target().unique("ns");
        target().must("POST", "sys/namespaces/" + namespace, "{}");
        Optional<String> token = Optional.of(target().adminToken());
        assertThat(target().ask(token, Optional.of(namespace), "POST", "sys/mounts/inner", "{\"type\": \"transit\"}")
                        .status())
                .isEqualTo(204);
        assertThat(target().ask(token, Optional.of(namespace), "POST", "inner/keys/k", "{}")
                        .status())
                .isEqualTo(200);
        assertThat(target().ask(token, Optional.of("/" + namespace + "/"), "GET", "inner/keys/k", "")
                        .status())
                .isEqualTo(200);
        refused(target().ask(token, Optional.of(namespace), "GET", mount + "/keys/k", ""), 404, "no handler for route");
    }

    @Test
    void encryption_refuses_versions_that_are_not_there() {
        key("encrypts", 3);
        assertThat(config("encrypts", 2, 2).status()).isEqualTo(200);
        String body = "{'plaintext': '" + PLAIN + "', 'key_version': %d}";
        refused(post("encrypt/encrypts", body.formatted(4)), 400, "higher than the latest key version");
        refused(post("encrypt/encrypts", body.formatted(1)), 400, "less than the minimum encryption key version");
        refused(post("encrypt/encrypts", body.formatted(-1)), 400, "requested version for encryption is negative");
        refused(post("encrypt/encrypts", "{'plaintext': '???'}"), 400, "illegal base64 data");
        refused(
                post("encrypt/encrypts", "{'plaintext': '" + PLAIN + "', 'associated_data': '???'}"),
                500,
                "illegal base64 data");
        refused(post("encrypt/encrypts", "{'plaintext':"), 400, "failed to decode JSON input");
        assertThat(encrypt("encrypts", 2)).startsWith("vault:v2:");
    }

    @Test
    void encrypting_under_a_name_that_is_not_there_makes_the_key_for_who_may() {
        assertThat(encrypt("typo", 1)).startsWith("vault:v1:");
        assertThat(get("keys/typo").status()).isEqualTo(200);
    }

    @Test
    void decryption_tells_wrong_bytes_from_versions_too_old_and_too_new() {
        key("decrypts", 2);
        String second = encrypt("decrypts", 2);
        assertThat(decrypt("decrypts", second).status()).isEqualTo(200);
        refused(post("decrypt/decrypts", "{'ciphertext': '" + second + "'}"), 400, "message authentication failed");
        refused(decrypt("decrypts", second.replace(":v2:", ":v1:")), 400, "message authentication failed");
        refused(decrypt("decrypts", second.replace(":v2:", ":v9:")), 400, "invalid ciphertext: version is too new");
        refused(decrypt("decrypts", "hello"), 400, "invalid ciphertext: no prefix");
        refused(decrypt("decrypts", "vault:v2:AAAA"), 400, "invalid ciphertext length");
        refused(decrypt("decrypts", "vault:v2:!!"), 400, "invalid ciphertext: could not decode base64");
        refused(decrypt("decrypts", ""), 400, "missing ciphertext to decrypt");
    }

    @Test
    void the_minimums_are_held_within_what_is_there() {
        key("minimums", 2);
        refused(config("minimums", 3, 0), 400, "cannot set min decryption version of 3, latest key version is 2");
        refused(config("minimums", 1, 3), 400, "cannot set min encryption version of 3, latest key version is 2");
        refused(config("minimums", -1, 0), 400, "min decryption version cannot be negative");
        refused(config("minimums", 2, 1), 400, "must be greater than or equal to min decryption version of 2");
    }

    @Test
    void a_minimum_alone_hides_a_version_and_can_be_taken_back() {
        key("hides", 2);
        String first = encrypt("hides", 1);
        assertThat(config("hides", 2, 2).status()).isEqualTo(200);
        refused(decrypt("hides", first), 400, "disallowed by policy (too old)");
        assertThat(number(get("keys/hides"), "min_available_version")).isZero();
        assertThat(config("hides", 1, 2).status()).isEqualTo(200);
        assertThat(decrypt("hides", first).status()).isEqualTo(200);
    }

    @Test
    void a_trim_takes_its_conditions_and_never_goes_back() {
        key("trims", 3);
        String first = encrypt("trims", 1);
        refused(trim("trims", 1), 400, "cannot be set when minimum encryption version is not set");
        refused(post("keys/trims/trim", "{}"), 400, "missing min_available_version");
        assertThat(config("trims", 2, 2).status()).isEqualTo(200);
        refused(trim("trims", 0), 400, "minimum available version should be positive");
        refused(trim("trims", -1), 400, "minimum available version cannot be decremented");
        refused(trim("trims", 3), 400, "cannot be greater than minmum encryption version");
        assertThat(trim("trims", 2).status()).isEqualTo(200);
        assertThat(trim("trims", 2).status()).isEqualTo(200);
        refused(trim("trims", 1), 400, "minimum available version cannot be decremented");
        refused(trim("trims", 0), 400, "minimum available version cannot be decremented");
        refused(
                post("keys/trims/config", "{'min_decryption_version': 1}"),
                400,
                "min decryption version should not be less then min available version");
        refused(
                post("keys/trims/config", "{'min_encryption_version': 0}"),
                400,
                "min encryption version should not be less than min available version");
        refused(config("trims", 1, 1), 400, "min encryption version should not be less than min available version");
        refused(decrypt("trims", first), 400, "disallowed by policy (too old)");
        assertThat(number(get("keys/trims"), "min_available_version")).isEqualTo(2);
    }

    @Test
    void what_may_leave_a_key_is_shut_until_somebody_opens_it_for_ever() {
        key("doors", 1);
        refused(get("export/encryption-key/doors/1"), 400, "private key material is not exportable");
        refused(get("backup/doors"), 500, "exporting is disallowed on the policy");
        refused(target().admin("DELETE", mount + "/keys/doors", ""), 400, "deletion is not allowed for this key");
        assertThat(post("keys/doors/config", "{'exportable': true, 'allow_plaintext_backup': true}")
                        .status())
                .isEqualTo(200);
        Raw shut = post("keys/doors/config", "{'exportable': false, 'allow_plaintext_backup': false}");
        assertThat(shut.body().path("data").path("exportable").asBoolean()).isTrue();
        assertThat(shut.body().path("data").path("allow_plaintext_backup").asBoolean())
                .isTrue();
        String backup = get("backup/doors").body().path("data").path("backup").asString();
        assertThat(get("keys/doors").body().path("data").has("backup_info")).isTrue();
        refused(post("restore/doors", "{'backup': '" + backup + "'}"), 500, "already exists");
        assertThat(post("restore/doors", "{'backup': '" + backup + "', 'force': true}")
                        .status())
                .isEqualTo(204);
        assertThat(get("keys/doors").body().path("data").has("restore_info")).isTrue();
    }

    @Test
    void a_soft_deleted_key_is_there_and_refuses_to_be_used() {
        key("soft", 1);
        String first = encrypt("soft", 1);
        assertThat(post("keys/soft/config", "{'deletion_allowed': true}").status())
                .isEqualTo(200);
        assertThat(target().admin("DELETE", mount + "/keys/soft/soft-delete", "")
                        .status())
                .isEqualTo(200);
        assertThat(get("keys/soft").body().path("data").path("soft_deleted").asBoolean())
                .isTrue();
        refused(decrypt("soft", first), 400, "refusing to use soft-deleted key");
        assertThat(post("keys/soft/soft-delete-restore", "").status()).isEqualTo(200);
        assertThat(decrypt("soft", first).status()).isEqualTo(200);
        assertThat(target().admin("DELETE", mount + "/keys/soft", "").status()).isEqualTo(204);
        assertThat(get("keys/soft").status()).isEqualTo(404);
    }

    @Test
    void a_token_with_the_documented_policy_may_do_a_custodians_work_and_no_more() {
        key("narrow", 2);
        Optional<String> token = Optional.of(target().token(mount));
        assertThat(narrow(token, "GET", "keys/narrow", "").status()).isEqualTo(200);
        assertThat(narrow(token, "POST", "keys/narrow/rotate", "").status()).isEqualTo(200);
        assertThat(narrow(
                                token,
                                "POST",
                                "keys/narrow/config",
                                "{'min_decryption_version': 3, 'min_encryption_version': 3}")
                        .status())
                .isEqualTo(200);
        assertThat(narrow(token, "POST", "keys/narrow/trim", "{'min_available_version': 3}")
                        .status())
                .isEqualTo(200);
        refused(narrow(token, "POST", "keys/narrow/config", "{'exportable': true}"), 403, "permission denied");
        refused(narrow(token, "POST", "keys/narrow/config", "{'exportable': false}"), 403, "permission denied");
        refused(narrow(token, "POST", "keys/wide", "{'exportable': true}"), 403, "permission denied");
        refused(narrow(token, "POST", "encrypt/typo2", "{'plaintext': '" + PLAIN + "'}"), 403, "permission denied");
        refused(narrow(token, "DELETE", "keys/narrow", ""), 403, "permission denied");
        refused(narrow(token, "GET", "export/encryption-key/narrow/3", ""), 403, "permission denied");
        refused(target().ask(Optional.empty(), Optional.empty(), "GET", mount + "/keys/narrow", ""), 403, "permission");
        refused(narrow(Optional.of("s.wrong"), "GET", "keys/narrow", ""), 403, "permission denied");
    }

    private static Raw narrow(Optional<String> token, String method, String path, String body) {
        return target().ask(token, Optional.empty(), method, mount + "/" + path, body.replace('\'', '"'));
    }
}
