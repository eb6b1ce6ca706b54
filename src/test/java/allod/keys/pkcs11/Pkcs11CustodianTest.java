package allod.keys.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import allod.base.Disk;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.AssuranceClass;
import allod.keys.CustodianMemory;
import allod.keys.Domain;
import allod.keys.ErasableCustodian.Keep;
import allod.keys.ErasableCustodian.Preparation;
import allod.keys.ErasableCustodian.Status;
import allod.keys.ErasableCustodian.Unwrapped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a PKCS#11 custodian makes of a token that is not as it should be. */
class Pkcs11CustodianTest {
    private static final byte[] AAD = "aad".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder = Path.of("");

    private final Domain domain = new Domain(4, new byte[16]);
    private @Nullable SoftHsm hsm;

    @BeforeEach
    void token() throws IOException, InterruptedException {
        hsm = new SoftHsm(folder.resolve("hsm"));
        hsm().token("allod");
    }

    private SoftHsm hsm() {
        return Objects.requireNonNull(hsm);
    }

    private Pkcs11Custodian custodian(Pkcs11Settings settings) {
        return new Pkcs11Custodian(
                settings, new CustodianMemory(List.of(folder), settings.id(), Disk.real()), new SecureRandom());
    }

    private Pkcs11Custodian custodian() throws IOException {
        return custodian(hsm().settings("allod", false));
    }

    private String prepare(Pkcs11Custodian custodian, Optional<String> current) {
        byte[] label = new byte[8];
        new SecureRandom().nextBytes(label);
        return custodian
                .prepare(List.of(new Preparation(domain, 1, label, current)))
                .getFirst();
    }

    private static void assertAway(ThrowingCallable call, String... words) {
        assertThatExceptionOfType(Problem.class).isThrownBy(call).satisfies(problem -> {
            assertThat(problem.reason()).isEqualTo(Reason.CUSTODIAN_AWAY);
            assertThat(problem.getMessage()).contains(words).contains("hsm-1").doesNotContain(SoftHsm.PIN);
        });
    }

    /** Somebody else with the PIN, on a session of their own. */
    private interface Elsewhere {
        void on(Token token) throws Pkcs11Exception;
    }

    private void elsewhere(Elsewhere work) throws Exception {
        Pkcs11Settings settings = hsm().settings("allod", false);
        try (Cryptoki module = Cryptoki.use(settings.library());
                Token token = Token.open(module, settings)) {
            work.on(token);
        }
    }

    @Test
    void a_copy_of_a_key_under_another_name_is_seen_by_the_list_or_by_the_probe() throws Exception {
        try (Pkcs11Custodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            byte[] wrapped = custodian.wrap(domain, first, new byte[32], AAD);
            elsewhere(token -> {
                Token.Key key = token.secretKeys().getFirst();
                token.copy(key, "innocent", new byte[16]);
                token.copy(key, "unrelated", new byte[] {9});
            });
            assertThat(custodian.list(domain))
                    .hasSize(2)
                    .contains(first)
                    .anyMatch(handle -> handle.startsWith("copy-"));
            String second = prepare(custodian, Optional.of(first));
            assertThat(custodian
                            .destroyAllBut(List.of(new Keep(domain, Optional.of(second))))
                            .getFirst()
                            .destroyed())
                    .hasSize(2);
            assertThat(custodian.list(domain)).containsExactly(second);
            assertThat(custodian.unwrap(domain, first, wrapped, AAD)).isInstanceOf(Unwrapped.Opened.class);
            elsewhere(token -> token.destroy(token.labelled("unrelated").getFirst()));
            assertThat(custodian.unwrap(domain, first, wrapped, AAD)).isInstanceOf(Unwrapped.NoSuchHandle.class);
        }
    }

    @Test
    void keys_on_the_token_that_are_nobodys_business_of_ours_stay() throws Exception {
        try (Pkcs11Custodian custodian = custodian()) {
            elsewhere(token -> token.generate("somebody-elses", new byte[] {1, 2, 3}));
            String first = prepare(custodian, Optional.empty());
            custodian.destroyUnmade(List.of(0));
            assertThat(custodian.list(domain)).isEmpty();
            elsewhere(token ->
                    assertThat(token.secretKeys()).extracting(Token.Key::label).containsExactly("somebody-elses"));
            assertAway(() -> custodian.wrap(domain, first, new byte[32], AAD), "0 keys have the label");
        }
    }

    @Test
    void a_key_made_on_the_token_cannot_leave_it() throws Exception {
        elsewhere(token -> {
            token.generate("one", new byte[] {1});
            assertThat(token.unfit(token.labelled("one").getFirst())).isEmpty();
        });
    }

    @Test
    void software_is_class_e0_whatever_is_stated_of_it() throws Exception {
        try (Pkcs11Custodian stated = custodian(hsm().settings("allod", true))) {
            String first = prepare(stated, Optional.empty());
            assertThat(stated.assuranceClass()).isEqualTo(AssuranceClass.E0);
            var destruction = stated.destroyAllBut(List.of(new Keep(domain, Optional.of(first))))
                    .getFirst();
            assertThat(destruction.assuranceClass()).isEqualTo(AssuranceClass.E0);
            assertThat(destruction.response()).contains("SoftHSM", "states that it is a validated module");
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(stated::examine)
                    .withMessageContaining("which is software")
                    .withMessageContaining("Set validated to false");
        }
        try (Pkcs11Custodian unstated = custodian()) {
            assertThat(unstated.examine()).singleElement().asString().contains("for trying out only");
        }
    }

    @Test
    void an_examination_leaves_no_key_behind() throws Exception {
        try (Pkcs11Custodian custodian = custodian()) {
            custodian.examine();
            elsewhere(token -> assertThat(token.secretKeys()).isEmpty());
        }
    }

    @Test
    void what_is_set_up_wrongly_is_away_and_says_how() throws Exception {
        Pkcs11Settings right = hsm().settings("allod", false);
        try (Pkcs11Custodian custodian =
                custodian(new Pkcs11Settings("hsm-1", folder.resolve("no.so"), "allod", right.pinFile(), false))) {
            assertAway(() -> custodian.list(domain), "cannot be loaded as a library");
            assertThat(custodian.status()).isInstanceOf(Status.Away.class);
        }
        try (Pkcs11Custodian custodian = custodian(hsm().settings("other", false))) {
            assertAway(() -> custodian.list(domain), "0 tokens have that label", "allod");
        }
        try (Pkcs11Custodian custodian = custodian(right)) {
            Files.writeString(right.pinFile(), "0000-wrong");
            assertAway(() -> custodian.list(domain), "C_Login gave CKR_PIN_INCORRECT");
            Files.writeString(right.pinFile(), "\n");
            assertAway(() -> custodian.list(domain), "is empty");
            Files.writeString(right.pinFile(), "1".repeat(1025));
            assertAway(() -> custodian.list(domain), "longer than 1024 bytes");
            Files.delete(right.pinFile());
            assertAway(() -> custodian.list(domain), "is not there");
            Files.writeString(right.pinFile(), SoftHsm.PIN);
            assertThat(custodian.list(domain)).isEmpty();
        }
        hsm().token("allod");
        try (Pkcs11Custodian custodian = custodian(right)) {
            assertAway(() -> custodian.list(domain), "2 tokens have that label");
        }
    }

    @Test
    void a_token_without_the_current_key_is_another_one_and_nothing_is_made_or_destroyed() throws Exception {
        try (Pkcs11Custodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            assertAway(() -> prepare(custodian, Optional.of("1-ffffffffffffffff")), "does not hold the current key");
            assertAway(
                    () -> custodian.destroyAllBut(List.of(new Keep(domain, Optional.of("1-ffffffffffffffff")))),
                    "nothing was made or destroyed");
            assertThat(custodian.list(domain)).containsExactly(first);
        }
    }

    @Test
    void a_token_that_goes_away_while_it_is_open_is_away_and_is_found_again() throws Exception {
        try (Pkcs11Custodian custodian = custodian()) {
            String first = prepare(custodian, Optional.empty());
            byte[] wrapped = custodian.wrap(domain, first, new byte[32], AAD);
            Path tokens = folder.resolve("hsm/tokens");
            Path hidden = folder.resolve("hidden");
            Files.move(tokens, hidden);
            assertThatExceptionOfType(Problem.class).isThrownBy(() -> prepare(custodian, Optional.of(first)));
            deleteAll(tokens);
            Files.move(hidden, tokens);
            assertThat(custodian.unwrap(domain, first, wrapped, AAD)).isInstanceOf(Unwrapped.Opened.class);
        }
    }

    private static void deleteAll(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(one);
                }
            }
        }
    }
}
