package allod.s3;

import allod.base.Principal;
import allod.base.TenantId;
import allod.policy.Evaluation;
import java.util.List;
import java.util.Optional;

/** Who there is, and what hangs on them. Asked with many requests, by many threads, so it answers from memory. */
public interface Directory {
    /** The policies of a user and its groups, or of a role; empty where there are none. */
    List<Evaluation.Named> policies(TenantId tenant, Principal principal);

    /** Whether there is this user, or the role of this session. */
    boolean exists(TenantId tenant, Principal principal);

    /** An owner's name, as access lists show it; empty if there is no such owner. */
    Optional<String> name(TenantId tenant);
}
