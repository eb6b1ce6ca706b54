package allod.sts;

import allod.base.Principal;
import allod.base.TenantId;
import allod.policy.Evaluation;
import allod.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Which roles there are, and what hangs on those who ask for them. Answers from memory. */
public interface Roles {
    /**
     * What is asked of a role before it is taken.
     *
     * @param trust who may take it
     * @param maxSession how long a session of it may last
     */
    record Role(Policy trust, Duration maxSession) {}

    /** A role of a tenant; empty if there is none. */
    Optional<Role> role(TenantId tenant, String name);

    /** The policies of a user and its groups, or of a role; empty where there are none. */
    List<Evaluation.Named> policies(TenantId tenant, Principal principal);
}
