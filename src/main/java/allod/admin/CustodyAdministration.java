package allod.admin;

import allod.base.Principal;
import allod.base.Problem;
import java.util.List;
import java.util.Optional;

/** What an operator may do about who holds keys; each change is an event of the owner's, with its evidence. */
public interface CustodyAdministration {
    /** Longest page of domains. */
    int MAX_PAGE = 50;

    /** Most custodians of one domain. */
    int MAX_CUSTODIANS = 16;

    /** The domains by number; {@code after} is the last one seen, -1 before the first. */
    List<Domain> show(Principal actor, int after, int limit);

    /**
     * Gives a domain that the custody folder alone holds to others; makes a bucket that is new or empty a domain of its own.
     *
     * @throws Problem INVALID_ARGUMENT, CUSTODIAN_AWAY, BUCKET_NOT_EMPTY, NO_SUCH_TENANT, NO_SUCH_BUCKET; BUSY if it goes
     *     on beyond the time a caller waits
     */
    Change attach(Principal actor, Target target, Holders holders);

    /** Takes a domain from the custodians it has to others. Problems as {@link #attach}. */
    Change migrate(Principal actor, Target target, Holders holders);

    /** Makes a new root for the same custodians. Problems as {@link #attach}. */
    Change rotate(Principal actor, Target target);

    /**
     * Begins a drill: from now on the server does not ask the custodians of the domain.
     *
     * @throws Problem CUSTODIAN_AWAY if it cannot be read anyway, CONFLICT if one runs, INVALID_ARGUMENT
     */
    Drill beginDrill(Principal actor, Target target);

    /** How a drill stands; tries to read. */
    Drill lookAtDrill(Principal actor, int domain);

    /**
     * Ends a drill: the custodians are asked again.
     *
     * @throws Problem INVALID_ARGUMENT if none runs
     */
    DrillEnd endDrill(Principal actor, int domain);

    /**
     * The events of a drill that has ended, with their proofs.
     *
     * @param end number of its last event in the owner's chain
     * @throws Problem NOT_YET until a signed checkpoint covers them; INVALID_ARGUMENT if no drill ended there
     */
    byte[] drillEvidence(Principal actor, int domain, long end);

    /**
     * Whose domain is meant.
     *
     * @param tenant its owner; with a bucket only for one that is to be made
     * @param bucket a bucket with a domain of its own; absent for the tenant's first domain
     */
    record Target(Optional<String> tenant, Optional<String> bucket) {
        /** @throws IllegalArgumentException if neither is given */
        public Target {
            if (tenant.isEmpty() && bucket.isEmpty()) {
                throw new IllegalArgumentException("a domain is a tenant's or a bucket's");
            }
        }
    }

    /** Who shall hold a root, and how many of them open it. */
    record Holders(int threshold, List<String> custodians) {
        /** @throws IllegalArgumentException if there is no such set */
        public Holders {
            custodians = List.copyOf(custodians);
            if (custodians.isEmpty() || custodians.size() > MAX_CUSTODIANS) {
                throw new IllegalArgumentException("a domain has 1 to " + MAX_CUSTODIANS + " custodians");
            }
            if (threshold < 1 || threshold > custodians.size()) {
                throw new IllegalArgumentException(
                        "of " + custodians.size() + " custodians 1 to " + custodians.size() + " open a root");
            }
        }
    }

    /**
     * A custodian of a domain.
     *
     * @param kind such as {@code file}; empty if it is not set up on this server
     * @param assurance what its destructions are worth, such as E0; empty likewise
     * @param status {@code available}, or why it is away
     * @param holds whether the current root was given to it
     */
    record Holder(String id, String kind, String assurance, String status, boolean holds) {}

    /** What a custodian that was away may still hold of an old root. */
    record Outstanding(String custodian, long generation, String why) {}

    /**
     * A domain's custody.
     *
     * @param buckets some of those whose objects stand in it
     * @param open whether its keys may be used now
     * @param lease how long they may be used before the custodians are asked again, in milliseconds
     * @param leaseLeft how much of it is left
     * @param degraded whether fewer custodians hold the root than should
     * @param outstanding the first of what could not be destroyed yet
     * @param drill whether a drill withholds its keys
     */
    record Domain(
            int number,
            String tenant,
            List<String> buckets,
            long generation,
            int threshold,
            List<Holder> custodians,
            boolean open,
            long lease,
            long leaseLeft,
            boolean degraded,
            List<Outstanding> outstanding,
            boolean drill) {}

    /** How one custodian destroyed its part of the old root. */
    record Destroyed(String custodian, String assurance, String response, String probe) {}

    /**
     * What a change came to.
     *
     * @param notes what the examination of the custodians found that forbids nothing
     */
    record Change(Domain domain, List<String> notes, List<Destroyed> destroyed) {}

    /**
     * How a drill stands.
     *
     * @param refused whether reading fails now
     * @param read what reading came to, in words
     * @param lease as {@link Domain} has it
     */
    record Drill(int domain, boolean refused, String read, long lease) {}

    /**
     * What a drill showed.
     *
     * @param end number of its last event in the owner's chain
     * @param passed whether reading worked before, failed within the lease, and works again
     * @param refusedAfter milliseconds from the begin to the first read that failed, as far as it was looked; -1 if none did
     */
    record DrillEnd(
            int domain, long end, boolean passed, String before, String without, String after, long refusedAfter) {}
}
