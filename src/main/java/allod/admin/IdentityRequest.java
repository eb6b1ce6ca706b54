package allod.admin;

import allod.admin.IdentityAdministration.Named;
import allod.admin.IdentityAdministration.Question;
import allod.admin.IdentityAdministration.RoleTerms;
import allod.store.IdentityKind;
import java.util.Optional;

/** A request about users, groups and roles. */
sealed interface IdentityRequest {
    record Add(Named named, Optional<RoleTerms> role) implements IdentityRequest {}

    record ListAll(String tenant, IdentityKind kind, Optional<String> after, int limit) implements IdentityRequest {}

    record Delete(Named named) implements IdentityRequest {}

    record PutPolicy(Named named, String policy, String json) implements IdentityRequest {}

    record GetPolicy(Named named, String policy) implements IdentityRequest {}

    record DeletePolicy(Named named, String policy) implements IdentityRequest {}

    record GetTrust(String tenant, String role) implements IdentityRequest {}

    record PutTrust(String tenant, String role, String json) implements IdentityRequest {}

    record SetMember(String tenant, String group, String user, boolean member) implements IdentityRequest {}

    record Check(Question question) implements IdentityRequest {}
}
