package allod.store;

import allod.receipt.ErasureReason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes versions current, each in one commit with its event; what they replace goes to the erasure queue. */
final class VersionCommits {
    /** How often a condition is looked at again when the object changed meanwhile. */
    static final int TRIES = 8;

    private final Ground ground;
    private final Versions versions;
    private final AbandonedWrites abandoned;

    VersionCommits(Ground ground, Versions versions, AbandonedWrites abandoned) {
        this.ground = ground;
        this.versions = versions;
        this.abandoned = abandoned;
    }

    /**
     * Makes a version current in one commit with its event; the one it replaces goes to the erasure queue.
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
            Expected expected = expect(version.bucket(), version.key(), condition);
            Optional<PutAnswer> answer = ground.sequencer().submit(transaction -> {
                BucketRow bucket = Buckets.still(transaction, version.name(), version.bucket());
                byte[] currentKey = MapKey.current(bucket.id(), version.key());
                byte[] before = transaction.get(currentKey);
                if (!shares.current(transaction) || !expected.isOf(before)) {
                    return Optional.empty();
                }
                Optional<String> failed = expected.failed(condition, before);
                if (failed.isPresent()) {
                    transaction.append(refusal(bucket, event, version.name(), version.key(), failed.get()));
                    transaction.refuse(
                            before == null ? Refusals.noSuchKey() : Refusals.preconditionFailed(failed.get()));
                    return Optional.empty();
                }
                alongside.accept(transaction);
                return Optional.of(place(transaction, version, bucket, currentKey, before, caller, event, shares));
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
            byte[] currentKey,
            byte @Nullable [] before,
            Caller caller,
            EventBody event,
            VersionShares shares) {
        if (before != null) {
            NameRow replaced = NameRow.decode(before);
            var row = new PendingRow(
                    ErasureReason.OVERWRITTEN,
                    false,
                    replaced.order(),
                    replaced.size(),
                    caller.requestId(),
                    version.name().value(),
                    List.of());
            ground.queue()
                    .add(
                            transaction,
                            bucket.domain(),
                            bucket.id(),
                            version.key().bytes(),
                            replaced.slot(),
                            row);
        }
        long order = transaction.nextOrder();
        Description description = version.description();
        transaction.put(
                currentKey,
                NameRow.of(
                                order,
                                version.slot(),
                                description.size(),
                                version.maskedEtag(),
                                description.etag().parts(),
                                description.checksum())
                        .encode());
        transaction.put(
                MapKey.slot(bucket.domain(), version.slot()),
                version.row()
                        .withOrder(order)
                        .withShares(shares.place(transaction, order))
                        .encode());
        byte[] body = event.bucket(version.name())
                .key(version.key())
                .version(order)
                .number("size", description.size())
                .outcome("ok")
                .toBytes();
        transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.CHANGE, body));
        return new PutAnswer(description.etag(), description.size(), Order.time(order), order, description.checksum());
    }

    /** Looks at the version that a condition is about. */
    Expected expect(BucketRow bucket, ObjectKey key, WriteCondition condition) {
        if (condition.match().isEmpty()) {
            return Expected.UNCHECKED;
        }
        return versions.describe(bucket, key)
                .map(found -> new Expected(
                        true,
                        found.name().order(),
                        Optional.of(found.description().etag())))
                .orElse(new Expected(true, 0, Optional.empty()));
    }
}
