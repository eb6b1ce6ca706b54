package allod.store;

import allod.base.Problem;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Retention and legal holds of versions: what stands, and what may be put in its place. */
final class ObjectLocks {
    private final Ground ground;
    private final Buckets buckets;
    private final Versions versions;
    private final VersionIds ids;
    private final TrustedTime time;
    private final DueLooks looks;

    ObjectLocks(Ground ground, Buckets buckets, Versions versions, VersionIds ids, DueLooks looks) {
        this.ground = ground;
        this.buckets = buckets;
        this.versions = versions;
        this.ids = ids;
        this.time = ground.time();
        this.looks = looks;
    }

    /** What locks a version. */
    ObjectLock read(Caller caller, BucketName name, ObjectKey key, Optional<VersionId> version, String action)
            throws IOException {
        BucketRow bucket = buckets.owned(caller, name, key, action);
        NameRow row = require(name, bucket, versions.find(bucket, key, ids.which(version)), version)
                .row();
        byte[] body = EventBody.of(action, caller)
                .bucket(name)
                .key(key)
                .version(row.order())
                .outcome("ok")
                .toBytes();
        ground.sequencer()
                .submit(transaction ->
                        transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, body)));
        return row.lock();
    }

    private static KeyVersions.Placed require(
            BucketName name, BucketRow bucket, Optional<KeyVersions.Placed> placed, Optional<VersionId> version) {
        if (bucket.lock().isEmpty()) {
            throw Refusals.noObjectLock(name);
        }
        return placed.filter(it -> !it.row().isMarker())
                .orElseThrow(() -> Refusals.nothing(placed.isPresent(), version.isPresent()));
    }

    /** @param bypass whether the caller asks, and may, to end a governance retention */
    void retain(
            Caller caller,
            BucketName name,
            ObjectKey key,
            Optional<VersionId> version,
            Optional<Retention> retention,
            boolean bypass)
            throws IOException {
        EventBody body = EventBody.of("object.retention.put", caller);
        retention.ifPresent(it ->
                body.text("mode", it.mode().name()).text("until", it.until().toString()));
        if (bypass) {
            body.text("bypass", "governance");
        }
        change(caller, name, key, version, body, (before, now) -> {
            boolean yields = before.retention()
                    .map(it -> it.yieldsTo(retention.orElse(null), now, bypass))
                    .orElse(true);
            if (!yields) {
                throw Refusals.locked(before.with(ObjectLock.Hold.OFF));
            }
            return before.with(retention);
        });
    }

    void hold(Caller caller, BucketName name, ObjectKey key, Optional<VersionId> version, ObjectLock.Hold hold)
            throws IOException {
        EventBody body = EventBody.of("object.hold.put", caller).text("hold", hold.name());
        change(caller, name, key, version, body, (before, now) -> before.with(hold));
    }

    private interface Change {
        ObjectLock apply(ObjectLock before, Instant now);
    }

    private void change(
            Caller caller, BucketName name, ObjectKey key, Optional<VersionId> version, EventBody body, Change change)
            throws IOException {
        BucketRow before = buckets.owned(caller, name, key, "object.lock");
        Which which = ids.which(version);
        body.bucket(name).key(key);
        ground.sequencer().submit(transaction -> {
            BucketRow bucket = Buckets.still(transaction, name, before);
            KeyVersions.Placed placed =
                    require(name, bucket, KeyVersions.find(transaction, bucket, key, which), version);
            body.version(placed.row().order());
            ObjectLock lock;
            try {
                lock = change.apply(placed.row().lock(), time.trust(transaction.now()));
            } catch (Problem refused) {
                byte[] event = body.outcome("refused: " + refused.reason()).toBytes();
                transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.ACCESS, event));
                transaction.refuse(refused);
                return true;
            }
            rewrite(transaction, placed, row -> row.with(lock));
            looks.changed(transaction, bucket.id(), name, key);
            byte[] event = body.outcome("ok").toBytes();
            transaction.append(new Event(bucket.owner(), bucket.domain(), EventClass.CHANGE, event));
            return true;
        });
    }

    private static void rewrite(Transaction transaction, KeyVersions.Placed placed, UnaryOperator<NameRow> change) {
        NameRow changed = change.apply(placed.row());
        transaction.put(
                placed.rowKey(),
                placed.isLatest() ? changed.encode() : new NoncurrentRow(placed.since(), changed).encode());
    }
}
