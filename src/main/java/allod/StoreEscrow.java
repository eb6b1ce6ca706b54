package allod;

import allod.admin.EscrowAdministration;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.pact.Party;
import allod.store.BucketName;
import allod.store.Escrows;
import java.util.List;
import java.util.Optional;

/** What the administrative socket asks about escrow, carried out by the store. */
final class StoreEscrow implements EscrowAdministration {
    private final Escrows escrows;

    StoreEscrow(Escrows escrows) {
        this.escrows = escrows;
    }

    @Override
    public Escrow add(Principal actor, Scope scope, Party party, String recipient) {
        if (scope.bucket().isPresent() && scope.tenant().isPresent()) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "No escrow was added.",
                    "Both a bucket and a tenant are named.",
                    "Name one of them.");
        }
        allod.store.Escrow.Scope about = scope.bucket()
                .<allod.store.Escrow.Scope>map(name -> new allod.store.Escrow.Scope.OfBucket(new BucketName(name)))
                .orElseGet(() ->
                        new allod.store.Escrow.Scope.OfTenant(scope.tenant().orElseThrow()));
        return shown(StoreAdministration.carryOut(() -> escrows.add(actor, about, party, recipient)));
    }

    private static Escrow shown(allod.store.Escrow escrow) {
        return new Escrow(
                escrow.id(),
                escrow.party(),
                escrow.recipient(),
                new Scope(Optional.of(escrow.tenant()), escrow.bucket()),
                escrow.exempt(),
                escrow.created().toString(),
                escrow.inForce());
    }

    @Override
    public List<Escrow> list(Principal actor, Optional<String> after, int limit) {
        List<Escrow> all = escrows.list().stream().map(StoreEscrow::shown).toList();
        int from = after.map(id -> 1
                        + (int) all.stream()
                                .takeWhile(one -> !one.id().equals(id))
                                .count())
                .orElse(0);
        return all.stream().skip(from).limit(limit).toList();
    }

    @Override
    public Escrow remove(Principal actor, String id) {
        return shown(StoreAdministration.carryOut(() -> escrows.remove(actor, id)));
    }

    @Override
    public void forbid(Principal actor, String bucket) {
        StoreAdministration.carryOut(() -> {
            escrows.forbid(actor, new BucketName(bucket));
            return true;
        });
    }
}
