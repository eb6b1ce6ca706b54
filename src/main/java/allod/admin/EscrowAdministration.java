package allod.admin;

import allod.base.Principal;
import allod.base.Problem;
import allod.pact.Party;
import java.util.List;
import java.util.Optional;

/** What an operator may do about escrow; each call that changes or is refused is an event of the owner's. */
public interface EscrowAdministration {
    /** Longest page of the list. */
    int MAX_PAGE = 100;

    /**
     * Begins an escrow.
     *
     * @param recipient the party's X25519 public key, base64 of 32 bytes
     * @throws Problem NO_SUCH_BUCKET, NO_SUCH_TENANT, ACCESS_DENIED if the bucket forbids it, INVALID_ARGUMENT
     */
    Escrow add(Principal actor, Scope scope, Party party, String recipient);

    /** The escrows by their beginning, removed ones included; {@code after} is the id of the last one seen. */
    List<Escrow> list(Principal actor, Optional<String> after, int limit);

    /**
     * Ends an escrow.
     *
     * @throws Problem NO_SUCH_ESCROW
     */
    Escrow remove(Principal actor, String id);

    /**
     * Forbids escrow in a bucket, for as long as it exists.
     *
     * @throws Problem NO_SUCH_BUCKET, CONFLICT while an escrow holds for it
     */
    void forbid(Principal actor, String bucket);

    /**
     * What an escrow is about.
     *
     * @param tenant the owner's name; not given by a caller who names a bucket
     * @param bucket the one bucket; empty for all of the tenant
     */
    record Scope(Optional<String> tenant, Optional<String> bucket) {
        /** @throws IllegalArgumentException if neither is given */
        public Scope {
            if (tenant.isEmpty() && bucket.isEmpty()) {
                throw new IllegalArgumentException("an escrow is about a bucket or a tenant");
            }
        }
    }

    /**
     * An escrow.
     *
     * @param exempt some of the tenant's buckets that forbid escrow
     * @param created when, as RFC 3339
     * @param inForce whether new versions still get an envelope
     */
    record Escrow(
            String id,
            Party party,
            String recipient,
            Scope scope,
            List<String> exempt,
            String created,
            boolean inForce) {
        public Escrow {
            exempt = List.copyOf(exempt);
        }
    }
}
