package allod.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who a principal is in the words of policies. */
class WhoTest {
    private static Who who(String principal) {
        return Who.of(3, principal);
    }

    @Test
    void root_users_and_sessions_of_roles_are_told_apart() {
        assertThat(who("root")).isEqualTo(Who.root("000000000003"));
        assertThat(who("user/ann")).isEqualTo(Who.user("000000000003", "ann"));
        assertThat(who("role/reader/night")).isEqualTo(Who.role("000000000003", "reader", "night"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"job/1", "Root", "root/x2", "user", "group/all"})
    void a_principal_of_another_form_is_never_the_root(String principal) {
        assertThat(who(principal).kind()).isEqualTo(Who.Kind.USER);
    }
}
