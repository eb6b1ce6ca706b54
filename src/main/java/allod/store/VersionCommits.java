package allod.store;

import allod.receipt.ErasureReason;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Makes versions current, each in one commit with its event. What they replace goes to the erasure queue, or where the
 * bucket is versioned below them.
 */
final class VersionCommits {
    /** How often a condition is looked at again when the object changed meanwhile. */
    static final int TRIES = 8;

    private final Ground ground;
    private final Versions versions;
    private final VersionIds ids;
    private final AbandonedWrites abandoned;
    private final DueLooks looks;

    VersionCommits(Ground ground, Versions versions, VersionIds ids, AbandonedWrites abandoned, DueLooks looks) {
        this.ground = ground;
        this.versions = versions;
        this.ids = ids;
        this.abandoned = abandoned;
        this.looks = looks;
    }

    /**
     * Makes a version current in one commit with its event.
     *
     * @param alongside what else changes in the same commit
     */
    PutAnswer commit(
            NewVersion version,
            WriteCondition condition,
            Caller caller,
            EventBody event,
            java.util.function.Consumer<Transaction> alongside)
            throws IOException {
        try (var shares = new VersionShares(ground, abandoned, version, caller.requestId())) {
            return commit(version, condition, caller, event, alongside, shares);
        }
    }

    private PutAnswer commit(
            NewVersion version,
            WriteCondition condition,
            Caller caller,
            EventBody event,
            java.util.function.Consumer<Transaction> alongside,
            VersionShares shares)
            throws IOException {
        int attempts = 0;
        while (attempts < TRIES) {
            shares.prepare();
            Expected expected = expect(version.bucket(), version.key(), Which.CURRENT, condition);
            Optional<PutAnswer> answer = ground.sequencer().submit(transaction -> {
                BucketRow bucket = Buckets.still(transaction, version.name(), version.bucket());
                Optional<KeyVersions.Placed> top = KeyVersions.find(transaction, bucket, version.key(), Which.CURRENT);
                Optional<NameRow> current = top.map(KeyVersions.Placed::row).filter(row -> !row.isMarker());
                if (!shares.current(transaction) || !expected.isOf(current)) {
                    return Optional.empty();
                }
                Optional<String> failed = expected.failed(condition, current);
                if (failed.isPresent()) {
                    transaction.append(refusal(bucket, event, version.name(), version.key(), failed.get()));
                    transaction.refuse(
                            current.isEmpty() ? Refusals.noSuchKey() : Refusals.preconditionFailed(failed.get()));
                    return Optional.empty();
                }
                alongside.accept(transaction);
                return Optional.of(place(transaction, version, bucket, top, caller, event, shares));
            });
            if (answer.isPresent()) {
                shares.placed();
                return answer.get();
            }
            // An escrow that came or went meanwhile is no fault of the request's: it has tries of its own.
            attempts += shares.wereCurrent() ? 1 : 0;
        }
        throw Refusals.overtaken();
    }

    static Event refusal(BucketRow bucket, EventBody event, BucketName name, ObjectKey key, String condition) {
        byte[] body =
                event.bucket(name).key(key).outcome("refused: " + condition).toBytes();
        return new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body);
    }

    private PutAnswer place(
            Transaction transaction,
            NewVersion version,
            BucketRow bucket,
            Optional<KeyVersions.Placed> top,
            Caller caller,
            EventBody event,
            VersionShares shares) {
        ObjectKey key = version.key();
        long order = transaction.nextOrder();
        makeRoom(transaction, version, bucket, top, order, caller);
        Description description = version.description();
        boolean isNull = bucket.versioning() != Versioning.ENABLED;
        ObjectLock lock =
                lock(version.name(), bucket, version.lock(), ground.time().trust(transaction.now()));
        NameRow row = NameRow.of(order, version.slot(), description, version.maskedEtag(), isNull, lock);
        transaction.put(MapKey.current(bucket.id(), key), row.encode());
        transaction.put(
                MapKey.slot(bucket.domain(), version.slot()),
                version.row()
                        .withOrder(order)
                        .withShares(shares.place(transaction, order))
                        .encode());
        looks.came(transaction, bucket.id(), version.name(), key);
        byte[] body = event.bucket(version.name())
                .key(key)
                .version(order)
                .number("size", description.size())
                .outcome("ok")
                .toBytes();
        transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.CHANGE, body));
        return new PutAnswer(
                description.etag(),
                description.size(),
                Order.time(order),
                order,
                description.checksum(),
                ids.shown(bucket, row),
                looks.expiration(bucket.id(), key, description, Order.time(order)));
    }

    /** What is on top goes below, where the bucket keeps it, and the null version goes where a new one comes. */
    private void makeRoom(
            Transaction transaction,
            NewVersion version,
            BucketRow bucket,
            Optional<KeyVersions.Placed> top,
            long order,
            Caller caller) {
        ObjectKey key = version.key();
        if (bucket.versioning() == Versioning.ENABLED) {
            top.ifPresent(it -> KeyVersions.retire(transaction, bucket.id(), key, it, order));
            return;
        }
        Optional<KeyVersions.Placed> replaced = top.filter(it -> it.row().isNull());
        if (replaced.isEmpty() && bucket.isVersioned()) {
            replaced = KeyVersions.find(transaction, bucket, key, new Which.Null());
            top.ifPresent(it -> KeyVersions.retire(transaction, bucket.id(), key, it, order));
        }
        replaced.ifPresent(it -> {
            KeyVersions.removeAlone(transaction, bucket, key, it);
            if (!it.row().isMarker()) {
                ErasureQueue.Entry entry = entry(
                        bucket, version.name(), key, it.row(), ErasureReason.OVERWRITTEN, false, caller.requestId());
                ground.queue().stage(transaction, entry, false);
                ground.queue().enqueueWhenDurable(transaction, List.of(entry));
            }
        });
    }

    /** What queues a version for erasure. */
    static ErasureQueue.Entry entry(
            BucketRow bucket,
            BucketName name,
            ObjectKey key,
            NameRow row,
            ErasureReason reason,
            boolean foreground,
            String requestId) {
        var pending = new PendingRow(reason, foreground, row.order(), row.size(), requestId, name.value(), List.of());
        return new ErasureQueue.Entry(bucket.domain(), bucket.id(), key.bytes(), row.slot(), pending);
    }

    /** @throws Problem NO_OBJECT_LOCK if a lock is asked for where there can be none */
    static void requireLockable(BucketName name, BucketRow bucket, ObjectLock asked) {
        if (bucket.lock().isEmpty() && !asked.isNone()) {
            throw Refusals.noObjectLock(name);
        }
    }

    /**
     * What a new version is locked with: what its writer asks, else its bucket's standard.
     *
     * @param created a time that can be relied on; an order may be far ahead of it
     */
    private static ObjectLock lock(BucketName name, BucketRow bucket, ObjectLock asked, Instant created) {
        requireLockable(name, bucket, asked);
        Optional<Retention> standard =
                bucket.lock().flatMap(BucketLock::standard).map(it -> it.from(created));
        return asked.with(asked.retention().or(() -> standard));
    }

    /** Looks at the version that a condition is about. */
    Expected expect(BucketRow bucket, ObjectKey key, Which which, WriteCondition condition) {
        if (condition.match().isEmpty()) {
            return Expected.UNCHECKED;
        }
        return versions.describe(bucket, key, which)
                .map(found -> new Expected(
                        true,
                        found.name().order(),
                        Optional.of(found.description().etag())))
                .orElse(new Expected(true, 0, Optional.empty()));
    }
}
