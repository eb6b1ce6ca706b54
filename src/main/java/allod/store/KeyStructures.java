package allod.store;

import allod.keys.RootRecord;
import allod.receipt.SurvivingCopy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells an owner how the keys of an object stand; the question is an event, and the answer is of that event's moment. */
final class KeyStructures {
    private static final String ACTION = "object.readers";

    private final Ground ground;
    private final Buckets buckets;
    private final VersionIds ids;
    private final Supplier<List<SurvivingCopy>> survivors;

    KeyStructures(Ground ground, Buckets buckets, VersionIds ids, Supplier<List<SurvivingCopy>> survivors) {
        this.survivors = survivors;
        this.ground = ground;
        this.buckets = buckets;
        this.ids = ids;
    }

    /**
     * @param version the current one if empty
     * @throws allod.base.Problem NO_SUCH_BUCKET, NO_SUCH_KEY, NO_SUCH_VERSION, IS_DELETE_MARKER, ACCESS_DENIED for anybody
     *     but the bucket's owner
     */
    KeyStructure of(Caller caller, BucketName name, ObjectKey key, Optional<VersionId> version) throws IOException {
        BucketRow before = buckets.owned(caller, name, key, ACTION);
        Which which = ids.which(version);
        List<String> surviving =
                survivors.get().stream().map(SurvivingCopy::what).toList();
        return ground.sequencer()
                .submit(transaction -> {
                    BucketRow bucket = Buckets.still(transaction, name, before);
                    EventBody event = EventBody.of(ACTION, caller).bucket(name).key(key);
                    Optional<KeyVersions.Placed> placed = KeyVersions.find(transaction, bucket, key, which);
                    Optional<KeyStructure> found = placed.map(KeyVersions.Placed::row)
                            .filter(row -> !row.isMarker())
                            .flatMap(row -> read(transaction, bucket, row, surviving));
                    found.ifPresent(keys -> event.version(keys.version()).number("generation", keys.generation()));
                    byte[] body = event.outcome(found.isPresent() ? "ok" : "not found")
                            .toBytes();
                    transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body));
                    if (found.isEmpty()) {
                        transaction.refuse(Refusals.nothing(placed.isPresent(), version.isPresent()));
                    }
                    return found;
                })
                .orElseThrow(Refusals::noSuchKey);
    }

    private Optional<KeyStructure> read(
            Transaction transaction, BucketRow bucket, NameRow name, List<String> surviving) {
        byte[] root = transaction.get(MapKey.root(bucket.domain()));
        if (root == null) {
            return Optional.empty();
        }
        RootRecord record = DomainRow.decode(root).root();
        return Optional.of(new KeyStructure(
                name.order(),
                ids.shown(bucket, name),
                bucket.domain(),
                record.generation(),
                record.plan().threshold(),
                record.wraps().stream().map(RootRecord.Wrap::custodian).toList(),
                record.degraded(),
                envelopes(transaction, bucket.domain(), name.slot()),
                surviving,
                transaction.get(MapKey.configuration(bucket.id(), ConfigurationKind.POLICY)) != null,
                Buckets.tenant(transaction, bucket.owner()).name()));
    }

    /** The version's own, then those of its shares, each with the party of its escrow. */
    private static List<KeyStructure.Envelope> envelopes(Transaction transaction, int domain, long slot) {
        List<KeyStructure.Envelope> envelopes = new ArrayList<>(1);
        envelopes.add(KeyStructure.Envelope.OWN);
        byte[] version = transaction.get(MapKey.slot(domain, slot));
        List<Long> shares =
                version == null ? List.of() : SlotRow.decode(version).shareSlots();
        for (long share : shares) {
            byte[] row = transaction.get(MapKey.slot(domain, share));
            if (row != null) {
                byte[] id = ShareRecord.of(SlotRow.decode(row)).escrow();
                byte[] escrow = java.util.Objects.requireNonNull(transaction.get(MapKey.escrow(id)));
                envelopes.add(new KeyStructure.Envelope(
                        Optional.of(EscrowRow.decode(id, escrow).party())));
            }
        }
        return envelopes;
    }
}
