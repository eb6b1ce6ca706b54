package allod.store;

import allod.base.Problem;
import allod.receipt.ErasureReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One look at one key, in a transaction: carries out what the bucket's rules say of it now, and tells when to look again.
 * All that ends here goes through the erasure queue, where locks hold.
 */
final class KeyLook {
    /** Rows of one key that one look takes; the rest follows in further ones. */
    static final int ROWS = 500;

    static final String ACTOR = "lifecycle";

    /** Under which request what a rule ends stands in receipts. */
    private static final String REQUEST = "lifecycle";

    /** What was sealed of a version, and the tags in it, as read before the transaction. */
    record Tags(byte[] sealed, Map<String, String> tags) {}

    /**
     * What came of a look.
     *
     * @param next when something of the key is due next
     * @param rest where to go on at once
     * @param again whether something changed under the look, which must be repeated
     */
    record Outcome(Optional<Instant> next, Optional<DueRow.Position> rest, boolean again) {}

    private final Ground ground;
    private final DueLooks looks;
    private final Transaction transaction;
    private final BucketRow bucket;
    private final BucketName name;
    private final ObjectKey key;
    private final LifecycleRules rules;
    private final Map<Long, Tags> tags;
    private final boolean asksForTags;
    private final Instant now;
    private Optional<Instant> next = Optional.empty();
    private boolean again;

    /** @param tags by the slots of versions, where the rules ask for them */
    KeyLook(
            Ground ground,
            DueLooks looks,
            Transaction transaction,
            BucketRow bucket,
            BucketName name,
            ObjectKey key,
            Map<Long, Tags> tags) {
        this.ground = ground;
        this.looks = looks;
        this.transaction = transaction;
        this.bucket = bucket;
        this.name = name;
        this.key = key;
        this.rules = looks.rules(bucket.id());
        this.tags = tags;
        this.asksForTags = rules.askForTags(key);
        this.now = ground.time().trust(transaction.now());
    }

    Outcome look(DueRow.Position from) {
        if (!rules.takes(key)) {
            return new Outcome(Optional.empty(), Optional.empty(), false);
        }
        if (from.isStart()) {
            current();
            uploads();
        }
        Optional<DueRow.Position> rest = noncurrent(from);
        if (rest.isEmpty()) {
            loneMarker();
        }
        return new Outcome(next, rest, again);
    }

    /** Whether something is due now; if not, the key is looked at when it is. */
    private boolean isDue(Optional<LifecycleRules.Due> due) {
        if (due.isEmpty()) {
            return false;
        }
        if (due.get().at().isAfter(now)) {
            lookAt(due.get().at());
            return false;
        }
        return true;
    }

    private void lookAt(Instant when) {
        next = next.filter(earlier -> earlier.isBefore(when)).or(() -> Optional.of(when));
    }

    /** A version as rules see it; empty where its tags changed since they were read. */
    private Optional<LifecycleRules.Current> seen(NameRow row) {
        Optional<Map<String, String>> its = asksForTags ? tagsOf(row) : Optional.of(Map.of());
        return its.map(
                known -> new LifecycleRules.Current(key, row.size(), Optional.of(known), Order.time(row.order())));
    }

    private Optional<Map<String, String>> tagsOf(NameRow row) {
        byte[] value = transaction.get(MapKey.slot(bucket.domain(), row.slot()));
        Tags read = tags.get(row.slot());
        if (value == null
                || read == null
                || !Arrays.equals(SlotRow.decode(value).sealedMetadata(), read.sealed)) {
            again = true;
            return Optional.empty();
        }
        return Optional.of(read.tags);
    }

    private void current() {
        Optional<KeyVersions.Placed> top = KeyVersions.find(transaction, bucket, key, Which.CURRENT);
        if (top.isEmpty() || top.get().row().isMarker()) {
            return;
        }
        Optional<LifecycleRules.Due> due = seen(top.get().row()).flatMap(it -> rules.ofCurrent(it, looks.day()));
        if (!isDue(due)) {
            return;
        }
        String rule = due.orElseThrow().rule().id();
        if (bucket.isVersioned()) {
            hide(top.get(), rule);
        } else if (erase(top.get(), rule)) {
            KeyVersions.removeAlone(transaction, bucket, key, top.get());
        }
    }

    /** In a versioned bucket the end of a current version is a marker over it, as a delete's is. */
    private void hide(KeyVersions.Placed top, String rule) {
        boolean suspended = bucket.versioning() == Versioning.SUSPENDED;
        Optional<KeyVersions.Placed> replaced =
                suspended ? KeyVersions.find(transaction, bucket, key, new Which.Null()) : Optional.empty();
        Optional<KeyVersions.Placed> erased = replaced.filter(it -> !it.row().isMarker());
        if (erased.isPresent() && !erase(erased.get(), rule)) {
            return;
        }
        long order = transaction.nextOrder();
        KeyVersions.putMarker(transaction, bucket, key, Optional.of(top), replaced, NameRow.marker(order, suspended));
        append(
                EventClass.CHANGE,
                event("object.expire", rule).version(top.row().order()).outcome("marker"));
    }

    /** Queues a version, unless a lock keeps it; its name is the caller's to take away. */
    private boolean erase(KeyVersions.Placed placed, String rule) {
        NameRow row = placed.row();
        ErasureQueue.Entry entry = VersionCommits.entry(bucket, name, key, row, ErasureReason.EXPIRED, false, REQUEST);
        Optional<Problem> locked = ground.queue().refusal(transaction, entry, false);
        EventBody body = event("object.expire", rule).version(row.order());
        if (locked.isPresent()) {
            // A hold has no end of its own: when it is released the key is looked at.
            row.lock()
                    .retention()
                    .map(it -> LifecycleRule.due(it.until(), 0, looks.day()))
                    .filter(end -> end.isAfter(now))
                    .ifPresent(this::lookAt);
            append(EventClass.ACCESS, body.outcome("refused: " + locked.get().reason()));
            return false;
        }
        ground.queue().stage(transaction, entry, false);
        ground.queue().enqueueWhenDurable(transaction, List.of(entry));
        append(EventClass.EVIDENCE, body.outcome("erasing"));
        return true;
    }

    private Optional<DueRow.Position> noncurrent(DueRow.Position from) {
        if (!bucket.isVersioned()) {
            return Optional.empty();
        }
        byte[] all = MapKey.noncurrentOf(bucket.id(), key);
        byte[] start = from.isStart() ? all : MapKey.after(MapKey.noncurrent(bucket.id(), key, from.below()));
        List<Map.Entry<byte[], byte[]>> rows = transaction.first(start, MapKey.after(all), ROWS + 1);
        int newer = from.newer();
        long last = 0;
        for (Map.Entry<byte[], byte[]> row : rows.subList(0, Math.min(ROWS, rows.size()))) {
            KeyVersions.Placed placed = KeyVersions.placed(row);
            last = placed.row().order();
            boolean stays =
                    placed.isLatest() || (placed.row().isMarker() ? markerStays(placed) : versionStays(placed, newer));
            newer += stays && !placed.row().isMarker() ? 1 : 0;
        }
        return rows.size() > ROWS ? Optional.of(new DueRow.Position(last, newer)) : Optional.empty();
    }

    private boolean versionStays(KeyVersions.Placed placed, int newer) {
        Instant since = Order.time(placed.since());
        Optional<LifecycleRules.Due> due =
                seen(placed.row()).flatMap(it -> rules.ofNoncurrent(it, since, OptionalInt.of(newer), looks.day()));
        if (!isDue(due) || !erase(placed, due.orElseThrow().rule().id())) {
            return true;
        }
        KeyVersions.removeAlone(transaction, bucket, key, placed);
        return false;
    }

    private boolean markerStays(KeyVersions.Placed placed) {
        Optional<LifecycleRules.Due> due = rules.ofNoncurrentMarker(key, Order.time(placed.since()), looks.day());
        if (!isDue(due)) {
            return true;
        }
        unmark(placed, due.orElseThrow().rule().id());
        return false;
    }

    /** A marker on top that hides nothing any more. */
    private void loneMarker() {
        Optional<KeyVersions.Placed> newest = bucket.isVersioned()
                ? KeyVersions.newest(transaction, bucket.id(), key)
                        .filter(it -> it.isLatest() && it.row().isMarker())
                : Optional.empty();
        if (newest.isEmpty()) {
            return;
        }
        byte[] end = MapKey.after(MapKey.noncurrentOf(bucket.id(), key));
        boolean alone =
                transaction.first(MapKey.after(newest.get().rowKey()), end).isEmpty();
        Optional<LifecycleRules.Due> due =
                alone ? rules.ofLoneMarker(key, Order.time(newest.get().row().order()), looks.day()) : Optional.empty();
        if (isDue(due)) {
            unmark(newest.get(), due.orElseThrow().rule().id());
        }
    }

    private void unmark(KeyVersions.Placed marker, String rule) {
        KeyVersions.removeAlone(transaction, bucket, key, marker);
        append(
                EventClass.CHANGE,
                event("object.expire", rule).version(marker.row().order()).outcome("marker removed"));
    }

    private void uploads() {
        byte[] from = MapKey.uploadsOf(bucket.id(), key);
        List<Map.Entry<byte[], byte[]>> rows = transaction.first(from, MapKey.after(from), ROWS + 1);
        for (Map.Entry<byte[], byte[]> row : new ArrayList<>(rows.subList(0, Math.min(ROWS, rows.size())))) {
            UploadRow upload = UploadRow.decode(row.getValue());
            Optional<LifecycleRules.Due> due = rules.ofUpload(key, Order.time(upload.order()), looks.day());
            if (isDue(due)) {
                UploadId id = MapKey.uploadIn(row.getKey());
                Uploads.end(ground, transaction, REQUEST, ErasureReason.EXPIRED, bucket, name, key, id, upload);
                EventBody body = event("upload.expire", due.orElseThrow().rule().id())
                        .text("upload", id.toString())
                        .outcome("ok");
                append(EventClass.CHANGE, body);
            }
        }
        again |= rows.size() > ROWS;
    }

    private EventBody event(String type, String rule) {
        return EventBody.of(type)
                .text("actor", ACTOR)
                .text("purpose", "lifecycle rule")
                .text("rule", rule)
                .bucket(name)
                .key(key);
    }

    private void append(EventClass kind, EventBody body) {
        transaction.append(new Event(bucket.owner(), bucket.domain(), kind, body.toBytes()));
    }
}
