package allod.store;

import allod.base.Principal;
import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.keys.CustodyPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Buckets whose objects stand in an erasure domain of their own, so that others may hold its root than the tenant's. */
final class BucketDomains {
    private final Ground ground;
    private final Domains domains;
    private final Tenants tenants;
    private final Buckets buckets;
    private final DomainMaker maker;

    BucketDomains(Ground ground, Domains domains, Tenants tenants, DomainMaker maker) {
        this.ground = ground;
        this.domains = domains;
        this.tenants = tenants;
        this.buckets = new Buckets(ground);
        this.maker = maker;
    }

    boolean hasOwn(BucketName name) {
        byte[] value = ground.map().get(MapKey.bucket(name));
        return value != null && hasOwn(BucketRow.decode(value));
    }

    private boolean hasOwn(BucketRow bucket) {
        return bucket.domain() != tenants.firstDomain(bucket.owner());
    }

    /** @throws Problem NO_SUCH_BUCKET, or INVALID_ARGUMENT if it stands in its tenant's domain */
    int ownDomainOf(BucketName name) {
        byte[] value = ground.map().get(MapKey.bucket(name));
        if (value == null) {
            throw Refusals.noSuchBucket(name);
        }
        BucketRow bucket = BucketRow.decode(value);
        if (!hasOwn(bucket)) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The custody of the bucket was not changed.",
                    "The bucket " + name + " stands in the domain of its tenant " + tenants.nameOf(bucket.owner())
                            + ".",
                    "Change the tenant's with --tenant, or give a new bucket its own: allod custody attach --bucket.");
        }
        return bucket.domain();
    }

    /**
     * Gives a bucket a domain of its own, making the bucket if there is none.
     *
     * @throws Problem BUCKET_NOT_EMPTY, INVALID_ARGUMENT, NO_SUCH_TENANT, TOO_MANY_BUCKETS
     */
    int make(Principal actor, Custody.Target target, CustodyPlan plan) throws IOException {
        BucketName name = target.bucket().orElseThrow();
        TenantId owner = owner(target, name);
        int made = maker.make(
                plan,
                (transaction, number) -> place(transaction, name, owner, number),
                number -> domains.own(number, owner));
        byte[] body = EventBody.of("custody.attach")
                .text("actor", actor.name())
                .text("purpose", "custody")
                .bucket(name)
                .number("domain", made)
                .text("to", plan.toString())
                .outcome("ok")
                .toBytes();
        // The domain's keys open only once it stands, so its first event is the next commit.
        ground.sequencer().submit(transaction -> transaction.append(new Event(owner, made, EventClass.CHANGE, body)));
        return made;
    }

    private TenantId owner(Custody.Target target, BucketName name) {
        byte[] value = ground.map().get(MapKey.bucket(name));
        if (value == null) {
            String tenant = target.tenant()
                    .orElseThrow(() -> new Problem(
                            Reason.INVALID_ARGUMENT,
                            "The bucket was not made.",
                            "There is no bucket called " + name + ", and nobody is named who shall own it.",
                            "Name the owner of a new bucket with --tenant."));
            return tenants.byName(tenant).id();
        }
        TenantId owner = BucketRow.decode(value).owner();
        if (target.tenant()
                .filter(tenant -> !tenant.equals(tenants.nameOf(owner)))
                .isPresent()) {
            throw new Problem(
                    Reason.INVALID_ARGUMENT,
                    "The custody of the bucket was not changed.",
                    "The bucket " + name + " does not belong to tenant "
                            + target.tenant().orElseThrow() + ".",
                    "Leave --tenant out for a bucket that exists.");
        }
        return owner;
    }

    /** In the commit that makes the domain: what a bucket holds never stands in two. */
    private void place(Transaction transaction, BucketName name, TenantId owner, int domain) {
        byte[] value = transaction.get(MapKey.bucket(name));
        TenantRow tenant = Buckets.tenant(transaction, owner);
        if (value == null) {
            buckets.requireRoomFor(transaction, owner);
            transaction.put(MapKey.bucketsOf(owner, name.value()), new byte[] {1});
            transaction.put(
                    MapKey.bucket(name),
                    BucketRow.of(transaction.nextOrder(), owner, domain).encode());
        } else {
            BucketRow before = BucketRow.decode(value);
            if (!before.owner().equals(owner)) {
                throw Refusals.overtaken();
            }
            if (Buckets.holdsAnything(transaction, before)) {
                throw new Problem(
                        Reason.BUCKET_NOT_EMPTY,
                        "The bucket was not given a domain of its own.",
                        "It holds objects or uploads in progress, whose keys stand in its tenant's domain.",
                        "Make a new bucket with allod custody attach, copy the objects into it and delete them here.");
            }
            buckets.dropReservations(transaction, name, before, "administration");
            transaction.put(MapKey.bucket(name), before.in(domain).encode());
        }
        List<Integer> all = new ArrayList<>(tenant.domains());
        all.add(domain);
        transaction.put(MapKey.tenant(owner), tenant.with(all).encode());
    }
}
