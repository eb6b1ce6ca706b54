package allod.store;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.EscrowKey;
import allod.pact.Party;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Escrow: adding, removing and forbidding it, each an event in the owner's chain, refusals included. A prohibition stays
 * for the bucket's life.
 */
public final class Escrows {
    /** Escrows of one installation, removed ones included. */
    public static final int MAX_ESCROWS = 1000;

    /** Envelopes for parties in escrow that one version can have. */
    public static final int MAX_PER_VERSION = 8;

    private final Ground ground;
    private final Tenants tenants;

    Escrows(Ground ground, Tenants tenants) {
        this.ground = ground;
        this.tenants = tenants;
    }

    /** What an escrow is about, found: the tenant, and the bucket where there is one. */
    private record Place(TenantId tenant, int domain, Optional<BucketName> name, Optional<BucketRow> bucket) {}

    private Place place(Escrow.Scope scope) {
        return switch (scope) {
            case Escrow.Scope.OfTenant(String name) -> {
                TenantId tenant = tenants.byName(name).id();
                yield new Place(tenant, tenants.firstDomain(tenant), Optional.empty(), Optional.empty());
            }
            case Escrow.Scope.OfBucket(BucketName name) -> {
                byte[] row = ground.map().get(MapKey.bucket(name));
                if (row == null) {
                    throw Refusals.noSuchBucket(name);
                }
                BucketRow bucket = BucketRow.decode(row);
                yield new Place(bucket.owner(), bucket.domain(), Optional.of(name), Optional.of(bucket));
            }
        };
    }

    /**
     * Begins an escrow: every version that is committed from here on has an envelope for the party.
     *
     * @throws Problem NO_SUCH_BUCKET, NO_SUCH_TENANT; ACCESS_DENIED if the bucket forbids it; INVALID_ARGUMENT for a party
     *     without jurisdiction, a key that is none, and past the limits
     */
    public synchronized Escrow add(Principal actor, Escrow.Scope scope, Party party, String recipient)
            throws IOException {
        if (party.jurisdiction().isEmpty()) {
            throw notAdded("The party's jurisdiction is not given.", "Name it, such as DE.");
        }
        EscrowKey key = key(recipient);
        Place place = place(scope);
        byte[] id = new byte[EscrowRow.ID_BYTES];
        ground.random().nextBytes(id);
        EventBody event = about("escrow.add", actor, place)
                .text("party", party.name())
                .text("jurisdiction", party.jurisdiction().orElseThrow().code())
                .text("recipient", recipient);
        EscrowRow added = ground.sequencer().submit(transaction -> {
            place.bucket()
                    .ifPresent(bucket -> Buckets.still(transaction, place.name().orElseThrow(), bucket));
            Optional<Problem> refused = refusal(transaction, place);
            String bucket = place.name().map(BucketName::value).orElse("");
            var row = new EscrowRow(
                    id,
                    place.tenant(),
                    place.bucket().map(BucketRow::id).orElse(0L),
                    bucket,
                    party,
                    key,
                    transaction.nextOrder(),
                    true);
            if (refused.isPresent()) {
                event.outcome("refused: " + refused.get().reason());
                append(transaction, place, EventClass.ACCESS, event);
                transaction.refuse(refused.get());
                return row;
            }
            transaction.put(MapKey.escrow(id), row.encode());
            ground.escrow().changing(transaction);
            append(
                    transaction,
                    place,
                    EventClass.CHANGE,
                    event.text("escrow", row.name()).outcome("ok"));
            return row;
        });
        return shown(added);
    }

    private static EscrowKey key(String recipient) {
        try {
            return EscrowKey.parse(recipient);
        } catch (IllegalArgumentException e) {
            throw notAdded(
                    "It takes that " + e.getMessage() + ".",
                    "Give the party's X25519 public key as docs/who-can-read.md shows.");
        }
    }

    private Optional<Problem> refusal(Transaction transaction, Place place) {
        if (place.bucket()
                .filter(bucket -> EscrowRules.forbidden(transaction, bucket))
                .isPresent()) {
            return Optional.of(new Problem(
                    Reason.ACCESS_DENIED,
                    "No escrow was added.",
                    "The bucket " + place.name().orElseThrow() + " forbids escrow, for as long as it exists.",
                    "Ask its owner for another bucket."));
        }
        List<EscrowRow> all = ground.escrow().all();
        if (all.size() >= MAX_ESCROWS) {
            return Optional.of(notAdded(
                    "An installation has at most " + MAX_ESCROWS + " escrows, removed ones included.",
                    "Set up another installation."));
        }
        if (perVersion(all, place) >= MAX_PER_VERSION) {
            return Optional.of(notAdded(
                    "A version has envelopes for at most " + MAX_PER_VERSION + " parties.", "Remove an escrow first."));
        }
        return Optional.empty();
    }

    /** Most envelopes that a version it is about can have now. */
    private static long perVersion(List<EscrowRow> all, Place place) {
        List<EscrowRow> its = all.stream()
                .filter(row -> row.inForce() && row.tenant().equals(place.tenant()))
                .toList();
        long ofTenant = its.stream().filter(row -> !row.ofBucket()).count();
        long ofBucket = its.stream()
                .filter(EscrowRow::ofBucket)
                .filter(row -> place.bucket().isEmpty()
                        || row.bucketId() == place.bucket().get().id())
                .collect(java.util.stream.Collectors.groupingBy(
                        EscrowRow::bucketId, java.util.stream.Collectors.counting()))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        return ofTenant + ofBucket;
    }

    private static Problem notAdded(String why, String next) {
        return new Problem(Reason.INVALID_ARGUMENT, "No escrow was added.", why, next);
    }

    private static EventBody about(String type, Principal actor, Place place) {
        EventBody body = EventBody.of(type).text("actor", actor.name()).text("purpose", "administration");
        place.name().ifPresent(body::bucket);
        return body.text("scope", place.bucket().isPresent() ? "bucket" : "tenant");
    }

    private static void append(Transaction transaction, Place place, EventClass kind, EventBody body) {
        transaction.append(new Event(place.tenant(), place.domain(), kind, body.toBytes()));
    }

    /** All escrows by their beginning, removed ones included. */
    public List<Escrow> list() {
        return ground.escrow().all().stream()
                .sorted(java.util.Comparator.comparingLong(EscrowRow::created))
                .map(this::shown)
                .toList();
    }

    private Escrow shown(EscrowRow row) {
        Optional<String> bucket = Optional.of(row.bucket()).filter(name -> !name.isEmpty());
        String tenant = tenants.list().stream()
                .filter(it -> it.id().equals(row.tenant()))
                .map(Tenant::name)
                .findFirst()
                .orElse("");
        return new Escrow(
                row.name(),
                row.party(),
                row.recipient().toString(),
                tenant,
                bucket,
                bucket.isPresent() ? List.of() : ground.escrow().exempt(row.tenant()),
                Order.time(row.created()),
                row.inForce());
    }

    /**
     * Ends an escrow: no version that is committed from here on has an envelope for the party.
     *
     * @throws Problem NO_SUCH_ESCROW
     */
    public synchronized Escrow remove(Principal actor, String id) throws IOException {
        EscrowRow row = ground.escrow().all().stream()
                .filter(it -> it.name().equals(id))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Reason.NO_SUCH_ESCROW,
                        "No escrow was removed.",
                        "There is none with the id " + id + ".",
                        "List them: allod custody escrow list."));
        if (!row.inForce()) {
            return shown(row);
        }
        Optional<BucketName> name = row.ofBucket() ? Optional.of(new BucketName(row.bucket())) : Optional.empty();
        var place = new Place(row.tenant(), domainOf(row, name), name, Optional.empty());
        EventBody event = EventBody.of("escrow.remove")
                .text("actor", actor.name())
                .text("purpose", "administration")
                .text("party", row.party().name())
                .text("escrow", row.name())
                .outcome("ok");
        name.ifPresent(event::bucket);
        EscrowRow removed = row.removed();
        ground.sequencer().submit(transaction -> {
            transaction.put(MapKey.escrow(row.id()), removed.encode());
            ground.escrow().changing(transaction);
            append(transaction, place, EventClass.CHANGE, event);
            return true;
        });
        return shown(removed);
    }

    /** The bucket's; where it is gone, or another has its name now, the tenant's first. */
    private int domainOf(EscrowRow row, Optional<BucketName> name) {
        return name.flatMap(its -> Optional.ofNullable(ground.map().get(MapKey.bucket(its))))
                .map(BucketRow::decode)
                .filter(bucket -> bucket.id() == row.bucketId())
                .map(BucketRow::domain)
                .orElseGet(() -> tenants.firstDomain(row.tenant()));
    }

    /**
     * Forbids escrow in a bucket, for as long as it exists. Forbidding again changes nothing.
     *
     * @throws Problem NO_SUCH_BUCKET; CONFLICT while an escrow holds for it
     */
    public synchronized void forbid(Principal actor, BucketName name) throws IOException {
        Place place = place(new Escrow.Scope.OfBucket(name));
        BucketRow bucket = place.bucket().orElseThrow();
        List<EscrowRow> holding = ground.escrow().inForce(bucket).escrows();
        EventBody event = about("escrow.forbid", actor, place);
        ground.sequencer().submit(transaction -> {
            Buckets.still(transaction, name, bucket);
            if (EscrowRules.forbidden(transaction, bucket)) {
                return true;
            }
            if (!holding.isEmpty()) {
                event.outcome("refused: " + Reason.CONFLICT);
                append(transaction, place, EventClass.ACCESS, event);
                transaction.refuse(new Problem(
                        Reason.CONFLICT,
                        "Escrow was not forbidden.",
                        "The escrow " + holding.getFirst().name() + " for "
                                + holding.getFirst().party() + " holds for the bucket.",
                        "Remove it first: allod custody escrow remove "
                                + holding.getFirst().name() + "."));
                return true;
            }
            byte[] since = new RowWriter(9).u8(1).u64(transaction.nextOrder()).toBytes();
            transaction.put(MapKey.escrowForbid(bucket.id()), since);
            ground.escrow().changing(transaction);
            append(transaction, place, EventClass.CHANGE, event.outcome("ok"));
            return true;
        });
    }
}
