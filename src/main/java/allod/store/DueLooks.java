package allod.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The time index of the lifecycle: notes when a key is to be looked at. A note is a hint and no verdict: it is made with
 * the change it is about, never taken back, and what is due is decided of the rows as they stand when its time comes
 * ({@link KeyLook}). Notes of one key for one day are one row.
 */
final class DueLooks {
    private static final int MAX_KEPT = 10_000;

    private final Configurations configurations;
    private final Duration day;
    private final Map<Long, Read> kept = new ConcurrentHashMap<>();

    /** Rules, and the very document they were read of. */
    private record Read(byte[] document, LifecycleRules rules) {}

    /** @param day the length of a day of lifecycle rules */
    DueLooks(Configurations configurations, Duration day) {
        this.configurations = configurations;
        this.day = day;
    }

    Duration day() {
        return day;
    }

    /** The same array until other rules are put, so what was read of it is kept with it. */
    @SuppressWarnings("ReferenceEquality")
    LifecycleRules rules(long bucketId) {
        Optional<byte[]> document = configurations.of(bucketId, ConfigurationKind.LIFECYCLE);
        if (document.isEmpty()) {
            return LifecycleRules.NONE;
        }
        Read read = kept.get(bucketId);
        if (read == null || read.document != document.get()) {
            read = new Read(document.get(), LifecycleRules.decode(document.get()));
            if (kept.size() >= MAX_KEPT) {
                kept.clear();
            }
            kept.put(bucketId, read);
        }
        return read.rules;
    }

    /** Something new came to a key: a version, a marker, an upload. */
    void came(Transaction transaction, long bucketId, BucketName bucket, ObjectKey key) {
        rules(bucketId)
                .firstLook(key, transaction.now(), day)
                .ifPresent(when -> note(transaction, when, bucketId, bucket, key));
    }

    /** What stands under a key was changed, or something went: what was kept by it may be due now. */
    void changed(Transaction transaction, long bucketId, BucketName bucket, ObjectKey key) {
        if (rules(bucketId).takes(key)) {
            note(transaction, LifecycleRule.due(transaction.now(), 0, day), bucketId, bucket, key);
        }
    }

    static void note(Transaction transaction, Instant when, long bucketId, BucketName bucket, ObjectKey key) {
        transaction.put(
                MapKey.due(seconds(when), bucketId, key.bytes()),
                DueRow.ofKey(bucket, DueRow.Position.START).encode());
    }

    /** The rules of a bucket changed: all its keys are gone through. */
    static void noteAll(Transaction transaction, long bucketId, BucketName bucket) {
        transaction.put(
                MapKey.due(0, bucketId, new byte[0]),
                DueRow.ofAll(bucket, new byte[0]).encode());
    }

    /** Whole seconds since 1970, never before the time: 1 to 2<sup>40</sup> - 1, about the year 36,800. */
    static long seconds(Instant when) {
        long seconds = when.getEpochSecond() + (when.getNano() > 0 ? 1 : 0);
        return Math.clamp(seconds, 1, MapKey.MAX_DUE);
    }

    /** When a current version ends, as answers say. */
    Optional<Expiration> expiration(long bucketId, ObjectKey key, Description description, Instant created) {
        LifecycleRules rules = rules(bucketId);
        if (rules.rules().isEmpty()) {
            return Optional.empty();
        }
        var version = new LifecycleRules.Current(
                key, description.size(), Optional.of(description.metadata().tags()), created);
        return rules.ofCurrent(version, day)
                .map(due -> new Expiration(due.at(), due.rule().id()));
    }
}
