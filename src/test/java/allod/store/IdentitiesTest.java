package allod.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users, groups and roles: what hangs on them, their limits, and that their end is at once and for good. */
class IdentitiesTest {
    private static final TenantId TENANT = new TenantId(1);
    private static final TenantId OTHER = new TenantId(2);
    private static final byte[] NONE = {};
    private static final byte[] SECRET = "a secret of some user's".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder = Path.of("");

    private static NamedIdentity user(OpenStore open, String name) throws IOException {
        return open.store.identities().add(OpenStore.ROOT, TENANT, IdentityKind.USER, name, NONE, 0);
    }

    private static NamedIdentity group(OpenStore open, String name) throws IOException {
        return open.store.identities().add(OpenStore.ROOT, TENANT, IdentityKind.GROUP, name, NONE, 0);
    }

    private static AccessKeyId key(OpenStore open, String user, String id) throws IOException {
        var key = new AccessKeyId(id);
        open.store.tenants().addKey(OpenStore.ROOT, TENANT, Optional.of(user), key, SECRET.clone());
        return key;
    }

    private static NamedIdentity.Document policy(String name) {
        return new NamedIdentity.Document(name, name.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<NamedIdentity> find(OpenStore open, IdentityKind kind, String name) {
        return open.store.identities().find(TENANT, kind, name);
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.reason()).isEqualTo(reason));
    }

    @Test
    void what_hangs_on_a_user_is_there_at_once_and_after_a_restart() throws IOException {
        OpenStore open = OpenStore.in(folder);
        Identities identities = open.store.identities();
        assertThat(find(open, IdentityKind.USER, "ann")).isEmpty();
        NamedIdentity made = user(open, "ann");
        assertThat(find(open, IdentityKind.USER, "ann")).containsSame(made);
        assertThat(identities.find(OTHER, IdentityKind.USER, "ann")).isEmpty();
        assertThat(find(open, IdentityKind.ROLE, "ann")).isEmpty();
        group(open, "staff");
        identities.putPolicy(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann", policy("write"));
        identities.putPolicy(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann", policy("read"));
        identities.setMember(OpenStore.ROOT, TENANT, "staff", "ann", true);
        key(open, "ann", "AKANN");
        try (OpenStore again = open.reopen()) {
            NamedIdentity ann = find(again, IdentityKind.USER, "ann").orElseThrow();
            assertThat(ann.policies()).extracting(NamedIdentity.Document::name).containsExactly("read", "write");
            assertThat(ann.groups()).containsExactly("staff");
            assertThat(ann.keys()).containsExactly(new AccessKeyId("AKANN"));
            assertThat(ann.created()).isEqualTo(made.created());
            assertThat(again.store
                            .tenants()
                            .find(new AccessKeyId("AKANN"))
                            .orElseThrow()
                            .principal())
                    .isEqualTo(Principal.user("ann"));
            assertThat(again.history())
                    .extracting(OpenStore::body)
                    .anyMatch(body -> body.contains("\"type\":\"user.add\"") && body.contains("\"user\":\"ann\""))
                    .anyMatch(body -> body.contains("\"type\":\"group.add\""))
                    .anyMatch(body -> body.contains("\"type\":\"user.policy.put\"")
                            && body.contains("\"policy\":\"write\",\"size\":5"))
                    .anyMatch(body -> body.contains("\"type\":\"group.member.add\""))
                    .anyMatch(body -> body.contains("\"type\":\"key.add\"") && body.contains("\"user\":\"ann\""));
        }
    }

    @Test
    void a_deleted_user_takes_its_keys_with_it_and_one_made_again_has_nothing_of_it() throws IOException {
        OpenStore open = OpenStore.in(folder);
        Identities identities = open.store.identities();
        user(open, "ann");
        group(open, "staff");
        identities.putPolicy(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann", policy("read"));
        identities.setMember(OpenStore.ROOT, TENANT, "staff", "ann", true);
        AccessKeyId first = key(open, "ann", "AKFIRST");
        AccessKeyId second = key(open, "ann", "AKSECOND");
        identities.delete(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann");
        assertThat(find(open, IdentityKind.USER, "ann")).isEmpty();
        for (AccessKeyId key : List.of(first, second)) {
            assertThat(open.store.tenants().find(key)).isEmpty();
            byte[] row = java.util.Objects.requireNonNull(open.ground().map().get(MapKey.accessKey(key)));
            assertThat(open.ground()
                            .secrets()
                            .secret(Domains.SYSTEM, AccessKeyRow.decode(row).slot()))
                    .isEmpty();
        }
        assertRefused(
                Reason.NO_SUCH_IDENTITY, () -> identities.delete(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann"));
        assertRefused(Reason.NO_SUCH_IDENTITY, () -> key(open, "ann", "AKTHIRD"));
        identities.delete(OpenStore.ROOT, TENANT, IdentityKind.GROUP, "staff");
        NamedIdentity again = user(open, "ann");
        assertThat(again.policies()).isEmpty();
        assertThat(again.groups()).isEmpty();
        assertThat(again.keys()).isEmpty();
        try (OpenStore reopened = open.reopen()) {
            assertThat(reopened.store.tenants().find(first)).isEmpty();
            assertThat(find(reopened, IdentityKind.USER, "ann").orElseThrow().created())
                    .isEqualTo(again.created());
        }
    }

    @Test
    void a_disabled_key_makes_room_for_another() throws IOException {
        try (OpenStore open = OpenStore.in(folder)) {
            user(open, "ann");
            AccessKeyId first = key(open, "ann", "AKFIRST");
            key(open, "ann", "AKSECOND");
            assertRefused(Reason.INVALID_ARGUMENT, () -> key(open, "ann", "AKTHIRD"));
            assertThat(open.store.tenants().find(new AccessKeyId("AKTHIRD"))).isEmpty();
            open.store.tenants().disableKey(OpenStore.ROOT, first);
            AccessKeyId third = key(open, "ann", "AKTHIRD");
            assertThat(find(open, IdentityKind.USER, "ann").orElseThrow().keys())
                    .containsExactly(new AccessKeyId("AKSECOND"), third);
        }
    }

    @Test
    void a_user_has_the_most_policies_and_groups_and_not_one_more() throws IOException {
        try (OpenStore open = OpenStore.in(folder)) {
            Identities identities = open.store.identities();
            user(open, "ann");
            for (int i = 0; i < IdentityKind.MAX_POLICIES; i++) {
                identities.putPolicy(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann", policy("p" + i));
            }
            assertRefused(
                    Reason.INVALID_ARGUMENT,
                    () -> identities.putPolicy(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann", policy("more")));
            identities.putPolicy(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann", policy("p0"));
            identities.deletePolicy(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann", "p0");
            assertRefused(
                    Reason.NO_SUCH_POLICY,
                    () -> identities.deletePolicy(OpenStore.ROOT, TENANT, IdentityKind.USER, "ann", "p0"));
            for (int i = 0; i <= IdentityKind.MAX_GROUPS; i++) {
                group(open, "g" + i);
            }
            for (int i = 0; i < IdentityKind.MAX_GROUPS; i++) {
                identities.setMember(OpenStore.ROOT, TENANT, "g" + i, "ann", true);
            }
            assertRefused(
                    Reason.INVALID_ARGUMENT, () -> identities.setMember(OpenStore.ROOT, TENANT, "g10", "ann", true));
            identities.setMember(OpenStore.ROOT, TENANT, "g3", "ann", true);
            assertThat(identities.members(TENANT, "g3")).isEqualTo(1);
            assertRefused(Reason.CONFLICT, () -> identities.delete(OpenStore.ROOT, TENANT, IdentityKind.GROUP, "g3"));
            identities.setMember(OpenStore.ROOT, TENANT, "g3", "ann", false);
            identities.delete(OpenStore.ROOT, TENANT, IdentityKind.GROUP, "g3");
            assertThat(identities.members(TENANT, "g10")).isZero();
        }
    }

    @Test
    void a_tenant_has_the_most_groups_and_not_one_more_and_lists_them_page_by_page() throws IOException {
        try (OpenStore open = OpenStore.in(folder)) {
            for (int i = 0; i < IdentityKind.GROUP.maxPerTenant(); i++) {
                group(open, String.format("g%03d", i));
            }
            assertRefused(Reason.INVALID_ARGUMENT, () -> group(open, "one-more"));
            user(open, "g000");
            Identities identities = open.store.identities();
            assertThat(identities.list(TENANT, IdentityKind.GROUP, "", 2))
                    .extracting(NamedIdentity::name)
                    .containsExactly("g000", "g001");
            assertThat(identities.list(TENANT, IdentityKind.GROUP, "g298", 2))
                    .extracting(NamedIdentity::name)
                    .containsExactly("g299");
            assertThat(identities.list(OTHER, IdentityKind.GROUP, "", 2)).isEmpty();
            assertRefused(Reason.IDENTITY_EXISTS, () -> user(open, "g000"));
        }
    }

    @Test
    void names_and_documents_are_bounded() {
        assertThat(NamedIdentity.isValidName("a".repeat(64))).isTrue();
        assertThat(NamedIdentity.isValidName("a".repeat(65))).isFalse();
        assertThat(NamedIdentity.isValidName("")).isFalse();
        assertThat(NamedIdentity.isValidName("a/b")).isFalse();
        assertThat(NamedIdentity.isValidName("a b")).isFalse();
        assertThat(NamedIdentity.isValidName("ä")).isFalse();
        assertThat(NamedIdentity.isValidName("Ann_+=,.@-1")).isTrue();
        assertThat(new NamedIdentity.Document("p", new byte[NamedIdentity.MAX_DOCUMENT]).json())
                .hasSize(NamedIdentity.MAX_DOCUMENT);
        assertThatThrownBy(() -> new NamedIdentity.Document("p", new byte[NamedIdentity.MAX_DOCUMENT + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        // The longest principal there is.
        assertThat(Principal.role("r".repeat(64), "s".repeat(64)).asRole()).contains("r".repeat(64));
    }
}
