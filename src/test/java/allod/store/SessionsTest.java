package allod.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session token is the server's own, holds for its time, and ends with what it was issued for. */
class SessionsTest {
    private static final TenantId TENANT = new TenantId(1);
    private static final AccessKeyId KEY = new AccessKeyId("AKANN");
    private static final Principal ANN = Principal.user("ann");
    private static final Principal READER = Principal.role("reader", "job");
    private static final byte[] SECRET = "a secret of some user's".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TRUST = {'{', '}'};

    @TempDir
    Path folder = Path.of("");

    private Optional<OpenStore> opened = Optional.empty();

    @BeforeEach
    void open() throws IOException {
        opened = Optional.of(OpenStore.in(folder));
        identities().add(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann", new byte[0], 0);
        store().tenants().addKey(OpenStore.ROOT, TENANT, Optional.of("ann"), KEY, SECRET.clone());
        role();
    }

    @AfterEach
    void close() throws IOException {
        opened.orElseThrow().close();
    }

    private Store store() {
        return opened.orElseThrow().store;
    }

    private Identities identities() {
        return store().identities();
    }

    private void role() throws IOException {
        identities().add(OpenStore.ROOT, TENANT, IdentityKind.ROLE, "reader", TRUST, 3600);
    }

    private static Caller caller() {
        return new Caller(TENANT, ANN, KEY, "192.0.2.1", "request");
    }

    private Sessions.Issued begin(Principal principal, Duration lasts, String policy) throws IOException {
        return store().sessions().begin(caller(), new Sessions.Terms(TENANT, principal, KEY, false, lasts, policy));
    }

    private Sessions.Found find(Sessions.Issued issued) {
        return store().sessions().find(issued.session().id(), issued.token());
    }

    private static void assertOpen(Sessions.Found found, Sessions.Issued issued) {
        assertThat(found)
                .isInstanceOfSatisfying(
                        Sessions.Found.Open.class,
                        open -> assertThat(open.session())
                                .usingRecursiveComparison()
                                .isEqualTo(issued.session()));
    }

    @Test
    void a_token_says_what_was_issued_also_after_a_restart() throws IOException {
        Sessions.Issued issued = begin(READER, Duration.ofHours(1), "{\"narrow\":true}");
        assertOpen(find(issued), issued);
        assertOpen(find(issued), issued);
        opened = Optional.of(opened.orElseThrow().reopen());
        assertOpen(find(issued), issued);
        assertThat(issued.session().id().value()).matches("ASIA[A-Z2-7]{16}");
        assertThat(issued.session().secret()).hasSize(40);
        assertThat(issued.toString() + issued.session()).doesNotContain(issued.token());
        assertThat(opened.orElseThrow().history())
                .extracting(OpenStore::body)
                .anyMatch(body -> body.contains("\"type\":\"session.begin\"")
                        && body.contains("\"actor\":\"user/ann\"")
                        && body.contains("\"principal\":\"role/reader/job\"")
                        && body.contains("\"session_key\":\"" + issued.session().id())
                        && body.contains("\"seconds\":3600"))
                .noneMatch(body -> body.contains(issued.token()));
    }

    @Test
    void a_session_that_begins_is_kept_as_a_change_and_one_that_is_refused_as_a_refusal() throws IOException {
        begin(READER, Duration.ofHours(1), "");
        assertThat(hasEventsOf(EventClass.CHANGE)).isTrue();
        assertThat(hasEventsOf(EventClass.ACCESS)).isFalse();
        store().sessions().refused(caller(), TENANT, READER, "why", "why");
        assertThat(hasEventsOf(EventClass.ACCESS)).isTrue();
    }

    private boolean hasEventsOf(EventClass kind) {
        OpenStore open = opened.orElseThrow();
        int domain = store().tenants().firstDomain(TENANT);
        return open.ground().map().get(MapKey.period(domain, kind, PeriodKeys.day(Order.micros(open.clock.instant()))))
                != null;
    }

    @Test
    void the_vector_of_the_page_is_what_is_sealed() throws IOException {
        var session = new Session(
                new TenantId(7),
                READER,
                new AccessKeyId("ASIA2"),
                new byte[] {(byte) 0xaa, (byte) 0xbb},
                KEY,
                false,
                Instant.ofEpochSecond(86_400),
                "{}");
        assertThat(Files.readString(Path.of("docs/formats/session-token.md")))
                .contains("\n" + HexFormat.of().formatHex(Sessions.plain(session, 5000)) + "\n");
    }

    @Test
    void a_token_holds_until_its_last_second() throws IOException {
        Sessions.Issued issued = begin(ANN, Duration.ofMinutes(15), "");
        SteppedClock clock = opened.orElseThrow().clock;
        clock.step(Duration.ofMinutes(15).minusNanos(1));
        assertOpen(find(issued), issued);
        clock.step(Duration.ofNanos(1));
        assertThat(find(issued)).isEqualTo(new Sessions.Found.Expired());
        assertThat(find(issued)).isEqualTo(new Sessions.Found.Expired());
    }

    @Test
    void a_token_ends_with_the_key_it_began_with() throws IOException {
        Sessions.Issued user = begin(ANN, Duration.ofHours(1), "");
        Sessions.Issued role = begin(READER, Duration.ofHours(1), "");
        assertOpen(find(user), user);
        store().tenants().disableKey(OpenStore.ROOT, KEY);
        assertThat(find(user)).isEqualTo(new Sessions.Found.Invalid());
        assertThat(find(role)).isEqualTo(new Sessions.Found.Invalid());
        assertThatThrownBy(() -> begin(ANN, Duration.ofHours(1), "")).isInstanceOf(Problem.class);
    }

    @Test
    void a_token_ends_with_its_user() throws IOException {
        Sessions.Issued user = begin(ANN, Duration.ofHours(1), "");
        identities().delete(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann");
        assertThat(find(user)).isEqualTo(new Sessions.Found.Invalid());
    }

    @Test
    void a_token_ends_with_its_role_and_is_none_of_one_made_again() throws IOException {
        Sessions.Issued role = begin(READER, Duration.ofHours(1), "");
        identities().putTrust(OpenStore.ROOT, TENANT, "reader", TRUST);
        assertOpen(find(role), role);
        identities().delete(OpenStore.ROOT, TENANT, IdentityKind.ROLE, "reader");
        assertThat(find(role)).isEqualTo(new Sessions.Found.Invalid());
        role();
        assertThat(find(role)).isEqualTo(new Sessions.Found.Invalid());
        Sessions.Issued anew = begin(READER, Duration.ofHours(1), "");
        assertOpen(find(anew), anew);
    }

    @Test
    void the_longest_policy_fits_a_token_of_the_longest_names() throws IOException {
        String name = "n".repeat(64);
        var key = new AccessKeyId("K".repeat(128));
        identities().add(OpenStore.ROOT, TENANT, IdentityKind.ROLE, name, TRUST, 3600);
        store().tenants().addKey(OpenStore.ROOT, TENANT, Optional.of("ann"), key, SECRET.clone());
        Principal principal = Principal.role(name, name);
        String policy = "p".repeat(Sessions.MAX_POLICY);
        var terms = new Sessions.Terms(TENANT, principal, key, true, Duration.ofHours(1), policy);
        Sessions.Issued issued = store().sessions().begin(caller(), terms);
        assertThat(issued.token()).hasSizeLessThanOrEqualTo(Sessions.MAX_TOKEN);
        assertThat(issued.packedPolicyPercent()).isEqualTo(100);
        assertOpen(find(issued), issued);
    }

    @Test
    void a_changed_token_or_one_with_another_key_is_invalid() throws IOException {
        Sessions.Issued issued = begin(READER, Duration.ofHours(1), "");
        Sessions sessions = store().sessions();
        var invalid = new Sessions.Found.Invalid();
        assertThat(sessions.find(new AccessKeyId("ASIAOTHER"), issued.token())).isEqualTo(invalid);
        assertThat(sessions.find(KEY, issued.token())).isEqualTo(invalid);
        byte[] token = Base64.getDecoder().decode(issued.token());
        long seed = 11;
        var random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] changed = token.clone();
            int at = i < token.length ? i : random.nextInt(token.length);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            String text = Base64.getEncoder().encodeToString(changed);
            assertThat(sessions.find(issued.session().id(), text))
                    .as("seed %d, byte %d", seed, at)
                    .isEqualTo(invalid);
            String cut =
                    issued.token().substring(0, random.nextInt(issued.token().length()));
            assertThat(sessions.find(issued.session().id(), cut)).isEqualTo(invalid);
        }
        for (String text : new String[] {"", "A", "AQ==", "not base64!", "A".repeat(Sessions.MAX_TOKEN + 1)}) {
            assertThat(sessions.find(issued.session().id(), text)).isEqualTo(invalid);
        }
        assertOpen(find(issued), issued);
    }
}
