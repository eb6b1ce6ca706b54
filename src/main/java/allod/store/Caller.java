package allod.store;

import allod.base.AccessKeyId;
import allod.base.Principal;
import allod.base.TenantId;
import java.util.Set;

/**
 * Who asks, proven by a signature or by the administrative socket, and from where: what every event says of its actor.
 *
 * @param address the peer's IP address as text, or {@code local} for the administrative socket and background work
 * @param requestId the id the answer carries, so that a client's trace and an event find each other
 * @param admission what policies let who is not the owner itself do; the store asks for it wherever a bucket is reached
 */
public record Caller(
        TenantId tenant,
        Principal principal,
        AccessKeyId accessKey,
        String address,
        String requestId,
        Admission admission) {

    /**
     * What was decided before the store was called: a bug that forgets to decide leaves every door closed.
     *
     * @param buckets ids of the buckets for which this very request was allowed
     * @param service whether it may make and list its own tenant's buckets
     * @param strange which of the buckets belong to another tenant, as the events of those then say
     */
    public record Admission(Set<Long> buckets, boolean service, Set<BucketName> strange) {
        public static final Admission NONE = new Admission(Set.of(), false, Set.of());

        public Admission {
            buckets = Set.copyOf(buckets);
            strange = Set.copyOf(strange);
        }
    }

    /** A caller to whom nothing was admitted: the owner itself needs nothing more. */
    public Caller(TenantId tenant, Principal principal, AccessKeyId accessKey, String address, String requestId) {
        this(tenant, principal, accessKey, address, requestId, Admission.NONE);
    }

    public Caller admitted(Admission newAdmission) {
        return new Caller(tenant, principal, accessKey, address, requestId, newAdmission);
    }

    /** Whether this caller may reach a bucket: the owner itself, or whom a decision admitted. */
    boolean mayReach(long bucketId, TenantId owner) {
        return (owner.equals(tenant) && principal.isSovereign())
                || admission.buckets().contains(bucketId);
    }

    /** Whether this caller may make and list its tenant's buckets. */
    boolean mayUseService() {
        return principal.isSovereign() || admission.service();
    }
}
