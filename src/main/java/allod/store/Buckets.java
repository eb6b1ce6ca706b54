package allod.store;

import allod.base.Problem;
import allod.base.Reason;
import allod.base.TenantId;
import allod.receipt.ErasureReason;
import allod.store.engine.Cursor;
import allod.store.engine.MetadataEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Buckets: whose they are, and which there are. */
final class Buckets {
    /** Of the longest keys some hundred fit one block of events. */
    private static final int REFUSALS_A_COMMIT = 250;

    private final MetadataEngine map;
    private final Sequencer sequencer;
    private final SlotReservations reservations;
    private final ErasureQueue queue;
    private final SlotSecrets secrets;

    Buckets(Ground ground) {
        this.map = ground.map();
        this.sequencer = ground.sequencer();
        this.reservations = ground.reservations();
        this.queue = ground.queue();
        this.secrets = ground.secrets();
    }

    /**
     * The caller's bucket.
     *
     * @param action what the event of a refusal says was asked
     * @throws Problem NO_SUCH_BUCKET, ACCESS_DENIED
     */
    BucketRow owned(Caller caller, BucketName name, String action) throws IOException {
        return owned(caller, name, Optional.empty(), action);
    }

    /** The caller's bucket, for what is asked of one key in it. */
    BucketRow owned(Caller caller, BucketName name, ObjectKey key, String action) throws IOException {
        return owned(caller, name, Optional.of(key), action);
    }

    private BucketRow owned(Caller caller, BucketName name, Optional<ObjectKey> key, String action) throws IOException {
        byte[] value = map.get(MapKey.bucket(name));
        if (value == null) {
            throw Refusals.noSuchBucket(name);
        }
        BucketRow bucket = BucketRow.decode(value);
        if (!caller.mayReach(bucket.id(), bucket.owner())) {
            EventBody body = EventBody.ofStranger(action, caller).bucket(name);
            key.ifPresent(body::key);
            throw refuse(bucket, body, Refusals.notYours(name));
        }
        secrets.admit(bucket.domain());
        return bucket;
    }

    /** Records a refusal in the chain of the bucket's owner, then gives it back to be thrown. */
    Problem refuse(BucketRow bucket, EventBody body, Problem problem) throws IOException {
        byte[] bytes = body.outcome("refused: " + problem.reason()).toBytes();
        sequencer.submit(transaction ->
                transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, bytes)));
        return problem;
    }

    /** Records what decisions refused; a bucket that went meanwhile has nobody to be told. */
    void refused(Caller caller, BucketName name, List<RefusedAction> refused) throws IOException {
        byte[] value = map.get(MapKey.bucket(name));
        if (value != null) {
            BucketRow bucket = BucketRow.decode(value);
            List<byte[]> bodies = refused.stream()
                    .map(one -> refused(caller, name, bucket, one))
                    .toList();
            for (int from = 0; from < bodies.size(); from += REFUSALS_A_COMMIT) {
                List<byte[]> some = bodies.subList(from, Math.min(bodies.size(), from + REFUSALS_A_COMMIT));
                sequencer.submit(transaction -> {
                    some.forEach(body ->
                            transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body)));
                    return some.size();
                });
            }
        }
    }

    private static byte[] refused(Caller caller, BucketName name, BucketRow bucket, RefusedAction refused) {
        boolean stranger = !bucket.owner().equals(caller.tenant());
        EventBody body = (stranger
                        ? EventBody.ofStranger("access.refused", caller)
                        : EventBody.of("access.refused", caller))
                .bucket(name);
        refused.key().ifPresent(body::key);
        return body.text("action", refused.action())
                .text("why", stranger ? refused.whyToOwner() : refused.why())
                .outcome("refused: " + Reason.ACCESS_DENIED)
                .toBytes();
    }

    /** Records what a decision refused that is about no bucket, in the chain of the caller's own tenant. */
    void refused(Caller caller, RefusedAction refused) throws IOException {
        byte[] body = EventBody.of("access.refused", caller)
                .text("action", refused.action())
                .text("why", refused.why())
                .outcome("refused: " + Reason.ACCESS_DENIED)
                .toBytes();
        sequencer.submit(transaction -> {
            int domain = tenant(transaction, caller.tenant()).domains().getFirst();
            return transaction.append(new Event(caller.tenant(), domain, EventClass.ACCESS, body));
        });
    }

    /** The bucket as a transaction sees it: the same one that was looked up before. */
    static BucketRow still(Transaction transaction, BucketName name, BucketRow before) {
        byte[] value = transaction.get(MapKey.bucket(name));
        if (value == null) {
            throw Refusals.noSuchBucket(name);
        }
        BucketRow now = BucketRow.decode(value);
        if (now.id() != before.id() || now.domain() != before.domain()) {
            throw Refusals.noSuchBucket(name);
        }
        return now;
    }

    /**
     * @param objectLock whether it is to have an object lock, which turns versioning on
     * @param configuration documents that the bucket has from its first moment
     */
    Bucket create(Caller caller, BucketName name, boolean objectLock, Map<ConfigurationKind, byte[]> configuration)
            throws IOException {
        configuration.values().forEach(Configurations::requireSize);
        requireService(caller);
        return sequencer.submit(transaction -> {
            TenantRow tenant = tenant(transaction, caller.tenant());
            int domain = tenant.domains().getFirst();
            byte[] existing = transaction.get(MapKey.bucket(name));
            if (existing != null) {
                BucketRow other = BucketRow.decode(existing);
                boolean own = other.owner().equals(caller.tenant());
                refuseCreate(transaction, caller, name, domain, own ? ownedAlready(name) : exists(name));
                return other.named(name);
            }
            BucketRow bucket = created(transaction.nextOrder(), caller.tenant(), domain, objectLock);
            if (count(transaction, caller.tenant()) >= ObjectStore.MAX_BUCKETS_PER_TENANT) {
                refuseCreate(transaction, caller, name, domain, tooMany());
                return bucket.named(name);
            }
            transaction.put(MapKey.bucket(name), bucket.encode());
            transaction.put(MapKey.bucketsOf(caller.tenant(), name.value()), new byte[] {1});
            configuration.forEach((kind, document) -> Configurations.put(transaction, bucket.id(), kind, document));
            EventBody created = EventBody.of("bucket.create", caller).bucket(name);
            if (objectLock) {
                created.text("object_lock", "on");
            }
            byte[] body = created.outcome("ok").toBytes();
            transaction.append(new Event(caller.tenant(), domain, EventClass.CHANGE, body));
            return bucket.named(name);
        });
    }

    private static BucketRow created(long order, TenantId owner, int domain, boolean objectLock) {
        BucketRow row = BucketRow.of(order, owner, domain);
        return objectLock ? row.with(Versioning.ENABLED).with(new BucketLock(Optional.empty())) : row;
    }

    /** A refused creation is an event of the caller: there is no bucket of its own to tell it of. */
    private static void refuseCreate(
            Transaction transaction, Caller caller, BucketName name, int domain, Problem problem) {
        byte[] refused = EventBody.of("bucket.create", caller)
                .bucket(name)
                .outcome("refused: " + problem.reason())
                .toBytes();
        transaction.append(new Event(caller.tenant(), domain, EventClass.ACCESS, refused));
        transaction.refuse(problem);
    }

    /** @throws Problem TOO_MANY_BUCKETS if the tenant has as many as it may */
    void requireRoomFor(Transaction transaction, TenantId tenant) {
        if (count(transaction, tenant) >= ObjectStore.MAX_BUCKETS_PER_TENANT) {
            throw tooMany();
        }
    }

    private static Problem tooMany() {
        return new Problem(
                Reason.TOO_MANY_BUCKETS,
                "You have attempted to create more buckets than are allowed.",
                "An owner has at most " + ObjectStore.MAX_BUCKETS_PER_TENANT + " buckets.",
                "Delete a bucket that is no longer needed.");
    }

    static TenantRow tenant(Transaction transaction, TenantId id) {
        byte[] row = transaction.get(MapKey.tenant(id));
        if (row == null) {
            throw new Problem(
                    Reason.NO_SUCH_TENANT,
                    "The request was refused.",
                    "There is no tenant " + id + ".",
                    "Use an access key of a tenant that exists.");
        }
        return TenantRow.decode(row);
    }

    private static void requireService(Caller caller) {
        if (!caller.mayUseService()) {
            throw new Problem(
                    Reason.ACCESS_DENIED,
                    "Access Denied.",
                    "No policy lets " + caller.principal() + " do this.",
                    "Ask the owner for a policy that does.");
        }
    }

    private static int count(Transaction transaction, TenantId tenant) {
        byte[] from = MapKey.bucketsOf(tenant, "");
        return transaction.all(from, MapKey.after(from)).size();
    }

    private static Problem exists(BucketName name) {
        return new Problem(
                Reason.BUCKET_EXISTS,
                "The requested bucket name is not available.",
                "The bucket " + name + " exists already; all owners share one namespace.",
                "Choose another name.");
    }

    private static Problem ownedAlready(BucketName name) {
        return new Problem(
                Reason.BUCKET_OWNED_BY_CALLER,
                "Your previous request to create the named bucket succeeded and you already own it.",
                "The bucket " + name + " is yours.",
                "Use it.");
    }

    Bucket describe(Caller caller, BucketName name, String action) throws IOException {
        BucketRow bucket = owned(caller, name, action);
        byte[] body = EventBody.of(action, caller).bucket(name).outcome("ok").toBytes();
        return sequencer.submit(transaction -> {
            transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body));
            return bucket.named(name);
        });
    }

    /** Turns versioning on, or suspends it. */
    void version(Caller caller, BucketName name, Versioning wanted) throws IOException {
        EventBody body = EventBody.of("bucket.versioning.put", caller).text("versioning", wanted.name());
        change(caller, name, body, row -> {
            if (wanted != Versioning.ENABLED && row.lock().isPresent()) {
                throw new Problem(
                        Reason.BUCKET_STATE,
                        "An Object Lock configuration is present on this bucket, so the versioning state cannot be"
                                + " changed.",
                        "What is locked is a version, and an object lock is never turned off.",
                        "Leave versioning enabled.");
            }
            return row.with(wanted);
        });
    }

    /** Turns the object lock on, and sets the retention of what comes without its own. */
    void lock(Caller caller, BucketName name, BucketLock lock) throws IOException {
        EventBody body = EventBody.of("bucket.object_lock.put", caller);
        lock.standard()
                .ifPresent(it -> body.text("mode", it.mode().name())
                        .text("standard", it.length() + " " + it.unit().name().toLowerCase(Locale.ROOT)));
        change(caller, name, body, row -> {
            if (row.versioning() != Versioning.ENABLED) {
                throw new Problem(
                        Reason.BUCKET_STATE,
                        "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration.",
                        "A lock keeps versions, and this bucket does not make any.",
                        "Enable versioning first.");
            }
            return row.with(lock);
        });
    }

    private void change(Caller caller, BucketName name, EventBody body, UnaryOperator<BucketRow> change)
            throws IOException {
        BucketRow before = owned(caller, name, "bucket.change");
        body.bucket(name);
        sequencer.submit(transaction -> {
            BucketRow now = still(transaction, name, before);
            try {
                transaction.put(MapKey.bucket(name), change.apply(now).encode());
            } catch (Problem refused) {
                byte[] event = body.outcome("refused: " + refused.reason()).toBytes();
                transaction.append(new Event(now.owner(), now.domain(), EventClass.ACCESS, event));
                transaction.refuse(refused);
                return true;
            }
            byte[] event = body.outcome("ok").toBytes();
            transaction.append(new Event(now.owner(), now.domain(), EventClass.CHANGE, event));
            return true;
        });
    }

    /** Drops an empty bucket; what its writers hold goes to the erasure queue. */
    void delete(Caller caller, BucketName name) throws IOException {
        BucketRow before = owned(caller, name, "bucket.delete");
        byte[] deleted =
                EventBody.of("bucket.delete", caller).bucket(name).outcome("ok").toBytes();
        byte[] refused = EventBody.of("bucket.delete", caller)
                .bucket(name)
                .outcome("refused: " + Reason.BUCKET_NOT_EMPTY)
                .toBytes();
        sequencer.submit(transaction -> {
            BucketRow bucket = still(transaction, name, before);
            if (holdsAnything(transaction, bucket)) {
                transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, refused));
                return transaction.refuse(new Problem(
                        Reason.BUCKET_NOT_EMPTY,
                        "The bucket you tried to delete is not empty.",
                        "It holds objects, versions, delete markers or uploads in progress.",
                        "Delete all its versions and abort its uploads first."));
            }
            transaction.delete(MapKey.bucket(name));
            transaction.delete(MapKey.bucketsOf(bucket.owner(), name.value()));
            Configurations.drop(transaction, bucket.id());
            dropReservations(transaction, name, bucket, caller.requestId());
            transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.CHANGE, deleted));
            return true;
        });
    }

    static boolean holdsAnything(Transaction transaction, BucketRow bucket) {
        for (Family family : List.of(Family.CURRENT, Family.NONCURRENT, Family.UPLOAD)) {
            byte[] from = MapKey.bucketFrom(family, bucket.id());
            if (transaction.first(from, MapKey.after(from)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Closes the bucket's reservations and queues those of their slots that no row names and nothing erased. */
    void dropReservations(Transaction transaction, BucketName name, BucketRow bucket, String request) {
        Set<Long> held = new HashSet<>(reservations.close(bucket.domain(), bucket.id()));
        Set<Long> queued = new HashSet<>();
        byte[] waiting = new RowWriter(13)
                .u8(Family.PENDING.code)
                .u32(bucket.domain())
                .u64(bucket.id())
                .toBytes();
        for (Map.Entry<byte[], byte[]> row : transaction.all(waiting, MapKey.after(waiting))) {
            queued.add(ErasureQueue.entry(row.getKey(), row.getValue()).slot());
        }
        SlotSecrets.Reader secretsOfDomain = secrets.reader(bucket.domain());
        for (SlotReservations.Range range :
                SlotReservations.ranges(transaction, MapKey.reservationsOf(bucket.domain(), bucket.id()))) {
            transaction.delete(range.mapKey());
            for (long slot = range.from(); slot < range.end(); slot++) {
                boolean open = !queued.contains(slot)
                        && transaction.get(MapKey.slot(bucket.domain(), slot)) == null
                        && secretsOfDomain.secret(slot).isPresent();
                if (open) {
                    ErasureReason reason = held.contains(slot) ? ErasureReason.BUCKET_DELETED : ErasureReason.ORPHAN;
                    var pending = new PendingRow(reason, false, 0, 0, request, name.value(), List.of());
                    queue.add(transaction, bucket.domain(), bucket.id(), new byte[0], slot, pending);
                }
            }
        }
    }

    BucketPage list(Caller caller, String prefix, Optional<String> after, int limit) throws IOException {
        requireService(caller);
        byte[] from = MapKey.bucketsOf(caller.tenant(), prefix);
        byte[] end = MapKey.after(from);
        byte[] start = after.map(name -> Arrays.copyOf(
                        MapKey.bucketsOf(caller.tenant(), name), 6 + name.getBytes(StandardCharsets.UTF_8).length))
                .orElse(from);
        List<Bucket> page = new ArrayList<>();
        Optional<String> next = Optional.empty();
        try (Cursor cursor = map.scan(Arrays.compareUnsigned(start, from) > 0 ? start : from, end)) {
            while (cursor.next()) {
                if (page.size() == limit) {
                    next = limit == 0
                            ? Optional.empty()
                            : Optional.of(page.getLast().name().value());
                    break;
                }
                byte[] key = cursor.key();
                var name = new BucketName(new String(key, 5, key.length - 5, StandardCharsets.US_ASCII));
                byte[] row = map.get(MapKey.bucket(name));
                if (row != null) {
                    page.add(BucketRow.decode(row).named(name));
                }
            }
        }
        byte[] body = EventBody.of("bucket.list", caller)
                .number("count", page.size())
                .outcome("ok")
                .toBytes();
        sequencer.submit(transaction -> {
            int domain = tenant(transaction, caller.tenant()).domains().getFirst();
            return transaction.append(new Event(caller.tenant(), domain, EventClass.ACCESS, body));
        });
        return new BucketPage(page, next);
    }
}
