package allod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.Problem;
import allod.keys.pkcs11.Pkcs11Settings;
import allod.keys.transit.TransitSettings;
import allod.pact.Jurisdiction;
import allod.pact.Party;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void without_anything_set_the_defaults_hold() {
        Config config = Config.load(Optional.empty(), Map.of(), Map.of());
        assertThat(config.data()).isEqualTo(Path.of("./allod-data"));
        assertThat(config.custody().paths()).containsExactly(Path.of("./allod-custody"));
        assertThat(config.s3().address().getPort()).isEqualTo(9000);
        assertThat(config.s3().address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(config.pact().address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(config.log().origin()).isEmpty();
        assertThat(config.space().floor()).isEqualTo(256L << 20);
        assertThat(config.tls()).isEmpty();
        assertThat(config.operator().name()).isEqualTo("the operator of this server");
        assertThat(config.operator().jurisdiction()).isEmpty();
    }

    @Test
    void the_environment_wins_over_the_file_and_the_command_line_over_both() throws IOException {
        var file = file("s3:\n  address: 127.0.0.1:1001\n  region: file-1\npact:\n  address: 127.0.0.1:1002\n");
        Config config = Config.load(
                Optional.of(file),
                Map.of("ALLOD_S3_ADDRESS", "127.0.0.1:2001", "ALLOD_PACT_ADDRESS", "127.0.0.1:2002"),
                Map.of("s3.address", "127.0.0.1:3001"));
        assertThat(config.s3().address().getPort()).isEqualTo(3001);
        assertThat(config.pact().address().getPort()).isEqualTo(2002);
        assertThat(config.s3().region()).isEqualTo("file-1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            s3:;  adress: x            | line 2 | s3.adress is not a setting.     | s3.address
            ss3:;  address: x          | line 1 | ss3 is not a setting.           | s3
            data: /x;space:;  flor: 1B | line 3 | space.flor is not a setting.    | space.floor
            s3: 9000                   | line 1 | s3 is not a section             | s3.address
            data:;  folder: /x         | line 2 | takes a value                   | a path
            data: /x;data: /y          | line 2 | data                            | data
            stop:;  grace: 10          | line 2 | '10'                            | 10m
            stop:;  grace: [10s, 20s]  | line 2 | '10s, 20s'                      | 10m
            space:;  floor: 256MB      | line 2 | '256MB'                         | 16MiB
            space:;  floor:            | line 2 | empty                           | 16MiB
            operator:;  jurisdiction: Germany | line 2 | 'Germany'                | US-CA
            limits:;  queue: 1.5       | line 2 | '1.5'                           | whole number
            limits:;  queue: +5        | line 2 | '+5'                            | whole number
            limits:;  queue: 05        | line 2 | '05'                            | whole number
            s3:;  address: localhost   | line 2 | 'localhost'                     | 127.0.0.1:9000
            s3:;  address: 1.2.3.4:65536 | line 2 | '1.2.3.4:65536'               | HOST:PORT
            logging:;  format: XML     | line 2 | 'XML'                           | text, json
            data: "a;b                 | line   | not YAML                        | Correct
            - data                     | line 1 | not a section                   | keys
            custody:;  custodians:;    a:;      knd: x        | line 4 | custody.custodians.a.knd is not a setting | kind
            custody:;  custodians:;    a:;      kind: vault   | line 4 | 'vault'                 | transit, pkcs11
            custody:;  custodians:;    A:;      kind: transit | line 3 | is not a custodian's name | vault-eu
            custody:;  custodians:;    file:;      kind: transit | line 4 | custodian file cannot be set | another name
            custody:;  custodians:;    a: transit            | line 3 | not a section                   | kind
            custody:;  custodians:;    a: {}                 | line 3 | is empty                        | kind
            custody:;  custodians:;    a: {party: X}         | line 3 | has no kind                     | transit
            custody:;  custodians:;    a: {kind: transit, library: /x} | line 3 | library is not a setting of a transit | token-file
            custody:;  custodians:;    a: {kind: transit, token-file: /x} | line 3 | has no address | https://
            custody:;  custodians:;    a: {kind: transit, address: 'http://bao:8200', token-file: /x} | line 3 | 'http://bao:8200' | https://
            custody:;  custodians:;    a: {kind: transit, address: 'https://bao:8200'} | line 3 | no one way to log in | role-id-file
            custody:;  custodians:;    a: {kind: transit, address: 'https://bao', token-file: /x, role-id-file: /y, secret-id-file: /z} | line 3 | no one way to log in | one of the two
            custody:;  custodians:;    a: {kind: transit, address: 'https://bao', role-id-file: /y} | line 3 | no one way to log in | one of the two
            custody:;  custodians:;    a: {kind: pkcs11, library: /x, token: t} | line 3 | has no pin-file | a path
            custody:;  custodians:;    a: {kind: pkcs11, library: /x, token: t, pin-file: /p, validated: yes} | line 3 | 'yes' | true or false
            custody:;  custodians:;    a: {kind: pkcs11, library: /x, token: t, pin-file: /p, jurisdiction: DE} | line 3 | jurisdiction but no party | party
            custody:;  custodians:;    a: {kind: pkcs11};    a: {kind: pkcs11} | line 4 | custodians.a is set a second time | Keep one
            """)
    void a_mistake_in_the_file_is_told_with_its_line_and_what_was_expected(
            String yaml, String line, String why, String next) throws IOException {
        var file = file(yaml.replace(';', '\n') + "\n");
        assertThatThrownBy(() -> Config.load(Optional.of(file), Map.of(), Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("allod.yaml")
                .hasMessageContaining(line)
                .hasMessageContaining(why)
                .hasMessageContaining(next);
    }

    @ParameterizedTest
    @CsvSource({
        "limits.queue, 0, 1000000, 1000001",
        "log.checkpoint-interval, 100ms, 60s, 60001ms",
        "log.checkpoint-interval, 100ms, 1m, 99ms",
        "space.floor, 16MiB, 1TiB, 16777215B",
        "space.floor, 16777216B, 1024GiB, 1099511627777B",
        "limits.header-bytes, 8KiB, 256KiB, 9999999999999999999999TiB",
    })
    void a_limit_is_taken_and_one_past_it_is_not(String path, String least, String most, String past) {
        Config.load(Optional.empty(), Map.of(), Map.of(path, least));
        Config.load(Optional.empty(), Map.of(), Map.of(path, most));
        assertThatThrownBy(() -> Config.load(Optional.empty(), Map.of(), Map.of(path, past)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("command line")
                .hasMessageContaining(past);
    }

    @Test
    void sizes_and_times_are_read_in_their_units() {
        Config config = Config.load(
                Optional.empty(),
                Map.of(),
                Map.of("space.floor", "2GiB", "log.checkpoint-interval", "250ms", "stop.grace", "2m"));
        assertThat(config.space().floor()).isEqualTo(2L << 30);
        assertThat(config.log().checkpointInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.stopGrace()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void a_file_of_the_limit_is_read_and_a_longer_one_is_not() throws IOException {
        String setting = "data: /x\n";
        var atLimit = file(setting + "#" + "x".repeat(YamlFile.MAX_LENGTH - setting.length() - 2) + "\n");
        assertThat(Config.load(Optional.of(atLimit), Map.of(), Map.of()).data()).isEqualTo(Path.of("/x"));
        var past = file(setting + "#" + "x".repeat(YamlFile.MAX_LENGTH - setting.length() - 1) + "\n");
        assertThatThrownBy(() -> Config.load(Optional.of(past), Map.of(), Map.of()))
                .hasMessageContaining("larger than 1 MiB");
    }

    @Test
    void an_empty_file_sets_nothing_and_a_missing_one_is_told() throws IOException {
        Config.load(Optional.of(file("# nothing\n")), Map.of(), Map.of());
        assertThatThrownBy(() -> Config.load(Optional.of(folder.resolve("none.yaml")), Map.of(), Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("none.yaml");
    }

    @ParameterizedTest
    @CsvSource({"/d, /d/custody", "/d/data, /d", "/d, /d", "/d, /e/../d/c"})
    void data_and_custody_never_lie_in_one_another(String data, String custody) {
        assertThatThrownBy(
                        () -> Config.load(Optional.empty(), Map.of(), Map.of("data", data, "custody.paths", custody)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("in one another");
    }

    @Test
    void custody_has_one_to_sixteen_mirrors_apart_from_one_another() {
        String sixteen = IntStream.range(0, 16).mapToObj(i -> "/m" + i).collect(Collectors.joining(","));
        assertThat(Config.load(Optional.empty(), Map.of(), Map.of("custody.paths", sixteen))
                        .custody()
                        .paths())
                .hasSize(16);
        for (String wrong : List.of(sixteen + ",/m16", "/a,/a", "/a,/a/b", "/a,/b,/a/../b")) {
            assertThatThrownBy(() -> Config.load(Optional.empty(), Map.of(), Map.of("custody.paths", wrong)))
                    .as(wrong)
                    .isInstanceOf(Problem.class);
        }
    }

    @Test
    void a_variable_of_ours_with_a_slip_is_refused_and_somebody_elses_is_not() {
        Config.load(Optional.empty(), Map.of("ALLOD_SERVICE_HOST", "10.0.0.1", "ALLOD_JAVA_OPTS", "-Xmx1g"), Map.of());
        assertThatThrownBy(() -> Config.load(Optional.empty(), Map.of("ALLOD_S3_ADRESS", "x"), Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("ALLOD_S3_ADDRESS");
    }

    @Test
    void the_first_key_pair_comes_whole_and_its_secret_shows_nowhere() {
        String secret = "0123456789abcdef";
        Config config = Config.load(
                Optional.empty(), Map.of("ALLOD_ACCESS_KEY", "first", "ALLOD_SECRET_KEY", secret), Map.of());
        assertThat(config.firstKey()).get().extracting(Config.FirstKey::secret).isEqualTo(secret);
        assertThat(config.toString()).contains("first").doesNotContain(secret);
        assertThatThrownBy(() -> Config.load(Optional.empty(), Map.of("ALLOD_ACCESS_KEY", "first"), Map.of()))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> Config.load(
                        Optional.empty(),
                        Map.of("ALLOD_ACCESS_KEY", "first", "ALLOD_SECRET_KEY", "0123456789abcde"),
                        Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageNotContaining("0123456789abcde");
    }

    @Test
    void tls_takes_both_files() {
        assertThatThrownBy(() -> Config.load(Optional.empty(), Map.of(), Map.of("tls.key", "/k.pem")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("only in part");
        assertThat(Config.load(Optional.empty(), Map.of(), Map.of("tls.key", "/k", "tls.certificate", "/c"))
                        .tls())
                .contains(new Config.Tls(Path.of("/c"), Path.of("/k")));
    }

    @Test
    void custodians_are_read_whole_and_the_operator_is_who_administers_them_unless_somebody_else_is_named()
            throws IOException {
        var file = file("""
                operator: { name: Gateway GmbH, jurisdiction: DE }
                custody:
                  custodians:
                    vault-eu:
                      kind: transit
                      address: https://bao.example.org:8200
                      mount: team/allod
                      namespace: team
                      role-id-file: /etc/role
                      secret-id-file: /etc/secret
                      ca-file: /etc/ca.pem
                      timeout: 500ms
                      no-older-copies: true
                      party: Keys AG
                      jurisdiction: CH
                    hsm-1: { kind: pkcs11, library: /lib/p11.so, token: my token, pin-file: /etc/pin, validated: true }
                    vault-2: { kind: transit, address: 'http://127.0.0.1:8200', token-file: /etc/token }
                """);
        var operator = new Party("Gateway GmbH", Optional.of(new Jurisdiction("DE")));
        assertThat(Config.load(Optional.of(file), Map.of(), Map.of()).custody().custodians())
                .containsExactly(
                        new Config.Custodian(
                                "hsm-1",
                                operator,
                                new Config.Custodian.Pkcs11(new Pkcs11Settings(
                                        "hsm-1", Path.of("/lib/p11.so"), "my token", Path.of("/etc/pin"), true))),
                        new Config.Custodian(
                                "vault-2",
                                operator,
                                new Config.Custodian.Transit(new TransitSettings(
                                        "vault-2",
                                        URI.create("http://127.0.0.1:8200"),
                                        "transit",
                                        "allod-",
                                        Optional.empty(),
                                        new TransitSettings.Credentials.TokenFile(Path.of("/etc/token")),
                                        Optional.empty(),
                                        Duration.ofSeconds(2),
                                        false))),
                        new Config.Custodian(
                                "vault-eu",
                                new Party("Keys AG", Optional.of(new Jurisdiction("CH"))),
                                new Config.Custodian.Transit(new TransitSettings(
                                        "vault-eu",
                                        URI.create("https://bao.example.org:8200"),
                                        "team/allod",
                                        "allod-",
                                        Optional.of("team"),
                                        new TransitSettings.Credentials.AppRole(
                                                Path.of("/etc/role"), Path.of("/etc/secret"), "approle"),
                                        Optional.of(Path.of("/etc/ca.pem")),
                                        Duration.ofMillis(500),
                                        true))));
    }

    @Test
    void fifteen_custodians_are_taken_beside_the_one_in_the_custody_folder_and_not_sixteen() throws IOException {
        var yaml = new StringBuilder("custody:\n  custodians:\n");
        for (int i = 1; i <= 15; i++) {
            yaml.append("    c").append(i).append(": { kind: pkcs11, library: /l, token: t, pin-file: /p }\n");
        }
        assertThat(Config.load(Optional.of(file(yaml.toString())), Map.of(), Map.of())
                        .custody()
                        .custodians())
                .hasSize(15);
        yaml.append("    c16: { kind: pkcs11, library: /l, token: t, pin-file: /p }\n");
        var sixteen = file(yaml.toString());
        assertThatThrownBy(() -> Config.load(Optional.of(sixteen), Map.of(), Map.of()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("at most 16");
    }

    @Test
    void the_documentation_lists_every_setting_with_its_default() throws IOException {
        documents(Settings.ALL);
        documents(CustodianSettings.of(CustodianSettings.Kind.TRANSIT).subList(0, 3));
        documents(CustodianSettings.of(CustodianSettings.Kind.TRANSIT).subList(3, 14));
        documents(CustodianSettings.of(CustodianSettings.Kind.PKCS11).subList(3, 7));
    }

    private static void documents(List<Setting<?>> settings) throws IOException {
        List<String> rows = new ArrayList<>();
        for (var setting : settings) {
            String standard = setting.standard().isEmpty() ? "none" : "`" + setting.standard() + "`";
            rows.add("| `" + setting.path() + "` | " + standard + " | "
                    + setting.shape().expected().replaceFirst("^an? ", "") + " | " + setting.meaning() + " |");
        }
        String table = String.join("\n", rows);
        assertThat(Files.readString(Path.of("docs/configuration.md")))
                .as("docs/configuration.md must hold this table:\n" + table)
                .contains(table);
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("allod.yaml"), yaml);
    }
}
