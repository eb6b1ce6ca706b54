package allod.store;

import allod.pact.Party;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A party that gets an envelope of its own for each new object version.
 *
 * @param id 32 hexadecimal digits
 * @param recipient the party's X25519 public key, base64 of 32 bytes
 * @param tenant the owner whose objects it is about
 * @param bucket the one bucket that it is about; empty for all of the tenant
 * @param exempt some of the tenant's buckets that forbid escrow, where it is about the tenant
 * @param inForce whether new versions still get an envelope
 */
public record Escrow(
        String id,
        Party party,
        String recipient,
        String tenant,
        Optional<String> bucket,
        List<String> exempt,
        Instant created,
        boolean inForce) {
    public Escrow {
        exempt = List.copyOf(exempt);
    }

    /** What an escrow is about. */
    public sealed interface Scope {
        /** One bucket. */
        record OfBucket(BucketName bucket) implements Scope {}

        /** All buckets of a tenant, by its name, those made later included. */
        record OfTenant(String tenant) implements Scope {}
    }
}
