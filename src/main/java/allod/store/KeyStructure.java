package allod.store;

import allod.pact.Party;
import java.util.List;
import java.util.Optional;

/**
 * The keys that lead to one object version, as far as they are no secret: what "who can read this" is computed from.
 *
 * @param version the version's order
 * @param versionId its id; empty in a bucket that was never versioned
 * @param domain the erasure domain's local number
 * @param generation of the domain's root, at the moment of the event that this was asked in
 * @param threshold how many of the custodians are needed to open the root
 * @param custodians the id of each custodian that holds a wrap of the root
 * @param degraded whether fewer custodians hold one than should
 * @param envelopes the version's own, and one for each party in escrow
 * @param survivors copies of keys that erasures do not reach, such as custody mirrors that were given up; in words
 * @param policy whether the bucket has a policy, by which others may read through the gateway
 * @param tenant the name of the bucket's owner
 */
public record KeyStructure(
        long version,
        Optional<VersionId> versionId,
        int domain,
        long generation,
        int threshold,
        List<String> custodians,
        boolean degraded,
        List<Envelope> envelopes,
        List<String> survivors,
        boolean policy,
        String tenant) {
    public KeyStructure {
        survivors = List.copyOf(survivors);
        custodians = List.copyOf(custodians);
        envelopes = List.copyOf(envelopes);
    }

    /**
     * One way to the content key, beside the root of the domain's key tree.
     *
     * @param party to whose key the envelope's access secret is sealed; empty where it needs none
     */
    public record Envelope(Optional<Party> party) {
        /** The version's own: whoever has the root opens it. */
        static final Envelope OWN = new Envelope(Optional.empty());
    }
}
