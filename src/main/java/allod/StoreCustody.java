package allod;

import allod.admin.CustodyAdministration;
import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.keys.CustodyPlan;
import allod.store.BucketName;
import allod.store.Custody;
import allod.store.CustodyDrills;
import java.util.List;

/** What the administrative socket asks about who holds keys, carried out by the store. */
final class StoreCustody implements CustodyAdministration {
    /** Most shares shown of what a domain could not destroy yet. */
    private static final int MAX_SHOWN = 5;

    /** Longest text shown of a custodian's words: a page of domains must fit into an answer. */
    private static final int MAX_WORDS = 300;

    private final Custody custody;

    StoreCustody(Custody custody) {
        this.custody = custody;
    }

    @Override
    public List<Domain> show(Principal actor, int after, int limit) {
        return custody.show(after, limit).stream().map(StoreCustody::shown).toList();
    }

    private static Domain shown(Custody.State state) {
        return new Domain(
                state.domain(),
                state.tenant(),
                state.buckets(),
                state.generation(),
                state.threshold(),
                state.custodians().stream()
                        .map(one -> new Holder(one.id(), one.kind(), one.assurance(), cut(one.status()), one.holds()))
                        .toList(),
                state.held(),
                state.lease().toMillis(),
                Math.max(0, state.leaseLeft().toMillis()),
                state.degraded(),
                state.outstanding().stream()
                        .limit(MAX_SHOWN)
                        .map(share -> new Outstanding(share.custodian(), share.generation(), cut(share.why())))
                        .toList(),
                state.drill());
    }

    private static String cut(String words) {
        return words.length() <= MAX_WORDS ? words : words.substring(0, MAX_WORDS) + " ...";
    }

    private static Change shown(Custody.Changed changed) {
        return new Change(
                shown(changed.state()),
                changed.notes(),
                changed.evidence().stream()
                        .flatMap(evidence -> evidence.custodians().stream())
                        .map(one -> new Destroyed(
                                one.custodian(), one.assuranceClass().name(), one.response(), one.probe()))
                        .toList());
    }

    private static Custody.Target target(Target target) {
        return new Custody.Target(target.tenant(), target.bucket().map(BucketName::new));
    }

    private static CustodyPlan plan(Holders holders) {
        try {
            return new CustodyPlan(holders.threshold(), holders.custodians());
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The custodians were not changed.",
                    "It cannot be: " + e.getMessage() + ".",
                    "Name each custodian once, as custody.custodians calls it; the one in the custody folder is file.");
        }
    }

    @Override
    public Change attach(Principal actor, Target target, Holders holders) {
        CustodyPlan plan = plan(holders);
        return shown(StoreAdministration.carryOut(() -> custody.attach(actor, target(target), plan)));
    }

    @Override
    public Change migrate(Principal actor, Target target, Holders holders) {
        CustodyPlan plan = plan(holders);
        return shown(StoreAdministration.carryOut(() -> custody.migrate(actor, target(target), plan)));
    }

    @Override
    public Change rotate(Principal actor, Target target) {
        return shown(StoreAdministration.carryOut(() -> custody.rotate(actor, target(target))));
    }

    @Override
    public Drill beginDrill(Principal actor, Target target) {
        return shown(
                StoreAdministration.carryOut(() -> custody.drills().begin(actor, custody.domainOf(target(target)))));
    }

    private Drill shown(CustodyDrills.Standing standing) {
        return new Drill(
                standing.domain(),
                standing.refused(),
                standing.probe(),
                custody.lease().toMillis());
    }

    @Override
    public Drill lookAtDrill(Principal actor, int domain) {
        return shown(custody.drills().standing(domain));
    }

    @Override
    public DrillEnd endDrill(Principal actor, int domain) {
        return StoreAdministration.carryOut(() -> {
            try {
                CustodyDrills.Ended ended = custody.drills().end(actor, domain);
                return new DrillEnd(
                        domain,
                        ended.seq(),
                        ended.passed(),
                        ended.before(),
                        ended.meanwhile(),
                        ended.after(),
                        ended.refusedAfterMillis());
            } catch (InterruptedException e) {
                throw interrupted();
            }
        });
    }

    @Override
    public byte[] drillEvidence(Principal actor, int domain, long end) {
        try {
            return custody.drills().evidence(domain, end);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static Problem interrupted() {
        Thread.currentThread().interrupt();
        return new Problem(
                Reason.BUSY, "The drill was not looked at.", "The server is stopping.", "Ask again when it is back.");
    }
}
