package allod.admin;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.Problem;
import allod.store.IdentityKind;
import java.util.List;
import java.util.Optional;

/** What an operator may do to users, groups and roles; each call that changes something is an event of the tenant's. */
public interface IdentityAdministration {
    /** Longest page of a list. */
    int MAX_PAGE = 100;

    /** Most values of conditions in one question. */
    int MAX_CONDITIONS = 50;

    /**
     * Makes a user, group or role.
     *
     * @param role what a role has; empty for others
     * @throws Problem NO_SUCH_TENANT, IDENTITY_EXISTS, INVALID_ARGUMENT naming what is wrong in the policy, too
     */
    Identity add(Principal actor, Named named, Optional<RoleTerms> role);

    /** Those of a kind by name; {@code after} is the name of the last one seen. */
    List<Identity> list(Principal actor, String tenant, IdentityKind kind, Optional<String> after, int limit);

    /**
     * Ends one. A user's access keys are disabled with it; a group must be empty.
     *
     * @throws Problem NO_SUCH_TENANT, NO_SUCH_IDENTITY, CONFLICT
     */
    void delete(Principal actor, Named named);

    /**
     * Hangs a policy on one, in place of one of the same name.
     *
     * @throws Problem NO_SUCH_IDENTITY, INVALID_ARGUMENT naming what is wrong in the policy
     */
    void putPolicy(Principal actor, Named named, String policy, String json);

    /** @throws Problem NO_SUCH_IDENTITY, NO_SUCH_POLICY */
    String getPolicy(Principal actor, Named named, String policy);

    /** @throws Problem NO_SUCH_IDENTITY, NO_SUCH_POLICY */
    void deletePolicy(Principal actor, Named named, String policy);

    /** Who may take a role. */
    String getTrust(Principal actor, String tenant, String role);

    /** @throws Problem NO_SUCH_IDENTITY, INVALID_ARGUMENT naming what is wrong in the policy */
    void putTrust(Principal actor, String tenant, String role, String json);

    /** Puts a user into a group, or takes it out. */
    void setMember(Principal actor, String tenant, String group, String user, boolean member);

    /** How a request would be decided now. */
    Explanation check(Principal actor, Question question);

    /** Which one. */
    record Named(String tenant, IdentityKind kind, String name) {}

    /** @param maxSessionSeconds 3,600 to 43,200 */
    record RoleTerms(String trust, int maxSessionSeconds) {}

    /**
     * What is shown of one.
     *
     * @param created when, as RFC 3339
     * @param policies their names
     * @param groups those that a user is in
     * @param users how many are in a group
     * @param maxSessionSeconds of a role; 0 for others
     */
    record Identity(
            String name,
            String created,
            List<String> policies,
            List<String> groups,
            List<AccessKeyId> keys,
            int users,
            int maxSessionSeconds) {
        public Identity {
            policies = List.copyOf(policies);
            groups = List.copyOf(groups);
            keys = List.copyOf(keys);
        }
    }

    /**
     * What is asked of the policies.
     *
     * @param tenant whose the principal is; empty for who does not sign
     * @param principal {@code root}, {@code user/NAME}, {@code role/NAME/SESSION} or {@code anonymous}
     * @param conditions each {@code KEY=VALUE}
     */
    record Question(
            Optional<String> tenant, String principal, String action, String resource, List<String> conditions) {
        public Question {
            conditions = List.copyOf(conditions);
        }
    }

    /**
     * How it would be decided, and why.
     *
     * @param statements each statement that speaks of the request, as {@code allow SID of POLICY}
     */
    record Explanation(boolean allowed, String why, List<String> statements) {
        public Explanation {
            statements = List.copyOf(statements);
        }
    }
}
