package allod.store;

import static org.assertj.core.api.Assertions.assertThat;

import allod.base.AccessKeyId;
import allod.base.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failed authentications are events of those whose keys they claimed, and however many there are they are few events. */
class AuthenticationFailuresTest {
    private static final AccessKeyId KEY = new AccessKeyId("AKOWNER");

    @TempDir
    Path folder = Path.of("");

    private static List<String> events(OpenStore open, TenantId tenant) throws IOException {
        return open.store.parts().history().read(tenant, 0, Integer.MAX_VALUE).stream()
                .map(OpenStore::body)
                .filter(body -> body.contains("\"type\":\"authentication.failed\""))
                .toList();
    }

    private static void key(OpenStore open) throws IOException {
        byte[] secret = "a secret of the owner".getBytes(StandardCharsets.UTF_8);
        open.store.tenants().addKey(OpenStore.ROOT, new TenantId(1), KEY, secret);
    }

    @Test
    void what_is_alike_is_one_event_with_its_number() throws IOException {
        try (OpenStore open = OpenStore.in(folder)) {
            key(open);
            AuthenticationFailures failures = open.store.authenticationFailures();
            for (int i = 0; i < 3; i++) {
                failures.failed("192.0.2.7", "MISMATCH", Optional.of(KEY));
            }
            failures.failed("192.0.2.7", "SKEWED", Optional.of(KEY));
            failures.failed("192.0.2.7", "UNKNOWN_KEY", Optional.of(new AccessKeyId("NOBODYS")));
            failures.failed("192.0.2.8", "MALFORMED_HEADER", Optional.empty());
            assertThat(events(open, new TenantId(1))).isEmpty();
            failures.write();
            assertThat(events(open, new TenantId(1)))
                    .hasSize(2)
                    .anyMatch(body -> body.contains("\"source\":\"192.0.2.7\",\"access_key\":\"AKOWNER\","
                            + "\"kind\":\"MISMATCH\",\"count\":3,\"since\":\"2026-03-29T12:00:00Z\""))
                    .anyMatch(body -> body.contains("\"kind\":\"SKEWED\",\"count\":1"));
            // Nothing of what nobody has is repeated: whoever asked may have typed a secret in its place.
            assertThat(events(open, TenantId.SYSTEM))
                    .hasSize(2)
                    .noneMatch(body -> body.contains("NOBODYS") || body.contains("access_key"));
            failures.write();
            assertThat(events(open, new TenantId(1))).hasSize(2);
        }
    }

    @Test
    void a_disabled_key_is_its_owners_still() throws IOException {
        try (OpenStore open = OpenStore.in(folder)) {
            key(open);
            open.store.tenants().disableKey(OpenStore.ROOT, KEY);
            open.store.authenticationFailures().failed("192.0.2.7", "UNKNOWN_KEY", Optional.of(KEY));
            open.store.authenticationFailures().write();
            assertThat(events(open, new TenantId(1))).hasSize(1);
        }
    }

    @Test
    void sources_past_the_limit_are_counted_together() throws IOException {
        try (OpenStore open = OpenStore.in(folder)) {
            key(open);
            AuthenticationFailures failures = open.store.authenticationFailures();
            for (int i = 0; i < AuthenticationFailures.PER_TENANT; i++) {
                failures.failed("192.0.2." + i, "MISMATCH", Optional.of(KEY));
            }
            failures.write();
            assertThat(events(open, new TenantId(1)))
                    .hasSize(AuthenticationFailures.PER_TENANT)
                    .noneMatch(body -> body.contains("others"));
            for (int i = 0; i < AuthenticationFailures.PER_TENANT + 5; i++) {
                failures.failed("192.0.3." + i, "MISMATCH", Optional.of(KEY));
            }
            failures.failed("192.0.3.0", "MISMATCH", Optional.of(KEY));
            failures.write();
            assertThat(events(open, new TenantId(1)))
                    .hasSize(2 * AuthenticationFailures.PER_TENANT + 1)
                    .anyMatch(body -> body.contains("\"source\":\"others\"") && body.contains("\"count\":5"))
                    .anyMatch(body -> body.contains("\"source\":\"192.0.3.0\"") && body.contains("\"count\":2"));
        }
    }

    @Test
    void tenants_past_the_limit_are_told_in_the_systems_chain() throws IOException {
        try (OpenStore open = OpenStore.in(folder)) {
            key(open);
            byte[] secret = "a secret of the other".getBytes(StandardCharsets.UTF_8);
            var other = new AccessKeyId("AKOTHER");
            open.store.tenants().addKey(OpenStore.ROOT, new TenantId(2), other, secret);
            try (var failures = new AuthenticationFailures(open.ground(), open.store.tenants(), open.clock, 1)) {
                failures.failed("192.0.2.7", "MISMATCH", Optional.of(KEY));
                failures.failed("192.0.2.7", "MISMATCH", Optional.of(other));
                failures.failed("192.0.2.8", "MISMATCH", Optional.of(KEY));
                failures.write();
            }
            assertThat(events(open, new TenantId(1))).hasSize(2);
            assertThat(events(open, new TenantId(2))).isEmpty();
            assertThat(events(open, TenantId.SYSTEM))
                    .singleElement()
                    .satisfies(body -> assertThat(body).contains("\"access_key\":\"AKOTHER\""));
        }
    }

    @Test
    void what_was_counted_is_written_when_the_store_closes() throws IOException {
        OpenStore open = OpenStore.in(folder);
        key(open);
        open.store.authenticationFailures().failed("192.0.2.7", "MISMATCH", Optional.of(KEY));
        try (OpenStore again = open.reopen()) {
            assertThat(events(again, new TenantId(1))).hasSize(1);
        }
    }
}
